import Foundation
import TestSupport
import Testing

/// What a terminal sees, and what nobody else does.
@Suite struct TerminalTests {
  private static let exports = Program.samples + "/exports"
  private static let who = "svc.catalogue.1@example.com"

  /// Runs a command line on a terminal of 80 columns.
  private static func onTerminal(_ command: String, columns: Int = 80) throws -> String {
    let folder = try TestFolder()
    let line = "stty cols \(columns); unset NO_COLOR COLUMNS; TERM=xterm; \(command)"
    let script = try folder.write("run.sh", line)
    return try Program.shell(
      "script -qec 'sh \(script)' /dev/null </dev/null | tr -d '\\r'"
    ).text
  }

  private static func width(_ line: Substring) -> Int {
    var width = 0
    var isEscape = false
    for scalar in line.unicodeScalars {
      if scalar == "\u{1B}" { isEscape = true } else if !isEscape { width += 1 }
      if isEscape, scalar.properties.isAlphabetic { isEscape = false }
    }
    return width
  }

  private static let hasTerminal = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

  @Test(.enabled(if: hasTerminal), arguments: [80, 100, 140])
  func tablesFitTheTerminal(columns: Int) throws {
    for verb in [
      "events '\(Self.exports)' --kind human -q", "account \(Self.who) '\(Self.exports)' -q",
    ] {
      let text = try Self.onTerminal("LC_ALL=C.UTF-8 postern \(verb)", columns: columns)
      let lines = text.split(separator: "\n").filter { !$0.contains("all its rows:") }
      #expect(lines.count > 20)
      let widest = lines.map(Self.width).max() ?? 0
      #expect(widest <= columns, "\(verb): \(lines.first { Self.width($0) > columns } ?? "")")
    }
  }

  @Test(.enabled(if: hasTerminal)) func aTableOf120ColumnsSaysFromWhereAndWithWhat() throws {
    let text = try Self.onTerminal(
      "LC_ALL=C.UTF-8 postern events '\(Self.exports)' --account \(Self.who) --kind human -q",
      columns: 120)
    let lines = text.split(separator: "\n")
    for title in ["CC", "APPLICA", "BROWSER", "PLATFORM", "ROW"] {
      #expect(lines.first?.contains(title) ?? false, "\(title)")
    }
    // The place is whole, and pastes into --at.
    let line = try #require(lines.first { $0.contains("2026-03-11 05:02:39") })
    let place = try #require(line.firstMatch(of: /LoginHistory[^ ]*:[0-9]+/)?.output)
    let shown = try Program.run(
      "postern", ["events", Self.exports, "--at", String(place), "-o", "csv", "-q"])
    #expect(shown.code == 0 && shown.text.contains("2026-03-11T05:02:39.000Z"))
  }

  @Test(.enabled(if: hasTerminal)) func columnsOverridesTheTerminal() throws {
    let text = try Self.onTerminal("COLUMNS=200 postern events '\(Self.exports)' --kind human -q")
    #expect(text.split(separator: "\n").contains { Self.width($0) > 100 })
  }

  @Test(.enabled(if: hasTerminal)) func colourAndHintsAreForTerminalsAlone() throws {
    let command = "postern events '\(Self.exports)' --mfa absent"
    let shown = try Self.onTerminal(command)
    #expect(
      shown.contains("\u{1B}[1;31mno: ") && shown.contains("hint: "),
      "\(shown.prefix(300).debugDescription)")
    let plain = try Self.onTerminal("NO_COLOR=1 " + command)
    #expect(!plain.contains("\u{1B}[1"))
    #expect(try !Self.onTerminal("TERM=dumb " + command).contains("\u{1B}[1"))
    let quiet = try Self.onTerminal(command + " --quiet")
    #expect(!quiet.contains("hint: ") && !quiet.contains("rows: "))
    let piped = try Program.shell(command)
    #expect(!piped.text.contains("\u{1B}") && !piped.errors.contains("\u{1B}"))
    #expect(!piped.errors.contains("hint: "))
    let forced = try Program.shell(command + " --color always")
    #expect(forced.text.contains("\u{1B}[1;31mno: "))
  }

  @Test func widthsKnowWideCharacters() throws {
    let folder = try TestFolder()
    try folder.write(
      "l.csv",
      Exports.logins([
        Exports.Login(application: "統合アプリ"), Exports.Login(application: "Browser"),
      ]))
    let lines = try Program.run("postern", ["events", folder.path]).text.split(separator: "\n")
    // What follows the wide text stands in the same column of the terminal: five columns are
    // taken by characters that count double.
    let wide = try #require(lines.first { $0.contains("統合") }?.firstRange(of: "0YaHn"))
    let narrow = try #require(lines.first { $0.contains("Browser") }?.firstRange(of: "0YaHn"))
    let wideLine = try #require(lines.first { $0.contains("統合") })
    let narrowLine = try #require(lines.first { $0.contains("Browser") })
    #expect(
      wideLine.distance(from: wideLine.startIndex, to: wide.lowerBound) + 5
        == narrowLine.distance(from: narrowLine.startIndex, to: narrow.lowerBound))
  }

  @Test(arguments: [
    (["scna", "x"], "did you mean scan?"), (["acount"], "did you mean account?"),
    (["frobnicate"], "verbs are scan,"), (["scan", "x", "--thread", "2"], "'--threads'"),
    (["events", "x", "-o", "cvs"], "did you mean csv?"),
    (["events", "x", "--mfa", "idp_silant"], "did you mean idp_silent?"),
    (["events", "x", "--ip", "192.0.2.7/24"], "did you mean 192.0.2.0/24?"),
    (["scan", "x", "--threads", "many"], "--threads many: expected a whole number"),
    (["events", "x", "--progress", "perhaps"], "--progress perhaps is not one of auto, always or"),
    (["events", "x", "--since", "7x"], "or a distance back such as `7d` or `36h`"),
  ])
  func mistypedWordsAreAnsweredWithWhatWasMeant(arguments: [String], part: String) throws {
    let outcome = try Program.run("postern", arguments)
    #expect(outcome.code == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }

  @Test(arguments: [
    ["scan", "x", "--thread", "2"], ["events"], ["explain", "x"],
    ["scan", "x", "--threads", "many"],
    ["events", "x", "--progress", "perhaps"], ["scan", "x", "-o", "cvs"], ["scna"],
  ])
  func allMistakesAreSaidInOneForm(arguments: [String]) throws {
    let outcome = try Program.run("postern", arguments)
    #expect(outcome.code == 64 && outcome.output.isEmpty)
    let first = try #require(outcome.errors.split(separator: "\n").first)
    #expect(first.hasPrefix("postern: ") && !first.hasSuffix("."), "\(outcome.errors)")
    #expect(first.dropFirst(9).first?.isUppercase == false, "\(outcome.errors)")
    #expect(!outcome.errors.contains("Error:") && !outcome.errors.contains("Usage:"))
  }

  @Test func helpAndVersionAreNoMistakes() throws {
    for arguments in [["--help"], ["scan", "--help"], ["help", "events"], ["--version"], []] {
      let outcome = try Program.run("postern", arguments)
      #expect(outcome.code == 0 && !outcome.output.isEmpty && outcome.errors.isEmpty)
    }
  }

  @Test func aPathInThePlaceOfAVerbIsMeantForScan() throws {
    let outcome = try Program.run("postern", [Self.exports])
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("did you mean postern scan \(Self.exports)?"))
  }

  @Test func nothingToReadGivesNoEmptyPage() throws {
    let folder = try TestFolder()
    let gone = folder.path("gone.csv")
    for form in [[], ["-o", "brief"]] {
      let outcome = try Program.run("postern", ["scan", gone] + form)
      #expect(outcome.code == 66 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("gone.csv: No such file or directory"))
    }
    for verb in [
      ["events"], ["events", "--by", "ip"], ["pivot", "address", "192.0.2.1"], ["apps"],
    ] {
      let outcome = try Program.run("postern", verb + [gone])
      #expect(outcome.code == 66 && outcome.output.isEmpty, "\(verb): \(outcome.text)")
    }
    // Machines wait for an answer.
    let lines = try Program.scan([gone])
    #expect(lines.code == 66 && lines.end["complete"] as? Bool == false)
  }

  @Test func aTableWithoutRowsIsNotShown() throws {
    for condition in [["--ip", "9.9.9.9"], ["--since", "2026-01-01", "--until", "2026-01-02"]] {
      for more in [[], ["--by", "ip"]] {
        let arguments = ["events", Self.exports] + condition + more
        let table = try Program.run("postern", arguments)
        #expect(table.code == 2 && table.output.isEmpty, "\(table.text)")
        // A program finds the columns all the same.
        let csv = try Program.run("postern", arguments + ["-o", "csv"])
        #expect(csv.lines.count == 1)
      }
    }
  }

  @Test(.enabled(if: hasTerminal)) func whoReadsATerminalSaysWhatItWaitsFor() throws {
    let folder = try TestFolder()
    let script = try folder.write(
      "run.sh", "printf '\\004' | script -qec 'postern events -' /dev/null | tr -d '\\r'")
    let text = try Program.shell("timeout 20 sh \(script)").text
    #expect(text.contains("waiting for an export on standard input"))
    let piped = try Program.run("postern", ["events", "-"], input: Data())
    #expect(!piped.errors.contains("waiting for"))
  }

  @Test(arguments: ["scan", "inspect", "events"])
  func verboseTellsWhatEachInputWas(verb: String) throws {
    let arguments = [verb, Self.exports, Self.exports + "/User.csv"]
    let loud = try Program.run("postern", arguments + ["-v"])
    let normal = try Program.run("postern", arguments)
    #expect(loud.output == normal.output || verb == "scan")
    if verb != "inspect" {
      #expect(loud.errors.contains("LoginHistory-01.csv.gz: LoginHistory, 2150 rows"))
    }
    #expect(!normal.errors.contains("2150 rows"))
  }

  @Test func progressIsShownWhereItIsAskedFor() throws {
    let folder = try TestFolder()
    #expect(
      try Program.run(
        "postern-synth",
        [
          folder.path, "--seed", "3", "--rows", "1200000", "--users", "50", "--days", "60",
          "--compression", "gzip", "--quiet",
        ]
      ).code == 0)
    let shown = try Program.run(
      "postern", ["events", folder.path, "--progress", "always", "-o", "jsonl:/dev/null"])
    #expect(shown.errors.contains("rows/s") && shown.errors.hasSuffix("shown\n"))
    #expect(shown.output.isEmpty)
    for arguments in [["--progress", "never"], [], ["--progress", "always", "--quiet"]] {
      let silent = try Program.run(
        "postern", ["events", folder.path, "-o", "jsonl:/dev/null"] + arguments)
      #expect(!silent.errors.contains("rows/s"))
    }
  }

  @Test(arguments: ["scan", "events"], [SIGINT, SIGTERM])
  func aSignalEndsARunThatWaitsAndLeavesNothingHalfWritten(verb: String, signal: Int32) throws {
    let target = try TestFolder()
    let process = Process()
    process.executableURL = URL(filePath: Program.path("postern"))
    process.arguments = [verb, "-", "-q", "-o", "jsonl:" + target.path("r.jsonl")]
    let pipe = Pipe()
    process.standardInput = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try pipe.fileHandleForWriting.write(
      contentsOf: Data(Exports.logins([Exports.Login()]).utf8))
    // The handler is there when the mask of caught signals says so.
    let bit = UInt64(1) << UInt64(signal - 1)
    while process.isRunning {
      let status = try String(
        contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
      let mask = line.flatMap {
        UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16)
      }
      if (mask ?? 0) & bit != 0 { break }
      Thread.sleep(forTimeInterval: 0.01)
    }
    Thread.sleep(forTimeInterval: 0.1)
    kill(process.processIdentifier, signal)
    // A program that does not end must not keep the tests from ending.
    for _ in 0..<500 where process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + signal)
    #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).isEmpty)
  }
}
