package import Delimited
package import SalesforceExports

/// Where the columns are that rows are asked for, in the order in which the first row was.
private struct AskedColumns {
  /// The position is `nil` for a column that the file lacks.
  private var columns: [(name: String, position: Int?)] = []
  /// The one behind the one asked for last: rows are asked in the same order.
  private var next = 0

  mutating func position(_ name: String, in file: ColumnNames) -> Int? {
    for step in 0..<columns.count {
      let place = next + step < columns.count ? next + step : next + step - columns.count
      // Names of columns in the program, mostly the same one.
      guard columns[place].name == name else { continue }
      next = place + 1
      return columns[place].position
    }
    let position = file.position(name)
    columns.append((name, position))
    next = columns.count
    return position
  }
}

/// How booleans and dates of one snapshot file are written, and which of its values cannot be read.
///
/// All rows of the file are looked at first, since one rule holds for a whole column: what its first
/// rows leave open, or contradict, a later one may tell.
package final class SnapshotForms {
  /// What was found out: files of the same columns for which it is the same write the same values alike.
  package struct Reading: Sendable, Hashable {
    fileprivate var booleans: [Int: BooleanColumn] = [:]
    /// What the numbers of a column of dates count; `nil` for one that holds something else as well.
    fileprivate var epochUnits: [Int: EpochUnit?] = [:]
  }

  private let columns: ColumnNames
  /// What was found out so far.
  private(set) var reading: Reading
  /// Columns of another record than the row's own.
  private let related: Set<Int>
  /// Columns that hold true or false by their names in the API.
  let flagPositions: [Int]
  /// Columns that may hold booleans, and dates.
  private let booleanPositions: [Int]
  private let datePositions: [Int]
  private var asked = AskedColumns()
  /// Values that are not available to rules.
  package private(set) var unreadable = UnreadableValues()
  /// Ids whose case was lost and that are restored.
  package private(set) var restoredIDCount = 0
  /// How often a value was noted: one that cannot be read, or an Id that is restored.
  private(set) var notedCount = 0

  /// Has seen no row.
  package init(_ columns: ColumnNames) {
    self.columns = columns
    related = Set(columns.original.indices.filter { Self.isRelated(columns.original[$0]) })
    flagPositions =
      SnapshotRecord.flagColumns.compactMap { columns.position($0) }
      + ["", "profile.", "permissionset."].flatMap { columns.permissions(prefix: $0).map(\.1) }
    var found = Reading()
    var undecided: Set<Int> = []
    for (position, name) in columns.original.enumerated() {
      let last = ColumnNames.fold(name).split(separator: ".").last ?? ""
      // A database writes `profile_permissions_api_user_only` for a relationship's column.
      if ["is", "has"].contains(where: { last.hasPrefix($0) }) || last.contains("permissions")
        || last.hasSuffix("isfrozen") || last.hasSuffix("isownedbyprofile")
      {
        found.booleans[position] = BooleanColumn()
      } else if last.hasSuffix("date") || last.hasSuffix("time") {
        found.epochUnits[position] = .some(nil)
        undecided.insert(position)
      }
    }
    reading = found
    undecidedDates = undecided
    booleanPositions = found.booleans.keys.sorted()
    datePositions = found.epochUnits.keys.sorted()
    openDates = datePositions
  }

  /// Reads rows of a file of which everything was found out.
  convenience init(_ columns: ColumnNames, _ reading: Reading) {
    self.init(columns)
    self.reading = reading
  }

  /// What the fields of a row can say of how its file writes values: rows for which it is equal say the same.
  ///
  /// - Parameters:
  ///   - codes: Numbers of the texts of the fields.
  ///   - dateSign: What a text says in a column of dates.
  func signs(of codes: ArraySlice<UInt32>, _ dateSign: (UInt32) -> UInt32) -> [UInt32] {
    var signs: [UInt32] = []
    signs.reserveCapacity(booleanPositions.count + datePositions.count)
    for position in booleanPositions { signs.append(codes[codes.startIndex + position]) }
    for position in datePositions { signs.append(dateSign(codes[codes.startIndex + position])) }
    return signs
  }

  /// What a text in a column of dates says of how the column is written.
  static func dateSign(_ field: String) -> UInt32 {
    let text = field.withoutGuard
    if MissingValue.isMissing(text) { return 0 }
    return EpochUnit(text).flatMap { EpochUnit.allCases.firstIndex(of: $0) }
      .map { UInt32($0) + 2 } ?? 1
  }

  /// Columns of dates of which no value was seen.
  private var undecidedDates: Set<Int>
  /// Columns of dates of which a further value may tell something.
  private var openDates: [Int]
  /// The text noted last of each column that may hold booleans.
  private var lastBooleans: [String?] = []

  /// Looks at the fields of a row.
  package func note(_ fields: [String]) {
    for position in booleanPositions where position < fields.count {
      reading.booleans[position]?.note(fields[position].withoutGuard)
    }
    noteDates(count: fields.count) { fields[$0] }
  }

  /// Looks at the fields of a row.
  package func note(_ record: Record) {
    // A text says the same each time, and columns repeat theirs.
    var lastBooleans = lastBooleans
    self.lastBooleans = []
    if lastBooleans.isEmpty {
      lastBooleans = [String?](repeating: nil, count: booleanPositions.count)
    }
    for place in booleanPositions.indices {
      let position = booleanPositions[place]
      guard position < record.fieldCount else { continue }
      let field = record[position]
      if let last = lastBooleans[place], field.holds(last) { continue }
      let text = field.string
      lastBooleans[place] = text
      reading.booleans[position]?.note(text.withoutGuard)
    }
    self.lastBooleans = lastBooleans
    noteDates(count: record.fieldCount) { record[$0].string }
  }

  private func noteDates(count: Int, _ field: (Int) -> String) {
    for position in openDates where position < count {
      let text = field(position).withoutGuard
      if MissingValue.isMissing(text) { continue }
      let unit = EpochUnit(text)
      if undecidedDates.remove(position) != nil {
        reading.epochUnits[position] = unit
      } else if reading.epochUnits[position] != unit {
        reading.epochUnits[position] = .some(nil)
      }
      // What holds something else than numbers does so whatever follows.
      if reading.epochUnits[position] == .some(nil) { openDates.removeAll { $0 == position } }
    }
  }

  // MARK: Values

  /// Position of a column, which each row asks for.
  func position(_ name: String) -> Int? { asked.position(name, in: columns) }

  /// What a boolean says; `nil` for none, and for one that cannot be told, which is noted.
  func flag(_ text: String, at position: Int) -> Bool? {
    var value = reading.booleans[position]?.value(text)
    // Where other columns have marks and blanks, one of blanks alone is marked nowhere.
    if value == nil, text.isEmpty, reading.booleans[position]?.isBlank == true,
      reading.booleans.values.contains(where: \.isMarked)
    {
      value = false
    }
    // A relationship without a record behind it has no value: users of the platform have no profile.
    if value == nil, !(MissingValue.isMissing(text) && related.contains(position)) {
      noteUnreadable(text, at: position)
    }
    return value
  }

  /// Whether a boolean is neither true nor false, nor blank.
  func tellsNothing(_ text: String, at position: Int) -> Bool {
    !MissingValue.isMissing(text) && reading.booleans[position]?.value(text) == nil
  }

  /// What a date says; `nil` for none, and for one that cannot be read, which is noted.
  func instant(_ text: String, at position: Int, _ times: TimestampReader) -> Instant? {
    if MissingValue.isMissing(text) { return nil }
    var times = times
    times.epochUnit = reading.epochUnits[position] ?? nil
    if case .instant(let instant, _) = times.readSnapshotDate(text) { return instant }
    noteUnreadable(text, at: position)
    return nil
  }

  /// What an id says; `nil` for none, and for one that cannot be read, which is noted.
  func id(_ text: String, at position: Int) -> SalesforceID? {
    switch SalesforceID.reading(text) {
    case .id(let id): return id
    case .restored(let id):
      restoredIDCount += 1
      notedCount += 1
      return id
    case .none: return nil
    case .unreadable:
      noteUnreadable(text, at: position)
      return nil
    }
  }

  /// Whether a column is of another record than the row's own.
  private static func isRelated(_ column: String) -> Bool {
    let name = ColumnNames.fold(column)
    return name.contains(".")
      || ["profilep", "permissionset", "userlogin"].contains { name.hasPrefix($0) }
  }

  private func noteUnreadable(_ text: String, at position: Int) {
    notedCount += 1
    unreadable.add(text, column: columns.original[position])
  }
}
