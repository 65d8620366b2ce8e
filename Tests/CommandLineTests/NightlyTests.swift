import Foundation
import TestSupport
import Testing

/// The script of the nightly job, run for real.
@Suite struct NightlyTests {
  private let night: TestFolder
  private let tools: TestFolder

  init() throws {
    night = try TestFolder()
    tools = try TestFolder()
    try FileManager.default.createDirectory(
      atPath: night.path("incoming"), withIntermediateDirectories: true)
  }

  /// Puts a program of that name before the real ones.
  private func stub(_ name: String, _ script: String) throws {
    let path = try tools.write(name, "#!/bin/sh\n" + script + "\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  private func run(_ variables: String = "") throws -> Program.Outcome {
    try Program.shell(
      "PATH='\(tools.path)':$PATH \(variables) '\(Program.repository)/docs/systemd/postern-nightly' "
        + "'\(night.path)'")
  }

  private func handIn(_ name: String, _ rows: [Exports.Login]) throws {
    try night.write("incoming/" + name, Exports.logins(rows))
  }

  private func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: night.path(folder))) ?? []).sorted()
  }

  private func latest() throws -> Results {
    try Results(
      try Program.run("postern", ["report", night.path("results/latest.jsonl"), "-o", "jsonl"]))
  }

  private func analysed() throws -> Int? {
    (try latest().records.last?["rows"] as? Results.Object)?["analysed"] as? Int
  }

  @Test func nightsCarryTheStateAndRowsCountOnce() throws {
    try handIn("a.csv", [Exports.Login()])
    #expect(try run().code == 0)
    #expect(try analysed() == 1)
    #expect(names("unread").isEmpty && names("incoming").isEmpty && names("exports").count == 1)
    // The same row again, and another one.
    try handIn(
      "b.csv", [Exports.Login(), Exports.Login(time: "2026-08-04T10:00:00.000Z")])
    #expect(try run().code == 0)
    #expect(try analysed() == 2)
    #expect(names("exports").count == 2 && names("results").count == 7)
    // Nothing came: the state is judged all the same.
    #expect(try run().code == 0)
    #expect(try analysed() == 2)
    #expect(names("exports").count == 2)
  }

  @Test func anIncompleteNightIsReadAgainAndLeavesNoState() throws {
    try handIn("a.csv", [Exports.Login()])
    try night.write("incoming/broken.csv", "UserId,LoginTime,Status\ncut\n")
    let first = try run()
    #expect(first.code == 2 && !first.output.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: night.path("state.ledger")))
    #expect(names("unread").count == 1 && !names("results").contains("latest.jsonl"))
    let exports = try #require(names("exports").first)
    try FileManager.default.removeItem(atPath: night.path("exports/\(exports)/broken.csv"))
    #expect(try run().code == 0)
    #expect(try analysed() == 1)
    #expect(names("unread").isEmpty)
  }

  @Test func twoAtOnceDoNotMeet() throws {
    try handIn("a.csv", [Exports.Login()])
    // A scan that waits until the second night has ended.
    try stub(
      "postern",
      "touch '\(tools.path)/started'; while [ ! -e '\(tools.path)/go' ]; do sleep 0.05; done; exit 0"
    )
    let outcome = try Program.shell(
      "PATH='\(tools.path)':$PATH; export PATH; "
        + "s='\(Program.repository)/docs/systemd/postern-nightly'; \"$s\" '\(night.path)' & "
        + "while [ ! -e '\(tools.path)/started' ]; do sleep 0.05; done; "
        + "\"$s\" '\(night.path)'; echo \"second $?\"; touch '\(tools.path)/go'; wait")
    #expect(outcome.text.contains("second 75"), "\(outcome.text)")
    #expect(outcome.errors.contains("another night is running"))
    // What the first had not finished is still marked, since its scan left no state.
    #expect(names("unread").count == 1)
  }

  @Test func aNightThatIsKilledLosesNothing() throws {
    // At each step that a night has: after the mark, after the folder, in the middle of the scan, and
    // before, between and behind the replacements.
    for step in [
      "mkdir exports", "mv incoming", "postern", "mv -f state.new", "ln", "rm -f unread",
    ] {
      let night = try TestFolder()
      try night.write("incoming/a.csv", Exports.logins([Exports.Login()]))
      try night.write(
        "incoming/b.csv", Exports.logins([Exports.Login(id: Exports.loginID(2))]))
      let tools = try TestFolder()
      let words = step.split(separator: " ").map(String.init)
      let real = words[0] == "postern" ? Program.path("postern") : "/bin/" + words[0]
      let pattern = words.dropFirst().joined(separator: " ")
      let path = try tools.write(
        words[0],
        """
        #!/bin/sh
        case "$*" in "\(pattern)"*) kill -9 $PPID; exit 1 ;; esac
        exec \(real) "$@"

        """)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      let script = "'\(Program.repository)/docs/systemd/postern-nightly' '\(night.path)'"
      let killed = try Program.shell("PATH='\(tools.path)':$PATH \(script)")
      #expect(killed.code != 0, "\(step)")
      var next = try Program.shell(script)
      // The command that killed the night holds its lock until it has ended itself.
      for _ in 0..<100 where next.code == 75 {
        usleep(50_000)
        next = try Program.shell(script)
      }
      #expect(next.code == 0, "\(step): \(next.errors)")
      let results = try Results(
        try Program.run("postern", ["report", night.path("results/latest.jsonl"), "-o", "jsonl"]))
      let rows = results.records.last?["rows"] as? Results.Object
      #expect(rows?["analysed"] as? Int == 2, "\(step)")
      let unread = try FileManager.default.contentsOfDirectory(atPath: night.path("unread"))
      #expect(unread.isEmpty, "\(step)")
    }
  }

  @Test func aClockThatWasSetBackTakesNoNameTwice() throws {
    let date = try #require(
      ["/bin/date", "/usr/bin/date"].first { FileManager.default.isExecutableFile(atPath: $0) })
    try stub(
      "date",
      "case \"$*\" in *-d*) exec \(date) \"$@\" ;; esac; echo 2026-09-01T030000Z")
    for day in 1...3 {
      try handIn(
        "l\(day).csv",
        [Exports.Login(id: Exports.loginID(day), time: "2026-08-0\(day)T10:00:00.000Z")])
      #expect(try run().code == 0)
    }
    #expect(
      names("exports") == [
        "2026-09-01T030000Z", "2026-09-01T030000Z-2", "2026-09-01T030000Z-3",
      ])
    #expect(try analysed() == 3)
  }

  @Test func whatIsNotQuietIsHandedToTheCommandThatWasNamed() throws {
    try handIn("a.csv", [Exports.Login()])
    try night.write("incoming/broken.csv", "UserId,LoginTime,Status\ncut\n")
    let told = night.path("told")
    let outcome = try run("POSTERN_NOTIFY='cat >\(told)'")
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    #expect(try String(contentsOfFile: told, encoding: .utf8).hasPrefix("# "))
    // A command that fails loses nothing.
    #expect(try !run("POSTERN_NOTIFY=false").output.isEmpty)
  }

  @Test func theHeartbeatOfANightThatCouldNotWriteIsThatOfTheNightBefore() throws {
    let heartbeat = night.path("postern.prom")
    func beat() throws -> String { try String(contentsOfFile: heartbeat, encoding: .utf8) }
    try handIn("a.csv", [Exports.Login()])
    #expect(try run("POSTERN_OPTIONS='--now 2026-09-01'").code == 0)
    let first = try beat()
    try handIn("b.csv", [Exports.Login(id: Exports.loginID(2))])
    let options = "--now 2026-09-02 -o csv:\(night.path("missing"))/a.csv"
    #expect(try run("POSTERN_OPTIONS='\(options)'").code == 74)
    #expect(try beat() == first)
    #expect(!FileManager.default.fileExists(atPath: heartbeat + ".new"))
    // An incomplete night says so, and keeps the time of the last whole one.
    try night.write("incoming/broken.csv", "UserId,LoginTime,Status\ncut\n")
    #expect(try run("POSTERN_OPTIONS='--now 2026-09-03'").code == 2)
    let incomplete = try beat()
    let line = "postern_last_complete_run_timestamp_seconds 1788220800\n"
    #expect(first.contains(line), "\(first)")
    #expect(incomplete.contains(line) && incomplete.contains("postern_complete 0\n"))
  }

  @Test func moreOptionsReachTheScan() throws {
    try handIn("a.csv", [Exports.Login()])
    #expect(try run("POSTERN_OPTIONS='-o csv:extra.csv --fail-on info'").code == 1)
    #expect(FileManager.default.fileExists(atPath: night.path("extra.csv")))
  }
}
