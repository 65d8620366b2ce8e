package import SalesforceExports

/// The rows of one kind at one date.
package struct SnapshotTable<Row: SnapshotRow>: Sendable {
  /// When the export was made; `nil` when its name does not say.
  package let date: Instant?
  /// Numbers of the files that the snapshot consists of.
  package let files: [UInt32]
  /// Rows by what they are about.
  package let rows: SnapshotTableRows<Row>
  /// What rows that contradict each other are about.
  package let contradictions: Set<Row.Key>
  /// Names of the permission columns of the files, in lower case.
  package let columnNames: Set<String>
  /// Values of columns of true and false that are neither, with the number of rows.
  package let unreadable: [UnreadableValue: Int]
}

/// The rows of a snapshot, in the history that keeps those of all.
package struct SnapshotTableRows<Row: SnapshotRow>: Sendable {
  fileprivate let history: SnapshotHistory<Row>
  fileprivate let table: Int
  /// Number of rows.
  package let count: Int

  /// The row about something.
  package subscript(key: Row.Key) -> Row? {
    history.number(of: key).flatMap { self[number: $0] }
  }

  /// The row about something, by its number in the history.
  subscript(number number: Int) -> Row? {
    history.row(ofNumber: number, inTable: table)
  }

  /// All rows, in no order.
  ///
  /// - Complexity: O(*n*) in all that was ever there.
  package var values: [Row] { history.numbers.compactMap { self[number: $0] } }

  /// What rows are about, in no order.
  package var keys: [Row.Key] { values.map(\.key) }
}

/// All snapshots of one kind.
package struct SnapshotSeries<Row: SnapshotRow>: Sendable {
  /// The snapshots: undated first, then by date.
  package let tables: [SnapshotTable<Row>]
  /// The rows of all of them.
  package let history: SnapshotHistory<Row>
  /// What rows were read as when they were added; none once the series was made of them.
  let readRows = ReadSnapshotRows<Row>()

  /// Whether no file of this kind was given.
  package var isEmpty: Bool { tables.isEmpty }

  /// The newest snapshot; the undated one when it is alone.
  package var newest: SnapshotTable<Row>? { tables.last }

  /// Has no snapshot.
  init() {
    tables = []
    history = SnapshotHistory()
  }

  /// Reads the rows of one kind.
  ///
  /// - Parameters:
  ///   - kind: The kind.
  ///   - archive: Has them.
  ///   - read: Those of them that were read already.
  ///   - times: Reads times of files that state no zone.
  /// - Complexity: O(*n*) in the rows of the first snapshot and in those that others change, where each is one
  ///   file without copies; otherwise in the rows of all.
  init(
    _ kind: FileKind, _ archive: SnapshotArchive, read rows: ReadSnapshotRows<Row>,
    times: TimestampReader
  ) {
    let files = archive.files.indices.filter { archive.files[$0].kind == kind }
    // Files of one date are one snapshot; an undated one is older than all others.
    let groups = Dictionary(grouping: files) { archive.files[$0].date }
      .sorted { ($0.key?.milliseconds ?? .min) < ($1.key?.milliseconds ?? .min) }
    var builder = SnapshotHistoryBuilder<Row>(archive, read: rows, times: times)
    var walk = SnapshotArchive.Walk()
    var readings = SnapshotReadings()
    var names: [Int: Set<String>] = [:]
    var columnNames: [Set<String>] = []
    var summaries: [SnapshotSummary<Row>] = []
    for (table, group) in groups.enumerated() {
      var columns: Set<String>?
      var read: [(position: Int, reading: SnapshotForms.Reading)] = []
      for position in group.value {
        let file = archive.files[position]
        read.append((position, readings.reading(of: position, in: archive, &walk)))
        let own = names[file.family] ?? Set(file.columns.map(ColumnNames.fold))
        names[file.family] = own
        columns = columns.map { $0 == own ? $0 : $0.union(own) } ?? own
      }
      summaries.append(builder.add(read, to: table, &walk))
      columnNames.append(columns ?? [])
    }
    let history = builder.history
    self.history = history
    tables = groups.indices.map { table in
      SnapshotTable(
        date: groups[table].key, files: groups[table].value.map { archive.files[$0].number },
        rows: SnapshotTableRows(history: history, table: table, count: summaries[table].count),
        contradictions: summaries[table].contradictions, columnNames: columnNames[table],
        unreadable: summaries[table].unreadable)
    }
  }

  /// The snapshot in force at a time: the newest one not after it, otherwise the oldest.
  ///
  /// An undated snapshot is taken as older than all dated ones, since it is valid for all times.
  ///
  /// - Complexity: O(log *t*) in the number of snapshots.
  package func inForce(at time: Instant?) -> SnapshotTable<Row>? {
    guard let time else { return newest }
    return placeInForce(at: time).map { tables[$0] }
  }

  /// The row of a subject in the snapshot in force at a time.
  func row(ofNumber number: Int, at time: Instant) -> Row? {
    placeInForce(at: time).flatMap { history.row(ofNumber: number, inTable: $0) }
  }

  private func placeInForce(at time: Instant) -> Int? {
    guard tables.count > 1 else { return tables.isEmpty ? nil : 0 }
    var (low, high) = (0, tables.count)
    while low < high {
      let middle = (low + high) / 2
      if (tables[middle].date ?? Instant(milliseconds: .min)) <= time {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return max(low - 1, 0)
  }

  /// Dates at which something else comes to stand of a subject.
  ///
  /// The oldest snapshot is in force before its date too, so its date changes nothing.
  func changeDates(ofNumber number: Int) -> [Instant] {
    tables.count > 1 ? history.changes(ofNumber: number).compactMap { tables[$0].date } : []
  }

  /// Dates at which something else comes to stand of anything.
  var changeDates: Set<Instant> {
    guard tables.count > 1 else { return [] }
    var changed: Set<Int> = []
    for number in history.numbers { changed.formUnion(history.changes(ofNumber: number)) }
    return Set(changed.compactMap { tables[$0].date })
  }

  /// Dates of the snapshots behind the oldest.
  var laterDates: [Instant] { tables.dropFirst().compactMap(\.date) }
}
