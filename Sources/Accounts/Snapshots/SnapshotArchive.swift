import Delimited
import Platform
package import SalesforceExports

/// The rows of snapshot files as they were read, so that they are judged from there, and by a later run.
///
/// Rows are kept whole, since the content of a row decides between two that contradict each other.
/// Equal rows are kept once, and of a file that differs little from the one before it only the rows in
/// which it does.
package struct SnapshotArchive: Sendable {
  /// One file.
  package struct File: Sendable {
    /// Number of the file among the run's inputs.
    package var number: UInt32
    /// What it holds.
    package let kind: FileKind
    /// Date of the snapshot.
    package let date: Instant?
    /// Names of its columns as they stand in the header.
    package let columns: [String]
    /// How it writes its values, where it was read; `nil` where its rows tell.
    fileprivate(set) var reading: SnapshotForms.Reading?
    /// Number of its kind and columns.
    let family: Int
    /// The earlier file that ``added`` and ``removed`` are the differences to; `nil` for none.
    fileprivate(set) var base: Int?
    /// Numbers of rows, ascending; those that stand in the file twice are there twice.
    fileprivate(set) var added: [UInt32] = []
    fileprivate(set) var removed: [UInt32] = []

    /// All rows of the file, ascending.
    ///
    /// - Parameter before: Those of its base.
    fileprivate func rows(from before: [UInt32]) -> [UInt32] {
      if base == nil { return added }
      var result: [UInt32] = []
      result.reserveCapacity(before.count + added.count - removed.count)
      var (gone, new) = (removed[...], added[...])
      for row in before {
        if gone.first == row {
          gone = gone.dropFirst()
          continue
        }
        while let next = new.first, next < row {
          result.append(next)
          new = new.dropFirst()
        }
        result.append(row)
      }
      result.append(contentsOf: new)
      return result
    }
  }

  /// What files have in common whose rows can be compared.
  private struct Family: Hashable {
    let kind: FileKind
    let columns: [ExactText]
  }

  /// Looks at one file after the other; in the order in which they were read each costs its rows.
  struct Walk {
    private var known: [Int: [UInt32]] = [:]

    /// Numbers of all rows of a file, ascending.
    mutating func rows(of file: Int, in archive: SnapshotArchive) -> [UInt32] {
      var chain: [Int] = []
      var rows: [UInt32] = []
      var place: Int? = file
      while let position = place {
        if let found = known.removeValue(forKey: position) {
          rows = found
          break
        }
        chain.append(position)
        place = archive.files[position].base
      }
      for position in chain.reversed() { rows = archive.files[position].rows(from: rows) }
      known[file] = rows
      return rows
    }
  }

  /// The files in the order in which they were read.
  package private(set) var files: [File] = []
  /// All rows.
  private(set) var pool = SnapshotRowPool()
  private var families: [Family: Int] = [:]
  /// The last file of each family, and its rows where they are known.
  private var latest: [Int: (file: Int, rows: [UInt32]?)] = [:]
  /// Rows of the file begun last; `nil` when it is settled.
  private var open: [UInt32]?
  /// The rows of the last file of each family in their order, and where those of the file begun last are
  /// looked for.
  private var orders: [Int: SnapshotRowOrder] = [:]
  private var order = SnapshotRowOrder()
  private var expected = ExpectedRows()

  /// Holds nothing.
  package init() {}

  /// Begins a file, whose rows follow.
  mutating func begin(_ number: UInt32, kind: FileKind, date: Instant?, columns: [String]) {
    settle()
    files.append(
      File(
        number: number, kind: kind, date: date, columns: columns,
        family: family(kind, columns)))
    open = []
    order = SnapshotRowOrder()
    expected = ExpectedRows()
  }

  private mutating func family(_ kind: FileKind, _ columns: [String]) -> Int {
    let family = Family(kind: kind, columns: columns.map { ExactText($0) })
    let number = families[family] ?? families.count
    families[family] = number
    return number
  }

  /// Codes of the fields of a record of the file begun last, from which it is read and added.
  ///
  /// - Parameter blanks: Positions of fields whose texts are not kept.
  mutating func codes(of record: Record, leavingOut blanks: Set<Int>) -> [UInt32] {
    pool.codes(of: record, leavingOut: blanks)
  }

  /// Adds a row of the file begun last.
  ///
  /// - Parameters:
  ///   - row: Codes of its fields.
  ///   - forms: How the file writes its values.
  ///   - isPlain: Whether nothing about the row was noted.
  /// - Returns: The number of the row; `nil` where no file was begun.
  mutating func add(_ row: [UInt32], _ forms: SnapshotForms, isPlain: Bool) -> UInt32? {
    guard !files.isEmpty else { return nil }
    begin(forms)
    let number = pool.number(of: row)
    open?.append(number)
    order.rows.append(isPlain ? number : SnapshotRowOrder.noRow)
    expected.note(number)
    return number
  }

  /// What the file begun last has in common with others whose rows read alike; `nil` where nothing was read.
  var form: SnapshotForm? {
    files.last.flatMap { file in
      file.reading.map { SnapshotForm(family: file.family, reading: $0) }
    }
  }

  /// Adds a row of the file begun last if it plainly is one of the last file of its kind and columns, near to
  /// where it is expected: most rows of a further snapshot are.
  ///
  /// - Returns: Whether it is; nothing would be noted about it.
  mutating func addKnown(_ record: Record, _ forms: SnapshotForms) -> Bool {
    guard !files.isEmpty, open != nil else { return false }
    begin(forms)
    guard let number = expected.take(record, pool) else { return false }
    open?.append(number)
    order.rows.append(number)
    return true
  }

  /// Notes how the file begun last writes its values, and what is expected of it then.
  private mutating func begin(_ forms: SnapshotForms) {
    let position = files.count - 1
    guard files[position].reading == nil else { return }
    files[position].reading = forms.reading
    order.reading = forms.reading
    if let last = orders[files[position].family], last.reading == forms.reading {
      expected = ExpectedRows(last.rows)
    }
  }

  /// Ends the file begun last.
  mutating func settle() {
    guard let rows = open else { return }
    open = nil
    if !order.rows.isEmpty { orders[files[files.count - 1].family] = order }
    order = SnapshotRowOrder()
    expected = ExpectedRows()
    settle(rows.sorted())
  }

  /// Keeps of the last file what differs from the one before it, where that is less than the whole.
  private mutating func settle(_ rows: [UInt32]) {
    let position = files.count - 1
    let family = files[position].family
    files[position].added = rows
    if let (base, known) = latest[family] {
      let before: [UInt32]
      if let known {
        before = known
      } else {
        var walk = Walk()
        before = walk.rows(of: base, in: self)
      }
      let (added, removed) = Self.differences(from: before, to: rows)
      if added.count + removed.count < rows.count {
        files[position].base = base
        files[position].added = added
        files[position].removed = removed
      }
    }
    latest[family] = (position, rows)
  }

  /// What one ascending list has more than another, and what it lacks.
  private static func differences(
    from before: [UInt32], to rows: [UInt32]
  ) -> (added: [UInt32], removed: [UInt32]) {
    var (added, removed): ([UInt32], [UInt32]) = ([], [])
    var (old, new) = (0, 0)
    while old < before.count, new < rows.count {
      if before[old] == rows[new] {
        old += 1
        new += 1
      } else if before[old] < rows[new] {
        removed.append(before[old])
        old += 1
      } else {
        added.append(rows[new])
        new += 1
      }
    }
    removed += before[old...]
    added += rows[new...]
    return (added, removed)
  }

  /// Frees what rows are looked for with.
  mutating func close() {
    settle()
    orders = [:]
    pool.removeIndex()
    for family in latest.keys { latest[family]?.rows = nil }
  }

  /// Adds the files of an earlier run, under their numbers in this one.
  package mutating func add(_ other: SnapshotArchive, _ relocation: LedgerRelocation) {
    settle()
    let offset = files.count
    var numbers: [UInt32]?
    if files.isEmpty {
      pool = other.pool
    } else {
      numbers = (0..<UInt32(other.pool.count)).map { pool.number(of: other.pool.fields(of: $0)) }
    }
    for (position, file) in other.files.enumerated() {
      var own = File(
        number: relocation.file(file.number), kind: file.kind, date: file.date,
        columns: file.columns, family: family(file.kind, file.columns))
      own.base = file.base.map { $0 + offset }
      own.added = numbers.map { Self.translated(file.added, $0) } ?? file.added
      own.removed = numbers.map { Self.translated(file.removed, $0) } ?? file.removed
      files.append(own)
      latest[own.family] = (offset + position, nil)
    }
  }

  private static func translated(_ rows: [UInt32], _ numbers: [UInt32]) -> [UInt32] {
    rows.map { numbers[Int($0)] }.sorted()
  }

  /// Numbers of files that a judgement of times from `forgotten` on does not need: snapshots older
  /// than the one of their kind that is in force then, undated ones among them.
  package func superseded(before forgotten: Instant) -> Set<UInt32> {
    var result: Set<UInt32> = []
    for (_, files) in Dictionary(grouping: files, by: \.kind) {
      guard let inForce = files.compactMap(\.date).filter({ $0 <= forgotten }).max() else {
        continue
      }
      for file in files where file.date.map({ $0 < inForce }) ?? true {
        result.insert(file.number)
      }
    }
    return result
  }

  /// Columns that say about whom a row of each kind is.
  private static let subjectColumns: [FileKind: [String]] = [
    .user: ["id", "userid"], .permissionSetAssignment: ["assigneeid", "assignee.id"],
    .permissionSetLicenseAssign: ["assigneeid", "assignee.id"],
    .twoFactorMethodsInfo: ["userid"], .userLogin: ["userid"], .oauthToken: ["userid"],
  ]

  /// Relationships of a row with a user.
  private static let userRelationships = [
    "manager.", "createdby.", "lastmodifiedby.", "delegatedapprover.", "owner.", "assignee.",
    "user.",
  ]

  /// What a row of `User` says of who somebody is, in lower case; blank where it does not.
  struct UserNames {
    let id: SalesforceID
    let username: ExactText
    let fullName: ExactText
    /// Mail address and number at the identity provider.
    let values: [ExactText]
  }

  /// Who the rows of `User` are about.
  var users: [UserNames] {
    var result: [UserNames] = []
    for file in files where file.kind == .user {
      let columns = ColumnNames(file.columns)
      func text(_ column: String, _ row: [String]) -> ExactText {
        ExactText(
          columns.position(column).map { row[$0].withoutGuard.trimmed.lowercased() } ?? "")
      }
      guard let subject = Self.subjects(file.kind, columns).first else { continue }
      // Every row was once the first of its kind, in the file that added it.
      for row in file.added {
        let fields = pool.fields(of: row)
        guard let id = SalesforceID.reading(fields[subject].withoutGuard).id else { continue }
        result.append(
          UserNames(
            id: id, username: text("username", fields), fullName: text("name", fields),
            values: ["email", "federationidentifier"].map { text($0, fields) }))
      }
    }
    return result
  }

  /// Positions of the columns that say about whom a row is.
  private static func subjects(_ kind: FileKind, _ columns: ColumnNames) -> [Int] {
    (subjectColumns[kind] ?? []).compactMap { columns.position($0) }
  }

  /// The same snapshots without some files, without rows about people who are forgotten, and without what
  /// names them in rows about others: ids, usernames, mail addresses, and their names as managers and the
  /// like.
  func forgetting(_ people: ForgottenPeople, dropping dropped: Set<UInt32>) -> SnapshotArchive {
    var result = SnapshotArchive()
    if people.isEmpty { result.pool = pool }
    var walk = Walk()
    /// Of each family and row what is left of it; `nil` for nothing.
    var left: [Int: [UInt32: UInt32?]] = [:]
    for (position, file) in files.enumerated() where !dropped.contains(file.number) {
      result.begin(file.number, kind: file.kind, date: file.date, columns: file.columns)
      let rows = walk.rows(of: position, in: self)
      if people.isEmpty {
        result.open = rows
        continue
      }
      let forgetting = RowForgetting(people, file)
      for row in rows {
        let kept: UInt32?
        if let known = left[file.family]?[row] {
          kept = known
        } else {
          kept = forgetting.rest(of: pool.fields(of: row)).map { result.pool.number(of: $0) }
          left[file.family, default: [:]][row] = .some(kept)
        }
        if let kept { result.open?.append(kept) }
      }
    }
    result.settle()
    return result
  }

  /// Takes people out of the rows of one file.
  private struct RowForgetting {
    let people: ForgottenPeople
    let subjects: [Int]
    let isRelated: [Bool]

    init(_ people: ForgottenPeople, _ file: File) {
      self.people = people
      subjects = SnapshotArchive.subjects(file.kind, ColumnNames(file.columns))
      isRelated = file.columns.map { column in
        let name = ColumnNames.fold(column)
        return SnapshotArchive.userRelationships.contains { name.hasPrefix($0) }
      }
    }

    /// A row without what names people; `nil` for one about them.
    func rest(of row: [String]) -> [String]? {
      let isAbout = subjects.contains {
        people.contains(SalesforceID.reading(row[$0].withoutGuard).id)
      }
      if isAbout { return nil }
      var fields = row
      for position in fields.indices {
        let text = fields[position].withoutGuard.trimmed
        if people.isNamed(by: text) || isRelated[position] && people.haveFullName(text) {
          fields[position] = ""
        }
      }
      return fields
    }
  }

  // MARK: Ledgers

  /// Writes the files by number; those in `dropped` are left out.
  ///
  /// Equal archives give equal bytes, whatever the order of their files and rows: rows are numbered as they
  /// are met, new ones of a file in the order of their bytes.
  package func write(to writer: inout LedgerWriter, dropping dropped: Set<UInt32> = []) {
    let kept = files.indices.filter { !dropped.contains(files[$0].number) }
      .sorted { files[$0].number < files[$1].number }
    var walk = Walk()
    var numbers = SnapshotRowNumbers(pool)
    var before: [Int: [UInt32]] = [:]
    writer.put(kept.count)
    for position in kept {
      let file = files[position]
      writer.put(Int(file.number))
      writer.put(file.kind.rawValue)
      writer.put(file.date)
      writer.put(file.columns)
      let rows = walk.rows(of: position, in: self)
      var (added, removed): ([UInt32], [UInt32]) = (rows, [])
      var hasBase = false
      if let last = before[file.family] {
        let changes = Self.differences(from: last, to: rows)
        hasBase = changes.added.count + changes.removed.count < rows.count
        if hasBase { (added, removed) = changes }
      }
      before[file.family] = rows
      writer.put(hasBase)
      if hasBase { numbers.write(removed, to: &writer) }
      numbers.writeNew(&added, to: &writer)
      numbers.write(added, to: &writer)
    }
  }

  /// Reads what ``write(to:dropping:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    var walk = Walk()
    for _ in 0..<(try reader.count()) {
      let number = try reader.file()
      guard let kind = FileKind(rawValue: try reader.text()), kind.isSnapshot else {
        throw .damaged
      }
      let date = try reader.optionalInstant()
      let columns = try reader.texts()
      // A row without columns would ask for memory and take no byte.
      guard !columns.isEmpty else { throw .damaged }
      var file = File(
        number: number, kind: kind, date: date, columns: columns, family: family(kind, columns))
      var before: [UInt32] = []
      if try reader.flag() {
        guard let base = latest[file.family]?.file else { throw .damaged }
        file.base = base
        before = walk.rows(of: base, in: self)
        file.removed = try numbers(&reader, width: columns.count)
        guard Self.holds(before, file.removed) else { throw .damaged }
      }
      let new = try newRows(&reader, width: columns.count)
      file.added = (try numbers(&reader, width: columns.count) + new).sorted()
      files.append(file)
      latest[file.family] = (files.count - 1, nil)
    }
  }

  /// Whether an ascending list holds all of another.
  private static func holds(_ rows: [UInt32], _ part: [UInt32]) -> Bool {
    var place = 0
    for row in part {
      while place < rows.count, rows[place] < row { place += 1 }
      guard place < rows.count, rows[place] == row else { return false }
      place += 1
    }
    return true
  }

  private func numbers(
    _ reader: inout LedgerReader, width: Int
  ) throws(LedgerError) -> [UInt32] {
    var result: [UInt32] = []
    var number = 0
    for _ in 0..<(try reader.count()) {
      number += try reader.number(below: pool.count)
      guard number < pool.count, pool.codes(of: UInt32(number)).count == width else {
        throw .damaged
      }
      result.append(UInt32(number))
    }
    return result
  }

  private mutating func newRows(
    _ reader: inout LedgerReader, width: Int
  ) throws(LedgerError) -> [UInt32] {
    var result: [UInt32] = []
    for _ in 0..<(try reader.count()) {
      var row: [UInt32] = []
      row.reserveCapacity(width)
      for _ in 0..<width {
        let code = try reader.number(below: pool.texts.count + 1)
        row.append(code == 0 ? pool.append(text: try reader.text()) : UInt32(code - 1))
      }
      result.append(pool.append(row))
      guard pool.count < 1 << 31, pool.texts.count < 1 << 31 else { throw .damaged }
    }
    return result
  }
}

/// The rows of a file in their order.
private struct SnapshotRowOrder: Sendable {
  /// In the place of a row about which something was noted, which is to be noted of each file.
  static let noRow = UInt32.max

  /// How the file writes its values.
  var reading: SnapshotForms.Reading?
  var rows: [UInt32] = []
}

/// Where the next row of a file is looked for among those of another.
private struct ExpectedRows: Sendable {
  /// How far rows may be from where they are expected.
  private static let reach = 8

  private let rows: [UInt32]
  private var next = 0
  private var missCount = 0
  /// Places of rows; filled where they are not found otherwise.
  private var places: [UInt32: Int] = [:]

  init(_ rows: [UInt32] = []) { self.rows = rows }

  /// The row that a record plainly is; `nil` for none near.
  mutating func take(_ record: Record, _ pool: SnapshotRowPool) -> UInt32? {
    for place in next..<min(next + Self.reach, rows.count) {
      let row = rows[place]
      guard row != SnapshotRowOrder.noRow, pool.holds(row, record) else { continue }
      next = place + 1
      missCount = 0
      return row
    }
    return nil
  }

  /// Notes a row that was not near.
  mutating func note(_ row: UInt32) {
    if rows.isEmpty { return }
    missCount += 1
    guard missCount > Self.reach else { return }
    if places.isEmpty {
      for (place, row) in rows.enumerated() where row != SnapshotRowOrder.noRow {
        places[row] = place
      }
    }
    guard let place = places[row] else { return }
    next = place + 1
    missCount = 0
  }
}

/// Numbers of rows and texts in a ledger, in the order in which they are met.
private struct SnapshotRowNumbers {
  private let pool: SnapshotRowPool
  /// Numbers plus one; 0 where a row or text was not met.
  private var rows: [UInt32]
  private var texts: [UInt32]
  private var rowCount: UInt32 = 0
  private var textCount: UInt32 = 0

  init(_ pool: SnapshotRowPool) {
    self.pool = pool
    rows = [UInt32](repeating: 0, count: pool.count)
    texts = [UInt32](repeating: 0, count: pool.texts.count)
  }

  /// Writes the numbers of rows that were met.
  func write(_ met: [UInt32], to writer: inout LedgerWriter) {
    writer.put(met.count)
    var before: UInt32 = 0
    for number in met.map({ rows[Int($0)] - 1 }).sorted() {
      writer.put(Int(number - before))
      before = number
      writer.spill()
    }
  }

  /// Writes rows that were not met, and takes them out of `added`; copies of them stay.
  mutating func writeNew(_ added: inout [UInt32], to writer: inout LedgerWriter) {
    var new: [UInt32] = []
    var known: [UInt32] = []
    for row in added {
      if rows[Int(row)] == 0, new.last != row { new.append(row) } else { known.append(row) }
    }
    added = known
    new.sort { pool.precedes($0, $1) }
    writer.put(new.count)
    for row in new {
      rowCount += 1
      rows[Int(row)] = rowCount
      for code in pool.codes(of: row) {
        if texts[Int(code)] > 0 {
          writer.put(Int(texts[Int(code)]))
        } else {
          textCount += 1
          texts[Int(code)] = textCount
          writer.put(0)
          writer.put(pool.texts[Int(code)])
        }
      }
      writer.spill()
    }
  }
}
