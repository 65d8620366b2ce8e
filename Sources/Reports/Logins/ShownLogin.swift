package import Accounts
package import SalesforceExports

/// One login row as it is shown: what it has alone, and the numbers of its texts in ``LoginTexts``.
package struct ShownLogin: Sendable {
  package var time: Instant
  /// The row's Id; ``SalesforceID/none`` where the export has none.
  package var id: SalesforceID
  package var account: Int
  package var shape: Int
  package var address: Int
  /// Number of the verdict of a successful human login, counted from 1; 0 for other rows.
  package var verdict: Int
  package var file: Int
  /// Line in which the row begins, 1-based.
  package var line: UInt64

  /// Makes a row.
  package init(
    time: Instant, id: SalesforceID, account: Int, shape: Int, address: Int, verdict: Int,
    file: Int, line: UInt64
  ) {
    self.time = time
    self.id = id
    self.account = account
    self.shape = shape
    self.address = address
    self.verdict = verdict
    self.file = file
    self.line = line
  }
}

/// An account as rows of it show it.
package struct LoginAccount: Sendable {
  package var key: AccountKey
  /// The name that it logs in with; empty when not known.
  package var username: String
  package var accountClass: AccountClass

  /// Makes an account.
  package init(key: AccountKey, username: String, accountClass: AccountClass) {
    self.key = key
    self.username = username
    self.accountClass = accountClass
  }

  /// The 18-character id; empty when only its name is known.
  var id: String { if case .id(let id) = key { id.text18 } else { "" } }
}

/// The texts that login rows refer to by number: as many as there are distinct values, never as many
/// as rows.
package struct LoginTexts: Sendable {
  package var accounts: [LoginAccount]
  package var shapes: [LoginShape]
  /// Canonical addresses; other text verbatim, empty for none.
  package var addresses: [String]
  package var verdicts: [Verdict]
  /// Names of the run's inputs.
  package var files: [String]

  /// Makes tables.
  package init(
    accounts: [LoginAccount], shapes: [LoginShape], addresses: [String], verdicts: [Verdict],
    files: [String]
  ) {
    self.accounts = accounts
    self.shapes = shapes
    self.addresses = addresses
    self.verdicts = verdicts
    self.files = files
  }
}

extension LoginDoor {
  /// Name in results.
  package var name: String {
    switch self {
    case .human: "human"
    case .api: "api"
    case .unclassified: "unclassified"
    }
  }
}

extension LoginOutcome {
  /// Name in results.
  package var name: String {
    switch self {
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .pending: "pending"
    }
  }
}
