import SalesforceExports

/// The rows of one kind over all snapshots, each kept once with the time for which it stood.
///
/// Snapshots are numbered in the order of their dates. Of each row's subject the history has the snapshots
/// from which on another row stood, or none: a snapshot more costs what it changes.
package final class SnapshotHistory<Row: SnapshotRow>: Sendable {
  /// From which snapshot on which row stands; none where its number is negative.
  struct Change: Sendable {
    var table: Int32
    var row: Int32
  }

  /// What became of one subject.
  struct Slot: Sendable {
    var first: Change
    var more: [Change] = []

    var last: Change { more.last ?? first }

    /// The row that stands in a snapshot; negative for none.
    func row(inTable table: Int) -> Int32 {
      if more.isEmpty { return Int(first.table) <= table ? first.row : -1 }
      var (low, high) = (0, more.count)
      while low < high {
        let middle = (low + high) / 2
        if Int(more[middle].table) <= table { low = middle + 1 } else { high = middle }
      }
      if low > 0 { return more[low - 1].row }
      return Int(first.table) <= table ? first.row : -1
    }
  }

  private let slotsByKey: [Row.Key: Int32]
  private let slots: [Slot]
  private let rows: [Row]

  init(slotsByKey: [Row.Key: Int32] = [:], slots: [Slot] = [], rows: [Row] = []) {
    self.slotsByKey = slotsByKey
    self.slots = slots
    self.rows = rows
  }

  /// What rows are about, in no order.
  package var keys: [Row.Key] { Array(slotsByKey.keys) }

  /// Numbers of all subjects.
  var numbers: Range<Int> { 0..<slots.count }

  /// The subject with a number.
  func key(ofNumber number: Int) -> Row.Key {
    let slot = slots[number]
    return rows[Int(max(slot.first.row, slot.more.first?.row ?? -1))].key
  }

  /// The number of a subject.
  func number(of key: Row.Key) -> Int? { slotsByKey[key].map { Int($0) } }

  /// The row of a subject in a snapshot.
  ///
  /// - Complexity: O(log *c*) in the changes of the subject.
  func row(ofNumber number: Int, inTable table: Int) -> Row? {
    let row = slots[number].row(inTable: table)
    return row < 0 ? nil : rows[Int(row)]
  }

  /// The row of a subject in the newest snapshot that has one.
  func newestRow(of key: Row.Key) -> Row? {
    guard let number = number(of: key) else { return nil }
    let slot = slots[number]
    let row = slot.more.last { $0.row >= 0 }?.row ?? slot.first.row
    return row < 0 ? nil : rows[Int(row)]
  }

  /// Gives the rows of a subject, ascending, with the snapshots in which each stands: up to the next change, or
  /// to all that follow.
  func forEachStretch(
    ofNumber number: Int, _ body: (_ from: Int, _ until: Int?, Row) -> Void
  ) {
    let slot = slots[number]
    var change = slot.first
    for next in slot.more {
      if change.row >= 0 { body(Int(change.table), Int(next.table), rows[Int(change.row)]) }
      change = next
    }
    if change.row >= 0 { body(Int(change.table), nil, rows[Int(change.row)]) }
  }

  /// Snapshots behind the first in which something else stands of a subject than in the one before.
  func changes(ofNumber number: Int) -> [Int] {
    let slot = slots[number]
    return (slot.first.table > 0 ? [Int(slot.first.table)] : []) + slot.more.map { Int($0.table) }
  }

  /// Whether some row of some snapshot fulfils a condition.
  package func contains(where condition: (Row) -> Bool) -> Bool {
    for slot in slots {
      if slot.first.row >= 0, condition(rows[Int(slot.first.row)]) { return true }
      for change in slot.more where change.row >= 0 {
        if condition(rows[Int(change.row)]) { return true }
      }
    }
    return false
  }

  /// What all rows of all snapshots say of something; equal rows may be asked once.
  package func compactMap<Value>(_ value: (Row) -> Value?) -> [Value] {
    var result: [Value] = []
    for slot in slots {
      if slot.first.row >= 0, let found = value(rows[Int(slot.first.row)]) { result.append(found) }
      for change in slot.more where change.row >= 0 {
        if let found = value(rows[Int(change.row)]) { result.append(found) }
      }
    }
    return result
  }
}

/// What files have in common whose equal rows are equal things.
struct SnapshotForm: Hashable {
  /// Number of their kind and columns.
  let family: Int
  let reading: SnapshotForms.Reading
}

/// What rows of one kind were read as when they were added, so that they are not read again.
// Unchecked: changed while files are read, one after the other, and only asked afterwards.
final class ReadSnapshotRows<Row: SnapshotRow>: @unchecked Sendable {
  // One value, since each access to a property of a class is checked for overlap.
  private var kept = Kept()

  private struct Kept {
    var form: SnapshotForm?
    /// Place of the file of the last row.
    var file = -1
    var rows: [Row] = []
    /// Places in ``rows`` plus one, by number of the row in the archive; 0 where none is kept.
    var places: [UInt32] = []

    mutating func keep(_ row: Row, _ number: Int) {
      if number >= places.count {
        places.append(contentsOf: repeatElement(0, count: number + 1 - places.count))
      }
      // Of one form a row reads alike each time.
      guard places[number] == 0 else { return }
      rows.append(row)
      places[number] = UInt32(rows.count)
    }

    func place(_ number: Int, _ form: SnapshotForm) -> Int32? {
      guard number < places.count, places[number] > 0, self.form == form else { return nil }
      return Int32(places[number]) - 1
    }
  }

  /// Keeps a row; those of files of another form are kept no longer.
  ///
  /// - Parameters:
  ///   - row: The row.
  ///   - number: Its number in the archive.
  ///   - file: Place of its file there; all rows of one have one form.
  ///   - form: That of the file.
  func keep(
    _ row: Row, _ number: UInt32, ofFile file: Int, _ form: @autoclosure () -> SnapshotForm?
  ) {
    if kept.file != file {
      let form = form()
      if kept.form != form { kept = Kept(form: form) }
      kept.file = file
    }
    kept.keep(row, Int(number))
  }

  /// The place of what a row was read as in files of a form; `nil` where that is not known.
  func place(_ number: UInt32, _ form: SnapshotForm) -> Int32? { kept.place(Int(number), form) }

  /// All rows, which are kept no longer; their places still are.
  func takeRows() -> [Row] {
    defer { kept.rows = [] }
    return kept.rows
  }

  /// Keeps none any longer.
  func removeAll() { kept = Kept() }
}

/// Makes the history of one kind, a snapshot at a time in the order of dates.
struct SnapshotHistoryBuilder<Row: SnapshotRow> {
  /// How rows of one form of file are read: equal rows are equal things there.
  private struct Memo {
    let form: SnapshotForm
    let forms: SnapshotForms
    let times: TimestampReader
    /// Of each row of the archive its subject and its number here; -1 where it was not met, -2 where it names
    /// no subject.
    var slots: [Int32]
    var rows: [Int32]
    var unreadable: [UInt32: [UnreadableValue]] = [:]
  }

  /// Forms whose rows are kept in mind at once.
  private static var memoLimit: Int { 4 }

  private let archive: SnapshotArchive
  private let readRows: ReadSnapshotRows<Row>
  private let times: TimestampReader
  private var memos: [SnapshotForm: Memo] = [:]
  private var slotsByKey: [Row.Key: Int32] = [:]
  private var slots: [SnapshotHistory<Row>.Slot] = []
  /// Those that were read already, and others.
  private var rows: [Row]
  /// Of each subject the last snapshot in which it was looked for, and its row in the archive.
  private var seen: [Int32] = []
  private var contents: [UInt32] = []
  /// The one file of the snapshot added last, where nothing stands in it twice; `nil` for another.
  private var plain: (file: Int, form: SnapshotForm, summary: SnapshotSummary<Row>)?
  private var isPlain = false

  /// Makes a builder.
  ///
  /// - Parameters:
  ///   - readRows: Rows that were read already, which are taken.
  ///   - times: Reads times of files that state no zone.
  init(_ archive: SnapshotArchive, read readRows: ReadSnapshotRows<Row>, times: TimestampReader) {
    self.archive = archive
    self.readRows = readRows
    rows = readRows.takeRows()
    self.times = times
  }

  /// Adds a snapshot, the last one so far.
  ///
  /// - Parameters:
  ///   - files: Its files, and how each writes its values.
  ///   - table: Its number.
  ///   - walk: Gives rows of files.
  /// - Complexity: O(*c*) in the rows that change where it is one file that is kept as differences to the one
  ///   of the snapshot before, and no subject stands there twice; otherwise O(*n*) in all that was ever there.
  mutating func add(
    _ files: [(position: Int, reading: SnapshotForms.Reading)], to table: Int,
    _ walk: inout SnapshotArchive.Walk
  ) -> SnapshotSummary<Row> {
    if files.count == 1, let summary = change(files[0].position, files[0].reading, to: table) {
      return summary
    }
    var summary = SnapshotSummary<Row>()
    plain = nil
    isPlain = files.count == 1
    for (position, reading) in files {
      let form = SnapshotForm(family: archive.files[position].family, reading: reading)
      var memo = takeMemo(of: form, archive.files[position])
      let numbers = walk.rows(of: position, in: archive)
      if slots.isEmpty { reserve(numbers.count) }
      for number in numbers {
        if memo.rows[Int(number)] == -1 { read(number, &memo) }
        let row = memo.rows[Int(number)]
        if row < 0 { continue }
        summary.note(memo.unreadable, of: number, 1)
        set(Int(memo.slots[Int(number)]), number, row, in: Int32(table), &summary)
      }
      memos[form] = memo
      if isPlain { plain = (position, form, summary) }
    }
    end(table, summary)
    return summary
  }

  /// Makes room for the first file, whose rows are mostly those of all.
  private mutating func reserve(_ count: Int) {
    slotsByKey.reserveCapacity(count)
    slots.reserveCapacity(count)
    seen.reserveCapacity(count)
    contents.reserveCapacity(count)
  }

  private mutating func takeMemo(of form: SnapshotForm, _ file: SnapshotArchive.File) -> Memo {
    if let known = memos.removeValue(forKey: form) { return known }
    if memos.count >= Self.memoLimit { memos = [:] }
    let columns = ColumnNames(file.columns)
    let unknown = [Int32](repeating: -1, count: archive.pool.count)
    var times = times
    if columns.namesUniversalTime { times.timeZone = .utc }
    return Memo(
      form: form, forms: SnapshotForms(columns, form.reading), times: times, slots: unknown,
      rows: unknown)
  }

  /// Adds a snapshot by what its file changes about that of the snapshot before.
  ///
  /// - Returns: `nil` where that does not tell all of it.
  private mutating func change(
    _ position: Int, _ reading: SnapshotForms.Reading, to table: Int
  ) -> SnapshotSummary<Row>? {
    let file = archive.files[position]
    let form = SnapshotForm(family: file.family, reading: reading)
    guard let before = plain, file.base == before.file, form == before.form,
      var memo = memos.removeValue(forKey: form)
    else { return nil }
    defer { memos[form] = memo }
    var summary = before.summary
    // Marks that no snapshot has.
    let isGone = -2 - 2 * Int32(table)
    let isThere = isGone - 1
    var gone: [Int] = []
    for number in file.removed where memo.rows[Int(number)] >= 0 {
      let slot = Int(memo.slots[Int(number)])
      gone.append(slot)
      seen[slot] = isGone
      summary.note(memo.unreadable, of: number, -1)
    }
    var come: [(slot: Int, number: UInt32)] = []
    for number in file.added {
      if memo.rows[Int(number)] == -1 { read(number, &memo) }
      guard memo.rows[Int(number)] >= 0 else { continue }
      let slot = Int(memo.slots[Int(number)])
      // A second row about something, in whatever order they stand.
      guard seen[slot] == isGone || seen[slot] != isThere && slots[slot].last.row < 0 else {
        return nil
      }
      seen[slot] = isThere
      come.append((slot, number))
      summary.note(memo.unreadable, of: number, 1)
    }
    for slot in gone where seen[slot] == isGone { change(slot, to: -1, from: Int32(table)) }
    for (slot, number) in come {
      contents[slot] = number
      change(slot, to: memo.rows[Int(number)], from: Int32(table))
    }
    summary.count += come.count - gone.count
    plain = (position, form, summary)
    return summary
  }

  private mutating func read(_ number: UInt32, _ memo: inout Memo) {
    let record = SnapshotRecord(
      row: archive.pool.codes(of: number), of: archive.pool, forms: memo.forms)
    let place: Int32
    if let known = readRows.place(number, memo.form) {
      place = known
    } else if let row = Row(record, times: memo.times) {
      place = Int32(rows.count)
      rows.append(row)
    } else {
      memo.rows[Int(number)] = -2
      return
    }
    memo.slots[Int(number)] = slot(of: rows[Int(place)].key)
    memo.rows[Int(number)] = place
    let unreadable = record.unreadableFlags
    if !unreadable.isEmpty { memo.unreadable[number] = unreadable }
  }

  /// The number of a subject, which is added on first sight.
  private mutating func slot(of key: Row.Key) -> Int32 {
    let new = Int32(slots.count)
    let slot = Self.number(&slotsByKey[key, default: new])
    if slot == new {
      slots.append(SnapshotHistory<Row>.Slot(first: .init(table: 0, row: -1)))
      seen.append(-1)
      contents.append(0)
    }
    return slot
  }

  /// A number that a place has, or is given: the table looks for it once.
  private static func number(_ place: inout Int32) -> Int32 { place }

  /// Lets a row stand; of two in one snapshot that contradict each other the one whose content sorts last.
  private mutating func set(
    _ slot: Int, _ number: UInt32, _ row: Int32, in table: Int32,
    _ summary: inout SnapshotSummary<Row>
  ) {
    if seen[slot] != table {
      seen[slot] = table
      contents[slot] = number
      summary.count += 1
      change(slot, to: row, from: table)
      return
    }
    isPlain = false
    guard contents[slot] != number else { return }
    let known = SnapshotRecord.content(archive.pool.fields(of: contents[slot]))
    let content = SnapshotRecord.content(archive.pool.fields(of: number))
    guard known != content else { return }
    summary.contradictions.insert(rows[Int(row)].key)
    guard known.lexicographicallyPrecedes(content) else { return }
    contents[slot] = number
    change(slot, to: row, from: table)
  }

  private mutating func change(_ slot: Int, to row: Int32, from table: Int32) {
    let last = slots[slot].last
    if last.row == row { return }
    let change = SnapshotHistory<Row>.Change(table: table, row: row)
    if slots[slot].more.isEmpty, last.row < 0 || last.table == table {
      slots[slot].first = change
    } else if last.table == table {
      slots[slot].more[slots[slot].more.count - 1] = change
    } else {
      slots[slot].more.append(change)
    }
  }

  /// Ends a snapshot: what it lacks is gone.
  private mutating func end(_ table: Int, _ summary: SnapshotSummary<Row>) {
    guard summary.count < slots.count else { return }
    for slot in slots.indices where seen[slot] != Int32(table) {
      change(slot, to: -1, from: Int32(table))
    }
  }

  /// The history of all that was added.
  var history: SnapshotHistory<Row> {
    SnapshotHistory(slotsByKey: slotsByKey, slots: slots, rows: rows)
  }
}

/// What is found out about a snapshot while its rows are added.
struct SnapshotSummary<Row: SnapshotRow> {
  var count = 0
  var contradictions: Set<Row.Key> = []
  var unreadable: [UnreadableValue: Int] = [:]

  /// Counts the values of a row that cannot be read, or takes them away.
  mutating func note(_ values: [UInt32: [UnreadableValue]], of row: UInt32, _ step: Int) {
    guard !values.isEmpty else { return }
    for value in values[row] ?? [] {
      let count = unreadable[value, default: 0] + step
      unreadable[value] = count == 0 ? nil : count
    }
  }
}

/// Finds out how files write their values, from all of their rows.
struct SnapshotReadings {
  /// What is known of the files of one kind and columns.
  private struct Family {
    let columns: ColumnNames
    let forms: SnapshotForms
    /// Of each row of the archive what it says of how values are written; -1 where that was not asked.
    var classes: [Int32]
    var classesBySigns: [[UInt32]: Int32] = [:]
    /// What texts of dates say, by their codes; where they were asked.
    var dateSigns: [UInt32: UInt32] = [:]
    /// A row of each class.
    var rows: [UInt32] = []
    var readings: [[Int32]: SnapshotForms.Reading] = [:]
    /// The file asked about last, and how many of its rows are of each class.
    var last: Int?
    var counts: [Int] = []

    mutating func count(_ row: UInt32, _ step: Int) {
      let found = Int(classes[Int(row)])
      while counts.count <= found { counts.append(0) }
      counts[found] += step
    }
  }

  private var families: [Int: Family] = [:]

  /// How a file writes its values.
  ///
  /// - Complexity: O(*c*) in the rows that it changes about the file asked about before, otherwise O(*n*); with
  ///   the columns only for rows that no earlier file had.
  mutating func reading(
    of position: Int, in archive: SnapshotArchive, _ walk: inout SnapshotArchive.Walk
  ) -> SnapshotForms.Reading {
    let file = archive.files[position]
    if let reading = file.reading { return reading }
    var family =
      families.removeValue(forKey: file.family)
      ?? {
        let columns = ColumnNames(file.columns)
        return Family(
          columns: columns, forms: SnapshotForms(columns),
          classes: [Int32](repeating: -1, count: archive.pool.count))
      }()
    let isChange = file.base != nil && file.base == family.last
    if isChange {
      for number in file.removed { family.count(number, -1) }
    } else {
      family.counts = []
    }
    for number in isChange ? file.added : walk.rows(of: position, in: archive) {
      if family.classes[Int(number)] < 0 { Self.classify(number, in: archive, &family) }
      family.count(number, 1)
    }
    family.last = position
    let classes = family.counts.indices.filter { family.counts[$0] > 0 }.map { Int32($0) }
    let reading: SnapshotForms.Reading
    if let known = family.readings[classes] {
      reading = known
    } else {
      let forms = SnapshotForms(family.columns)
      for found in classes { forms.note(archive.pool.fields(of: family.rows[Int(found)])) }
      reading = forms.reading
      family.readings[classes] = reading
    }
    families[file.family] = family
    return reading
  }

  private static func classify(
    _ number: UInt32, in archive: SnapshotArchive, _ family: inout Family
  ) {
    var dateSigns = family.dateSigns
    family.dateSigns = [:]
    let signs = family.forms.signs(of: archive.pool.codes(of: number)) { code in
      if let known = dateSigns[code] { return known }
      let sign = SnapshotForms.dateSign(archive.pool.texts[Int(code)])
      dateSigns[code] = sign
      return sign
    }
    family.dateSigns = dateSigns
    let found = family.classesBySigns[signs] ?? Int32(family.rows.count)
    if found == family.rows.count {
      family.classesBySigns[signs] = found
      family.rows.append(number)
    }
    family.classes[Int(number)] = found
  }
}
