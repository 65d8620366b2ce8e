import CByteScan
import Delimited

/// The distinct tuples of raw low-cardinality fields of files with one layout, with the codes of the
/// shapes that they stand for.
///
/// A tuple is the bytes of some runs of neighbouring columns, quotes and delimiters included; it is
/// decoded once. The bytes are compared whole. Each tuple has a number (its place here below, the
/// dictionary's own number above), which an account's entry keeps so that most rows are settled by
/// one comparison. What grows beyond a bound is forgotten and numbered anew, so a column with a new
/// value in each row cannot fill the memory.
@safe
final class ShapeDictionary {
  /// The number of no tuple.
  static let noRaw = UInt32.max
  /// The tag of dictionaries when all numbers are given out: their tuples match by look-up alone.
  static let exhaustedTag: UInt32 = 0xFFF
  private static let byteBound = 64 << 20
  private static let tupleBits: UInt32 = 20
  /// Readable bytes behind the last tuple.
  private static let slack = 64

  /// First and last column of each run.
  let runs: [ClosedRange<Int>]
  private let runCount: Int
  private let runColumns: UnsafeMutablePointer<(first: Int, last: Int)>
  private let nextTag: () -> UInt32

  /// What each row is compared with; in memory of its own, since each access to a class's property
  /// is checked for overlap at run time.
  @safe
  private struct Tuples {
    var tag: UInt32
    var bytes: UnsafeMutablePointer<UInt8>
    /// Where each tuple begins among ``bytes``.
    var starts: UnsafeMutablePointer<Int>
    /// Byte counts of each tuple's runs, tuple after tuple.
    var lengths: UnsafeMutablePointer<UInt32>
  }

  private let tuples: UnsafeMutablePointer<Tuples>
  private var capacity = 1 << 14
  private var byteCount = 0
  private var tupleCapacity = 256
  private var hashes: [UInt64] = []
  private var shapes: [UInt32] = []
  private var places = [UInt32](repeating: 0, count: 256)

  /// Makes an empty dictionary.
  ///
  /// - Parameters:
  ///   - columns: Positions of the columns in a tuple.
  ///   - nextTag: Gives numbers up to ``exhaustedTag``, each of the others once for a ledger.
  init(columns: some Sequence<Int>, nextTag: @escaping () -> UInt32) {
    var runs: [ClosedRange<Int>] = []
    for position in Set(columns).sorted() {
      if let last = runs.last, last.upperBound == position - 1 {
        runs[runs.count - 1] = last.lowerBound...position
      } else {
        runs.append(position...position)
      }
    }
    self.runs = runs
    runCount = runs.count
    unsafe runColumns = .allocate(capacity: max(1, runs.count))
    for (index, run) in runs.enumerated() {
      unsafe (runColumns + index).initialize(to: (run.lowerBound, run.upperBound))
    }
    self.nextTag = nextTag
    unsafe tuples = .allocate(capacity: 1)
    unsafe tuples.initialize(
      to: Tuples(
        tag: nextTag(), bytes: .allocate(capacity: capacity + Self.slack),
        starts: .allocate(capacity: tupleCapacity),
        lengths: .allocate(capacity: tupleCapacity * max(1, runs.count))))
    unsafe tuples.pointee.bytes.initialize(repeating: 0, count: capacity + Self.slack)
  }

  deinit {
    unsafe tuples.pointee.bytes.deallocate()
    unsafe tuples.pointee.starts.deallocate()
    unsafe tuples.pointee.lengths.deallocate()
    unsafe tuples.deallocate()
    unsafe runColumns.deallocate()
  }

  /// Where the fields of one record lie.
  @safe
  private struct Fields {
    private let ends: UnsafePointer<UInt32>
    private let recordStart: Int

    @inline(__always)
    init(_ block: RecordBlock, _ record: Int) {
      let entry = unsafe block.records + record
      unsafe ends = block.fieldEnds + Int(entry.pointee.firstField)
      recordStart = unsafe Int(entry.pointee.start)
    }

    @inline(__always)
    func start(_ column: Int) -> Int {
      column == 0 ? recordStart : unsafe Int(ends[column - 1]) + 1
    }

    @inline(__always)
    func end(_ column: Int) -> Int { unsafe Int(ends[column]) }
  }

  /// Lengths and some bytes of each run, mixed: differs for nearly all different tuples.
  ///
  /// Bytes up to 8 before a run are readable, as are 64 behind it.
  @inline(__always)
  func fingerprint(_ block: RecordBlock, _ record: Int) -> UInt32 {
    var mixed: UInt64 = 0
    let fields = Fields(block, record)
    for index in 0..<runCount {
      let run = unsafe runColumns[index]
      let start = fields.start(run.first)
      let count = fields.end(run.last) - start
      let raw = unsafe UnsafeRawPointer(block.base + start)
      var first = unsafe raw.loadUnaligned(as: UInt64.self)
      var last = UInt64(truncatingIfNeeded: count)
      if count >= 8 {
        last = unsafe last << 48 ^ (raw + count - 8).loadUnaligned(as: UInt64.self)
        if count > 16 {
          first = unsafe first &+ (raw + count / 2 - 4).loadUnaligned(as: UInt64.self) &* 31
        }
      } else {
        first &= ~(UInt64.max << UInt64(8 * count))
      }
      let product = (first ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
        by: last ^ 0xA076_1D64_78BD_642F)
      mixed = (mixed << 5 | mixed >> 59) ^ product.high ^ product.low
    }
    return UInt32(truncatingIfNeeded: mixed ^ mixed >> 32)
  }

  /// Whether the tuple with a number is that of a record, byte by byte.
  @inline(__always)
  func isTuple(_ raw: UInt32, of block: RecordBlock, _ record: Int) -> Bool {
    let tag = unsafe tuples.pointee.tag
    guard raw >> Self.tupleBits == tag, tag < Self.exhaustedTag else { return false }
    let tuple = Int(raw & (1 << Self.tupleBits - 1))
    return equals(tuple, block, record)
  }

  @inline(__always)
  private func equals(_ tuple: Int, _ block: RecordBlock, _ record: Int) -> Bool {
    var stored = unsafe tuples.pointee.bytes + tuples.pointee.starts[tuple]
    var length = unsafe tuples.pointee.lengths + tuple * runCount
    let fields = Fields(block, record)
    for index in 0..<runCount {
      let run = unsafe runColumns[index]
      let start = fields.start(run.first)
      let count = fields.end(run.last) - start
      guard unsafe Int(length.pointee) == count,
        unsafe byte_scan_equal(block.base + start, stored, count)
      else { return false }
      unsafe stored += count
      unsafe length += 1
    }
    return true
  }

  /// The tuple of a record: its number and the shape that it stands for, decoded on first sight.
  ///
  /// - Complexity: O(*n*) in the bytes of the tuple.
  func tuple(
    of block: RecordBlock, _ record: Int, orDecode decode: () -> UInt32
  ) -> (raw: UInt32, shape: UInt32) {
    let hash = hash(block, record)
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while true {
      let entry = Int(places[place])
      if entry == 0 { break }
      if hashes[entry - 1] == hash, equals(entry - 1, block, record) {
        return (number(entry - 1), shapes[entry - 1])
      }
      place = (place + 1) & (places.count - 1)
    }
    let shape = decode()
    add(block, record, hash: hash, shape: shape)
    return (number(shapes.count - 1), shape)
  }

  private func number(_ tuple: Int) -> UInt32 {
    unsafe tuples.pointee.tag << Self.tupleBits | UInt32(tuple)
  }

  private func hash(_ block: RecordBlock, _ record: Int) -> UInt64 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func mix(_ word: UInt64) {
      let product = (state ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
      state = product.high ^ product.low
    }
    for run in runs {
      let start = block.fieldStart(record, run.lowerBound)
      let end = block.fieldEnd(record, run.upperBound)
      mix(UInt64(end - start))
      var offset = start
      while offset + 8 <= end {
        unsafe mix(UnsafeRawPointer(block.base + offset).loadUnaligned(as: UInt64.self))
        offset += 8
      }
      var rest: UInt64 = 0
      while offset < end {
        rest = unsafe rest << 8 | UInt64(block.base[offset])
        offset += 1
      }
      mix(rest)
    }
    return state
  }

  private func add(_ block: RecordBlock, _ record: Int, hash: UInt64, shape: UInt32) {
    if byteCount > Self.byteBound || shapes.count == 1 << Self.tupleBits { forget() }
    if shapes.count == tupleCapacity { growTuples() }
    unsafe tuples.pointee.starts[shapes.count] = byteCount
    for (index, run) in runs.enumerated() {
      let start = block.fieldStart(record, run.lowerBound)
      let count = block.fieldEnd(record, run.upperBound) - start
      reserve(count)
      unsafe (tuples.pointee.bytes + byteCount).update(from: block.base + start, count: count)
      byteCount += count
      unsafe tuples.pointee.lengths[shapes.count * runCount + index] = UInt32(count)
    }
    hashes.append(hash)
    shapes.append(shape)
    if shapes.count * 2 > places.count {
      places = [UInt32](repeating: 0, count: places.count * 2)
      for entry in hashes.indices { occupy(entry) }
    } else {
      occupy(shapes.count - 1)
    }
  }

  private func occupy(_ entry: Int) {
    var place = Int(truncatingIfNeeded: hashes[entry]) & (places.count - 1)
    while places[place] != 0 { place = (place + 1) & (places.count - 1) }
    places[place] = UInt32(entry + 1)
  }

  private func reserve(_ count: Int) {
    guard byteCount + count > capacity else { return }
    let larger = max(capacity * 2, byteCount + count)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.slack)
    unsafe memory.initialize(repeating: 0, count: larger + Self.slack)
    unsafe memory.update(from: tuples.pointee.bytes, count: byteCount)
    unsafe tuples.pointee.bytes.deallocate()
    unsafe tuples.pointee.bytes = memory
    capacity = larger
  }

  private func growTuples() {
    let (starts, lengths) = unsafe (tuples.pointee.starts, tuples.pointee.lengths)
    unsafe tuples.pointee.starts = .allocate(capacity: tupleCapacity * 2)
    unsafe tuples.pointee.starts.update(from: starts, count: tupleCapacity)
    unsafe tuples.pointee.lengths = .allocate(capacity: tupleCapacity * 2 * max(1, runCount))
    unsafe tuples.pointee.lengths.update(from: lengths, count: tupleCapacity * runCount)
    unsafe starts.deallocate()
    unsafe lengths.deallocate()
    tupleCapacity *= 2
  }

  private func forget() {
    unsafe tuples.pointee.tag = nextTag()
    byteCount = 0
    hashes = []
    shapes = []
    places = [UInt32](repeating: 0, count: 256)
  }
}
