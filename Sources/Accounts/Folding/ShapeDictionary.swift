import CByteScan
import Delimited
import Platform

// Before you change this file:
//
// - Reads past the ends. `fingerprint` loads eight bytes from the start of a run and eight before its
//   end, so up to 8 bytes before it and 64 behind it must be readable in a block; `byte_scan_equal`
//   reads up to 16 bytes behind the last of both sides, which `slack` provides for stored tuples. The
//   slack is initialised, since memory that was never written must not be compared.
// - Presumed first, checked later. A fingerprint leaves bytes out; equal ones mean nothing until
//   `equals` has compared all bytes and the lengths of the runs. A presumed number may be older than a
//   `forget`: compare it with the count first.
// - Pointers move. Adding may move bytes, tuples and lines. `View` reaches them through one pointer to
//   `Tables` that stays; keep none of the others over an addition.
// - Locks. None: a dictionary belongs to one worker. Codes of shapes come from the ledger, which locks.
// - Hashes begin with a key of the process, since browsers and applications are chosen by whoever
//   tries to log in. The fingerprint does not: tuples that share one only leave the cache.

/// The distinct tuples of raw low-cardinality fields of files with one layout, with the codes of the
/// shapes that they stand for.
///
/// A tuple is the bytes of some runs of neighbouring columns, quotes and delimiters included; it is
/// decoded once, and compared whole. Most look-ups go by a fingerprint, which leaves bytes out, to a
/// line of a cache; what is not found there is looked up by a hash of all bytes. What grows beyond a
/// bound is forgotten, so a column with a new value in each row cannot fill the memory.
@safe
final class ShapeDictionary {
  private static let byteBound = 64 << 20
  private static let tupleBound = 1 << 20
  /// Readable bytes behind the last tuple.
  private static let slack = 64

  /// What the fold has to know of a tuple.
  struct Tuple {
    /// Code of the shape in the ledger.
    let shape: UInt32
    /// What the fold has to know of the shape.
    let kind: AccountLedger.ShapeKind
    /// Stands for its type and status, by which copies of a row are told from contradictions.
    let identity: UInt32
    /// Where its runs begin among all bytes: their lengths, four bytes each, and the bytes.
    fileprivate let start: Int
  }

  /// What each row is compared with.
  ///
  /// Trivial, so that a row costs no counting of references and no check for overlap. Valid as long as
  /// the dictionary.
  @safe
  struct View {
    fileprivate let runCount: Int
    /// First and last column of each run.
    fileprivate let runColumns: UnsafeMutablePointer<(first: Int, last: Int)>
    fileprivate let tables: UnsafeMutablePointer<Tables>
  }

  @safe
  fileprivate struct Tables {
    var bytes: UnsafeMutablePointer<UInt8>
    var tuples: UnsafeMutablePointer<Tuple>
    /// Lines of eight entries: a fingerprint above, the number of a tuple plus one below; 0 for none.
    var lines: UnsafeMutablePointer<UInt64>
    var lineMask: UInt32
    /// Number of tuples.
    var count = 0
  }

  /// First and last column of each run.
  private let runs: [ClosedRange<Int>]
  /// What each row is compared with.
  let view: View
  fileprivate static let lineEntryCount = 8
  private var byteCapacity = 1 << 14
  private var byteCount = 0
  private var tupleCapacity = 256
  private var fingerprints: [UInt32] = []
  /// What hashes begin with.
  private let key = HashKey.process
  private var hashes: [UInt64] = []
  private var places = [UInt32](repeating: 0, count: 256)

  /// Makes an empty dictionary.
  ///
  /// - Parameter columns: Positions of the columns in a tuple.
  init(columns: some Sequence<Int>) {
    var runs: [ClosedRange<Int>] = []
    for position in Set(columns).sorted() {
      if let last = runs.last, last.upperBound == position - 1 {
        runs[runs.count - 1] = last.lowerBound...position
      } else {
        runs.append(position...position)
      }
    }
    self.runs = runs
    let columns = UnsafeMutablePointer<(first: Int, last: Int)>.allocate(
      capacity: max(1, runs.count))
    for (index, run) in runs.enumerated() {
      unsafe (columns + index).initialize(to: (run.lowerBound, run.upperBound))
    }
    let tables = UnsafeMutablePointer<Tables>.allocate(capacity: 1)
    unsafe tables.initialize(
      to: Tables(
        bytes: .allocate(capacity: byteCapacity + Self.slack),
        tuples: .allocate(capacity: tupleCapacity), lines: Self.lines(64), lineMask: 63))
    unsafe view = View(runCount: runs.count, runColumns: columns, tables: tables)
    unsafe tables.pointee.bytes.initialize(repeating: 0, count: byteCapacity + Self.slack)
  }

  deinit {
    unsafe tables.pointee.bytes.deallocate()
    unsafe tables.pointee.tuples.deallocate()
    unsafe tables.pointee.lines.deallocate()
    unsafe tables.deallocate()
    unsafe view.runColumns.deallocate()
  }

  private static func lines(_ count: Int) -> UnsafeMutablePointer<UInt64> {
    let entryCount = count * lineEntryCount
    let memory = unsafe UnsafeMutableRawPointer.allocate(
      byteCount: entryCount * 8, alignment: 64
    ).bindMemory(to: UInt64.self, capacity: entryCount)
    unsafe memory.initialize(repeating: 0, count: entryCount)
    return unsafe memory
  }

  private var tables: UnsafeMutablePointer<Tables> { unsafe view.tables }

  // MARK: Look-up

  /// The tuple of a record that the cache does not have, whose shape `decode()` gives on first sight.
  ///
  /// - Complexity: O(*n*) in the bytes of the tuple.
  func lookUp(
    _ fingerprint: UInt32, of block: RecordBlock, _ record: Int,
    orDecode decode: () -> (code: UInt32, kind: AccountLedger.ShapeKind, identity: UInt32)
  ) -> Tuple {
    let hash = hash(block, record)
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while true {
      let entry = Int(places[place])
      if entry == 0 { break }
      if hashes[entry - 1] == hash, view.equals(entry - 1, block, record) {
        remember(entry - 1, fingerprint)
        return unsafe tables.pointee.tuples[entry - 1]
      }
      place = (place + 1) & (places.count - 1)
    }
    let (code, kind, identity) = decode()
    return add(block, record, fingerprint, hash: hash, code, kind, identity)
  }

  private func hash(_ block: RecordBlock, _ record: Int) -> UInt64 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ key
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

  // MARK: Adding

  private func add(
    _ block: RecordBlock, _ record: Int, _ fingerprint: UInt32, hash: UInt64, _ shape: UInt32,
    _ kind: AccountLedger.ShapeKind, _ identity: UInt32
  ) -> Tuple {
    if byteCount > Self.byteBound || hashes.count == Self.tupleBound { forget() }
    if hashes.count == tupleCapacity { growTuples() }
    let tuple = Tuple(shape: shape, kind: kind, identity: identity, start: byteCount)
    reserve(4 * runs.count)
    var lengths = byteCount
    byteCount += 4 * runs.count
    for run in runs {
      let start = block.fieldStart(record, run.lowerBound)
      let count = block.fieldEnd(record, run.upperBound) - start
      reserve(count)
      let bytes = unsafe tables.pointee.bytes
      unsafe (bytes + byteCount).update(from: block.base + start, count: count)
      unsafe UnsafeMutableRawPointer(bytes + lengths).storeBytes(
        of: UInt32(count), as: UInt32.self)
      lengths += 4
      byteCount += count
    }
    unsafe (tables.pointee.tuples + hashes.count).initialize(to: tuple)
    hashes.append(hash)
    fingerprints.append(fingerprint)
    unsafe tables.pointee.count = hashes.count
    if hashes.count * 2 > places.count {
      places = [UInt32](repeating: 0, count: places.count * 2)
      for entry in hashes.indices { occupy(entry) }
    } else {
      occupy(hashes.count - 1)
    }
    // Half of a line's places, so that few lines overflow.
    if unsafe hashes.count > Int(tables.pointee.lineMask + 1) * Self.lineEntryCount / 2 {
      growLines()
    } else {
      remember(hashes.count - 1, fingerprint)
    }
    return tuple
  }

  /// Puts a tuple into its line of the cache, before those that are there.
  private func remember(_ tuple: Int, _ fingerprint: UInt32) {
    let line = unsafe view.line(fingerprint)
    for position in stride(from: Self.lineEntryCount - 1, to: 0, by: -1) {
      unsafe line[position] = line[position - 1]
    }
    unsafe line[0] = UInt64(fingerprint) << 32 | UInt64(tuple + 1)
  }

  private func growLines() {
    let count = unsafe Int(tables.pointee.lineMask + 1) * 2
    unsafe tables.pointee.lines.deallocate()
    unsafe tables.pointee.lines = Self.lines(count)
    unsafe tables.pointee.lineMask = UInt32(count - 1)
    for (tuple, fingerprint) in fingerprints.enumerated() { remember(tuple, fingerprint) }
  }

  private func occupy(_ entry: Int) {
    var place = Int(truncatingIfNeeded: hashes[entry]) & (places.count - 1)
    while places[place] != 0 { place = (place + 1) & (places.count - 1) }
    places[place] = UInt32(entry + 1)
  }

  private func reserve(_ count: Int) {
    guard byteCount + count > byteCapacity else { return }
    let larger = max(byteCapacity * 2, byteCount + count)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.slack)
    unsafe memory.initialize(repeating: 0, count: larger + Self.slack)
    unsafe memory.update(from: tables.pointee.bytes, count: byteCount)
    unsafe tables.pointee.bytes.deallocate()
    unsafe tables.pointee.bytes = memory
    byteCapacity = larger
  }

  private func growTuples() {
    let tuples = unsafe tables.pointee.tuples
    unsafe tables.pointee.tuples = .allocate(capacity: tupleCapacity * 2)
    unsafe tables.pointee.tuples.update(from: tuples, count: tupleCapacity)
    unsafe tuples.deallocate()
    tupleCapacity *= 2
  }

  private func forget() {
    byteCount = 0
    hashes = []
    fingerprints = []
    unsafe tables.pointee.count = 0
    places = [UInt32](repeating: 0, count: 256)
    unsafe tables.pointee.lines.deallocate()
    unsafe tables.pointee.lines = Self.lines(64)
    unsafe tables.pointee.lineMask = 63
  }
}

extension ShapeDictionary.View {
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
  /// The line that it leads to is asked for. Bytes up to 8 before a run are readable, as are 64 behind it.
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
    let fingerprint = UInt32(truncatingIfNeeded: mixed ^ mixed >> 32)
    unsafe byte_scan_prefetch(line(fingerprint))
    return fingerprint
  }

  @inline(__always)
  fileprivate func line(_ fingerprint: UInt32) -> UnsafeMutablePointer<UInt64> {
    unsafe tables.pointee.lines
      + Int(fingerprint & tables.pointee.lineMask) * ShapeDictionary.lineEntryCount
  }

  /// Number of the first tuple that a fingerprint may stand for; −1 when the cache has none.
  ///
  /// What it will be compared with is asked for.
  @inline(__always)
  func presumed(_ fingerprint: UInt32) -> Int32 {
    let line = unsafe line(fingerprint)
    for position in 0..<ShapeDictionary.lineEntryCount {
      let entry = unsafe line[position]
      if UInt32(truncatingIfNeeded: entry >> 32) == fingerprint, entry != 0 {
        let number = Int(entry & 0xFFFF_FFFF) - 1
        unsafe byte_scan_prefetch(tables.pointee.tuples + number)
        return Int32(truncatingIfNeeded: number)
      }
      if entry == 0 { break }
    }
    return -1
  }

  /// Asks for the bytes of a presumed tuple.
  @inline(__always)
  func prefetch(_ presumed: Int32) {
    guard presumed >= 0 else { return }
    let bytes = unsafe UnsafeRawPointer(
      tables.pointee.bytes + tables.pointee.tuples[Int(presumed)].start)
    unsafe byte_scan_prefetch(bytes)
    unsafe byte_scan_prefetch(bytes + 64)
    unsafe byte_scan_prefetch(bytes + 128)
  }

  /// The presumed tuple, when it is that of a record, byte by byte.
  ///
  /// - Parameter presumed: What ``presumed(_:)`` gave for it, perhaps before others were added.
  /// - Complexity: O(*n*) in the bytes of the tuple.
  @inline(__always)
  func tuple(_ presumed: Int32, of block: RecordBlock, _ record: Int) -> ShapeDictionary.Tuple? {
    // Tuples may have been forgotten since.
    guard presumed >= 0, unsafe Int(presumed) < tables.pointee.count,
      equals(Int(presumed), block, record)
    else { return nil }
    return unsafe tables.pointee.tuples[Int(presumed)]
  }

  @inline(__always)
  fileprivate func equals(_ tuple: Int, _ block: RecordBlock, _ record: Int) -> Bool {
    let start = unsafe tables.pointee.bytes + tables.pointee.tuples[tuple].start
    let lengths = UnsafeRawPointer(start)
    var stored = unsafe start + 4 * runCount
    let fields = Fields(block, record)
    for index in 0..<runCount {
      let run = unsafe runColumns[index]
      let start = fields.start(run.first)
      let count = fields.end(run.last) - start
      guard unsafe Int(lengths.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)) == count,
        unsafe byte_scan_equal(block.base + start, stored, count)
      else { return false }
      unsafe stored += count
    }
    return true
  }
}
