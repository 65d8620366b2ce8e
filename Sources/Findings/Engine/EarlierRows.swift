import Accounts
package import SalesforceExports

/// Rows that an earlier run had of a finding.
package struct EarlierRows: Sendable, Equatable {
  /// Their number.
  package let count: Int
  /// The time of the last; `nil` without rows.
  package let last: Instant?

  /// Makes a statement.
  package init(count: Int, last: Instant?) {
    self.count = count
    self.last = last
  }

  /// Rows of a draft that the earlier run did not have: those behind its last one, and those by
  /// which there are more than it had.
  ///
  /// - Parameter count: All rows of the draft.
  /// - Complexity: O(*n*) in the rows that the draft cites.
  func newRows(of draft: FindingDraft, count: Int) -> Int {
    var behind = 0
    if let last {
      for citation in draft.citations { behind += citation.logins.count { $0.row.time > last } }
      behind += draft.evidence.count { $0.row.time > last }
    }
    return max(behind, count - self.count, 0)
  }
}
