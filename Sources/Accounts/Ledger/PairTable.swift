/// A hash table from a pair of numbers to a value, kept flat: no object per entry.
///
/// The ledger asks it once or twice a row, with (account, code) as key; most of its entries stay in
/// the processor's cache because it holds nothing but keys and numbers of values.
package struct PairTable<Value> {
  /// Keys in the order of first sight; the first number is the higher half.
  package private(set) var keys: [UInt64] = []
  /// Values by the same index.
  package var values: [Value] = []
  /// Index of an entry plus one, or zero for a free place; a power of two long.
  private var places: [UInt32] = [UInt32](repeating: 0, count: 64)
  private var mask: Int = 63

  /// Makes an empty table.
  package init() {}

  /// Number of entries.
  package var count: Int { keys.count }

  /// The first number of the key of an entry.
  package func first(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: keys[index] >> 32) }

  /// The second number of the key of an entry.
  package func second(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: keys[index]) }

  /// Index of the entry of a key, which is added with `makeValue()` on first sight.
  ///
  /// - Complexity: O(1) expected.
  @inline(__always)
  package mutating func index(
    of first: UInt32, _ second: UInt32, orAdd makeValue: () -> Value
  ) -> Int {
    let key = UInt64(first) << 32 | UInt64(second)
    var place = Self.hash(key) & mask
    while true {
      let entry = Int(places[place])
      if entry == 0 { break }
      if keys[entry - 1] == key { return entry - 1 }
      place = (place + 1) & mask
    }
    keys.append(key)
    values.append(makeValue())
    places[place] = UInt32(keys.count)
    if keys.count * 2 > places.count { grow() }
    return keys.count - 1
  }

  private mutating func grow() {
    mask = places.count * 2 - 1
    places = [UInt32](repeating: 0, count: mask + 1)
    for (index, key) in keys.enumerated() {
      var place = Self.hash(key) & mask
      while places[place] != 0 { place = (place + 1) & mask }
      places[place] = UInt32(index + 1)
    }
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    let product = key.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }
}

extension PairTable: Sendable where Value: Sendable {}
