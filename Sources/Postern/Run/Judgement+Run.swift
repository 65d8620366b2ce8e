import Accounts
import Configuration
import SalesforceExports

extension Judgement {
  /// Joins the logins of a run with its tables.
  convenience init(_ plan: RunPlan, _ tables: RunTables, _ logins: RunLogins) {
    self.init(
      ledger: logins.ledger, snapshots: tables.snapshots, verifications: logins.verifications,
      events: logins.events, statements: plan.options.statements,
      evaluationTime: plan.options.now)
  }
}
