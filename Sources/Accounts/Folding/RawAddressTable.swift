import CByteScan
import Delimited
import Platform

/// The code of an address in a ledger, and what stands for it in every run.
struct AddressCode: BitwiseCopyable {
  var code: UInt32 = 0
  var identity: UInt32 = 0
}

/// Codes of addresses by the bytes of their fields, so that each spelling is parsed once.
@safe
final class RawAddressTable {
  /// A spelling of up to 15 bytes and its code.
  fileprivate struct Entry {
    var address = RawAddress.blank
    var code = AddressCode()
  }

  /// A blank address marks a free place.
  @safe
  fileprivate struct Table {
    var entries: UnsafeMutablePointer<Entry>
    var mask = 255
  }

  /// What each row is looked up in.
  ///
  /// Trivial, so that a row costs no counting of references and no check for overlap. Valid as long as
  /// the table.
  @safe
  struct View {
    fileprivate let table: UnsafeMutablePointer<Table>
    /// What hashes begin with.
    fileprivate let key: UInt64
  }

  /// What each row is looked up in.
  let view: View
  private var count = 0
  private var longTexts = RawValueTable()
  /// What stands for addresses with long spellings, by their codes.
  private var longIdentities: [UInt32] = []
  private var pieces = RawPieces()

  /// Spellings after which all are forgotten; text of an attacker must not fill the memory.
  private static let bound = 1 << 21

  /// Makes an empty table.
  init() {
    let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
    unsafe table.initialize(to: Table(entries: Self.entries(256)))
    unsafe view = View(table: table, key: HashKey.process)
  }

  deinit {
    unsafe table.pointee.entries.deallocate()
    unsafe table.deallocate()
  }

  private static func entries(_ count: Int) -> UnsafeMutablePointer<Entry> {
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: count)
    unsafe entries.initialize(repeating: Entry(), count: count)
    return unsafe entries
  }

  private var table: UnsafeMutablePointer<Table> { unsafe view.table }

  /// Adds the code of a field that has none.
  func add(_ address: RawAddress, _ code: AddressCode) {
    let (entries, mask) = unsafe (table.pointee.entries, table.pointee.mask)
    if count == Self.bound {
      count = 0
      unsafe entries.update(repeating: Entry(), count: mask + 1)
    }
    if count * 3 > mask * 2 {
      unsafe table.pointee.mask = mask * 2 + 1
      unsafe table.pointee.entries = Self.entries(mask * 2 + 2)
      for place in 0...mask where unsafe entries[place].address != .blank {
        unsafe put(entries[place])
      }
      unsafe entries.deallocate()
    }
    count += 1
    put(Entry(address: address, code: code))
  }

  private func put(_ entry: Entry) {
    let (entries, mask) = unsafe (table.pointee.entries, table.pointee.mask)
    var place = Int(entry.address.hash(key: view.key)) & mask
    while unsafe entries[place].address != .blank { place = (place + 1) & mask }
    unsafe entries[place] = entry
  }

  /// The code of a field of any length, which `decode()` gives on first sight.
  func code(
    ofLong field: FieldBytes, _ block: RecordBlock, orDecode decode: () -> AddressCode
  ) -> AddressCode {
    let start = unsafe field.start - block.base
    pieces.ranges.removeAll(keepingCapacity: true)
    pieces.ranges.append(start..<(start + field.count))
    let code = unsafe longTexts.code(of: pieces, at: block.base) {
      let address = decode()
      let missing = Int(address.code) + 1 - longIdentities.count
      if missing > 0 { longIdentities.append(contentsOf: repeatElement(0, count: missing)) }
      longIdentities[Int(address.code)] = address.identity
      return address.code
    }
    return AddressCode(code: code, identity: longIdentities[Int(code)])
  }
}

extension RawAddressTable.View {
  /// The hash of an address, whose place is asked for.
  @inline(__always)
  func hash(of address: RawAddress) -> UInt32 {
    let hash = address.hash(key: key)
    unsafe byte_scan_prefetch(table.pointee.entries + (Int(hash) & table.pointee.mask))
    return hash
  }

  /// The code of a field of up to 15 bytes, at least one, with its hash; `nil` when it has none yet.
  ///
  /// - Complexity: O(1) expected.
  @inline(__always)
  func code(of address: RawAddress, hash: UInt32) -> AddressCode? {
    let mask = unsafe table.pointee.mask
    var place = Int(hash) & mask
    while true {
      let entry = unsafe table.pointee.entries + place
      if unsafe entry.pointee.address == address { return unsafe entry.pointee.code }
      if unsafe entry.pointee.address == .blank { return nil }
      place = (place + 1) & mask
    }
  }
}

/// The bytes of an address field as they stand in the file: up to 15 with their number on top.
struct RawAddress: Hashable, Sendable, BitwiseCopyable {
  private let low: UInt64
  private let high: UInt64

  /// No bytes.
  static let blank = RawAddress(low: 0, high: 0)

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// Reads up to 15 bytes; 16 are readable at `bytes`.
  @inline(__always)
  init(_ bytes: UnsafePointer<UInt8>, count: Int) {
    let raw = unsafe UnsafeRawPointer(bytes)
    let low = unsafe raw.loadUnaligned(as: UInt64.self)
    let length = UInt64(truncatingIfNeeded: count) << 56
    if count <= 8 {
      // A shift by 64 gives zero, which is right for an empty field.
      self.low = low & ~(UInt64.max << UInt64(8 * count))
      self.high = length
    } else {
      let high = unsafe (raw + 8).loadUnaligned(as: UInt64.self)
      self.low = low
      self.high = high & ~(UInt64.max << UInt64(8 * (count - 8))) | length
    }
  }

  @inline(__always)
  static func == (left: Self, right: Self) -> Bool {
    left.low == right.low && left.high == right.high
  }

  /// A hash of the bytes, another with each `key`.
  @inline(__always)
  func hash(key: UInt64) -> UInt32 {
    let product = (low ^ key ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: high ^ key.byteSwapped ^ 0xA076_1D64_78BD_642F)
    return UInt32(truncatingIfNeeded: product.high ^ product.low)
  }
}
