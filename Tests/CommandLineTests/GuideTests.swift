import Foundation
import TestSupport
import Testing

/// The guides: what they show is what the program says.
///
/// `RECORD_GUIDES=1 swift test --filter GuideTests` writes the outputs anew, and fails so that
/// nobody takes a recording for a test.
@Suite struct GuideTests {
  private static let root = URL(filePath: Program.samples).deletingLastPathComponent().path
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_GUIDES"] != nil

  @Test(arguments: ["docs/configuration.md", "docs/investigation.md", "README.md"])
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

  /// The command line of the unit, for another folder and the script as it lies here.
  private static func command(_ folder: TestFolder) throws -> String {
    let unit = try String(
      contentsOfFile: root + "/docs/systemd/postern.service", encoding: .utf8)
    let line = try #require(
      unit.split(separator: "\n").first { $0.hasPrefix("ExecStart=") }?.dropFirst(10))
    return line.replacingOccurrences(
      of: "/usr/local/share/doc/postern/postern-nightly", with: "'\(nightly)'"
    ).replacingOccurrences(of: "/var/lib/postern", with: "'\(folder.path)'")
  }

  @Test func nightsEndAsTheGuideSays() throws {
    let folder = try TestFolder()
    func night() throws -> Program.Outcome {
      // Runs have seconds in their names.
      Thread.sleep(forTimeInterval: 1.05)
      return try Program.shell(try Self.command(folder))
    }
    func latest() throws -> Results {
      let data = try Data(contentsOf: URL(filePath: folder.path("results/latest.jsonl")))
      return try Results(.init(code: 0, output: data, errors: ""))
    }
    func exports() throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: folder.path("exports")).filter {
        $0.hasSuffix(".csv")
      }
    }
    func unread() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: folder.path("unread")).count
    }
    #expect(try night().code == 66)
    #expect(!FileManager.default.fileExists(atPath: folder.path("results/latest.jsonl")))

    let login = Exports.Login()
    try folder.write("incoming/a.csv", Exports.logins([login]))
    let first = try night()
    #expect(first.code == 0, "\(first.errors)")
    #expect(try exports().count == 1 && unread() == 0)
    #expect(try latest().rows["analysed"] == 1)
    // Nothing came, and the state has it all the same; the evidence is where it says.
    #expect(try night().code == 0)
    #expect(try latest().rows["analysed"] == 1)
    let evidence = try latest().of("finding").flatMap { $0["evidence"] as? [Results.Object] ?? [] }
    for row in evidence {
      let file = try #require(row["file"] as? String)
      #expect(FileManager.default.fileExists(atPath: folder.path(file)), "\(file)")
    }
    #expect(!evidence.isEmpty)

    // Delivered twice, under another name.
    try folder.write("incoming/again.csv", Exports.logins([login]))
    #expect(try night().code == 0)
    #expect(try latest().rows["analysed"] == 1 && latest().rows["duplicate"] == 1)

    // A damaged export: incomplete, no base for the next night, and read again when it is mended.
    let base = try latest().lines
    let second = Exports.Login(id: Exports.loginID(7), time: "2026-08-09T10:00:00.000Z")
    try folder.write("incoming/b.csv", Exports.logins([second]) + "cut\n")
    #expect(try night().code == 2)
    #expect(try latest().lines == base)
    #expect(try night().code == 2 && unread() == 1)
    let damaged = try #require(try exports().first { $0.hasSuffix("b.csv") })
    try folder.write("exports/" + damaged, Exports.logins([second]))
    let mended = try night()
    #expect([0, 1].contains(mended.code), "\(mended.errors)")
    #expect(try latest().rows["analysed"] == 2 && unread() == 0)

    // Something new: a person tried an API-only account. It is news once.
    try folder.write(
      "incoming/c.csv",
      Exports.logins([Exports.Login(id: Exports.loginID(9), status: "Failed: API-only user")]))
    #expect(try night().code == 1)
    #expect(
      try latest().of("finding").contains {
        ($0["lifecycle"] as? Results.Object)?["change"] as? String == "new"
      })
    #expect(try night().code == 0)
    let heartbeat = try String(contentsOfFile: folder.path("postern.prom"), encoding: .utf8)
    #expect(heartbeat.contains("postern_complete 1"))

    try folder.write("postern.yaml", "no_such_key: 1\n")
    #expect(try night().code == 64)
  }

  @Test func aNightWithNewsIsToldAndWhatIsOldGoes() throws {
    let folder = try TestFolder()
    func night() throws -> Program.Outcome {
      Thread.sleep(forTimeInterval: 1.05)
      return try Program.shell("POSTERN_KEEP_DAYS=30 " + Self.command(folder))
    }
    func names(_ part: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path(part)).sorted()
    }
    let day = Date().ISO8601Format().prefix(10)
    try folder.write(
      "incoming/a.csv", Exports.logins([Exports.Login(time: "\(day)T00:00:00.000Z")]))
    let quiet = try night()
    #expect(quiet.code == 0 && quiet.output.isEmpty, "\(quiet.errors)")
    let first = try names("exports")
    #expect(first.count == 1)
    try folder.write(
      "incoming/b.csv",
      Exports.logins([
        Exports.Login(
          id: Exports.loginID(9), time: "\(day)T00:01:00.000Z", status: "Failed: API-only user")
      ]))
    // Months later, by the clock of the files.
    for name in first {
      let changed = try Program.run(
        command: ["touch", "-d", "40 days ago", folder.path("exports/" + name)])
      #expect(changed.code == 0)
    }
    let results = try names("results").filter { $0.hasPrefix("2") }
    for name in results {
      let changed = try Program.run(
        command: ["touch", "-d", "40 days ago", folder.path("results/" + name)])
      #expect(changed.code == 0)
    }
    let loud = try night()
    #expect(loud.code == 1, "\(loud.errors)")
    #expect(loud.text.contains("**New since") && loud.text.contains("PST-INT-002"))
    #expect(loud.lines.count <= 40)
    #expect(try names("exports").count == 1 && names("exports") != first)
    let left = try names("results")
    #expect(left.contains("latest.jsonl") && results.allSatisfy { !left.contains($0) })
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

  private static let manualTool = Program.path("generate-manual")

  @Test func everythingIsInstalledAndTakenAwayAgain() throws {
    let folder = try TestFolder()
    let stage = "MANUAL_TOOL='\(Self.manualTool)' dev/stage '\(Program.path("postern"))' "
    let installed = try Program.shell(stage + "'\(folder.path)'", in: Self.root)
    #expect(installed.code == 0, "\(installed.errors)")
    for path in [
      "bin/postern", "share/man/man1/postern.1", "share/man/man1/postern.events.1",
      "share/bash-completion/completions/postern", "share/zsh/site-functions/_postern",
      "share/fish/vendor_completions.d/postern.fish", "share/doc/postern/nightly.md",
      "share/doc/postern/postern-nightly", "share/doc/postern/postern.timer",
    ] { #expect(FileManager.default.fileExists(atPath: folder.path(path)), "\(path)") }
    let page = try String(
      contentsOfFile: folder.path("share/man/man1/postern.events.1"), encoding: .utf8)
    #expect(page.contains("file:line") && page.contains("EXIT STATUS"))
    let completion = try Program.shell(
      "bash -c '. \(folder.path("share/bash-completion/completions/postern")); complete -p postern'"
    )
    #expect(completion.code == 0, "\(completion.errors)")
    #expect(try Program.shell("'\(folder.path("bin/postern"))' --version").code == 0)
    #expect(try Program.shell(stage + "'\(folder.path)' remove", in: Self.root).code == 0)
    let files = try Program.shell("find '\(folder.path)' -type f").text
    #expect(files.isEmpty, "\(files)")
  }
}
