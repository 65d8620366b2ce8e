import Delimited
import Platform
import SalesforceExports

/// What was done to the records of a file so that they fit its header, and what could not be.
struct RecordArrangement: Sendable {
  /// Records that lacked blank fields at their end.
  var paddedCount = 0
  /// Records that had more blank fields at their end.
  var trimmedCount = 0
  /// Records with values in columns that others lack.
  var contradictingCount = 0
  /// Further headers inside the file, of the same columns in another order, case or number.
  var headerCount = 0
  /// What is wrong with the file; the first of several.
  var problem: String?

  /// The arrangements of two parts of a file together.
  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.paddedCount += right.paddedCount
    sum.trimmedCount += right.trimmedCount
    sum.contradictingCount += right.contradictingCount
    sum.headerCount += right.headerCount
    sum.problem = left.problem ?? right.problem
    return sum
  }

  /// What is wrong with the file as a whole.
  var wholeProblem: String? {
    if let problem { return problem }
    guard contradictingCount > 0, paddedCount > 0 else { return nil }
    return
      "\(paddedCount.counted("row")) \(paddedCount.takes("lacks", "lack")) fields at \(paddedCount.takes("its", "their")) end that "
      + "\(contradictingCount.counted("other")) \(contradictingCount.takes("has", "have")) values in; "
      + "\(paddedCount.takes("it is", "they are")) taken as blank: export it again"
  }
}

/// Brings the records of one file to the columns of its first header.
///
/// Files that were appended to one another have headers inside. One of the same kind begins rows in
/// another order; behind one of another kind nothing can be read.
final class RecordArranger {
  private let kind: FileKind
  private let header: ColumnNames
  private let headerBytes: [UInt8]
  private let width: RecordWidth
  private let dialect: Dialect
  /// Column whose values begin with a digit, where a header has a name.
  private let keyColumn: Int
  private let builder = RecordBlockBuilder()
  private var layout = Layout.first
  private var noted = RecordArrangement()

  private enum Layout {
    /// That of the first header.
    case first
    /// For each column of the first header the one to take; −1 for none.
    case other([Int], fieldCount: Int)
    /// Rows of something else.
    case foreign
  }

  init(_ input: ProbedInput) {
    kind = input.kind
    header = input.header
    headerBytes = input.headerBytes
    width = input.width
    dialect = input.dialect
    keyColumn = Self.keyColumn(kind, input.header)
  }

  /// What was done so far.
  var arrangement: RecordArrangement {
    var result = noted
    result.paddedCount += builder.paddedCount
    result.trimmedCount += builder.trimmedCount
    result.contradictingCount += builder.contradictingCount
    return result
  }

  private static func keyColumn(_ kind: FileKind, _ header: ColumnNames) -> Int {
    if kind.holdsLogins { return LoginColumns(kind: kind, header: header).time }
    let names: [String] =
      kind.isSnapshot
      ? ["id", "userid", "assigneeid", "assignee.id", "permissionsetgroupid", "profileid"]
      : ["verificationtime", "time", "eventdate", "timestampderived", "timestamp"]
    return names.lazy.compactMap { header.position($0) }.first ?? 0
  }

  /// A block of a file without other headers, its records as wide as the first header.
  func fitted(_ block: RecordBlock) -> RecordBlock {
    builder.fit(block, to: width, header: headerBytes)
  }

  /// Gives the records of a block from `first` on to `body`, as records of the first header.
  func forEachPart(
    of block: RecordBlock, from first: Int, _ body: (RecordBlock, _ first: Int) throws -> Void
  ) rethrows {
    var start = first
    var index = first
    while index < block.recordCount {
      if let names = header(in: block[index]) {
        try give(block, start..<index, body)
        change(to: names, line: block[index].line)
        start = index + 1
      }
      index += 1
    }
    if start == first, case .first = layout {
      try body(fitted(block), first)
    } else {
      try give(block, start..<max(start, block.recordCount), body)
    }
  }

  private func give(
    _ block: RecordBlock, _ range: Range<Int>, _ body: (RecordBlock, _ first: Int) throws -> Void
  ) rethrows {
    guard !range.isEmpty else { return }
    switch layout {
    case .first: try body(fitted(block.part(range)), 0)
    case .other(let columns, let fieldCount):
      for index in range {
        let record = block[index]
        let isSound = record.defect == .none && record.fieldCount == fieldCount
        try body(
          isSound ? builder.rearrange(record, columns) : builder.withoutFields(record), 0)
      }
    case .foreign:
      for index in range { try body(builder.withoutFields(block[index]), 0) }
    }
  }

  // MARK: Headers

  /// The names of a record that is a header of this or another kind; `nil` for rows, and for the header
  /// that is in force, which the folds know.
  private func header(in record: Record) -> ColumnNames? {
    if record.defect == .brokenQuoting { return headerBehindMark(record) }
    guard record.defect == .none, record.fieldCount >= 2, Self.beginsWithWord(record.rawBytes)
    else {
      return nil
    }
    let key: Int
    switch layout {
    case .first, .foreign: key = keyColumn
    case .other(let columns, _): key = keyColumn < columns.count ? columns[keyColumn] : -1
    }
    if key >= 0, key < record.fieldCount, Self.beginsWithDigit(record[key]) { return nil }
    if case .first = layout, record.rawBytes.elementsEqual(headerBytes) { return nil }
    return Self.header(record)
  }

  /// The names of a header in quotes behind a byte order mark of its own, which makes a stray quote of
  /// its first one.
  private func headerBehindMark(_ record: Record) -> ColumnNames? {
    let bytes = [UInt8](record.rawBytes)
    guard bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return nil }
    var reader = RecordReader(dialect: dialect)
    var rest = bytes[...]
    let block = unsafe reader.next { buffer in
      let count = min(buffer.count, rest.count)
      unsafe buffer.copyBytes(from: rest.prefix(count))
      rest = rest.dropFirst(count)
      return count
    }
    return block.flatMap { $0.recordCount == 1 ? Self.header($0[0]) : nil }
  }

  /// The names of a record that is a header of some kind.
  static func header(_ record: Record) -> ColumnNames? {
    guard record.defect == .none, record.fieldCount >= 2 else { return nil }
    let names = ColumnNames((0..<record.fieldCount).map { record[$0].string })
    return FileKind.recognize(names) == nil ? nil : names
  }

  /// Whether the first field could be a name: the rule by which `RecordSplitter.check` finds such
  /// records, so that it does not matter which of the two looks.
  private static func beginsWithWord(_ bytes: FieldBytes) -> Bool {
    // Nearly all rows begin with a digit, in quotes or not.
    if bytes.count > 1, (bytes[0] == ASCII.quote ? bytes[1] : bytes[0]) &- 0x30 < 10 {
      return false
    }
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB]) { rest = rest.dropFirst(3) }
    if rest.first == ASCII.quote { rest = rest.dropFirst() }
    guard let first = rest.first else { return false }
    let isLetter = (first | 0x20) &- 0x61 < 26 || first == UInt8(ascii: "_") || first >= 0x80
    return isLetter && !rest.prefix(48).contains(UInt8(ascii: "@"))
  }

  static func beginsWithDigit(_ field: FieldBytes) -> Bool {
    for byte in field.prefix(8) {
      switch byte {
      case 0x20, ASCII.quote, UInt8(ascii: "="), UInt8(ascii: "'"): continue
      default: return byte &- 0x30 < 10
      }
    }
    return false
  }

  private func change(to names: ColumnNames, line: UInt64) {
    noted.headerCount += 1
    guard FileKind.recognize(names) == FileKind.recognize(header) else {
      let other = FileKind.recognize(names)?.rawValue ?? "another kind"
      layout = .foreign
      note(
        "line \(line) begins rows of \(other): those behind it are rejected; give each export as a "
          + "file of its own")
      return
    }
    let columns = header.original.map { names.position(ofName: $0) ?? -1 }
    let lost = KnownColumns.used(kind, names).filter { header.position(ofName: $0) == nil }
    if !lost.isEmpty {
      note(
        "line \(line) is another header, with columns that the first one lacks "
          + "(\(lost.sorted().joined(separator: ", "))): they are not used behind it; give each "
          + "export as a file of its own")
    }
    let isSame = columns == Array(columns.indices) && names.original.count == columns.count
    layout = isSame ? .first : .other(columns, fieldCount: names.original.count)
  }

  private func note(_ problem: String) { noted.problem = noted.problem ?? problem }
}
