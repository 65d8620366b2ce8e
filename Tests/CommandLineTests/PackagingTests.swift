import Foundation
import TestSupport
import Testing

/// What archives, packages and images are made of.
@Suite struct PackagingTests {
  private static let root = Program.repository + "/"

  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + path, encoding: .utf8)
  }

  private static func glibcNeeded(_ path: String) throws -> String {
    let outcome = try Program.run(command: [root + "dev/glibc-needed", path])
    #expect(outcome.code == 0, "\(outcome.errors)")
    return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func theProgramNeedsNoNewerSystemThanTheGuideSays() throws {
    let needed = try Self.glibcNeeded(Program.path("postern"))
    // A program that is linked statically needs none.
    guard !needed.isEmpty else { return }
    let parts = needed.split(separator: ".").compactMap { Int($0) }
    #expect(parts.count >= 2 && parts[0] == 2, "\(needed)")
    let system = (try? Self.release()) ?? ""
    guard system.contains("VERSION_ID=\"12\""), system.contains("ID=debian") else { return }
    #expect(try Self.text("docs/releasing.md").contains("2.34 when built on Debian 12"))
    #expect(parts[1] <= 34, "\(needed)")
  }

  private static func release() throws -> String {
    try String(contentsOfFile: "/etc/os-release", encoding: .utf8)
  }

  @Test func aStaticProgramNeedsNoSystemLibrary() throws {
    let folder = try TestFolder()
    let source = try folder.write(
      "a.c", "#include <stdio.h>\nint main(void) { return puts(\"\"); }\n")
    for (flag, isStatic) in [("-static", true), ("-O0", false)] {
      let built = try Program.run(command: ["clang", flag, source, "-o", folder.path("a")])
      // The compiler for C that comes with Swift, and the library of libc6-dev.
      guard built.code == 0 else { return }
      #expect(try Self.glibcNeeded(folder.path("a")).isEmpty == isStatic)
    }
  }

  @Test func theVersionStandsInOnePlace() throws {
    let version = try Program.run("postern", ["--version"]).text.trimmingCharacters(
      in: .whitespacesAndNewlines)
    let found = try Program.run(command: [
      "grep", "-rlF", "--include=*.swift", "--include=Makefile", "--exclude-dir=.build", version,
      Self.root + "Sources", Self.root + "dev", Self.root + "Makefile", Self.root + ".ci",
      Self.root + "Package.swift",
    ])
    let files = found.lines.map { $0.replacing(Self.root, with: "") }
    #expect(files == ["Sources/postern-cli/PosternCommand.swift"], "\(files)")
    #expect(try Self.text("CHANGELOG.md").contains("## [\(version)]"))
  }

  @Test func theImageHoldsWhatTheArchiveHas() throws {
    let lines = try Self.text("Containerfile").split(separator: "\n").filter {
      !$0.hasPrefix("#")
    }.map { $0.split(separator: " ").map(String.init) }
    let known = ["FROM", "COPY", "USER", "WORKDIR", "ENTRYPOINT", "CMD"]
    #expect(lines.allSatisfy { known.contains($0[0]) })
    #expect(lines.first == ["FROM", "scratch"])
    let stage = try Self.text("dev/stage")
    for line in lines where line[0] == "COPY" {
      #expect(line.count == 3 && line[2].hasPrefix("/"))
      #expect(stage.contains("$root/" + line[1]), "\(line[1]) is not in the archive")
    }
    // Nobody's program runs as root, and its words are not parsed by a shell, which is not there.
    #expect(lines.contains { $0[0] == "USER" && $0[1] != "0" && $0[1] != "root" })
    #expect(lines.contains(["ENTRYPOINT", "[\"/usr/bin/postern\"]"]))
  }

  @Test func everyFileThatTheContributorsGuideNamesIsThere() throws {
    var paths = 0
    for page in ["CONTRIBUTING.md", "docs/releasing.md", "docs/ARCHITECTURE.md"] {
      for match in try Self.text(page).matches(of: #/`([\w.\-+]+(?:\/[\w.\-+]+)+)`/#) {
        let path = String(match.1)
        let first = path.split(separator: "/")[0]
        guard ["Sources", "Tests", "docs", "samples", "dev", ".ci", ".github"].contains(first)
        else { continue }
        paths += 1
        #expect(
          FileManager.default.fileExists(atPath: Self.root + path)
            || FileManager.default.fileExists(atPath: Self.root + path + ".swift"),
          "\(page) names \(path)")
      }
    }
    #expect(paths > 25)
  }

  @Test(arguments: [
    "build", "glibc-needed", "make-dist", "stage", "try-install", "try-package", "need",
  ])
  func theScriptsArePlain(name: String) throws {
    #expect(try Program.run(command: ["bash", "-n", Self.root + "dev/" + name]).code == 0)
    // Where the checker is installed.
    guard try Program.run(command: ["sh", "-c", "command -v shellcheck"]).code == 0 else { return }
    let outcome = try Program.run(command: ["shellcheck", Self.root + "dev/" + name])
    #expect(outcome.code == 0, "\(outcome.text)")
  }
}
