package import SalesforceExports

/// What event logs and real-time events tell beside the logins of a run.
package struct EventTables: Sendable {
  /// The kinds of events that were given.
  package var kinds: Set<FileKind> = []
  /// Proof of MFA by session; `nil` when no such file was given.
  package var sessions: SessionTable?
  /// Administrators inside other accounts.
  package var impersonations = ImpersonationTable()
  /// Pages of the user interface.
  package var pages = PageTable()
  /// API requests.
  package var requests = APIRequestIndex()

  /// Tells nothing.
  package init() {}

  /// Accounts that may have no login in the run.
  package var accounts: Set<AccountKey> {
    Set(impersonations.accounts).union(requests.accounts).union(pages.accounts)
  }
}
