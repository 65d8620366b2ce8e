import CByteScan
import Delimited
import Platform

// Before you change this file:
//
// - Reads past the ends. `fingerprint` loads eight bytes from the start of a run and eight before its
//   end, so up to 8 bytes before it and 64 behind it must be readable in a block;
//   `byte_scan_equal_runs` reads up to 64 bytes behind the last of both sides, which `slack` provides for
//   stored tuples. All bytes are initialised, since memory that was never written must not be compared.
// - Presumed first, checked later. A fingerprint leaves bytes out; equal ones mean nothing until
//   `equals` has compared all bytes and the lengths of the runs. A presumed place means nothing after a
//   `forget`: compare the generation first.
// - Pointers move. Adding may move bytes and lines. `View` reaches them through one pointer to `Tables`
//   that stays; keep none of the others over an addition.
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
  /// Tuples begin at multiples of a cache line, so that each touches as few as it can.
  fileprivate static let lineByteCount = 64

  /// What the fold has to know of a tuple.
  struct Tuple {
    /// Code of the shape in the ledger.
    let shape: UInt32
    /// What the fold has to know of the shape.
    let kind: AccountLedger.ShapeKind
    /// Stands for its type and status, by which copies of a row are told from contradictions.
    let identity: UInt32
  }

  /// What each row is compared with.
  ///
  /// Trivial, so that a row costs no counting of references and no check for overlap. Valid as long as
  /// the dictionary.
  @safe
  struct View {
    fileprivate let runCount: Int
    fileprivate let runs: UnsafeMutablePointer<byte_scan_run>
    fileprivate let kernel: byte_scan_kernel
    fileprivate let tables: UnsafeMutablePointer<Tables>
  }

  /// A stored tuple is what the fold has to know of it, the lengths of its runs, four bytes each, and
  /// their bytes, in one piece, so that a row looks at one place.
  @safe
  fileprivate struct Tables {
    var bytes: UnsafeMutableRawPointer
    /// Lines of eight fingerprints and the places of eight tuples.
    var lines: UnsafeMutablePointer<UInt32>
    var lineMask: UInt32
    /// How often all tuples were forgotten.
    var generation: UInt32 = 0
  }

  /// First and last column of each run.
  private let runs: [ClosedRange<Int>]
  /// What each row is compared with.
  let view: View
  fileprivate static let lineEntryCount = 8
  private var byteCapacity = 1 << 14
  private var byteCount = 0
  private var fingerprints: [UInt32] = []
  /// Places of the tuples: see ``View/presumed(_:)``.
  private var tuplePlaces: [UInt32] = []
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
    let columns = UnsafeMutablePointer<byte_scan_run>.allocate(capacity: max(1, runs.count))
    for (index, run) in runs.enumerated() {
      unsafe (columns + index).initialize(
        to: byte_scan_run(first: UInt32(run.lowerBound), last: UInt32(run.upperBound)))
    }
    let tables = UnsafeMutablePointer<Tables>.allocate(capacity: 1)
    unsafe tables.initialize(
      to: Tables(
        bytes: Self.bytes(byteCapacity), lines: Self.lines(64), lineMask: 63))
    unsafe view = View(
      runCount: runs.count, runs: columns, kernel: byte_scan_best_kernel(), tables: tables)
  }

  deinit {
    unsafe tables.pointee.bytes.deallocate()
    unsafe tables.pointee.lines.deallocate()
    unsafe tables.deallocate()
    unsafe view.runs.deallocate()
  }

  private static func bytes(_ count: Int) -> UnsafeMutableRawPointer {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: count + slack, alignment: lineByteCount)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: count + slack)
    return unsafe memory
  }

  private static func lines(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    let wordCount = count * 2 * lineEntryCount
    let memory = unsafe UnsafeMutableRawPointer.allocate(
      byteCount: wordCount * 4, alignment: lineByteCount
    ).bindMemory(to: UInt32.self, capacity: wordCount)
    unsafe memory.initialize(repeating: 0, count: wordCount)
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
      if hashes[entry - 1] == hash, view.equals(tuplePlaces[entry - 1], block, record) {
        remember(tuplePlaces[entry - 1], fingerprint)
        return view.tuple(at: tuplePlaces[entry - 1])
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
    let tuple = Tuple(shape: shape, kind: kind, identity: identity)
    let start = byteCount
    let place = UInt32(start / Self.lineByteCount) + 1
    var lengths = start + MemoryLayout<Tuple>.stride
    byteCount = lengths + 4 * runs.count
    reserve()
    unsafe tables.pointee.bytes.storeBytes(of: tuple, toByteOffset: start, as: Tuple.self)
    for run in runs {
      let first = block.fieldStart(record, run.lowerBound)
      let count = block.fieldEnd(record, run.upperBound) - first
      let position = byteCount
      byteCount += count
      reserve()
      let bytes = unsafe tables.pointee.bytes
      unsafe (bytes + position).copyMemory(from: block.base + first, byteCount: count)
      unsafe bytes.storeBytes(of: UInt32(count), toByteOffset: lengths, as: UInt32.self)
      lengths += 4
    }
    byteCount += -byteCount & (Self.lineByteCount - 1)
    reserve()
    hashes.append(hash)
    fingerprints.append(fingerprint)
    tuplePlaces.append(place)
    if hashes.count * 2 > places.count {
      places = [UInt32](repeating: 0, count: places.count * 2)
      for entry in hashes.indices { occupy(entry) }
    } else {
      occupy(hashes.count - 1)
    }
    // A quarter of a line's places, so that hardly any line overflows.
    if unsafe hashes.count > Int(tables.pointee.lineMask + 1) * Self.lineEntryCount / 4 {
      growLines()
    } else {
      remember(place, fingerprint)
    }
    return tuple
  }

  /// Puts a tuple into its line of the cache, before those that are there.
  private func remember(_ place: UInt32, _ fingerprint: UInt32) {
    let line = unsafe view.line(fingerprint)
    let places = unsafe line + Self.lineEntryCount
    for position in stride(from: Self.lineEntryCount - 1, to: 0, by: -1) {
      unsafe line[position] = line[position - 1]
      unsafe places[position] = places[position - 1]
    }
    unsafe line[0] = fingerprint
    unsafe places[0] = place
  }

  private func growLines() {
    let count = unsafe Int(tables.pointee.lineMask + 1) * 2
    unsafe tables.pointee.lines.deallocate()
    unsafe tables.pointee.lines = Self.lines(count)
    unsafe tables.pointee.lineMask = UInt32(count - 1)
    for (place, fingerprint) in zip(tuplePlaces, fingerprints) { remember(place, fingerprint) }
  }

  private func occupy(_ entry: Int) {
    var place = Int(truncatingIfNeeded: hashes[entry]) & (places.count - 1)
    while places[place] != 0 { place = (place + 1) & (places.count - 1) }
    places[place] = UInt32(entry + 1)
  }

  /// Makes room for as many bytes as are counted.
  private func reserve() {
    guard byteCount > byteCapacity else { return }
    let larger = max(byteCapacity * 2, byteCount)
    let memory = unsafe Self.bytes(larger)
    unsafe memory.copyMemory(from: tables.pointee.bytes, byteCount: byteCapacity)
    unsafe tables.pointee.bytes.deallocate()
    unsafe tables.pointee.bytes = memory
    byteCapacity = larger
  }

  private func forget() {
    byteCount = 0
    hashes = []
    fingerprints = []
    tuplePlaces = []
    unsafe tables.pointee.generation &+= 1
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
      column == 0 ? recordStart : unsafe Int(ends[column &- 1]) &+ 1
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
    var salt: UInt64 = 0x9E37_79B9_7F4A_7C15
    let fields = Fields(block, record)
    for index in 0..<runCount {
      let run = unsafe runs[index]
      let start = fields.start(Int(run.first))
      let count = fields.end(Int(run.last)) &- start
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
      // One product a run, none of which waits for another.
      let product = (first ^ salt).multipliedFullWidth(by: last ^ 0xE703_7ED1_A0B4_28DB)
      mixed &+= product.high ^ product.low
      salt &+= 0xA076_1D64_78BD_642F
    }
    let fingerprint = UInt32(truncatingIfNeeded: mixed ^ mixed >> 32)
    unsafe byte_scan_prefetch(line(fingerprint))
    return fingerprint
  }

  @inline(__always)
  fileprivate func line(_ fingerprint: UInt32) -> UnsafeMutablePointer<UInt32> {
    unsafe tables.pointee.lines
      + Int(fingerprint & tables.pointee.lineMask) * (2 * ShapeDictionary.lineEntryCount)
  }

  /// How often all tuples were forgotten; a place that was presumed before means nothing after.
  @inline(__always)
  var generation: UInt32 { unsafe tables.pointee.generation }

  /// Place of the first tuple that a fingerprint may stand for: in lines of the cache, plus one; 0 when
  /// the cache has none.
  ///
  /// What it will be compared with is asked for.
  @inline(__always)
  func presumed(_ fingerprint: UInt32) -> UInt32 {
    let line = unsafe line(fingerprint)
    let found = unsafe byte_scan_equal_longs(line, fingerprint)
    if found == 0 { return 0 }
    // A free entry has place 0, whatever the fingerprint.
    let place = unsafe line[ShapeDictionary.lineEntryCount + found.trailingZeroBitCount]
    let stored = unsafe start(place)
    unsafe byte_scan_prefetch(stored)
    unsafe byte_scan_prefetch(stored + 64)
    unsafe byte_scan_prefetch(stored + 128)
    return place
  }

  @inline(__always)
  private func start(_ place: UInt32) -> UnsafeMutableRawPointer {
    unsafe tables.pointee.bytes + (Int(place) - 1) * ShapeDictionary.lineByteCount
  }

  /// The tuple that is stored at a place.
  @inline(__always)
  fileprivate func tuple(at place: UInt32) -> ShapeDictionary.Tuple {
    unsafe start(place).load(as: ShapeDictionary.Tuple.self)
  }

  /// The presumed tuple, when it is that of a record, byte by byte.
  ///
  /// - Parameters:
  ///   - presumed: What ``presumed(_:)`` gave for it, perhaps before others were added.
  ///   - generation: The generation at that time.
  /// - Complexity: O(*n*) in the bytes of the tuple.
  @inline(__always)
  func tuple(
    _ presumed: UInt32, _ generation: UInt32, of block: RecordBlock, _ record: Int
  ) -> ShapeDictionary.Tuple? {
    guard presumed != 0, generation == self.generation, equals(presumed, block, record) else {
      return nil
    }
    return tuple(at: presumed)
  }

  @inline(__always)
  fileprivate func equals(_ place: UInt32, _ block: RecordBlock, _ record: Int) -> Bool {
    let lengths = unsafe (start(place) + MemoryLayout<ShapeDictionary.Tuple>.stride)
      .assumingMemoryBound(to: UInt32.self)
    let entry = unsafe block.records + record
    return unsafe byte_scan_equal_runs(
      kernel, block.base, Int(entry.pointee.start),
      block.fieldEnds + Int(entry.pointee.firstField), runs, runCount, lengths,
      UnsafeRawPointer(lengths + runCount).assumingMemoryBound(to: UInt8.self))
  }
}
