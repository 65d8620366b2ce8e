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
  /// Networks of source addresses.
  package var networks: [NetworkPrefix] = []
  /// Names of applications.
  package var applications: [NamePattern] = []
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
  /// Indicators, of which one must match, whatever their dates; they take the place of networks and of
  /// what shapes are asked for.
  var indicators: IndicatorTable?

  /// Shows everything.
  package init() {}

  /// Whether rows of an account are shown, whose names are those of the newest snapshots.
  func matches(_ account: AccountKey, _ snapshots: Snapshots) -> Bool {
    if accounts.isEmpty { return true }
    switch account {
    case .username(let name):
      return accounts.contains { $0.matches(id15or18: nil, username: name, profile: nil) }
    case .id(let id):
      let user = snapshots.user(id)
      let profile = user.flatMap { user in
        snapshots.profile(id: user.profileID, name: user.profileName, at: nil)?.name
          ?? user.profileName
      }
      return accounts.contains { pattern in
        pattern.matches(
          id15or18: id.text18, username: user.flatMap { $0.username.isEmpty ? nil : $0.username },
          profile: profile.flatMap { $0.isEmpty ? nil : $0 })
      }
    }
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
      && (applications.isEmpty || applications.firstMatch(shape.application) != nil)
      && ((statuses.isEmpty && outcomes.isEmpty) || outcomes.contains(shape.outcome)
        || statuses.firstMatch(shape.status) != nil)
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

extension EventQuery {
  /// Adds values of `--kind`: `human`, `api`, `unclassified`, parted by commas.
  package mutating func addKinds(_ text: String) throws(UsageError) {
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      switch word.lowercased() {
      case "human": doors.insert(.human)
      case "api": doors.insert(.api)
      case "unclassified": doors.insert(.unclassified)
      default: throw UsageError("--kind \(text): expected human, api or unclassified")
      }
    }
  }

  /// Adds values of `--mfa`: states or bases of verdicts, parted by commas.
  package mutating func addVerdicts(_ text: String) throws(UsageError) {
    for word in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
      if let state = VerdictState(rawValue: String(word)) {
        verdictStates.insert(state)
      } else if let basis = VerdictBasis(rawValue: String(word)) {
        verdictBases.insert(basis)
      } else {
        let names = VerdictBasis.allCases.map(\.rawValue)
        let help = NameSuggestion.nearest(to: String(word), among: names)
        throw UsageError(
          "--mfa \(text): expected proven, absent, unknown or the name of a basis"
            + (help.map { " (did you mean \($0)?)" } ?? ""))
      }
    }
  }

  /// Adds a value of `--status`: an outcome, or a status in which `*` stands for any characters.
  package mutating func addStatus(_ text: String) {
    switch text.lowercased() {
    case "succeeded": outcomes.insert(.succeeded)
    case "failed": outcomes.insert(.failed)
    case "pending": outcomes.insert(.pending)
    default:
      // Codes of event logs stand for the labels that rows are shown with.
      statuses.append(NamePattern(LoginStatus.named(text)?.label ?? text))
    }
  }

  /// Adds a value of `--account`.
  package mutating func addAccount(_ text: String) throws(UsageError) {
    do throws(AccountPatternError) {
      accounts.append(try AccountPattern(text))
    } catch {
      throw UsageError("--account \(text): \(error.detail)")
    }
  }

  /// Adds a value of `--ip`.
  package mutating func addNetwork(_ text: String) throws(UsageError) {
    do throws(NetworkPrefixError) {
      networks.append(try NetworkPrefix(text))
    } catch {
      throw UsageError(
        "--ip \(text): \(error.detail)"
          + (error.network.map { "; did you mean \($0)?" } ?? ""))
    }
  }

  /// Adds a value of `--id`.
  package mutating func addID(_ text: String) throws(UsageError) {
    guard let id = SalesforceID(text) else {
      throw UsageError("--id \(text): expected a login's Id of 15 or 18 letters and digits")
    }
    ids.insert(id)
  }

  /// Adds a value of `--at`.
  package mutating func addPlace(_ text: String) throws(UsageError) {
    guard let place = RowLocation(text) else {
      throw UsageError("--at \(text): expected FILE:LINE, as findings name it")
    }
    places.append(place)
  }
}
