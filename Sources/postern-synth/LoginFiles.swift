/// The login files of one shape, filled in row by row.
final class LoginFiles {
  /// Defects put in so far.
  private(set) var faults: [Fault: Int] = [:]
  /// Rows written to two files.
  private(set) var repeated = 0

  private let options: SynthOptions
  private let writer: any LoginWriter
  private let stem: String
  private var files: [ExportFile] = []
  private var blocks: [RowBlock] = []
  private let carry = ByteBlock(capacity: 1 << 16)
  private var generator: SeededGenerator
  private var written = 0
  private var current = 0
  private let faultSpacing: Int
  private let faultKinds: [Fault]

  private static let flushBytes = 1 << 20

  /// Files in `folder` whose names begin with `stem`.
  init(
    folder: String, stem: String, options: SynthOptions, writer: any LoginWriter
  ) throws(SynthError) {
    self.options = options
    self.writer = writer
    self.stem = "\(folder)/\(stem)"
    generator = SeededGenerator(seed: options.seed ^ 0xF11E)
    faultKinds = Fault.allCases.filter {
      options.faults.contains($0) && $0 != .openQuote && $0 != .truncatedGzip
    }
    faultSpacing =
      faultKinds.isEmpty ? .max : max(1, min(5_000, options.rows / 10) / faultKinds.count)
    if options.order == .shuffled {
      for index in 0..<options.files { try open(index) }
    } else {
      try open(0)
    }
  }

  private func open(_ index: Int) throws(SynthError) {
    let number = options.files == 1 ? "" : "-\(index < 9 ? "0" : "")\(index + 1)"
    let file = try ExportFile(
      path: "\(stem)\(number).csv\(options.packing.suffix)", packing: options.packing,
      level: options.level)
    try file.write(writer.header)
    files.append(file)
    blocks.append(RowBlock())
  }

  /// Writes one login.
  func append(_ row: LoginRow) throws(SynthError) {
    let target: Int
    if options.order == .shuffled {
      target = generator.below(options.files)
    } else {
      target = min(written * options.files / options.rows, options.files - 1)
      while current < target {
        try flush(current)
        try files[current].close()
        current += 1
        try open(current)
        blocks[current].rows.append(Piece(offset: 0, count: carry.count), of: carry)
        carry.removeAll()
      }
    }
    written += 1
    let browser = written % faultSpacing == 0 ? try addFault(to: target, row) : nil
    let block = blocks[target]
    block.mark()
    writer.append(row, browser: browser, to: block.rows)
    if options.overlap > 0 && repeats(target) {
      repeated += 1
      if options.order == .shuffled {
        blocks[target + 1].mark()
        writer.append(row, browser: browser, to: blocks[target + 1].rows)
        try flushIfFull(target + 1)
      } else {
        writer.append(row, browser: browser, to: carry)
      }
    }
    try flushIfFull(target)
  }

  /// Ends all files and puts in what belongs at the end.
  func close() throws(SynthError) {
    let last = files.count - 1
    for index in (options.order == .shuffled ? 0 : current)...last {
      if index == last && options.faults.contains(.openQuote) {
        try flush(index)
        var fields = writer.dialect.row(writer.plainFields)
        fields.removeLast(writer.dialect.lineEnd.count)
        try files[index].write([UInt8(ascii: "\"")] + fields.filter { $0 != UInt8(ascii: "\"") })
        faults[.openQuote] = 1
      }
      try flush(index)
      let isCut = index == last && options.faults.contains(.truncatedGzip)
      if isCut { faults[.truncatedGzip] = 1 }
      try files[index].close(cutting: isCut ? 100 : 0)
    }
  }

  /// Whether the row just counted also goes into the file after `target`.
  private func repeats(_ target: Int) -> Bool {
    guard target + 1 < options.files else { return false }
    if options.order == .shuffled { return written <= options.overlap }
    // The first row of the next file is the first whose product reaches the next whole number.
    let end = ((target + 1) * options.rows + options.files - 1) / options.files
    return written > end - options.overlap
  }

  /// Adds a defective row, or gives the defective browser field for the row that follows.
  private func addFault(to target: Int, _ row: LoginRow) throws(SynthError) -> [UInt8]? {
    let kind = faultKinds[written / faultSpacing % faultKinds.count]
    var fields = writer.plainFields
    switch kind {
    case .badTime: for column in writer.timeColumns { fields[column] = "yesterday noon" }
    case .badID: for column in writer.accountColumns { fields[column] = "nobody" }
    case .shortRow: fields.removeLast(3)
    case .longRow: fields += ["one", "more"]
    case .nul, .invalidUTF8:
      // Browsers of people decide which proof belongs to which login.
      guard row.door == .api else { return nil }
      faults[kind, default: 0] += 1
      let quote = UInt8(ascii: "\"")
      return [quote, UInt8(ascii: "J"), kind == .nul ? 0 : 0xFF, UInt8(ascii: "a"), quote]
    case .openQuote, .truncatedGzip: return nil
    }
    faults[kind, default: 0] += 1
    blocks[target].mark()
    blocks[target].rows.append(contentsOf: writer.dialect.row(fields))
    return nil
  }

  private func flushIfFull(_ index: Int) throws(SynthError) {
    if blocks[index].rows.count >= Self.flushBytes { try flush(index) }
  }

  private func flush(_ index: Int) throws(SynthError) {
    if options.order == .shuffled { blocks[index].shuffle(&generator) }
    try files[index].write(blocks[index].rows)
    blocks[index].removeAll()
  }
}

/// Rows on their way to a file, with their ends, so that they can change places.
final class RowBlock {
  /// The rows' bytes.
  private(set) var rows = ByteBlock(capacity: 1 << 16)
  private var starts: [Int] = []

  /// Says that a row begins here.
  func mark() {
    starts.append(rows.count)
  }

  /// Forgets all rows.
  func removeAll() {
    rows.removeAll()
    starts.removeAll(keepingCapacity: true)
  }

  /// Puts the rows into a random order.
  func shuffle(_ generator: inout SeededGenerator) {
    let ends = starts.dropFirst() + [rows.count]
    var pieces = zip(starts, ends).map { Piece(offset: $0, count: $1 - $0) }
    pieces.shuffle(using: &generator)
    let mixed = ByteBlock(capacity: rows.count + 1)
    for piece in pieces { mixed.append(piece, of: rows) }
    rows = mixed
  }
}
