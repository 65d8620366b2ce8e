import Accounts
import Findings
import Foundation
import Reports
import SalesforceExports
import Testing

/// Results read back: whole, or refused with line and reason.
@Suite struct ResultsReaderTests {
  @Test func theSamplesAreReadWhole() throws {
    let lines = try SampleResults.lines()
    let document = try SampleResults.document(lines)
    #expect(document.accountCount == lines.count { $0.contains("\"postern.account/1\"") })
    #expect(document.findingCount == lines.count { $0.contains("\"postern.finding/1\"") })
    #expect(document.accountCount + document.findingCount + 2 == lines.count)
    #expect(document.end.accounts == document.accountCount)
    #expect(document.run.inputs.contains { $0.kind == .loginHistory && $0.read > 0 })
    var copied: [UInt8] = []
    try document.forEachPiece { copied += $0 }
    #expect(String(decoding: copied, as: UTF8.self) == lines.map { $0 + "\n" }.joined())
    var days = 0
    var successes = 0
    try document.forEachAccount { account in
      #expect(account.hourOfWeek.count == 168)
      days += account.daily.count
      successes += account.human.succeeded
    }
    #expect(days > 100)
    let totals = try document.totals()
    #expect(totals.human.succeeded == successes && successes > 0)
    try document.forEachAccount(includingActivity: false) { account in
      #expect(account.daily.isEmpty && account.hourOfWeek.isEmpty)
    }
  }

  @Test func aFindingWrittenAgainIsTheSameLine() throws {
    let lines = try SampleResults.lines().filter { $0.contains("\"postern.finding/1\"") }
    let document = try SampleResults.document(try SampleResults.lines())
    var index = 0
    try document.forEachFinding { finding in
      let line = String(
        decoding: finding.line, as: UTF8.self)
      #expect(line == lines[index])
      index += 1
    }
    #expect(index == lines.count && index > 0)
  }

  @Test func readsOfAnySizeGiveTheSame() throws {
    let text = try SampleResults.lines().map { $0 + "\n" }.joined()
    var source = MemoryResults(text)
    source.pieceLimit = 997
    let document = try ResultsReader.read(source, name: "results.jsonl")
    let findings = try document.findings(includingEvidence: true)
    let whole = try SampleResults.document(try SampleResults.lines())
    let expected = try whole.findings(includingEvidence: true)
    #expect(findings == expected)
  }

  @Test func aCutFileIsRefusedWhereverItIsCut() throws {
    let bytes = Array(try SampleResults.lines().map { $0 + "\n" }.joined().utf8)
    #expect(try SampleResults.refusal(MemoryResults(bytes: bytes)) == nil)
    for count in [0, 1, 40, 5_000, bytes.count / 2, bytes.count - 40, bytes.count - 1] {
      let error = try #require(
        try SampleResults.refusal(MemoryResults(bytes: Array(bytes[..<count]))))
      #expect(error.line != nil, "\(count)")
      #expect(error.name == "results.jsonl")
    }
    let lines = try SampleResults.lines()
    let error = try #require(try SampleResults.refusal(lines.dropLast()))
    #expect(error.line == lines.count && error.detail.contains("cut"))
  }

  @Test func anotherMajorVersionIsRefusedByName() throws {
    var lines = try SampleResults.lines()
    lines[0] = lines[0].replacing("postern.run/1", with: "postern.run/2")
    let error = try #require(try SampleResults.refusal(lines))
    #expect(error.line == 1)
    #expect(error.detail.contains("postern.run/2") && error.detail.contains("postern.run/1"))
    lines = try SampleResults.lines()
    lines[3] = lines[3].replacing("postern.account/1", with: "postern.account/10")
    #expect(try SampleResults.refusal(lines)?.line == 4)
    lines[3] = lines[3].replacing("postern.account/10", with: "postern.surprise/1")
    #expect(try SampleResults.refusal(lines)?.line == 4)
  }

  @Test func editsAreRefusedWithTheLine() throws {
    let lines = try SampleResults.lines()
    let finding = try #require(lines.firstIndex { $0.contains("\"postern.finding/1\"") })
    func refused(_ line: Int?, _ words: String, _ edit: (inout [String]) -> Void) throws {
      var edited = lines
      edit(&edited)
      let error = try #require(try SampleResults.refusal(edited))
      if let line { #expect(error.line == line, "\(error)") }
      #expect(error.detail.contains(words), "\(error)")
    }
    try refused(finding + 2, "order of their ids") { $0.swapAt(finding, finding + 2) }
    try refused(nil, "name each other") { lines in
      for index in lines.indices where lines[index].contains("\"findings\":[\"pf1:") {
        lines[index] = lines[index].replacing(/"findings":\[[^\]]*\]/, with: "\"findings\":[]")
        return
      }
    }
    try refused(3, "order") { $0.swapAt(1, 2) }
    try refused(nil, "is not in the file") { lines in
      let account = lines.firstIndex { $0.contains("\"account\":{") && $0.contains("pf1:") } ?? 0
      let id = lines[account].range(of: "pf1:[0-9a-f]{32}", options: .regularExpression)
      guard let id else { return }
      let text = String(lines[account][id])
      lines.removeAll { $0.hasPrefix("{\"schema\":\"postern.finding/1\"") && $0.contains(text) }
    }
    try refused(lines.count, "findings of") { lines in
      let fail = lines.firstIndex { $0.contains("\"severity\":\"medium\"") } ?? 0
      lines[fail] = lines[fail].replacing("\"severity\":\"medium\"", with: "\"severity\":\"low\"")
    }
    try refused(2, "sum") {
      $0[1] = $0[1].replacing("\"mfa_unknown\":", with: "\"mfa_unknown\":9")
    }
    try refused(finding + 1, "order") {
      $0[finding] = $0[finding].replacing(
        "{\"schema\":\"postern.finding/1\",", with: "{\"schema\":\"postern.finding/1\",\"z\":1,")
    }
    try refused(finding + 1, "byte") { $0[finding].insert(" ", at: $0[finding].endIndex) }
    try refused(finding + 1, "byte") { $0[finding] += "}" }
    try refused(lines.count + 1, "after the end") { $0.append($0[1]) }
    try refused(2, "begins with") { $0.insert("hello", at: 1) }
    try refused(2, "second run") { $0.insert($0[0], at: 1) }
    try refused(1, "begin with") { $0.removeFirst() }
  }

  /// Found by fuzzing: activity was first looked at when a report showed it.
  @Test func activityThatNoRunWritesIsRefusedWithTheLine() throws {
    var lines = try SampleResults.lines()
    let place = try #require(lines.firstIndex { $0.contains("\"hour_of_week\":[") })
    lines[place].replace("\"hour_of_week\":[", with: "\"hour_of_week\":[\"1\",")
    #expect {
      try SampleResults.document(lines)
    } throws: { error in
      let error = error as? ResultsError
      return error?.line == place + 1 && error?.detail.contains("hour_of_week") == true
    }
  }

  @Test func anEditThatFitsEverythingElseIsFoundByTheDigest() throws {
    var lines = try SampleResults.lines()
    #expect(lines[lines.count - 1].contains("\"records_sha256\":"))
    lines[1] = lines[1].replacing("\"username\":\"", with: "\"username\":\"x")
    let error = try #require(try SampleResults.refusal(lines))
    #expect(error.line == lines.count && error.detail.contains("records_sha256"))
    // Earlier releases wrote none.
    #expect(try SampleResults.refusal(SampleResults.withoutDigest(lines)) == nil)
  }

  @Test func membersOfLaterReleasesAreKept() throws {
    var lines = try SampleResults.lines()
    for index in lines.indices {
      lines[index] = lines[index].dropLast() + ",\"zzz\":{\"new\":[1,null]}}"
    }
    let document = try SampleResults.document(SampleResults.withoutDigest(lines))
    var copied: [UInt8] = []
    try document.forEachPiece { copied += $0 }
    #expect(String(decoding: copied, as: UTF8.self).contains("\"zzz\":{\"new\":[1,null]}}"))
    #expect(try document.totals().accounts == document.accountCount)
  }

  @Test(arguments: [
    "[", "{\"schema\":\"postern.run/1\"", "{\"schema\":\"postern.run/1\",\"a\":1e999}",
    "{\"schema\":\"postern.run/1\",\"a\":\"\u{1}\"}", "{\"schema\":\"postern.run/1\",\"a\":01}",
    "{\"schema\":\"postern.run/1\",\"a\":\"\\ud800\"}", "{\"schema\":\"postern.run/1\",\"a\":-}",
    "{\"schema\":\"postern.run/1\",\"a\":nul}", "{\"schema\":\"postern.run/1\",\"a\":\"\\x\"}",
    "{\"schema\":\"postern.run/1\",\"b\":1,\"a\":1}", "{\"schema\":\"postern.run/1\",}",
    "{\"schema\":\"postern.run/1\",\"a\":[1,]}", "{\"schema\":\"postern.run/1\"} ", "",
  ])
  func hostileLinesAreRefused(line: String) throws {
    #expect(try SampleResults.refusal([line])?.line == 1)
  }

  @Test func deepNestingIsRefusedAndDoesNotRecurse() throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      let deep = String(repeating: open, count: 100_000)
      for name in ["a", "activity"] {
        let line =
          "{\"schema\":\"postern.account/1\",\"\(name)\":" + deep + "1"
          + String(repeating: close, count: 100_000) + "}"
        var lines = try SampleResults.lines()
        lines[1] = line
        let error = try #require(try SampleResults.refusal(lines))
        #expect(error.line == 2 && error.detail.contains("deep"), "\(error.detail)")
      }
    }
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    var bytes = Array(try SampleResults.lines().map { $0 + "\n" }.joined().utf8)
    bytes[200] = 0xFF
    #expect(try SampleResults.refusal(MemoryResults(bytes: bytes))?.line == 1)
  }

  @Test func countsThatNoRunCouldHaveAreRefusedAndDoNotOverflow() throws {
    var lines = try SampleResults.lines()
    lines[1] = lines[1].replacing("\"failed\":", with: "\"failed\":922337203685477")
    #expect(try SampleResults.refusal(lines)?.line == 2)
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
