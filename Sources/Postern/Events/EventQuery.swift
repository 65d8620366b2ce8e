package import Accounts
package import Configuration
package import SalesforceExports

/// Which rows `postern events` shows: every condition must hold, and of a condition with several
/// values one.
///
/// Ids and places are one condition, since both say which row is meant.
package struct EventQuery: Sendable {
  /// Accounts.
  package var accounts: [AccountPattern] = []
  /// Classes of accounts.
  package var classes: Set<AccountClass> = []
  /// Whether only rows of privileged accounts are shown.
  package var isPrivileged = false
  /// Networks of source addresses.
  package var networks: [NetworkPrefix] = []
  /// Codes of countries.
  package var countries: [NamePattern] = []
  /// Names of applications, with or without the version of the client.
  package var applications: [NamePattern] = []
  /// Names of browsers.
  package var browsers: [NamePattern] = []
  /// Names of platforms.
  package var platforms: [NamePattern] = []
  /// Labels of login types.
  package var types: [NamePattern] = []
  /// Labels of login sub-types.
  package var subTypes: [NamePattern] = []
  /// Labels of statuses.
  package var statuses: [NamePattern] = []
  /// Outcomes, which stand beside statuses.
  package var outcomes: Set<LoginOutcome> = []
  /// States of verdicts; a row without a verdict has none of them.
  package var verdictStates: Set<VerdictState> = []
  /// Bases of verdicts, which stand beside the states.
  package var verdictBases: Set<VerdictBasis> = []
  /// Doors through which logins came.
  package var doors: Set<LoginDoor> = []
  /// Ids of logins.
  package var ids: Set<SalesforceID> = []
  /// Files as results name them, with lines.
  package var places: [RowLocation] = []
  /// Columns by whose values rows are counted, by their names in LoginHistory.
  var countedColumns: [String] = []
  /// Whether rows of exports other than logins have a form in what is written.
  var showsExports = true
  /// The finding that rows must be of.
  package var finding: AskedFinding?
  /// Indicators, of which one must match, whatever their dates; they take the place of networks and of
  /// what shapes are asked for.
  var indicators: IndicatorTable?

  /// Shows everything.
  package init() {}

  /// Whether there is no condition but Ids and places.
  var namesRowsAlone: Bool { accounts.isEmpty && finding == nil && !asksOfLogins }

  /// Whether rows of other exports can be shown with those of the finding that rests on them: they have
  /// nothing but their time to compare with a condition, and no form in which they are counted.
  var showsExportsOfFinding: Bool {
    showsExports && ids.isEmpty && places.isEmpty && !asksOfLogins
  }

  /// Whether there is a condition that only a login meets, beside account, Id and place.
  private var asksOfLogins: Bool {
    !(classes.isEmpty && !isPrivileged && networks.isEmpty && countries.isEmpty
      && applications.isEmpty && browsers.isEmpty && platforms.isEmpty && types.isEmpty
      && subTypes.isEmpty && statuses.isEmpty && outcomes.isEmpty && verdictStates.isEmpty
      && verdictBases.isEmpty && doors.isEmpty && indicators == nil)
  }

  /// Whether rows of an account are shown, whose names are those of the newest snapshots.
  func matches(_ account: AccountKey, _ snapshots: Snapshots) -> Bool {
    accounts.isEmpty || accounts.contains { $0.matches(account, snapshots) }
  }

  /// Whether rows of an account are shown, by what only its judgement tells.
  func matches(_ facts: AccountFacts) -> Bool {
    (classes.isEmpty || classes.contains(facts.accountClass))
      && (!isPrivileged || facts.isPrivileged)
  }

  /// Whether rows without a verdict that are successful API logins may be shown.
  var showsAPISuccesses: Bool {
    verdictStates.isEmpty && verdictBases.isEmpty && (doors.isEmpty || doors.contains(.api))
  }

  /// Whether rows from an address are shown.
  func matches(address: String) -> Bool {
    if let indicators { return !indicators.entries(address: address).isEmpty }
    return networks.isEmpty || networks.contains { $0.contains(address) }
  }

  /// Whether rows of a shape are shown.
  func matches(_ shape: LoginShape) -> Bool {
    if let indicators { return !indicators.entries(of: shape).isEmpty }
    return (doors.isEmpty || doors.contains(shape.door))
      && (applications.isEmpty || applications.contains { $0.matches(application: shape) })
      && Self.matches(countries, shape.country) && Self.matches(browsers, shape.browser)
      && Self.matches(platforms, shape.platform) && Self.matches(types, shape.type)
      && Self.matches(subTypes, shape.subType)
      && ((statuses.isEmpty && outcomes.isEmpty) || outcomes.contains(shape.outcome)
        || statuses.firstMatch(shape.status) != nil)
  }

  private static func matches(_ patterns: [NamePattern], _ value: String) -> Bool {
    patterns.isEmpty || patterns.firstMatch(value) != nil
  }

  /// Whether rows with this verdict are shown.
  func matches(_ verdict: Verdict?) -> Bool {
    if verdictStates.isEmpty, verdictBases.isEmpty { return true }
    guard let verdict else { return false }
    return verdictStates.contains(verdict.state) || verdictBases.contains(verdict.basis)
  }
}

/// `FILE:LINE`, as findings give it.
package struct RowLocation: Hashable, Sendable {
  /// Name of the file in results.
  package let file: String
  /// Line in which the row begins, 1-based.
  package let line: UInt64

  /// Reads `FILE:LINE`; the last colon parts them.
  ///
  /// - Returns: `nil` for text of another form.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
      let line = UInt64(text[text.index(after: colon)...]), line > 0
    else { return nil }
    file = String(text[..<colon])
    self.line = line
  }
}

extension AccountPattern {
  /// Whether an account matches by its names in the newest snapshots.
  func matches(_ account: AccountKey, _ snapshots: Snapshots) -> Bool {
    switch account {
    case .username(let name):
      return matches(id15or18: nil, username: name, profile: nil)
    case .id(let id):
      guard let user = snapshots.user(id) else {
        return matches(id15or18: id.text18, username: nil, profile: nil)
      }
      let profile =
        snapshots.profile(id: user.profileID, name: user.profileName, at: nil)?.name
        ?? user.profileName
      return matches(
        id15or18: id.text18, username: user.username.isEmpty ? nil : user.username,
        profile: profile.flatMap { $0.isEmpty ? nil : $0 })
    }
  }
}

extension NamePattern {
  /// Whether the application of a shape matches, with or without the version of its client.
  func matches(application shape: LoginShape) -> Bool {
    matches(shape.application) || matches(shape.applicationName)
  }
}
