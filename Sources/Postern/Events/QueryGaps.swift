import Accounts
import Configuration
import Platform
import Reports
import Results
import SalesforceExports

/// Accounts with logins of which the exports do not say what a query may ask of them.
struct UntoldAccounts: Sendable {
  /// Accounts with logins.
  private(set) var all = 0
  /// Those of them that are in no User export.
  private(set) var unknown = 0
  /// Those that are in one, and of which some privilege cannot be told.
  private(set) var withoutPrivileges = 0
  /// Columns that would tell it.
  private(set) var columns: Set<String> = []

  /// Notes an account.
  mutating func note(_ facts: AccountFacts) {
    guard facts.firstLogin != nil else { return }
    all += 1
    guard let permissions = facts.permissions else {
      unknown += 1
      return
    }
    guard !permissions.isPrivileged else { return }
    var isTold = true
    for permission in TrackedPermission.privileged {
      guard case .notAvailable(let missing) = permissions.state(of: permission) else { continue }
      isTold = false
      columns.formUnion(missing)
    }
    if !isTold { withoutPrivileges += 1 }
  }

  /// Adds what another worker noted.
  mutating func formUnion(_ other: UntoldAccounts) {
    all += other.all
    unknown += other.unknown
    withoutPrivileges += other.withoutPrivileges
    columns.formUnion(other.columns)
  }
}

/// What a query asks that the inputs cannot answer: columns and exports that are lacking, and values that no
/// login of them has.
///
/// A value that occurs nowhere is more often a slip than a fact, so it is said with the nearest that does.
struct QueryGaps {
  /// Why the answer is incomplete.
  private(set) var reasons: [String] = []
  /// What whoever asks should know beside it.
  private(set) var messages: [String] = []

  private let query: EventQuery
  private let ledger: AccountLedger
  private let snapshots: Snapshots

  /// Compares a query with all rows that were read, those outside the window too.
  ///
  /// - Complexity: O(*n*) in the distinct values of the ledger; a value that is not found is compared with
  ///   all of its kind.
  init(
    _ query: EventQuery, _ ledger: AccountLedger, _ snapshots: Snapshots, _ inputs: InputRecords,
    _ history: OrgHistory, _ untold: UntoldAccounts, _ picked: PickedRows
  ) {
    self.query = query
    self.ledger = ledger
    self.snapshots = snapshots
    // A hunt speaks for each of its indicators.
    guard query.indicators == nil else { return }
    reasons = inputs.unshownLedgerRows
    noteColumns(inputs, history)
    noteAccounts(untold)
    for (number, id) in query.ids.sorted().enumerated() where !picked.foundIDs.contains(id) {
      noteMissingRow("--id \(id.text18): no analysed row has this Id", number)
    }
    for (number, place) in picked.missingPlaces.enumerated() {
      noteMissingRow(
        "--at \(inputs.names[Int(place.file)]):\(place.line): no analysed row begins there", number)
    }
    noteValues()
  }

  /// Notes a further reason.
  mutating func note(_ reason: String) { reasons.append(reason) }

  /// Notes rows of other exports than logins that could not be read.
  ///
  /// - Parameters:
  ///   - named: Those that were asked for by their places; a finding rests on the others.
  ///   - files: Names of the inputs.
  mutating func noteMissing(_ places: [RowPlace], named: Set<RowPlace>, _ files: [String]) {
    var counts: [UInt32: Int] = [:]
    for place in places {
      let file = files[Int(place.file)]
      if named.contains(place) {
        reasons.append("--at \(file):\(place.line): no row begins there")
      } else {
        counts[place.file, default: 0] += 1
      }
    }
    for (file, count) in counts.sorted(by: { $0.key < $1.key }) {
      reasons.append(
        "\(FigureText.count(count, "row")) of \(files[Int(file)]) that the finding rests on cannot be read "
          + "again: give that file")
    }
  }

  /// Notes rows of other exports than logins that a finding rests on and that are not shown.
  mutating func noteLeftOut(_ count: Int) {
    guard count > 0 else { return }
    messages.append(
      "the finding also rests on \(FigureText.count(count, "row")) of other exports than logins: shown as "
        + "table or jsonl, without other conditions and --by")
  }

  /// Notes rows of event logs of which nothing is kept but their number.
  mutating func noteUnkept(_ count: Int) {
    guard count > 0 else { return }
    messages.append(
      "the finding also counts \(FigureText.count(count, "row")) of event logs that are not kept one by one: "
        + "shown are the first and the last of each kind")
  }

  /// A list of Ids that belong to other exports is not repeated whole.
  private mutating func noteMissingRow(_ text: String, _ number: Int) {
    if number < Self.rowLimit { reasons.append(text) }
    if number == Self.rowLimit { reasons.append("and more Ids or places without a row") }
  }

  private static let rowLimit = 20

  // MARK: Columns and exports

  private mutating func noteColumns(_ inputs: InputRecords, _ history: OrgHistory) {
    let asked: [(column: String, isAsked: Bool)] = [
      ("SourceIp", !query.networks.isEmpty), ("CountryIso", !query.countries.isEmpty),
      ("Application", !query.applications.isEmpty), ("Browser", !query.browsers.isEmpty),
      ("Platform", !query.platforms.isEmpty), ("LoginType", !query.types.isEmpty),
      ("LoginSubType", !query.subTypes.isEmpty),
      ("Status", !query.statuses.isEmpty || !query.outcomes.isEmpty), ("Id", !query.ids.isEmpty),
    ]
    for (column, isAsked) in asked where isAsked {
      guard let text = inputs.lacking(column) else { continue }
      reasons.append("\(text): whether their rows are among those asked for cannot be told")
    }
    for column in query.countedColumns {
      guard let text = inputs.lacking(column) else { continue }
      reasons.append("\(text): their rows are counted without it")
    }
    let (nameless, all) = history.oauthLogins
    if !query.applications.isEmpty, nameless > 0, inputs.lacking("Application") == nil {
      reasons.append(
        "\(nameless) of \(all.counted("login")) by OAuth \(nameless.takes("names", "name")) no application, "
          + "and may be of one asked for")
    }
  }

  private mutating func noteAccounts(_ untold: UntoldAccounts) {
    let asksClass = !query.classes.isEmpty && !query.classes.contains(.unknown)
    if asksClass || query.isPrivileged, untold.unknown > 0 {
      if snapshots.users.newest == nil {
        reasons.append(
          "no User export was given: class and privileges of "
            + "\(untold.unknown.counted("account")) cannot be told"
        )
      } else {
        messages.append(
          "\(untold.unknown) of \(untold.all.counted("account")) with logins "
            + "\(untold.unknown.takes("is", "are")) in no User export: "
            + "\(untold.unknown.takes("its class is", "their class is")) unknown, and so are "
            + "\(untold.unknown.takes("its", "their")) privileges (--class unknown shows them)")
      }
    }
    if query.isPrivileged, untold.withoutPrivileges > 0 {
      let columns = untold.columns.sorted()
      reasons.append(
        "the privileges of \(untold.withoutPrivileges) of \(untold.all.counted("account")) cannot be told: "
          + "missing "
          + columns.prefix(3).joined(separator: ", ")
          + (columns.count > 3 ? " and \((columns.count - 3).counted("more column"))" : ""))
    }
  }

  // MARK: Values

  private mutating func noteValues() {
    note(query.countries, "country", of: \.country)
    note(query.browsers, "browser", of: \.browser)
    note(query.platforms, "platform", of: \.platform)
    note(query.types, "login type", of: \.type)
    note(query.subTypes, "login sub-type", of: \.subType)
    note(query.statuses, "status", of: \.status)
    for pattern in query.applications
    where !ledger.shapes.contains(where: { pattern.matches(application: $0) }) {
      note(pattern, "application", \.application)
    }
    for network in query.networks where !ledger.addresses.contains(where: network.contains) {
      let nearest = ledger.addresses.compactMap { NetworkAddress($0) }.min {
        Self.distance($0, network.base) < Self.distance($1, network.base)
      }
      reasons.append(
        "no login of these inputs comes from \(network)"
          + (nearest.map { "; the nearest address is \($0)" } ?? ""))
    }
    noteUnknownAccounts()
  }

  private static func distance(_ one: NetworkAddress, _ other: NetworkAddress) -> (Int, UInt128) {
    (
      one.family == other.family ? 0 : 1,
      one.bits > other.bits ? one.bits - other.bits : other.bits - one.bits
    )
  }

  private mutating func note(
    _ patterns: [NamePattern], _ noun: String, of value: KeyPath<LoginShape, String>
  ) {
    for pattern in patterns
    where !ledger.shapes.contains(where: { pattern.matches($0[keyPath: value]) }) {
      note(pattern, noun, value)
    }
  }

  private mutating func note(
    _ pattern: NamePattern, _ noun: String, _ value: KeyPath<LoginShape, String>
  ) {
    var names = Set(ledger.shapes.map { $0[keyPath: value] })
    names.remove("")
    var help = ""
    if let nearest = Self.nearest(to: pattern.text, among: names) {
      help = "; did you mean \(nearest)?"
    } else if !names.isEmpty, names.count <= Self.listLimit {
      help = "; they name " + names.sorted().joined(separator: ", ")
    }
    reasons.append("no login of these inputs names the \(noun) \(pattern.text)\(help)")
  }

  /// Values that are listed whole where none is near.
  private static let listLimit = 12

  /// The name that holds a text, or else the nearest to it.
  private static func nearest(to text: String, among names: Set<String>) -> String? {
    let part = text.lowercased().replacing("*", with: "")
    guard !part.isEmpty else { return nil }
    let names = names.filter { !$0.isEmpty }.sorted()
    return names.filter { $0.lowercased().contains(part) }.min { $0.utf8.count < $1.utf8.count }
      ?? NameSuggestion.nearest(to: part, among: names)
  }

  private mutating func noteUnknownAccounts() {
    guard !query.accounts.isEmpty else { return }
    let keys = ledger.accountNumbers.filter(ledger.hasRows).map { number in
      var key = ledger.key(of: number)
      if case .username(let name) = key, let id = snapshots.userID(named: name) { key = .id(id) }
      return key
    }
    for pattern in query.accounts where !keys.contains(where: { pattern.matches($0, snapshots) }) {
      let users = snapshots.users.newest?.rows.keys ?? []
      if users.contains(where: { pattern.matches(.id($0), snapshots) }) {
        messages.append(
          "--account \(pattern.text): in the User export, and without logins in these inputs")
        continue
      }
      var names: Set<String> = []
      for key in keys {
        names.insert(key.text)
        if case .id(let id) = key, let user = snapshots.user(id) { names.insert(user.username) }
      }
      let profile = "profile:"
      let nearest =
        pattern.text.lowercased().hasPrefix(profile)
        ? nil : Self.nearest(to: pattern.text, among: names)
      reasons.append(
        "no account of these inputs is \(pattern.text)"
          + (nearest.map { "; did you mean \($0)?" } ?? "")
          + (snapshots.users.newest == nil
            ? "; without a User export accounts are known by their ids alone" : ""))
    }
  }
}
