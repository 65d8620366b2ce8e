import Results

/// `-o text`: the summary that a person reads in a minute.
struct TextForm: ReportForm {
  /// What a worker sums up.
  struct Part: Sendable {
    var totals = ResultTotals()
    var findings: [ListedFinding] = []
    var gone: [FindingRecord] = []
  }

  private let subject: ReportSubject
  private let usesColor: Bool

  init(_ subject: ReportSubject, usesColor: Bool) {
    self.subject = subject
    self.usesColor = usesColor
  }

  var detail: RecordDetail { [] }

  func makePart() -> Part { Part() }

  func render(_ group: inout ResultsGroup, _ part: inout Part, into text: inout ByteText) {
    switch group.subject {
    case .account:
      part.totals.add(group.account)
      for finding in group.findings { part.findings.append(ListedFinding(finding)) }
    case .organization:
      for finding in group.findings { part.findings.append(ListedFinding(finding)) }
    case .gone:
      for finding in group.findings { part.gone.append(finding.withoutRows) }
    }
  }

  func close(_ parts: [Part], _ end: EndRecord, into text: inout ByteText) {
    var totals = ResultTotals()
    var findings: [ListedFinding] = []
    var gone: [FindingRecord] = []
    for part in parts {
      totals.add(part.totals)
      findings.append(contentsOf: part.findings)
      gone.append(contentsOf: part.gone)
    }
    findings.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    text.append(
      TextReport(
        run: subject.run, end: end, totals: totals, findings: findings, gone: gone,
        usesColor: usesColor
      ).text)
  }
}
