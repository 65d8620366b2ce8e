/// Lines of the records of results.
///
/// They stand in the module of the records, so that the compiler makes the coding of each for this writer. A caller in
/// another module gets the one for all coders, which looks each member up in a table of the coder's functions.
extension LineWriter {
  /// Appends a record of a run as a line to a text.
  package static func line(_ run: inout RunRecord, into text: inout ByteText) {
    line(RunRecord.schema, into: &text) { run.code(&$0) }
  }

  /// Appends a record of a run's end as a line to a text.
  package static func line(_ end: inout EndRecord, into text: inout ByteText) {
    line(EndRecord.schema, into: &text) { end.code(&$0) }
  }

  /// Appends the records of a group to a text, a line each.
  package static func lines(_ group: inout ResultsGroup, into text: inout ByteText) {
    if group.subject == .account {
      line(AccountRecord.schema, into: &text) { group.account.code(&$0) }
    }
    if var application = group.application {
      line(ApplicationRecord.schema, into: &text) { application.code(&$0) }
    }
    let schema = group.subject == .gone ? FindingRecord.goneSchema : FindingRecord.schema
    for position in group.findings.indices {
      line(schema, into: &text) { group.findings[position].code(&$0) }
    }
  }

  /// Appends a finding of a comparison as a line to a text.
  package static func line(_ finding: inout ComparedFindingRecord, into text: inout ByteText) {
    line(ComparedFindingRecord.schema, into: &text) { finding.code(&$0) }
  }

  /// Appends a record of a comparison's end as a line to a text.
  package static func line(_ end: inout ComparisonEndRecord, into text: inout ByteText) {
    line(ComparisonEndRecord.schema, into: &text) { end.code(&$0) }
  }
}
