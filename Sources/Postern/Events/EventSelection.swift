import Accounts
import Reports
import Results
import SalesforceExports

/// Applies a query to packed rows, each value of a column once.
struct EventSelection {
  /// A place of a row by the number of its file.
  struct Place: Hashable, Comparable, Sendable {
    let file: UInt32
    let line: UInt64

    static func < (left: Self, right: Self) -> Bool {
      (left.file, left.line) < (right.file, right.line)
    }
  }

  /// Whether a value is shown, and whether it was.
  private struct Value {
    var isShown: Bool
    var wasShown = false
  }

  private let query: EventQuery
  private let tables: LoginTables
  private let verdicts: VerdictIndex
  private let places: Set<Place>
  private let namesRows: Bool
  private var accounts: [Value]
  private var shapes: [Value] = []
  private var addresses: [Value] = []
  private var shownVerdicts: Set<UInt16> = []
  private var lastLines: [UInt32: UInt64] = [:]

  /// Which of the Ids that were asked for exist.
  private(set) var foundIDs: Set<SalesforceID> = []
  private var foundPlaces: Set<Place> = []

  init(
    _ query: EventQuery, places: Set<Place>, tables: LoginTables, verdicts: VerdictIndex
  ) {
    self.query = query
    self.places = places
    self.tables = tables
    self.verdicts = verdicts
    namesRows = !query.ids.isEmpty || !places.isEmpty
    accounts = tables.accounts.map { Value(isShown: query.matches($0)) }
  }

  /// Whether a row goes on to be sorted.
  ///
  /// Copies go on as long as they may name an earlier place of a row that is shown.
  mutating func admits(_ row: PackedLogin) -> Bool {
    if namesRows { noteNamed(row) }
    guard accounts[Int(row.account)].isShown else { return false }
    if row.isCopy { return !row.id.isNone }
    // A copy elsewhere may stand at the place that was asked for, so only Ids decide here.
    if namesRows, places.isEmpty, !query.ids.contains(row.id) { return false }
    if namesRows, row.id.isNone, !places.contains(Place(file: row.file, line: row.line)) {
      return false
    }
    while shapes.count <= Int(row.shape) {
      shapes.append(Value(isShown: query.matches(tables.shapes[shapes.count])))
    }
    while addresses.count <= Int(row.address) {
      addresses.append(Value(isShown: query.matches(address: tables.addresses[addresses.count])))
    }
    guard shapes[Int(row.shape)].isShown, addresses[Int(row.address)].isShown,
      query.matches(verdicts.verdict(row.verdict))
    else { return false }
    accounts[Int(row.account)].wasShown = true
    shapes[Int(row.shape)].wasShown = true
    addresses[Int(row.address)].wasShown = true
    if row.verdict != 0 { shownVerdicts.insert(row.verdict) }
    lastLines[row.file] = max(lastLines[row.file] ?? 0, row.line)
    return true
  }

  private mutating func noteNamed(_ row: PackedLogin) {
    if !row.isCopy, query.ids.contains(row.id) { foundIDs.insert(row.id) }
    let place = Place(file: row.file, line: row.line)
    if places.contains(place) { foundPlaces.insert(place) }
  }

  /// Places that were asked for and at which no row begins, in their order.
  var missingPlaces: [Place] { places.subtracting(foundPlaces).sorted() }

  /// The row that a group of copies is, at the earliest of their places; `nil` for copies of a row
  /// that is not shown, and for a row that was not asked for.
  func united(_ group: [PackedLogin]) -> PackedLogin? {
    guard var login = group.first(where: { !$0.isCopy }) else { return nil }
    if namesRows, !query.ids.contains(login.id),
      !group.contains(where: { places.contains(Place(file: $0.file, line: $0.line)) })
    {
      return nil
    }
    for copy in group where copy.isPlacedBefore(login) {
      login.file = copy.file
      login.line = copy.line
    }
    return login
  }

  /// Widths of what was admitted.
  func measure(fileNames: [String]) -> LoginTable.Measure {
    var measure = LoginTable.Measure()
    for (number, account) in accounts.enumerated() where account.wasShown {
      let account = tables.accounts[number]
      measure.note(
        username: account.username, key: account.key, accountClass: account.accountClass)
    }
    for (number, shape) in shapes.enumerated() where shape.wasShown {
      measure.note(tables.shapes[number])
    }
    for (number, address) in addresses.enumerated() where address.wasShown {
      measure.note(address: tables.addresses[number])
    }
    for code in shownVerdicts { verdicts.verdict(code).map { measure.note($0) } }
    for (file, line) in lastLines { measure.note(file: fileNames[Int(file)], line: line) }
    return measure
  }
}

extension RowAccounting {
  /// Adds the counts of another file.
  mutating func add(_ other: RowAccounting) {
    read += other.read
    analysed += other.analysed
    duplicate += other.duplicate
    filtered += other.filtered
    rejected += other.rejected
  }
}
