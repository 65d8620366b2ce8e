import Accounts
import Platform
import Synchronization

/// Sorts any number of login rows in bounded memory, with several workers.
///
/// Rows gather in a part for each worker; what is too much for memory is sorted and written to a
/// nameless file as one run, and the runs are merged when all rows are there. What fits into memory
/// never touches the disk. Rows whose order does not matter are kept in the same way, and not sorted.
// Unchecked: each part belongs to one worker at a time, and merging begins when they have ended.
final class LoginSorter: @unchecked Sendable {
  /// Memory for rows, both while they gather and while runs are merged.
  static let standardByteCount = 64 << 20

  private static let rowByteCount = MemoryLayout<PickedLogin>.stride
  private let bufferRowCount: Int
  private let folder: TemporaryFolder
  private let precedes: (PickedLogin, PickedLogin) -> Bool

  /// The rows of one worker.
  // Unchecked: as the sorter.
  final class Part: RowSink, @unchecked Sendable {
    private let bufferRowCount: Int
    private let folder: TemporaryFolder
    private let isOrdered: Bool
    private let precedes: (PickedLogin, PickedLogin) -> Bool
    fileprivate var rows: [PickedLogin] = []
    fileprivate var file: AnonymousFile?
    fileprivate var runs: [(start: Int, count: Int)] = []
    /// Why rows are missing.
    fileprivate var failure: OutputError?

    fileprivate init(
      _ bufferRowCount: Int, _ folder: TemporaryFolder, isOrdered: Bool,
      _ precedes: @escaping (PickedLogin, PickedLogin) -> Bool
    ) {
      self.bufferRowCount = bufferRowCount
      self.folder = folder
      self.isOrdered = isOrdered
      self.precedes = precedes
    }

    /// Adds a row; what goes wrong is told when the rows are merged.
    func add(_ row: PickedLogin) {
      guard failure == nil else { return }
      rows.append(row)
      guard rows.count >= bufferRowCount else { return }
      do throws(OutputError) { try spill() } catch { failure = error }
    }

    fileprivate func sort() {
      if isOrdered { rows.sort(by: precedes) }
    }

    fileprivate func spill() throws(OutputError) {
      sort()
      if file == nil { file = try AnonymousFile(in: folder) }
      let start = runs.last.map { $0.start + $0.count } ?? 0
      // The closure cannot carry a typed error through; the outcome does.
      let result = unsafe rows.withUnsafeBytes { bytes in
        Result { () throws(OutputError) in try unsafe file?.append(bytes) }
      }
      try result.get()
      runs.append((start, rows.count))
      rows.removeAll(keepingCapacity: true)
    }
  }

  private var parts: [Part]

  /// Makes a sorter.
  ///
  /// - Parameters:
  ///   - byteCount: Memory for rows.
  ///   - partCount: How many parts there are.
  ///   - folder: Where the runs lie.
  ///   - isOrdered: Whether rows are given in their order; otherwise ``forEachRow(threads:_:)`` gives them.
  ///   - precedes: A total order.
  init(
    byteCount: Int = standardByteCount, partCount: Int = 1, in folder: TemporaryFolder,
    isOrdered: Bool = true, by precedes: @escaping (PickedLogin, PickedLogin) -> Bool
  ) {
    bufferRowCount = max(2, byteCount / partCount / Self.rowByteCount)
    self.folder = folder
    self.precedes = precedes
    parts = []
    for _ in 0..<partCount {
      parts.append(Part(bufferRowCount, folder, isOrdered: isOrdered, precedes))
    }
  }

  /// The part that one worker adds to.
  func part(_ number: Int) -> Part { parts[number] }

  /// Gives all rows in order; the sorter is empty afterwards.
  ///
  /// - Parameter threads: How many workers sort.
  /// - Throws: ``OutputError`` when rows could not be kept.
  /// - Complexity: O(*n* log *n*) comparisons.
  func merged(threads: Int) throws -> MergedLogins {
    let parts = try takeParts()
    let workerCount = max(1, min(threads, parts.count))
    WorkerThreads.run(workerCount) { worker in
      for number in stride(from: worker, to: parts.count, by: workerCount) { parts[number].sort() }
    }
    let runCount = parts.reduce(0) { $0 + $1.runs.count }
    let share = max(64, bufferRowCount * parts.count / max(1, runCount))
    return try MergedLogins(Self.cursors(parts, bufferRowCount: share), precedes)
  }

  /// Gives all rows to workers, in no order; the sorter is empty afterwards.
  ///
  /// - Parameters:
  ///   - threads: How many workers there are.
  ///   - body: Takes a row and the number of the worker that has it.
  /// - Throws: ``OutputError`` when rows could not be kept, ``Cancelled``.
  func forEachRow(
    threads: Int, _ body: @escaping @Sendable (_ worker: Int, PickedLogin) -> Void
  ) throws {
    let cursors = Self.cursors(try takeParts(), bufferRowCount: 4_096)
    let next = Atomic<Int>(0)
    let failure = Locked<(any Error)?>(nil)
    WorkerThreads.run(max(1, min(threads, cursors.count))) { worker in
      do {
        while failure.withLock({ $0 == nil }) {
          let number = next.add(1, ordering: .relaxed).oldValue
          guard number < cursors.count else { break }
          while let rows = try cursors[number].nextRows() {
            try Cancelled.check()
            for row in rows { body(worker, row) }
          }
        }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func takeParts() throws(OutputError) -> [Part] {
    let parts = parts
    self.parts = []
    if let failure = parts.lazy.compactMap(\.failure).first { throw failure }
    return parts
  }

  /// The runs in memory and in files.
  private static func cursors(_ parts: [Part], bufferRowCount share: Int) -> [RunCursor] {
    var cursors: [RunCursor] = []
    for part in parts {
      if !part.rows.isEmpty { cursors.append(RunCursor(rows: part.rows)) }
      part.rows = []
      guard let file = part.file else { continue }
      for run in part.runs {
        cursors.append(
          RunCursor(file: file, start: run.start, count: run.count, bufferRowCount: share))
      }
    }
    return cursors
  }
}

/// Login rows in order, merged from sorted runs.
struct MergedLogins {
  /// The runs by their first row: a heap.
  private var runs: [RunCursor]
  private let precedes: (PickedLogin, PickedLogin) -> Bool

  fileprivate init(
    _ runs: [RunCursor], _ precedes: @escaping (PickedLogin, PickedLogin) -> Bool
  ) throws {
    self.runs = try runs.filter { try $0.advance() }
    self.precedes = precedes
    for index in stride(from: self.runs.count / 2 - 1, through: 0, by: -1) { sink(index) }
  }

  /// The next row; `nil` at the end.
  mutating func next() throws -> PickedLogin? {
    guard let first = runs.first else { return nil }
    let row = first.current
    if try !first.advance() {
      runs[0] = runs[runs.count - 1]
      runs.removeLast()
    }
    sink(0)
    return row
  }

  /// Restores the heap below `index`.
  private mutating func sink(_ index: Int) {
    var index = index
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < runs.count {
        if precedes(runs[child].current, runs[least].current) { least = child }
      }
      if least == index { return }
      runs.swapAt(index, least)
      index = least
    }
  }
}

/// The rows of one run, in memory or read piece by piece.
// Unchecked: one worker at a time reads a run.
private final class RunCursor: @unchecked Sendable {
  private let file: AnonymousFile?
  private var next: Int
  private let end: Int
  private let bufferRowCount: Int
  private var rows: [PickedLogin]
  private var position = -1

  /// A run in memory.
  init(rows: [PickedLogin]) {
    self.rows = rows
    file = nil
    next = 0
    end = 0
    bufferRowCount = 0
  }

  /// A run in a file.
  init(file: AnonymousFile, start: Int, count: Int, bufferRowCount: Int) {
    self.file = file
    next = start
    end = start + count
    self.bufferRowCount = bufferRowCount
    rows = []
  }

  /// The row at hand, after ``advance()`` said that there is one.
  var current: PickedLogin { rows[position] }

  /// Goes to the next row; `false` at the end.
  func advance() throws(OutputError) -> Bool {
    position += 1
    if position < rows.count { return true }
    return try load()
  }

  /// The rows behind those that were given, as many as are in memory at once; `nil` at the end.
  func nextRows() throws(OutputError) -> [PickedLogin]? {
    position += 1
    if position >= rows.count {
      guard try load() else { return nil }
    }
    let given = position == 0 ? rows : Array(rows[position...])
    position = rows.count - 1
    return given
  }

  /// Reads the next piece; `false` at the end.
  private func load() throws(OutputError) -> Bool {
    let count = min(bufferRowCount, end - next)
    guard count > 0, let file else { return false }
    let offset = next * MemoryLayout<PickedLogin>.stride
    var failure: OutputError?
    rows = unsafe [PickedLogin](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      do throws(OutputError) {
        let bytes = unsafe UnsafeMutableRawBufferPointer(
          start: buffer.baseAddress, count: count * MemoryLayout<PickedLogin>.stride)
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
