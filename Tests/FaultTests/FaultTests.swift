import Foundation
import TestSupport
import Testing

/// Every fault of the table gets the answer that stands there.
@Suite struct FaultTests {
  @Test(arguments: FaultTable.sections.flatMap(\.faults))
  func theFaultGetsItsAnswer(fault: Fault) throws {
    guard fault.need.isMet else {
      print("not on this machine: \(fault.name) needs \(fault.need)")
      return
    }
    let trial = try Trial()
    try fault.make(trial)
    let rejects = trial.root + "/rejects.jsonl"
    if fault.answer.reason != nil { trial.arguments += ["--rejects", rejects] }
    let seen = try trial.run()
    #expect(!seen.isSignal, "\(seen.errors)")
    #expect(seen.code == fault.answer.exit, "\(seen.errors)")
    #expect(seen.elapsed < .seconds(60))
    #expect(!seen.errors.contains("crashed") && !seen.errors.contains("Fatal error"))
    try checkResults(seen, fault.answer)
    if let says = fault.answer.says {
      let said = try seen.reasons().joined(separator: "\n") + seen.errors
      #expect(said.contains(says), "\(said)")
    }
    if let reason = fault.answer.reason {
      let lines = try String(contentsOfFile: rejects, encoding: .utf8).split(separator: "\n")
      #expect(lines.contains { $0.contains("\"reason\":\"\(reason)\"") }, "\(lines)")
      #expect(lines.count == fault.answer.rows?.last)
    }
    #expect(trial.outputs.allSatisfy { !$0.hasPrefix(".") }, "\(trial.outputs)")
    try fault.check?(trial, seen)
  }

  /// Results are whole or not there, every row is accounted for, and all says how the run ended.
  private func checkResults(_ seen: Observation, _ answer: Answer) throws {
    guard let end = try seen.end() else {
      #expect(seen.output.isEmpty, "results without an end")
      #expect(answer.rows == nil, "\(seen.errors)")
      return
    }
    let rows = try #require(end["rows"] as? [String: Int])
    let parts = ["read", "analysed", "duplicate", "filtered", "rejected"].map { rows[$0] ?? -1 }
    #expect(parts[0] == parts.dropFirst().reduce(0, +), "\(rows)")
    if let expected = answer.rows { #expect(parts == expected) }
    #expect(end["complete"] as? Bool == (answer.exit < 2))
    #expect(try seen.reasons().isEmpty == (answer.exit < 2))
    #expect(end["exit"] as? Int == Int(seen.code))
  }

  @Test func everyFaultHasANameOfItsOwn() {
    for (title, faults) in FaultTable.sections {
      #expect(Set(faults.map(\.name)).count == faults.count, "\(title)")
    }
    #expect(FaultTable.sections.reduce(0) { $0 + $1.faults.count } >= 100)
  }

  // MARK: The table in the documentation

  private static let begin = "<!-- faults: written by `make faults` -->\n"
  private static let end = "<!-- end of faults -->"

  /// `RECORD_FAULTS=1` writes the table anew, and fails so that nobody takes a recording for a test.
  @Test func theDocumentShowsThisTable() throws {
    let path = Trial.repository + "/docs/reliability.md"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let begin = try #require(text.range(of: Self.begin))
    let end = try #require(text.range(of: Self.end))
    let table = Self.table
    guard text[begin.upperBound..<end.lowerBound] != table else { return }
    if ProcessInfo.processInfo.environment["RECORD_FAULTS"] != nil {
      try text.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: table)
        .write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("recorded \(path)")
    } else {
      Issue.record("docs/reliability.md shows another table of faults: make faults")
    }
  }

  private static var table: String {
    var lines: [String] = []
    for (title, faults) in FaultTable.sections {
      lines += ["", "### \(title)", "", "| fault | exit | rows | says |", "|---|---|---|---|"]
      for fault in faults {
        let rows =
          fault.answer.rows.map { rows in
            "\(rows[0]) = \(rows[1]) + \(rows[2]) + \(rows[3]) + \(rows[4])"
          } ?? (fault.answer.exit < 64 ? "as far as they go" : "no results")
        let says = fault.answer.reason.map { "`\($0)`" } ?? fault.answer.says ?? ""
        lines.append(
          "| \(escaped(fault.name)) | \(fault.answer.exit) | \(rows) | \(escaped(says)) |")
      }
    }
    return (lines + [""]).joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\u{1B}", with: "ESC")
  }
}
