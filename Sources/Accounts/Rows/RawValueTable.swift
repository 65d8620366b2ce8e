import Delimited
import Platform

/// Numbers for raw bytes of a file, so that a value is decoded once and not once a row.
///
/// The bytes are compared whole, and so are the lengths of the pieces, since `ab` `c` is another value
/// than `a` `bc`. The table forgets everything when it has grown to its bound, so a
/// column with a new value in each row cannot fill the memory.
struct RawValueTable {
  private static let byteBound = 64 << 20

  private let key: UInt64
  /// Of each value the lengths of its pieces, four bytes each, and then the pieces.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var borders: [UInt64] = []
  private var hashes: [UInt32] = []
  private var codes: [UInt32] = []
  private var places = [UInt32](repeating: 0, count: 256)

  /// Makes an empty table.
  ///
  /// - Parameter key: What hashes begin with.
  init(key: UInt64 = HashKey.process) { self.key = key }

  /// The code of the value that `pieces` of memory form, which `decode()` gives on first sight.
  ///
  /// - Complexity: O(1) expected, and O(*n*) in the bytes of the value.
  @inline(__always)
  mutating func code(
    of pieces: RawPieces, at base: UnsafePointer<UInt8>, orDecode decode: () -> UInt32
  ) -> UInt32 {
    let hash = unsafe pieces.hash(at: base, key: key)
    var place = Int(hash) & (places.count - 1)
    while true {
      let entry = Int(places[place])
      if entry == 0 { break }
      if hashes[entry - 1] == hash, unsafe isEqual(entry - 1, pieces, base) {
        return codes[entry - 1]
      }
      place = (place + 1) & (places.count - 1)
    }
    let code = decode()
    unsafe add(pieces, at: base, hash: hash, code: code)
    return code
  }

  private func isEqual(
    _ entry: Int, _ pieces: RawPieces, _ base: UnsafePointer<UInt8>
  ) -> Bool {
    let start = starts[entry]
    let lengthBytes = 4 * pieces.ranges.count
    guard starts[entry + 1] - start == lengthBytes + pieces.byteCount,
      borders[entry] == pieces.borders
    else { return false }
    return unsafe bytes.withUnsafeBufferPointer { stored in
      var length = start
      for range in pieces.ranges {
        let count = unsafe UnsafeRawPointer(stored.baseAddress.unsafelyUnwrapped + length)
          .loadUnaligned(as: UInt32.self)
        if Int(count) != range.count { return false }
        length += 4
      }
      var position = length
      for range in pieces.ranges {
        let isSame = unsafe Self.isEqual(
          stored.baseAddress.unsafelyUnwrapped + position, base + range.lowerBound, range.count)
        if !isSame { return false }
        position += range.count
      }
      return true
    }
  }

  /// Whether as many bytes at two places are the same; eight at a time, the last of which may be looked at twice.
  @inline(__always)
  private static func isEqual(
    _ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    let (one, other) = unsafe (UnsafeRawPointer(one), UnsafeRawPointer(other))
    @inline(__always) func isSame<Word: FixedWidthInteger & BitwiseCopyable>(
      _ word: Word.Type, at offset: Int
    ) -> Bool {
      unsafe (one + offset).loadUnaligned(as: word) == (other + offset).loadUnaligned(as: word)
    }
    if count >= 8 {
      var offset = 0
      while offset + 8 < count {
        if !isSame(UInt64.self, at: offset) { return false }
        offset += 8
      }
      return isSame(UInt64.self, at: count - 8)
    }
    if count >= 4 { return isSame(UInt32.self, at: 0) && isSame(UInt32.self, at: count - 4) }
    for offset in 0..<count where !isSame(UInt8.self, at: offset) { return false }
    return true
  }

  private mutating func add(
    _ pieces: RawPieces, at base: UnsafePointer<UInt8>, hash: UInt32, code: UInt32
  ) {
    if bytes.count > Self.byteBound { self = RawValueTable(key: key) }
    for range in pieces.ranges {
      let count = UInt32(range.count)
      for shift in [0, 8, 16, 24] as [UInt32] {
        bytes.append(UInt8(truncatingIfNeeded: count >> shift))
      }
    }
    for range in pieces.ranges {
      unsafe bytes.append(
        contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
    starts.append(bytes.count)
    borders.append(pieces.borders)
    hashes.append(hash)
    codes.append(code)
    if codes.count * 2 > places.count {
      places = [UInt32](repeating: 0, count: places.count * 2)
      for (index, hash) in hashes.enumerated() { occupy(hash, UInt32(index + 1)) }
    } else {
      occupy(hash, UInt32(codes.count))
    }
  }

  private mutating func occupy(_ hash: UInt32, _ entry: UInt32) {
    var place = Int(hash) & (places.count - 1)
    while places[place] != 0 { place = (place + 1) & (places.count - 1) }
    places[place] = entry
  }
}

/// Stretches of a record's bytes that together are one value.
struct RawPieces {
  /// Offsets from the block's base.
  var ranges: [Range<Int>] = []
  /// Where fields end inside the one stretch that holds them, sixteen bits each; 0 where each has its own.
  private(set) var borders: UInt64 = 0

  /// Takes fields of a record; each column must exist.
  ///
  /// Two to four neighbours are one stretch, so that it is hashed and compared at once.
  @inline(__always)
  mutating func take(_ columns: [Int], of record: Int, in block: RecordBlock) {
    borders = 0
    if let first = columns.first, let last = columns.last, (2...4).contains(columns.count),
      columns.indices.allSatisfy({ columns[$0] == first + $0 })
    {
      let start = block.fieldStart(record, first)
      let end = block.fieldEnd(record, last)
      if end - start < 1 << 16 {
        for column in columns {
          borders = borders << 16 | UInt64(block.fieldEnd(record, column) - start)
        }
        if ranges.count == 1 { ranges[0] = start..<end } else { ranges = [start..<end] }
        return
      }
    }
    if ranges.count != columns.count {
      ranges = [Range<Int>](repeating: 0..<0, count: columns.count)
    }
    for place in columns.indices {
      let column = columns[place]
      ranges[place] = block.fieldStart(record, column)..<block.fieldEnd(record, column)
    }
  }

  /// Number of bytes of all stretches.
  var byteCount: Int { ranges.reduce(0) { $0 + $1.count } }

  /// A hash of the bytes and of the lengths, another with each `key`.
  @inline(__always)
  func hash(at base: UnsafePointer<UInt8>, key: UInt64) -> UInt32 {
    var hash = RawHash(key: key)
    if borders != 0 { hash.add(borders) }
    for range in ranges { unsafe hash.add(base + range.lowerBound, count: range.count) }
    return hash.value
  }
}
