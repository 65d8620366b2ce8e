import Accounts
import Configuration
import Findings
import Results
import SalesforceExports

/// Looks for a finding by judging a run anew, for all the rows that it rests on.
struct FindingSearch: Sendable {
  /// What one worker keeps of the accounts that it judged.
  struct Part: Sendable {
    var rows: FindingRows?
    fileprivate var summaries: [(place: Int, summary: AccountSummary)] = []
    fileprivate var applications: ApplicationUses
  }

  private let id: String
  private let judgement: Judgement
  private let engine: RuleEngine
  private let run: RunFacts
  /// Whether it may be about the org, for which all accounts are summed up.
  private let asksOrganization: Bool
  private let asksAccounts: Bool

  /// Prepares for a run.
  ///
  /// - Parameter judgesAll: Whether all accounts are judged.
  init(
    _ asked: AskedFinding, judgesAll: Bool, _ judgement: Judgement, _ inputs: InputRecords,
    _ options: ScanOptions
  ) {
    id = asked.id
    self.judgement = judgement
    engine = RuleEngine(
      context: options.ruleContext(judgement, inputs),
      organizationID: options.organizationID, keepsEvidence: false)
    run = inputs.facts(first: judgement.history.first, last: judgement.history.last)
    asksOrganization = judgesAll && asked.account == nil
    asksAccounts = !asked.isOfOrganization
  }

  /// The part of a worker.
  func makePart() -> Part { Part(applications: ApplicationUses(judgement)) }

  /// Looks among the findings about an account.
  func look(_ facts: AccountFacts, place: Int, _ part: inout Part) {
    if asksAccounts, part.rows == nil { part.rows = engine.rows(ofFinding: id, facts) }
    guard asksOrganization else { return }
    if RuleEngine.isReported(facts, []) {
      part.summaries.append((place, AccountSummary(facts)))
    }
    part.applications.note(facts, place: place, in: judgement)
  }

  /// The rows of the finding; `nil` where the run does not have it.
  func rows(_ parts: [Part]) -> FindingRows? {
    if let rows = parts.lazy.compactMap(\.rows).first { return rows }
    guard asksOrganization else { return nil }
    var applications = ApplicationUses(judgement)
    for part in parts { applications.formUnion(part.applications) }
    var engine = engine
    for entry in parts.flatMap(\.summaries).sorted(by: { $0.place < $1.place }) {
      engine.note(entry.summary)
    }
    var run = run
    run.applications = judgement.applications(applications)
    return engine.judgeWithRows(run).first { $0.finding.id == id }?.rows
  }
}

extension FindingRows {
  /// The rows that saved results hold of a finding.
  ///
  /// - Parameter files: Names of the run's inputs; rows of others are left out.
  init(_ evidence: [EvidenceRecord], files: [String]) {
    var ids: Set<SalesforceID> = []
    var places: [RowPlace: Instant] = [:]
    for row in evidence {
      if let id = SalesforceID(row.recordID) {
        ids.insert(id)
      } else if let file = files.firstIndex(of: row.file), row.line > 0 {
        places[RowPlace(file: UInt32(file), line: UInt64(row.line))] = row.time
      }
    }
    self.init(ids: ids, places: places)
  }
}
