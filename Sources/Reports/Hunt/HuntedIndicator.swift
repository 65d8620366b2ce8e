package import SalesforceExports

/// What a history says of one indicator.
package struct HuntedIndicator: Sendable {
  /// Whether it was met.
  package enum State: String, Sendable, CaseIterable {
    /// At least one login matches it.
    case matched
    /// No login that was read does.
    case none
    /// The exports cannot show a login that would.
    case unknown
  }

  /// A login that matches, with its texts.
  package struct Row: Sendable {
    package let time: Instant
    /// The login's Id of 18 characters; empty for none.
    package let id: String
    package let account: LoginAccount
    package let shape: LoginShape
    /// The canonical address; empty for none.
    package let address: String
    package let file: String
    package let line: UInt64

    /// Makes a row from its numbers.
    package init(_ login: ShownLogin, _ texts: LoginTexts) {
      time = login.time
      id = login.id.isNone ? "" : login.id.text18
      account = texts.accounts[login.account]
      shape = texts.shapes[login.shape]
      address = texts.addresses[login.address]
      file = texts.files[login.file]
      line = login.line
    }
  }

  /// Logins of one account that match.
  package struct AccountUse: Sendable {
    package let account: LoginAccount
    package let rows: Int
    package let first: Instant
    package let last: Instant

    /// Makes a use.
    package init(account: LoginAccount, rows: Int, first: Instant, last: Instant) {
      self.account = account
      self.rows = rows
      self.first = first
      self.last = last
    }
  }

  /// What is looked for: `192.0.2.0/24`, `application: X`, `user_agent: X`.
  package var text: String
  /// The list that states it, with the line.
  package var list: String
  package var listLine: Int
  /// When it holds; `until` is exclusive, and `nil` leaves an end open.
  package var from: Instant?
  package var until: Instant?
  /// Who says so; empty where the entry does not.
  package var source: String
  package var state = State.none
  /// Why it cannot be told, or what part of it was not looked at; empty for nothing.
  package var note = ""
  /// Logins that match, and those of them that succeeded.
  package var rows = 0
  package var succeeded = 0
  /// Accounts that they are of, most rows first.
  package var accounts: [AccountUse] = []
  /// The earliest and the latest of them.
  package var first: Row?
  package var last: Row?
  /// The command that shows them; empty where there is none.
  package var command = ""

  /// Makes an indicator that nothing is known of.
  package init(
    text: String, list: String, listLine: Int, from: Instant?, until: Instant?, source: String
  ) {
    self.text = text
    self.list = list
    self.listLine = listLine
    self.from = from
    self.until = until
    self.source = source
  }
}
