import Accounts
import Configuration

/// The ledger that a run leaves to a later one, where one was asked for.
struct RunLedger {
  /// What the user should know of it.
  let messages: [String]

  /// Writes it, unless what it would hold is not what was read.
  ///
  /// - Parameter attempts: Those of all accounts.
  /// - Throws: ``OutputError``.
  init(
    _ plan: RunPlan, _ tables: RunTables, _ logins: RunLogins, _ accounting: RunAccounting,
    attempts: Int
  ) throws {
    let options = plan.options
    guard let target = plan.ledgerTarget else {
      messages = []
      return
    }
    if let reason = accounting.ledgerObstacle(attempts) {
      messages = ["\(target.path): the ledger is not written: \(reason)"]
      return
    }
    let ids = logins.ownIDs(plan)
    if let idsPath = options.idsPath {
      let all = LoginIDSet()
      for part in [ids.ids, ids.outside].compactMap(\.self) { _ = all.formUnion(part) }
      try LoginIDFile.write(all, columns: LoginColumnSet.richest(plan.unread), to: idsPath)
    }
    try LedgerContent(plan, tables, logins, accounting, ids: ids)
      .write(to: target, forgettingBefore: options.forgetBefore, threads: options.threads)
    messages = []
  }
}
