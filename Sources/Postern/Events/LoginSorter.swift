/// Sorts any number of login rows in bounded memory.
///
/// Rows gather in a buffer; a full buffer is sorted and written to a nameless file as one run, and
/// the runs are merged when all rows are there. What fits into one buffer never touches the disk.
final class LoginSorter {
  /// Memory for rows, both while they gather and while runs are merged.
  static let standardByteCount = 64 << 20

  private static let rowByteCount = MemoryLayout<PackedLogin>.stride
  private let runRowCount: Int
  private let folder: TemporaryFolder
  private let precedes: (PackedLogin, PackedLogin) -> Bool
  private var buffer: [PackedLogin] = []
  private var file: NamelessFile?
  private var runs: [(start: Int, count: Int)] = []

  /// Makes a sorter.
  ///
  /// - Parameters:
  ///   - byteCount: Memory for rows.
  ///   - folder: Where the runs lie.
  ///   - precedes: A total order.
  init(
    byteCount: Int = standardByteCount, in folder: TemporaryFolder,
    by precedes: @escaping (PackedLogin, PackedLogin) -> Bool
  ) {
    runRowCount = max(2, byteCount / Self.rowByteCount)
    self.folder = folder
    self.precedes = precedes
  }

  /// Adds a row.
  func add(_ row: PackedLogin) throws(OutputError) {
    buffer.append(row)
    if buffer.count == runRowCount { try spill() }
  }

  private func spill() throws(OutputError) {
    buffer.sort(by: precedes)
    if file == nil { file = try NamelessFile(in: folder) }
    let start = runs.last.map { $0.start + $0.count } ?? 0
    // The closure cannot carry a typed error through; the outcome does.
    let result = unsafe buffer.withUnsafeBytes { bytes in
      Result { () throws(OutputError) in try unsafe file?.append(bytes) }
    }
    try result.get()
    runs.append((start, buffer.count))
    buffer.removeAll(keepingCapacity: true)
  }

  /// Gives all rows in order; the sorter is empty afterwards.
  ///
  /// - Complexity: O(*n* log *n*) comparisons.
  func deliver(_ body: (PackedLogin) throws -> Void) throws {
    guard let file else {
      buffer.sort(by: precedes)
      for row in buffer { try body(row) }
      buffer = []
      return
    }
    if !buffer.isEmpty { try spill() }
    buffer = []
    let share = max(64, runRowCount / runs.count)
    var cursors: [RunCursor] = []
    for run in runs {
      let cursor = RunCursor(file: file, start: run.start, count: run.count, bufferRowCount: share)
      if try cursor.advance() { cursors.append(cursor) }
    }
    self.file = nil
    runs = []
    for index in stride(from: cursors.count / 2 - 1, through: 0, by: -1) { sink(&cursors, index) }
    while let first = cursors.first {
      try body(first.current)
      if try !first.advance() {
        cursors[0] = cursors[cursors.count - 1]
        cursors.removeLast()
      }
      sink(&cursors, 0)
    }
  }

  /// Restores the heap below `index`.
  private func sink(_ heap: inout [RunCursor], _ index: Int) {
    var index = index
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
        if precedes(heap[child].current, heap[least].current) { least = child }
      }
      if least == index { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}

/// The rows of one sorted run, read piece by piece.
private final class RunCursor {
  private let file: NamelessFile
  private var next: Int
  private let end: Int
  private let bufferRowCount: Int
  private var rows: [PackedLogin] = []
  private var position = 0

  init(file: NamelessFile, start: Int, count: Int, bufferRowCount: Int) {
    self.file = file
    next = start
    end = start + count
    self.bufferRowCount = bufferRowCount
  }

  /// The row at hand, after ``advance()`` said that there is one.
  var current: PackedLogin { rows[position] }

  /// Goes to the next row; `false` at the end.
  func advance() throws(OutputError) -> Bool {
    position += 1
    if position < rows.count { return true }
    let count = min(bufferRowCount, end - next)
    guard count > 0 else { return false }
    let offset = next * MemoryLayout<PackedLogin>.stride
    var failure: OutputError?
    rows = unsafe [PackedLogin](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      do throws(OutputError) {
        let bytes = unsafe UnsafeMutableRawBufferPointer(
          start: buffer.baseAddress, count: count * MemoryLayout<PackedLogin>.stride)
        try unsafe file.read(into: bytes, at: offset)
        initializedCount = count
      } catch {
        failure = error
        initializedCount = 0
      }
    }
    if let failure { throw failure }
    next += count
    position = 0
    return true
  }
}
