package import Accounts
package import Findings
package import Platform
package import SalesforceExports

/// Everything about one value of logins: who shares it, what these did around it, what came with it, and
/// which findings rest on it.
package struct PivotReport: Sendable {
  /// What an account did besides, in the hours around its rows with the value.
  package struct Around: Sendable {
    package var humanSucceeded = 0
    package var humanFailed = 0
    /// `nil` where it cannot be told.
    package var apiSucceeded: Int?
    package var apiFailed = 0
    package var unclassified = 0
    /// Rows other than successful API logins, of which no single one is kept, by value.
    package var applications: [ExactText: Int] = [:]
    package var countries: [ExactText: Int] = [:]
    package var addresses: [ExactText: Int] = [:]

    /// Knows nothing.
    package init() {}

    /// Adds a row other than a successful API login.
    package mutating func add(_ shape: LoginShape, address: String) {
      switch (shape.door, shape.outcome) {
      case (.human, .succeeded): humanSucceeded += 1
      case (.human, _): humanFailed += 1
      case (.api, _): apiFailed += 1
      case (.unclassified, _): unclassified += 1
      }
      if !shape.application.isEmpty { applications[ExactText(shape.application), default: 0] += 1 }
      if !shape.country.isEmpty { countries[ExactText(shape.country), default: 0] += 1 }
      if !address.isEmpty { addresses[ExactText(address), default: 0] += 1 }
    }

    /// Whether nothing else is known.
    var isEmpty: Bool {
      humanSucceeded + humanFailed + (apiSucceeded ?? 1) + apiFailed + unclassified == 0
    }
  }

  /// How one account used the value.
  package struct AccountUse: Sendable {
    package let account: LoginAccount
    /// `nil` where no export tells it.
    package var isPrivileged: Bool?
    package var privileges: [String] = []
    /// `nil` where no export tells it.
    package var isActive: Bool?
    package private(set) var human = OutcomeCounts()
    package private(set) var api = OutcomeCounts()
    package private(set) var unclassified = OutcomeCounts()
    package private(set) var verdicts: [VerdictState: Int] = [:]
    package private(set) var first: Instant
    package private(set) var last: Instant
    package var around = Around()

    /// Counts nothing yet.
    package init(account: LoginAccount, first: Instant, last: Instant) {
      self.account = account
      self.first = first
      self.last = last
    }

    /// Counts rows that have shape and verdict in common.
    package mutating func add(
      _ shape: LoginShape, _ verdict: Verdict?, _ count: Int, from first: Instant, to last: Instant
    ) {
      switch shape.door {
      case .human: human.add(shape.outcome, count)
      case .api: api.add(shape.outcome, count)
      case .unclassified: unclassified.add(shape.outcome, count)
      }
      if let verdict { verdicts[verdict.state, default: 0] += count }
      self.first = min(self.first, first)
      self.last = max(self.last, last)
    }

    /// All rows.
    package var rows: Int { human.attempted + api.attempted + unclassified.attempted }

    var succeeded: Int { human.succeeded + api.succeeded + unclassified.succeeded }

    var name: String {
      account.username.isEmpty ? account.key.text : account.username
    }
  }

  /// Rows that have one value of another column.
  package struct ValueUse: Sendable {
    package let value: String
    package let rows: Int
    package let accounts: Int
    package let first: Instant
    package let last: Instant

    /// Makes a use.
    package init(value: String, rows: Int, accounts: Int, first: Instant, last: Instant) {
      self.value = value
      self.rows = rows
      self.accounts = accounts
      self.first = first
      self.last = last
    }
  }

  /// A finding that rests on rows with the value.
  package struct RestingFinding: Sendable {
    package let id: String
    package let rule: String
    package let title: String
    package let status: FindingStatus
    package let severity: Severity
    package let isSuppressed: Bool
    /// `nil` for a finding about the org.
    package let account: LoginAccount?
    /// Rows with the value among those that it rests on.
    package let rows: Int
    /// All rows that it rests on.
    package let total: Int

    /// Makes an entry.
    package init(
      id: String, rule: String, title: String, status: FindingStatus, severity: Severity,
      isSuppressed: Bool, account: LoginAccount?, rows: Int, total: Int
    ) {
      self.id = id
      self.rule = rule
      self.title = title
      self.status = status
      self.severity = severity
      self.isSuppressed = isSuppressed
      self.account = account
      self.rows = rows
      self.total = total
    }

    var accountName: String {
      account.map { $0.username.isEmpty ? $0.key.text : $0.username } ?? "the org"
    }

    /// The order of the list: worst first, then by rule and account.
    package static func precedes(_ one: Self, _ other: Self) -> Bool {
      if one.severity != other.severity { return one.severity > other.severity }
      if one.rule != other.rule { return one.rule < other.rule }
      if one.accountName != other.accountName {
        return one.accountName.utf8.lexicographicallyPrecedes(other.accountName.utf8)
      }
      return one.id < other.id
    }

    /// Severity, or the status of one that is no fail.
    var word: String {
      isSuppressed ? "suppressed" : status == .fail ? severity.name : status.shownName
    }
  }

  /// What another account did from an address, in the hours around.
  package struct Neighbour: Sendable {
    package let account: LoginAccount
    package private(set) var humanSucceeded = 0
    package private(set) var humanFailed = 0
    /// `nil` where it cannot be told.
    package var apiSucceeded: Int?
    /// Successful API logins from the address at any time.
    package var apiSucceededEver = 0
    package private(set) var apiFailed = 0
    package private(set) var unclassified = 0

    /// Counts nothing yet.
    package init(account: LoginAccount) { self.account = account }

    /// Counts a row other than a successful API login.
    package mutating func add(_ door: LoginDoor, _ outcome: LoginOutcome) {
      switch (door, outcome) {
      case (.human, .succeeded): humanSucceeded += 1
      case (.human, _): humanFailed += 1
      case (.api, _): apiFailed += 1
      case (.unclassified, _): unclassified += 1
      }
    }

    /// Whether it is known to have done nothing in these hours.
    package var isNothing: Bool {
      humanSucceeded + humanFailed + (apiSucceeded ?? 1) + apiFailed + unclassified == 0
    }

    /// Rows that are known, all successful API logins where their hours are not.
    var rows: Int {
      humanSucceeded + humanFailed + (apiSucceeded ?? apiSucceededEver) + apiFailed + unclassified
    }

    var name: String {
      account.username.isEmpty ? account.key.text : account.username
    }

    /// The order of the list: most rows first, then by account.
    package static func precedes(_ one: Self, _ other: Self) -> Bool {
      one.rows != other.rows ? one.rows > other.rows : one.account.key < other.account.key
    }
  }

  /// An address of a user, with those who came from it besides in the hours around.
  package struct SharedAddress: Sendable {
    package let address: String
    /// Rows of the user.
    package let rows: Int
    package let others: [Neighbour]

    /// Makes an entry.
    package init(address: String, rows: Int, others: [Neighbour]) {
      self.address = address
      self.rows = rows
      self.others = others
    }

    /// The order of the list: those that few share first, since they say most of who is behind them, and
    /// those that nobody shares last.
    package static func precedes(_ one: Self, _ other: Self) -> Bool {
      if one.others.isEmpty != other.others.isEmpty { return other.others.isEmpty }
      if one.others.count != other.others.count { return one.others.count < other.others.count }
      if one.rows != other.rows { return one.rows > other.rows }
      return one.address.precedes(other.address)
    }
  }

  package let field: PivotField
  package let value: String
  /// Hours before and after one with the value that are around it.
  let hours: Int
  /// Login rows that were looked through.
  let all: Int
  /// Accounts that share the value, most rows first.
  package var accounts: [AccountUse] = []
  /// What came with it, most rows first; blanks are left out.
  package var values: [PivotField: [ValueUse]] = [:]
  /// Why values of a column are not all told.
  package var untold: [PivotField: String] = [:]
  /// Of a user: the addresses with who else came from them.
  package var neighbours: [SharedAddress] = []
  /// Findings that rest on rows with it.
  package var findings: [RestingFinding] = []
  /// The command that shows the rows; empty where there is none.
  package var command = ""
  /// Why it is not the whole truth.
  package var incompleteReasons: [String] = []

  /// Knows nothing yet.
  package init(_ field: PivotField, _ value: String, hours: Int, all: Int) {
    self.field = field
    self.value = value
    self.hours = hours
    self.all = all
  }

  // MARK: Figures

  var rows: Int { accounts.reduce(0) { $0 + $1.rows } }
  var succeeded: Int { accounts.reduce(0) { $0 + $1.succeeded } }
  var first: Instant? { accounts.map(\.first).min() }
  var last: Instant? { accounts.map(\.last).max() }

  /// Columns whose values are listed: not the one that it turns around.
  var listedFields: [PivotField] {
    [.application, .country, .address, .browser, .platform].filter { listed in
      listed != field || (values[listed]?.count ?? 0) > 1
    }
  }

  /// The first line.
  var headline: String {
    guard rows > 0 else {
      return "\(field.rawValue) \(value): none of \(FigureText.count(all, "login"))"
    }
    return "\(field.rawValue) \(value): \(FigureText.count(rows, "login")) of "
      + "\(FigureText.count(accounts.count, "account")), "
      + (succeeded == rows ? "all succeeded" : "\(FigureText.number(succeeded)) succeeded")
  }

  /// A number of addresses.
  static func addresses(_ count: Int) -> String {
    FigureText.number(count) + (count == 1 ? " address" : " addresses")
  }

  /// What the hours around are.
  var aroundTitle: String {
    field == .user
      ? "Who else came from the same addresses, in the same UTC hours and \(hours) before and after"
      : "What these accounts did besides, in the same UTC hours and \(hours) before and after"
  }

  /// What an account did besides, for people.
  static func text(_ around: Around) -> String {
    guard !around.isEmpty else { return "nothing" }
    var parts: [String] = []
    func add(_ count: Int, _ noun: String) {
      if count > 0 { parts.append(FigureText.count(count, noun)) }
    }
    add(around.humanSucceeded, "human login")
    if around.humanFailed > 0 {
      parts.append(
        FigureText.count(around.humanFailed, "human attempt") + " that did not succeed")
    }
    if let count = around.apiSucceeded {
      add(count, "API login")
    } else {
      parts.append("API logins that cannot be counted")
    }
    if around.apiFailed > 0 {
      parts.append(FigureText.count(around.apiFailed, "API attempt") + " that did not succeed")
    }
    add(around.unclassified, "unclassified row")
    return parts.joined(separator: ", ")
  }

  /// What another account did from an address, for people.
  static func text(_ neighbour: Neighbour) -> String {
    var parts: [String] = []
    func add(_ count: Int, _ noun: String, _ more: String = "") {
      if count > 0 { parts.append(FigureText.count(count, noun) + more) }
    }
    add(neighbour.humanSucceeded, "human login")
    add(neighbour.humanFailed, "human attempt", " that did not succeed")
    if let count = neighbour.apiSucceeded {
      add(count, "API login")
    } else {
      add(neighbour.apiSucceededEver, "API login", " from there, perhaps in other hours")
    }
    add(neighbour.apiFailed, "API attempt", " that did not succeed")
    add(neighbour.unclassified, "unclassified row")
    return parts.joined(separator: ", ")
  }

  /// Values by count, most first.
  static func list(_ counts: [ExactText: Int], limit: Int) -> String {
    let sorted = counts.sorted { one, other in
      one.value != other.value
        ? one.value > other.value : one.key < other.key
    }
    let more = sorted.count - limit
    return sorted.prefix(limit).map { "\($0.key) \(FigureText.number($0.value))" }
      .joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// MFA of the human logins that succeeded, for people; empty without any.
  static func multiFactor(_ use: AccountUse) -> String {
    [VerdictState.proven, .absent, .unknown].compactMap { state in
      use.verdicts[state].map { "\(FigureText.number($0)) \(state.answer)" }
    }.joined(separator: ", ")
  }

  /// Whether an account is privileged, for people.
  static func privileged(_ use: AccountUse) -> String {
    switch use.isPrivileged {
    case true?: "yes"
    case false?: "no"
    case nil: "cannot be told"
    }
  }
}
