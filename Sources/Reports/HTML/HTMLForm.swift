import Platform
import Results

/// `-o html`: results as one page that needs nothing but itself: no network, no other file, no script
/// even.
///
/// Its order follows the reader: decide, locate, prove. Its size is bounded by the number of accounts
/// (about 300 bytes each) and by ``ReportIndex/panelLimit`` panels, which show less of an account when
/// all of them would be too much. Nothing is written before all accounts are known; until then workers
/// keep a row of each account, and the accounts that may get a panel.
struct HTMLForm: ReportForm {
  /// What a worker makes of its accounts.
  struct Part: Sendable {
    var figures = OverviewFigures()
    var daily = DailyFigures()
    var rows = AccountRows()
  }

  private let subject: ReportSubject
  private let outlook: RetirementOutlook
  /// What all workers add to.
  private let index: Locked<ReportIndex>

  /// Makes the form of one run.
  init(_ subject: ReportSubject) {
    self.subject = subject
    outlook = RetirementOutlook(dates: subject.run.calendars)
    index = Locked(ReportIndex(outlook))
  }

  var detail: RecordDetail { [.figures, .activity, .values] }

  func detail(of group: ResultsGroup) -> RecordDetail {
    guard group.subject == .account else { return .all }
    let rank = AccountRank(group.findings)
    return detail.union(index.withLock { $0.detail(of: group, rank) })
  }

  func findingsWithRows(of group: ResultsGroup) -> Set<Int>? {
    guard group.findings.count > AccountPanel.Detail.whole.findings else { return nil }
    return Set(FindingOrder.positions(group.findings).prefix(AccountPanel.Detail.whole.findings))
  }

  func makePart() -> Part { Part() }

  func render(_ group: inout ResultsGroup, _ part: inout Part, into text: inout ByteText) {
    switch group.subject {
    case .account:
      let rank = AccountRank(group.findings)
      let positions = FindingOrder.positions(group.findings)
      let retiring = outlook.logins(group)
      part.figures.add(group.account, group.findings)
      part.daily.add(group.account.activity)
      part.rows.add(group, rank, positions, retires: outlook.short(retiring))
      index.withLock { $0.add(group, rank, positions, retiring: retiring) }
    case .application:
      if let application = group.application { index.withLock { $0.add(application) } }
    case .organization:
      for finding in group.findings { part.figures.opening.add(organization: finding) }
      index.withLock { for finding in group.findings { $0.add(organization: finding) } }
    case .gone:
      index.withLock { for finding in group.findings { $0.add(gone: finding) } }
    }
  }

  func close(_ parts: [Part], _ end: EndRecord, into text: inout ByteText) {
    var figures = OverviewFigures()
    var daily = DailyFigures()
    for part in parts {
      figures.add(part.figures)
      daily.add(part.daily)
    }
    HTMLReport(
      subject: subject, end: end, figures: figures, daily: daily, rows: parts.map(\.rows),
      index: index.withLock { $0 }, outlook: outlook
    ).write(to: &text)
  }
}
