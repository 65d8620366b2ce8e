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
  var pool = SnapshotRowPool()
  private var families: [Family: Int] = [:]
  /// The last file of each family, and its rows where they are known.
  private(set) var latest: [Int: (file: Int, rows: [UInt32]?)] = [:]
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

  /// The number of a kind and columns.
  mutating func family(_ kind: FileKind, _ columns: [String]) -> Int {
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

  /// Ends the file begun last, which consists of rows that are here.
  mutating func settle(with rows: [UInt32]) {
    open = rows
    settle()
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
  static func differences(
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
    for file in other.files {
      var own = File(
        number: relocation.file(file.number), kind: file.kind, date: file.date,
        columns: file.columns, family: family(file.kind, file.columns))
      own.base = file.base.map { $0 + offset }
      own.added = numbers.map { Self.translated(file.added, $0) } ?? file.added
      own.removed = numbers.map { Self.translated(file.removed, $0) } ?? file.removed
      append(own)
    }
  }

  /// Adds a whole file, whose rows and base are here.
  mutating func append(_ file: File) {
    files.append(file)
    latest[file.family] = (files.count - 1, nil)
  }

  private static func translated(_ rows: [UInt32], _ numbers: [UInt32]) -> [UInt32] {
    rows.map { numbers[Int($0)] }.sorted()
  }
}
