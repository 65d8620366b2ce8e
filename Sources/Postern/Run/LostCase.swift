import Accounts
import SalesforceExports

/// Finds out whether Ids of 15 characters lost the case of their letters on one side of the join
/// between logins and users: then nothing joins, and nothing else tells.
///
/// Ids of 18 characters are restored when they are read.
struct LostCase {
  /// What is wrong, as half a sentence; `nil` where nothing is.
  let reason: String?

  /// Compares the accounts of logins with the users of all snapshots.
  ///
  /// - Complexity: O(*n*) in accounts and users.
  init(_ ledger: AccountLedger, _ snapshots: Snapshots) {
    reason = Self.reason(ledger, snapshots)
  }

  private static func reason(_ ledger: AccountLedger, _ snapshots: Snapshots) -> String? {
    let tables = snapshots.users.tables
    guard !tables.isEmpty else { return nil }
    var unknown: Set<String> = []
    var logins = LetterCases()
    for number in ledger.accountNumbers {
      guard case .id(let id) = ledger.key(of: number) else { continue }
      let text = id.text15
      logins.note(text)
      if !tables.contains(where: { $0.rows[id] != nil }) { unknown.insert(text.lowercased()) }
    }
    guard !unknown.isEmpty else { return nil }
    var users = LetterCases()
    var matches = 0
    for table in tables {
      for id in table.rows.keys {
        let text = id.text15
        users.note(text)
        if unknown.contains(text.lowercased()) { matches += 1 }
      }
    }
    // Two users may differ in case alone; that all Ids of one side have one case does not happen.
    guard matches > 0, logins.areMixed != users.areMixed else { return nil }
    let side = logins.areMixed ? "users" : "logins"
    return
      "the Ids of \(side) lost the case of their letters, so that \(matches) users do not join: "
      + "export them again, with Ids of 18 characters"
  }

  /// Whether capitals and small letters stand among some Ids, behind the prefix of three.
  private struct LetterCases {
    private var hasCapitals = false
    private var hasSmall = false

    var areMixed: Bool { hasCapitals && hasSmall }

    mutating func note(_ id: String) {
      for byte in id.utf8.dropFirst(3) {
        if byte &- 0x41 < 26 { hasCapitals = true }
        if byte &- 0x61 < 26 { hasSmall = true }
      }
    }
  }
}
