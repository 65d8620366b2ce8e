import Accounts
import Configuration
import Findings
import Platform
import Reports
import Results
import SalesforceExports

/// What `postern events` asks for, with the files and snapshots of a run known.
///
/// A row is told to be shown in two steps: conditions that its own values decide are applied while it
/// is folded (successful API logins) or judged (all others); Ids and places, which copies bear on, when
/// all rows with an Id stand beside each other.
struct EventSelection: Sendable {
  private let query: EventQuery
  private let snapshots: Snapshots
  private let isGiven: [Bool]
  private let hasLedgers: Bool

  /// What is handed to the workers that fold.
  let filter: RowFilter
  /// Ids of rows that are named, by Id or by the place of a copy.
  var ids: Set<SalesforceID>
  /// Places that are named in exports other than logins.
  let exportPlaces: Set<RowPlace>
  /// Whether no login rows are asked for beside these.
  let namesExportsAlone: Bool

  /// Makes a selection.
  ///
  /// - Parameters:
  ///   - needsPlaces: Whether it matters where a row begins; otherwise copies are left alone, unless a
  ///     ledger may hold what they are copies of.
  ///   - since: First instant of the window.
  ///   - until: End of the window, exclusive.
  ///   - plan: The files.
  /// - Throws: ``UsageError`` for a place in a file that is not among the inputs, and for one in an export
  ///   other than logins with a condition that such a row cannot meet.
  init(
    _ query: EventQuery, since: Instant?, until: Instant?, needsPlaces: Bool = true,
    _ plan: RunPlan, _ snapshots: Snapshots
  ) throws(UsageError) {
    self.query = query
    self.snapshots = snapshots
    isGiven = plan.files.map { $0.input != nil }
    hasLedgers = !plan.ledgers.isEmpty
    ids = query.ids
    var filter = RowFilter()
    filter.since = since
    filter.until = until
    if !query.accounts.isEmpty { filter.account = { query.matches($0, snapshots) } }
    let places = try Self.places(query, plan.files.map(\.record.name))
    let exportPlaces = places.filter {
      plan.files[Int($0.file)].record.kind?.holdsLogins == false
    }
    self.exportPlaces = exportPlaces
    if let place = exportPlaces.min() {
      try Self.check(
        query, isWindowed: since != nil || until != nil,
        exportRow: "\(plan.files[Int(place.file)].record.name):\(place.line)")
    }
    filter.places = places.subtracting(exportPlaces)
    let namesExportsAlone =
      !exportPlaces.isEmpty && filter.places.isEmpty && query.ids.isEmpty
    self.namesExportsAlone = namesExportsAlone
    let showsAPISuccesses = query.showsAPISuccesses && !namesExportsAlone
    filter.shape = { showsAPISuccesses && query.matches($0) }
    if !query.networks.isEmpty || query.indicators != nil {
      filter.address = { query.matches(address: $0) }
    }
    filter.eitherSuffices = query.indicators != nil
    filter.ids = query.ids
    // Copies of a row that is logged are logged, unless their export has other columns.
    let groups = LoginColumnSet.groups(plan.unread.filter { $0.input.kind.holdsLogins })
    filter.copies =
      namesExportsAlone || !needsPlaces && !hasLedgers && !filter.namesRows && query.finding == nil
      ? .none : hasLedgers || showsAPISuccesses ? .all : groups.count > 1 ? .unlogged : .none
    self.filter = filter
  }

  private static func places(
    _ query: EventQuery, _ files: [String]
  ) throws(UsageError) -> Set<RowPlace> {
    var result: Set<RowPlace> = []
    for place in query.places {
      let numbers = FileEnding.matches(place.file, among: files)
      guard let number = numbers.first else {
        let nearest = NameSuggestion.nearest(to: place.file, among: files)
        throw UsageError(
          "--at \(place.file):\(place.line): no such file among the inputs"
            + (nearest.map { "; did you mean \($0)?" } ?? ""))
      }
      guard numbers.count == 1 else {
        throw UsageError(
          "--at \(place.file):\(place.line): \(numbers.count.counted("input")) end with that name, "
            + "\(files[numbers[0]]) and \(files[numbers[1]]) among them; give more of the path")
      }
      result.insert(RowPlace(file: UInt32(number), line: place.line))
    }
    return result
  }

  /// Refuses what a row of another export than logins cannot meet, or has no form for.
  private static func check(
    _ query: EventQuery, isWindowed: Bool, exportRow: String
  ) throws(UsageError) {
    let subject = "--at \(exportRow): a row of another export than logins"
    if isWindowed || !query.namesRowsAlone {
      throw UsageError("\(subject) is shown as it stands; leave the other conditions out")
    }
    if !query.showsExports {
      throw UsageError("\(subject) is shown as table or jsonl, and not counted")
    }
  }

  /// Rows of exports other than logins that a finding rests on and that lie in the window.
  func exportPlaces(of finding: FindingRows, _ plan: RunPlan) -> Set<RowPlace> {
    let places = finding.places.filter { place, time in
      plan.files[Int(place.file)].record.kind?.holdsLogins == false && filter.contains(time)
    }
    return Set(places.keys)
  }

  /// Whether each row that is shown is picked once, so that it may be counted as it is picked.
  var picksEachRowOnce: Bool { filter.copies == .none && !filter.namesRows && query.finding == nil }

  /// Whether anything has to be known of rows while they are folded; if not, all rows that are shown
  /// are in the ledger's log.
  var needsPickers: Bool {
    if namesExportsAlone { return false }
    return query.showsAPISuccesses || filter.copies != .none || filter.namesRows
      || filter.account != nil
      || filter.since != nil || filter.until != nil || hasLedgers
  }

  /// Whether rows of an account are shown.
  func matches(_ account: AccountKey) -> Bool { query.matches(account, snapshots) }

  /// Whether rows of a judged account are shown.
  func matches(_ facts: AccountFacts) -> Bool { query.matches(facts) }

  /// Whether judged rows with this verdict are shown.
  func matches(_ verdict: Verdict?) -> Bool { query.matches(verdict) }

  /// Whether judged rows of a shape are shown.
  func matches(_ shape: LoginShape) -> Bool { !namesExportsAlone && query.matches(shape) }

  /// Whether rows from an address are shown.
  func matches(address: String) -> Bool { query.matches(address: address) }

  /// Whether a judged row is named, where rows are.
  func isNamed(_ row: PickedLogin) -> Bool {
    !filter.namesRows || ids.contains(row.id) || filter.places.contains(row.place)
  }

  /// The row that rows with one Id are, at the earliest of their places in files that are given; `nil`
  /// for copies of a row that is not shown, and for a row that was not asked for.
  func united(_ group: [PickedLogin]) -> PickedLogin? {
    var login = group.first { !$0.isCopy }
    if login == nil, hasLedgers { login = group.first { $0.disposition == .matchingCopy } }
    guard var login, isNamed(login) || group.contains(where: { filter.places.contains($0.place) })
    else { return nil }
    var first: PickedLogin?
    for copy in group where isGiven[Int(copy.row.file)] {
      if first.map({ copy.row.isPlacedBefore($0.row) }) ?? true { first = copy }
    }
    guard let first else { return nil }
    login.takePlace(of: first)
    return login
  }
}

/// Which values rows that are shown have, so that a table can be laid out before its first line.
struct ShownValues: Sendable {
  private var shapes: [Bool] = []
  private var addresses: [Bool] = []
  private var verdicts: Set<UInt16> = []
  private var users: Set<LedgerUser> = []
  private var lastUser: LedgerUser?
  private var lastLines: [UInt64] = []

  /// Notes a row.
  mutating func note(_ login: PickedLogin) {
    Self.note(Int(login.shape), &shapes)
    Self.note(Int(login.row.address), &addresses)
    if login.mark != 0 { verdicts.insert(login.mark) }
    if login.user != lastUser {
      users.insert(login.user)
      lastUser = login.user
    }
    let file = Int(login.row.file)
    while lastLines.count <= file { lastLines.append(0) }
    lastLines[file] = max(lastLines[file], login.row.line)
  }

  private static func note(_ code: Int, _ values: inout [Bool]) {
    while values.count <= code { values.append(false) }
    values[code] = true
  }

  /// Adds what another worker noted.
  mutating func formUnion(_ other: ShownValues) {
    for code in other.shapes.indices where other.shapes[code] { Self.note(code, &shapes) }
    for code in other.addresses.indices where other.addresses[code] { Self.note(code, &addresses) }
    verdicts.formUnion(other.verdicts)
    users.formUnion(other.users)
    while lastLines.count < other.lastLines.count { lastLines.append(0) }
    for file in other.lastLines.indices {
      lastLines[file] = max(lastLines[file], other.lastLines[file])
    }
  }

  /// The widths that they take in a table.
  ///
  /// - Parameters:
  ///   - accounts: Numbers of the accounts in the texts.
  ///   - hasVerifications: Whether a verification export was read.
  func measure(
    _ texts: LoginTexts, accounts: [LedgerUser: Int], hasVerifications: Bool
  ) -> LoginTable.Measure {
    var measure = LoginTable.Measure(hasVerifications: hasVerifications)
    for user in users { accounts[user].map { measure.note(texts.accounts[$0]) } }
    for code in shapes.indices where shapes[code] { measure.note(texts.shapes[code]) }
    for code in addresses.indices where addresses[code] {
      measure.note(address: texts.addresses[code])
    }
    for number in verdicts { measure.note(texts.verdicts[Int(number) - 1]) }
    for file in lastLines.indices where lastLines[file] > 0 {
      measure.note(file: texts.files[file], line: lastLines[file])
    }
    return measure
  }
}
