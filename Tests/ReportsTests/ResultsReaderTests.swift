import Accounts
import Findings
import Foundation
import Reports
import Results
import SalesforceExports
import Testing

/// Results read back: whole, or refused with line and reason.
@Suite struct ResultsReaderTests {
  private static let account = "{\"schema\":\"\(AccountRecord.schema)\""
  private static let finding = "{\"schema\":\"\(FindingRecord.schema)\""

  @Test func theSamplesAreReadWholeAndWrittenAgainAsTheSameLines() throws {
    let lines = try SampleResults.lines()
    let results = try SampleResults.records()
    #expect(results.accounts.count == lines.count { $0.hasPrefix(Self.account) })
    #expect(results.findings.count == lines.count { $0.hasPrefix(Self.finding) })
    let applications = lines.count { $0.hasPrefix("{\"schema\":\"\(ApplicationRecord.schema)\"") }
    #expect(applications > 3 && results.end.applications == applications)
    #expect(results.accounts.count + results.findings.count + applications + 2 == lines.count)
    #expect(results.end.accounts == results.accounts.count)
    #expect(results.run.inputs.contains { $0.kind == .loginHistory && $0.read > 0 })
    #expect(results.accounts.allSatisfy { $0.activity.hourOfWeek.count == 168 })
    #expect(results.accounts.reduce(0) { $0 + $1.activity.days.count } > 100)
    let text = results.text(.jsonl)
    #expect(text == lines.map { $0 + "\n" }.joined())
  }

  @Test func membersThatNobodyAskedForStayUnread() throws {
    let whole = try SampleResults.records()
    let short = try RecordedResults(lines: try SampleResults.lines(), detail: [])
    #expect(short.accounts.map(\.key) == whole.accounts.map(\.key))
    #expect(short.accounts.map(\.logins) == whole.accounts.map(\.logins))
    #expect(short.accounts.allSatisfy { $0.activity.days.isEmpty })
    #expect(short.accounts.allSatisfy { $0.values.addresses.uses.isEmpty })
    #expect(short.findings.map(\.id) == whole.findings.map(\.id))
    // What is about the org is few, and every form shows what it rests on.
    let ofAccounts = short.findings.filter { $0.account != nil }
    #expect(!ofAccounts.isEmpty)
    #expect(ofAccounts.allSatisfy { $0.evidence.isEmpty && $0.replay.isEmpty })
  }

  @Test(arguments: [1, 2, 3])
  func readsOfAnySizeByAnyWorkersGiveTheSame(threads: Int) throws {
    let whole = try SampleResults.records()
    var source = MemoryResults(try SampleResults.lines().map { $0 + "\n" }.joined())
    source.pieceLimit = 9_973
    let pieces = try RecordedResults(source, threads: threads)
    #expect(pieces.groups.count == whole.groups.count)
    #expect(pieces.accounts == whole.accounts)
    #expect(pieces.findings == whole.findings)
  }

  @Test func aCutFileIsRefusedWhereverItIsCut() throws {
    let bytes = Array(try SampleResults.lines().map { $0 + "\n" }.joined().utf8)
    #expect(try SampleResults.refusal(MemoryResults(bytes: bytes)) == nil)
    for count in [0, 1, 40, 5_000, bytes.count / 2, bytes.count - 40, bytes.count - 1] {
      let error = try SampleResults.refusal(MemoryResults(bytes: Array(bytes[..<count])))
      #expect(error?.name == "results.jsonl", "\(count)")
    }
    let error = try #require(try SampleResults.refusal(try SampleResults.lines().dropLast()))
    #expect(error.detail.contains("cut"))
  }

  @Test func anotherSchemaIsRefusedByName() throws {
    var lines = try SampleResults.lines()
    lines[0] = lines[0].replacing(RunRecord.schema, with: "postern.run/1")
    let error = try #require(try SampleResults.refusal(lines))
    #expect(error.line == 1)
    #expect(error.detail.contains("postern.run/1") && error.detail.contains(RunRecord.schema))
    let place = try #require(lines.firstIndex { $0.hasPrefix(Self.account) })
    for schema in ["postern.account/1", "postern.account/20", "postern.surprise/2"] {
      lines = try SampleResults.lines()
      lines[place] = lines[place].replacing(AccountRecord.schema, with: schema)
      #expect(try SampleResults.refusal(SampleResults.sealed(lines))?.line == place + 1)
    }
  }

  @Test func editsAreRefusedWithTheLine() throws {
    let lines = try SampleResults.lines()
    let finding = try #require(
      lines.indices.first {
        lines[$0].hasPrefix(Self.finding) && lines[$0 + 1].hasPrefix(Self.finding)
      })
    let account = try #require(lines[..<finding].lastIndex { $0.hasPrefix(Self.account) })
    func refused(_ line: Int?, _ words: String, _ edit: (inout [String]) -> Void) throws {
      var edited = lines
      edit(&edited)
      let error = try #require(try SampleResults.refusal(SampleResults.sealed(edited)))
      if let line { #expect(error.line == line, "\(error)") }
      #expect(error.detail.contains(words), "\(error)")
    }
    try refused(account + 1, "behind the account") { $0.swapAt(finding, finding + 1) }
    try refused(account + 1, "behind the account") { $0.remove(at: finding) }
    try refused(account + 1, "behind the account") {
      $0[account] = $0[account].replacing(/"findings":\[[^\]]*\]/, with: "\"findings\":[]")
    }
    try refused(nil, "account: is not the one before it") { $0.remove(at: account) }
    try refused(nil, "order of keys") { lines in
      // Two accounts without findings beside each other.
      let place = lines.indices.first {
        lines[$0].hasPrefix(Self.account) && lines[$0 + 1].hasPrefix(Self.account)
      }
      if let place { lines.insert(lines.remove(at: place), at: 1) }
    }
    try refused(nil, "findings of severity") { lines in
      let medium = lines.firstIndex { $0.contains("\"severity\":\"medium\"") } ?? 0
      lines[medium] = lines[medium].replacing(
        "\"severity\":\"medium\"", with: "\"severity\":\"low\"")
    }
    try refused(account + 1, "sum") {
      $0[account] = $0[account].replacing("\"mfa_unknown\":", with: "\"mfa_unknown\":9")
    }
    try refused(finding + 1, "expected") {
      $0[finding] = $0[finding].replacing(Self.finding + ",", with: Self.finding + ",\"a\":1,")
    }
    try refused(finding + 1, "byte") { $0[finding] += " " }
    try refused(finding + 1, "byte") { $0[finding] += "}" }
    try refused(finding + 1, "byte") { $0[finding].removeLast() }
    try refused(2, "begins with") { $0.insert("hello", at: 1) }
    try refused(2, "second run") { $0.insert($0[0], at: 1) }
    try refused(1, "begins with") { $0.removeFirst() }
  }

  @Test func recordsBehindTheEndAreRefused() throws {
    var lines = try SampleResults.lines()
    lines.append(lines[1])
    #expect(try SampleResults.refusal(lines) != nil)
  }

  /// Found by fuzzing: activity was first looked at when a report showed it.
  @Test func activityThatNoRunWritesIsRefusedWithTheLine() throws {
    for (text, edit) in [
      ("\"hour_of_week\":[", "\"hour_of_week\":[\"1\","),
      ("\"hour_of_week\":[", "\"hour_of_week\":[1,"), ("\"day\":[0", "\"day\":[1,0"),
    ] {
      var lines = try SampleResults.lines()
      let place = try #require(lines.firstIndex { $0.contains(text) })
      lines[place].replace(text, with: edit)
      let error = try #require(try SampleResults.refusal(SampleResults.sealed(lines)))
      #expect(error.line == place + 1, "\(edit)")
    }
  }

  @Test func anEditThatFitsEverythingElseIsFoundByTheDigest() throws {
    var lines = try SampleResults.lines()
    let account = try #require(lines.firstIndex { $0.hasPrefix(Self.account) })
    lines[account] = lines[account].replacing("\"name\":\"", with: "\"name\":\"x")
    let error = try #require(try SampleResults.refusal(lines))
    #expect(error.detail.contains("records_sha256"))
    #expect(try SampleResults.refusal(SampleResults.sealed(lines)) == nil)
  }

  @Test(arguments: [
    "[", "{\"schema\":\"postern.run/2\"", "{\"schema\":\"postern.run/2\",\"arguments\":1}",
    "{\"schema\":\"postern.run/2\",\"arguments\":[\"\u{1}\"]}",
    "{\"schema\":\"postern.run/2\",\"arguments\":[\"\\ud800\"]}",
    "{\"schema\":\"postern.run/2\",\"arguments\":[\"\\x\"]}",
    "{\"schema\":\"postern.run/2\",\"arguments\":[\"a\",]}", "{\"schema\":\"postern.run/2\",}",
    "{\"schema\":\"postern.run/2\"} ", "",
  ])
  func hostileLinesAreRefused(line: String) throws {
    #expect(try SampleResults.refusal([line])?.line == 1)
  }

  @Test func deepNestingIsRefusedAndDoesNotRecurse() throws {
    let lines = try SampleResults.lines()
    let account = try #require(lines.firstIndex { $0.hasPrefix(Self.account) })
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      let deep =
        String(repeating: open, count: 100_000) + "1" + String(repeating: close, count: 100_000)
      for name in ["account", "activity"] {
        for detail in [RecordDetail.all, []] {
          var edited = lines
          edited[account] = Self.account + ",\"\(name)\":" + deep + "}"
          let source = MemoryResults(SampleResults.sealed(edited).map { $0 + "\n" }.joined())
          #expect(throws: ResultsError.self) { try RecordedResults(source, detail: detail) }
        }
      }
    }
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    var bytes = Array(try SampleResults.lines().map { $0 + "\n" }.joined().utf8)
    let text = Array("\"arguments\":[\"".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
    bytes[place + text.count] = 0xFF
    #expect(try SampleResults.refusal(MemoryResults(bytes: bytes))?.line == 1)
  }

  @Test func countsThatNoRunCouldHaveAreRefusedAndDoNotOverflow() throws {
    var lines = try SampleResults.lines()
    let account = try #require(lines.firstIndex { $0.hasPrefix(Self.account) })
    lines[account] = lines[account].replacing("\"failed\":", with: "\"failed\":922337203685477")
    #expect(try SampleResults.refusal(SampleResults.sealed(lines))?.line == account + 1)
  }

  @Test func timesAreReadAsTheyAreWritten() {
    var seed: UInt64 = 20_261_124
    for _ in 0..<2_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let instant = Instant(milliseconds: Int64(seed >> 22) - 1_000_000_000_000)
      #expect(Instant(resultText: instant.text) == instant, "\(instant.text)")
    }
    for bad in ["2026-02-30T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01", ""] {
      #expect(Instant(resultText: bad) == nil)
    }
  }
}
