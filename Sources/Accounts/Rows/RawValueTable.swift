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
    guard starts[entry + 1] - start == lengthBytes + pieces.byteCount else { return false }
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
        var offset = range.lowerBound
        // Eight bytes at a time; the value was copied from bytes like these, so both can be read.
        while offset + 8 <= range.upperBound {
          let one = unsafe UnsafeRawPointer(stored.baseAddress.unsafelyUnwrapped + position)
            .loadUnaligned(as: UInt64.self)
          let other = unsafe UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self)
          if one != other { return false }
          offset += 8
          position += 8
        }
        while offset < range.upperBound {
          if unsafe stored[position] != base[offset] { return false }
          offset += 1
          position += 1
        }
      }
      return true
    }
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

  /// Number of bytes of all stretches.
  var byteCount: Int { ranges.reduce(0) { $0 + $1.count } }

  /// A hash of the bytes and of the lengths, another with each `key`.
  @inline(__always)
  func hash(at base: UnsafePointer<UInt8>, key: UInt64) -> UInt32 {
    var hash = RawHash(key: key)
    for range in ranges { unsafe hash.add(base + range.lowerBound, count: range.count) }
    return hash.value
  }
}
