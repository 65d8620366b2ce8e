import SalesforceExports

// How snapshots are kept in a ledger.
extension SnapshotArchive {
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
      let family = family(kind, columns)
      var base: Int?
      var removed: [UInt32] = []
      if try reader.flag() {
        guard let last = latest[family]?.file else { throw .damaged }
        base = last
        let before = walk.rows(of: last, in: self)
        removed = try numbers(&reader, width: columns.count)
        guard Self.holds(before, removed) else { throw .damaged }
      }
      let new = try newRows(&reader, width: columns.count)
      let added = (try numbers(&reader, width: columns.count) + new).sorted()
      append(
        File(
          number: number, kind: kind, date: date, columns: columns, family: family, base: base,
          added: added, removed: removed))
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
