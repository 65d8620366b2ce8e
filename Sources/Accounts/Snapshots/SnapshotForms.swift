package import Delimited
package import SalesforceExports

/// How booleans and dates of one snapshot file are written, and which of its values cannot be read.
///
/// All rows of the file are looked at first, since one rule holds for a whole column: what its first
/// rows leave open, or contradict, a later one may tell.
package final class SnapshotForms {
  /// What was found out: files of the same columns for which it is the same write the same values alike.
  package struct Reading: Sendable, Hashable {
    /// By position; `nil` for columns that are none of booleans.
    fileprivate var booleans: [BooleanColumn?]
    /// What the numbers of a column of dates count; `nil` for one that holds something else as well, and for
    /// other columns.
    fileprivate var epochUnits: [EpochUnit?]
  }

  /// Whose permissions a column tells.
  enum PermissionOwner: Int, CaseIterable {
    case own, profile, permissionSet

    /// What the names of the columns begin with.
    var prefix: String {
      switch self {
      case .own: ""
      case .profile: "profile."
      case .permissionSet: "permissionset."
      }
    }
  }

  /// The file's columns.
  let columns: ColumnNames
  /// Positions of the columns that rows are asked for, by field; negative for one that the file lacks.
  private let positions: [Int]
  private let permissionColumns: [[(permission: TrackedPermission, position: Int)]]
  /// What was found out so far.
  private(set) var reading: Reading
  /// Columns of another record than the row's own.
  private let related: Set<Int>
  /// Columns that hold true or false by their names in the API.
  let flagPositions: [Int]
  /// Columns that may hold booleans, and dates.
  private let booleanPositions: [Int]
  private let datePositions: [Int]
  /// Of each column the texts that were read as true and as false last: columns repeat their values.
  private var readFlags: [ReadFlags]
  /// Forms of the dates that were read.
  private var timeForms = LocalTimeForms()
  /// Values that are not available to rules.
  package private(set) var unreadable = UnreadableValues()
  /// Ids whose case was lost and that are restored.
  package private(set) var restoredIDCount = 0
  /// How often a value was noted: one that cannot be read, or an Id that is restored.
  private(set) var notedCount = 0

  /// Texts of a column by their numbers; the largest stands for none.
  private struct ReadFlags {
    private var yes = UInt32.max
    private var no = UInt32.max

    func value(_ code: UInt32) -> Bool? { code == yes ? true : code == no ? false : nil }

    mutating func note(_ code: UInt32, _ value: Bool) {
      if value { yes = code } else { no = code }
    }
  }

  /// Has seen no row.
  package init(_ columns: ColumnNames) {
    self.columns = columns
    related = Set(columns.original.indices.filter { Self.isRelated(columns.original[$0]) })
    flagPositions =
      SnapshotRecord.flagColumns.compactMap { columns.position($0) }
      + PermissionOwner.allCases.flatMap { columns.permissions(prefix: $0.prefix).map(\.1) }
    positions = SnapshotField.allCases.map { field in
      field.names.lazy.compactMap { columns.position($0) }.first ?? -1
    }
    permissionColumns = PermissionOwner.allCases.map { columns.permissions(prefix: $0.prefix) }
    let count = columns.original.count
    readFlags = [ReadFlags](repeating: ReadFlags(), count: count)
    var found = Reading(
      booleans: [BooleanColumn?](repeating: nil, count: count),
      epochUnits: [EpochUnit?](repeating: nil, count: count))
    var dates: [Int] = []
    for (position, name) in columns.original.enumerated() {
      let last = ColumnNames.fold(name).split(separator: ".").last ?? ""
      // A database writes `profile_permissions_api_user_only` for a relationship's column.
      if ["is", "has"].contains(where: { last.hasPrefix($0) }) || Self.namesPermissions(last)
        || last.hasSuffix("isfrozen") || last.hasSuffix("isownedbyprofile")
      {
        found.booleans[position] = BooleanColumn()
      } else if last.hasSuffix("date") || last.hasSuffix("time") {
        dates.append(position)
      }
    }
    reading = found
    undecidedDates = Set(dates)
    booleanPositions = found.booleans.indices.filter { found.booleans[$0] != nil }
    datePositions = dates
    openDates = dates
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
  /// Heads of the first texts of each column that may hold booleans, which has few.
  private var notedBooleans: [[TextHead]] = []
  private static let notedLimit = 4

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
    var noted = notedBooleans
    notedBooleans = []
    if noted.isEmpty { noted = [[TextHead]](repeating: [], count: booleanPositions.count) }
    for place in booleanPositions.indices {
      let position = booleanPositions[place]
      guard position < record.fieldCount else { continue }
      let field = record[position]
      if noted[place].count == Self.notedLimit, Self.beginsWithLetter(field),
        reading.booleans[position]?.isContradictory == true
      {
        // A column of Ids whose name has the word for permissions.
        continue
      }
      let head = TextHead(field.withoutQuotes)
      if head.isWhole, !field.hasDoubledQuotes, noted[place].contains(head) { continue }
      let text = field.string
      if noted[place].count < Self.notedLimit { noted[place].append(TextHead(text)) }
      reading.booleans[position]?.note(text.withoutGuard)
    }
    notedBooleans = noted
    noteDates(count: record.fieldCount) { record[$0].string }
  }

  /// Whether a field begins with a letter or a digit, so that it is not blank.
  private static func beginsWithLetter(_ field: FieldBytes) -> Bool {
    guard let byte = field.withoutQuotes.first else { return false }
    return byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
  }

  private func noteDates(count: Int, _ field: (Int) -> String) {
    for position in openDates where position < count {
      let text = field(position).withoutGuard
      if MissingValue.isMissing(text) { continue }
      let unit = EpochUnit(text)
      if undecidedDates.remove(position) != nil {
        reading.epochUnits[position] = unit
      } else if reading.epochUnits[position] != unit {
        reading.epochUnits[position] = nil
      }
      // What holds something else than numbers does so whatever follows.
      if reading.epochUnits[position] == nil { openDates.removeAll { $0 == position } }
    }
  }

  // MARK: Values

  /// Where a field stands; `nil` where no column has it.
  func position(_ field: SnapshotField) -> Int? {
    let position = positions[field.rawValue]
    return position < 0 ? nil : position
  }

  /// The permissions that rows tell of something, and where.
  func permissions(
    of owner: PermissionOwner
  ) -> [(permission: TrackedPermission, position: Int)] { permissionColumns[owner.rawValue] }

  /// What a boolean says; `nil` for none, and for one that cannot be told, which is noted.
  ///
  /// - Parameters:
  ///   - code: Number of the text in the one pool of the file's rows.
  ///   - text: The text.
  func flag(_ code: UInt32, at position: Int, _ text: () -> String) -> Bool? {
    if let known = readFlags[position].value(code) { return known }
    let value = flag(text(), at: position)
    if let value { readFlags[position].note(code, value) }
    return value
  }

  /// What a boolean says; `nil` for none, and for one that cannot be told, which is noted.
  private func flag(_ text: String, at position: Int) -> Bool? {
    var value = reading.booleans[position]?.value(text)
    // Where other columns have marks and blanks, one of blanks alone is marked nowhere.
    if value == nil, text.isEmpty, reading.booleans[position]?.isBlank == true,
      reading.booleans.contains(where: { $0?.isMarked == true })
    {
      value = false
    }
    // A relationship without a record behind it has no value: users of the platform have no profile.
    if value == nil, !(MissingValue.isMissing(text) && related.contains(position)) {
      noteUnreadable(text, at: position)
    }
    return value
  }

  /// The text of a boolean that is neither true nor false, nor blank; `nil` for any other.
  ///
  /// - Parameters:
  ///   - code: Number of the text in the one pool of the file's rows.
  ///   - text: The text.
  func unreadableFlag(_ code: UInt32, at position: Int, _ text: () -> String) -> String? {
    if readFlags[position].value(code) != nil { return nil }
    let text = text()
    if MissingValue.isMissing(text) { return nil }
    guard let value = reading.booleans[position]?.value(text) else { return text }
    readFlags[position].note(code, value)
    return nil
  }

  /// What a date says; `nil` for none, and for one that cannot be read, which is noted.
  func instant(_ text: String, at position: Int, _ times: TimestampReader) -> Instant? {
    if MissingValue.isMissing(text) { return nil }
    var times = times
    times.epochUnit = reading.epochUnits[position]
    if case .instant(let instant, _) = times.readSnapshotDate(text, &timeForms) { return instant }
    noteUnreadable(text, at: position)
    return nil
  }

  /// What an id says; `nil` for none, and for one that cannot be read, which is noted.
  func id(_ text: String, at position: Int) -> SalesforceID? {
    switch SalesforceID.reading(text) {
    case .id(let id): return id
    case .restored(let id):
      noteRestoredID()
      return id
    case .none: return nil
    case .unreadable:
      noteUnreadable(text, at: position)
      return nil
    }
  }

  /// Notes an id whose case was lost and that is restored.
  func noteRestoredID() {
    restoredIDCount += 1
    notedCount += 1
  }

  /// Whether a column is of another record than the row's own.
  private static func isRelated(_ column: String) -> Bool {
    let name = ColumnNames.fold(column)
    return name.contains(".")
      || ["profilep", "permissionset", "userlogin"].contains { name.hasPrefix($0) }
  }

  /// Whether the name of a column has the word for permissions.
  private static func namesPermissions(_ name: Substring) -> Bool {
    let bytes = Array(name.utf8)
    return bytes.indices.contains { bytes[$0...].starts(with: "permissions".utf8) }
  }

  private func noteUnreadable(_ text: String, at position: Int) {
    notedCount += 1
    unreadable.add(text, column: columns.original[position])
  }
}
