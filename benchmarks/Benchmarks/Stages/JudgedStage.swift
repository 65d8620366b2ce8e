import Accounts
import Findings
import SalesforceExports

/// What is judged: the exports, folded and read once, before anything is measured.
struct JudgedStage {
  private let ledger: AccountLedger
  private let snapshots: Snapshots
  private let verifications: VerificationTable
  /// The day after the last one of the generated history.
  private let evaluationTime: Instant

  init(_ stages: StageRuns) {
    verifications = stages.verifications()
    ledger = stages.fold(verifications)
    snapshots = stages.snapshots()
    evaluationTime = stages.evaluationTime
  }

  private var judgement: Judgement {
    Judgement(
      ledger: ledger, snapshots: snapshots, verifications: verifications,
      statements: AccountOverrides(), evaluationTime: evaluationTime)
  }

  /// Makes the facts of all accounts.
  ///
  /// - Returns: Rows that were judged.
  func facts() -> Int {
    judgement.results(threads: 1) { $0.logins.count }.reduce(0, +)
  }

  /// Makes the facts of all accounts, and lets the rules judge them.
  ///
  /// - Returns: Findings.
  func findings() -> Int {
    let judgement = judgement
    var context = RuleContext(judgement: judgement, evaluationTime: evaluationTime)
    context.inputs = [.users, .permissions, .verifications, .verificationHistory]
    // As for a text: nobody looks at rows and reasons.
    context.describes = false
    let engine = RuleEngine(context: context, organizationID: "", keepsEvidence: false)
    return judgement.results(threads: 1) { engine.judge($0).count }.reduce(0, +)
  }
}
