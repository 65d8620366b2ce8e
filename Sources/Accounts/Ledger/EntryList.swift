import Platform
import SalesforceExports

/// Something that an account's list holds, found by a code.
protocol CodedEntry: BitwiseCopyable {
  associatedtype Code: FixedWidthInteger & UnsignedInteger
  /// What it is about, as a number of the ledger.
  var code: Code { get }
}

/// A short list of entries in one piece of memory that grows, with an index by code once it is long.
///
/// An account uses few shapes and addresses, so its list is walked; one that uses thousands gets a
/// hash table behind its entries. Sixteen bytes: the list lies in ``AccountSlot``, and its memory is the
/// ledger's. Entries keep their positions.
@safe
struct EntryList<Entry: CodedEntry> {
  private(set) var base: UnsafeMutablePointer<Entry>?
  private(set) var count: UInt32 = 0
  private var capacity: UInt32 = 0

  /// Entries up to which the list is walked.
  private static var walkedCount: UInt32 { 16 }

  init() { unsafe base = nil }

  /// The entry at a position, which must be below ``count``.
  @inline(__always)
  func entry(_ position: Int) -> UnsafeMutablePointer<Entry> {
    unsafe base.unsafelyUnwrapped + position
  }

  /// Position of the entry with this code; `nil` when there is none.
  ///
  /// - Complexity: O(1) expected.
  func position(of code: Entry.Code) -> Int? {
    if count <= Self.walkedCount {
      for position in 0..<Int(count) where unsafe entry(position).pointee.code == code {
        return position
      }
      return nil
    }
    let places = unsafe self.places
    let mask = Self.placeCount(capacity) - 1
    var place = Self.hash(code) & mask
    while true {
      let found = unsafe places[place]
      if found == 0 { return nil }
      if unsafe entry(Int(found) - 1).pointee.code == code { return Int(found) - 1 }
      place = (place + 1) & mask
    }
  }

  /// Adds an entry whose code is not in the list; returns its position.
  ///
  /// - Complexity: O(1) amortised.
  mutating func append(_ entry: Entry, _ memory: ListAllocator) -> Int {
    if count == capacity { grow(memory) }
    unsafe (base.unsafelyUnwrapped + Int(count)).initialize(to: entry)
    count += 1
    if count > Self.walkedCount {
      if count == Self.walkedCount + 1 { indexAll() } else { index(Int(count) - 1) }
    }
    return Int(count) - 1
  }

  /// The hash table of positions plus one, which lists with room for more than ``walkedCount`` have.
  private var places: UnsafeMutablePointer<UInt32> {
    unsafe UnsafeMutableRawPointer(base.unsafelyUnwrapped + Int(capacity))
      .assumingMemoryBound(to: UInt32.self)
  }

  /// Places of the hash table of a list with room for `capacity` entries: the power of two that is twice as
  /// many or up to four times.
  private static func placeCount(_ capacity: UInt32) -> Int {
    1 << (UInt32.bitWidth + 1 - (capacity - 1).leadingZeroBitCount)
  }

  /// Bytes of a list with room for `capacity` entries.
  private static func byteCount(_ capacity: UInt32) -> Int {
    Int(capacity) * MemoryLayout<Entry>.stride
      + (capacity > walkedCount ? placeCount(capacity) * MemoryLayout<UInt32>.stride : 0)
  }

  /// The room that a list gets when it has none left: twice as much for the many short ones, whose entries a
  /// larger one would have to fetch from far away again and again, half as much more for long ones.
  private static func larger(_ capacity: UInt32) -> UInt32 {
    capacity < 2 * walkedCount ? max(4, 2 * capacity) : capacity + capacity / 2
  }

  private mutating func grow(_ memory: ListAllocator) {
    let larger = Self.larger(capacity)
    let hasIndex = larger > Self.walkedCount
    let entries = unsafe memory.allocate(Self.byteCount(larger))
      .bindMemory(to: Entry.self, capacity: Int(larger))
    if let base = unsafe base {
      unsafe entries.update(from: base, count: Int(count))
      unsafe memory.release(UnsafeMutableRawPointer(base), Self.byteCount(capacity))
    }
    unsafe base = entries
    capacity = larger
    if hasIndex {
      let placeCount = Self.placeCount(larger)
      unsafe UnsafeMutableRawPointer(entries + Int(larger)).bindMemory(
        to: UInt32.self, capacity: placeCount)
      unsafe places.initialize(repeating: 0, count: placeCount)
      if count > Self.walkedCount { indexAll() }
    }
  }

  private func indexAll() {
    for position in 0..<Int(count) { index(position) }
  }

  private func index(_ position: Int) {
    let places = unsafe self.places
    let mask = Self.placeCount(capacity) - 1
    var place = unsafe Self.hash(entry(position).pointee.code) & mask
    while unsafe places[place] != 0 { place = (place + 1) & mask }
    unsafe places[place] = UInt32(position + 1)
  }

  @inline(__always)
  private static func hash(_ code: Entry.Code) -> Int {
    let product = (UInt64(truncatingIfNeeded: code) ^ listKey).multipliedFullWidth(
      by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }
}

/// What hashes begin with: which pairs of address and application come in which order, an export decides.
private let listKey = HashKey.process
