import Delimited

/// Numbers for the raw bytes of a few columns, so that a tuple is decoded once and not once a row.
///
/// The table forgets everything when it has grown to its bound, so a column with a new value in
/// each row cannot fill the memory.
struct RawTupleTable {
  private static let byteBound = 32 << 20

  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var codes: [UInt32] = []
  private var places = [UInt32](repeating: 0, count: 256)
  private var scratch: [UInt8] = []

  /// The code of the tuple that the columns of a record hold, which `decode()` gives on first sight.
  ///
  /// - Parameter columns: Positions; those below 0 are passed over.
  mutating func code(
    of record: Record, _ columns: [Int], orDecode decode: () -> UInt32
  ) -> UInt32 {
    scratch.removeAll(keepingCapacity: true)
    for column in columns where column >= 0 {
      let field = record[column]
      // The length keeps neighbours apart whatever they hold.
      for shift in [0, 8, 16, 24] {
        scratch.append(UInt8(truncatingIfNeeded: field.count >> shift))
      }
      scratch.append(contentsOf: field)
    }
    var place = Self.hash(scratch) & (places.count - 1)
    while places[place] != 0 {
      let entry = Int(places[place]) - 1
      if isEqual(entry) { return codes[entry] }
      place = (place + 1) & (places.count - 1)
    }
    let code = decode()
    add(code)
    return code
  }

  private func isEqual(_ entry: Int) -> Bool {
    starts[entry + 1] - starts[entry] == scratch.count
      && bytes[starts[entry]..<starts[entry + 1]].elementsEqual(scratch)
  }

  private mutating func add(_ code: UInt32) {
    if bytes.count > Self.byteBound {
      let tuple = scratch
      self = RawTupleTable()
      scratch = tuple
    }
    bytes.append(contentsOf: scratch)
    starts.append(bytes.count)
    codes.append(code)
    if codes.count * 2 > places.count {
      places = [UInt32](repeating: 0, count: places.count * 2)
      for entry in codes.indices {
        occupy(Self.hash(bytes[starts[entry]..<starts[entry + 1]]), UInt32(entry + 1))
      }
    } else {
      occupy(Self.hash(scratch), UInt32(codes.count))
    }
  }

  private mutating func occupy(_ hash: Int, _ entry: UInt32) {
    var place = hash & (places.count - 1)
    while places[place] != 0 { place = (place + 1) & (places.count - 1) }
    places[place] = entry
  }

  /// FNV-1a, folded.
  private static func hash(_ bytes: some Sequence<UInt8>) -> Int {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (state ^ (state >> 32)) & 0x7FFF_FFFF)
  }
}
