import Foundation
import Testing

/// The guides: what they show is what the program says.
///
/// `RECORD_GUIDES=1 swift test --filter GuideTests` writes the outputs anew, and fails so that
/// nobody takes a recording for a test.
@Suite struct GuideTests {
  private static let root = URL(filePath: Program.samples).deletingLastPathComponent().path
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_GUIDES"] != nil

  @Test(arguments: ["docs/investigation.md", "README.md"])
  func commandsOfTheGuidesGiveTheOutputsShown(guide: String) throws {
    let path = Self.root + "/" + guide
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var result: [String] = []
    var commands = 0
    var isInside = false
    for line in text.components(separatedBy: "\n") {
      if line == "```console" {
        isInside = true
      } else if line == "```" {
        isInside = false
      } else if isInside {
        guard line.hasPrefix("$ ") else { continue }
        result.append(line)
        commands += 1
        let outcome = try Program.shell(
          "unset COLUMNS; LC_ALL=C.UTF-8; export LC_ALL; { \(line.dropFirst(2)); } 2>&1",
          in: Self.root)
        var output = outcome.text.components(separatedBy: "\n")
        if output.last == "" { output.removeLast() }
        result.append(contentsOf: output)
        continue
      }
      result.append(line)
    }
    #expect(commands > 0)
    let expected = result.joined(separator: "\n")
    if Self.isRecording {
      try expected.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("recorded \(guide)")
    } else if expected != text {
      let pairs = zip(result, text.components(separatedBy: "\n")).first { $0 != $1 }
      Issue.record(
        "\(guide) shows \(pairs?.1 ?? ""), the program says \(pairs?.0 ?? ""); RECORD_GUIDES=1")
    }
  }

  // MARK: The nightly job

  private static let nightly = root + "/docs/systemd/postern-nightly"

  @Test func aNightEndsAsTheGuideSays() throws {
    let folder = try Folder()
    let exports = folder.path("exports")
    try FileManager.default.createDirectory(atPath: exports, withIntermediateDirectories: true)
    func night() throws -> Program.Outcome {
      try Program.shell("'\(Self.nightly)' '\(folder.root)'")
    }
    #expect(try night().code == 66)
    #expect(!FileManager.default.fileExists(atPath: folder.path("results/latest.jsonl")))

    try folder.write("exports/a.csv", Exports.logins([Exports.Login()]))
    #expect(try night().code == 0)
    let first = try Data(contentsOf: URL(filePath: folder.path("results/latest.jsonl")))
    #expect(try night().code == 0)

    // A damaged export: incomplete, and no base for the next night.
    try folder.write("exports/b.csv", Exports.logins([]) + "cut\n")
    #expect(try night().code == 2)
    #expect(try Data(contentsOf: URL(filePath: folder.path("results/latest.jsonl"))).count > 0)
    try FileManager.default.removeItem(atPath: folder.path("exports/b.csv"))

    // Something new: a person tried an API-only account.
    try folder.write(
      "exports/c.csv",
      Exports.logins([Exports.Login(id: Exports.loginID(9), status: "Failed: API-only user")]))
    #expect(try night().code == 1)
    #expect(try night().code == 0)
    let last = try Data(contentsOf: URL(filePath: folder.path("results/latest.jsonl")))
    #expect(first != last)

    try folder.write("postern.yaml", "no_such_key: 1\n")
    #expect(try night().code == 64)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("results")).sorted()
    #expect(names.count == 4 && names.last == "latest.jsonl", "\(names)")
  }

  @Test func theUnitRunsWhatIsInstalled() throws {
    let unit = try String(
      contentsOfFile: Self.root + "/docs/systemd/postern.service", encoding: .utf8)
    #expect(
      unit.contains("ExecStart=/usr/local/share/doc/postern/postern-nightly /var/lib/postern"))
    let guide = try String(contentsOfFile: Self.root + "/docs/nightly.md", encoding: .utf8)
    #expect(guide.contains("/usr/local/share/doc/postern/postern-nightly /var/lib/postern"))
    #expect(FileManager.default.isExecutableFile(atPath: Self.nightly))
  }

  // MARK: Installation

  private static let manualTool = Program.path("generate-manual-tool")

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: manualTool)))
  func everythingIsInstalledAndTakenAwayAgain() throws {
    let folder = try Folder()
    let stage = "MANUAL_TOOL='\(Self.manualTool)' dev/stage '\(Program.path("postern"))' "
    let installed = try Program.shell(stage + "'\(folder.root)'", in: Self.root)
    #expect(installed.code == 0, "\(installed.errors)")
    for path in [
      "bin/postern", "share/man/man1/postern.1", "share/man/man1/postern.events.1",
      "share/bash-completion/completions/postern", "share/zsh/site-functions/_postern",
      "share/fish/vendor_completions.d/postern.fish", "share/doc/postern/nightly.md",
      "share/doc/postern/postern-nightly", "share/doc/postern/postern.timer",
    ] { #expect(FileManager.default.fileExists(atPath: folder.path(path)), "\(path)") }
    let page = try String(
      contentsOfFile: folder.path("share/man/man1/postern.events.1"), encoding: .utf8)
    #expect(page.contains("file:line") && page.contains("EXIT CODES"))
    let completion = try Program.shell(
      "bash -c '. \(folder.path("share/bash-completion/completions/postern")); complete -p postern'"
    )
    #expect(completion.code == 0, "\(completion.errors)")
    #expect(try Program.shell("'\(folder.path("bin/postern"))' --version").code == 0)
    #expect(try Program.shell(stage + "'\(folder.root)' remove", in: Self.root).code == 0)
    let files = try Program.shell("find '\(folder.root)' -type f").text
    #expect(files.isEmpty, "\(files)")
  }
}
