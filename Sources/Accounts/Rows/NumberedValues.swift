import Platform

/// Distinct values by number, in the order in which they came.
///
/// Whoever looks brings the hash: it can be made before a lock is taken, and a table that grows hashes nothing
/// again.
struct NumberedValues<Value: Sendable>: Sendable {
  /// The values by their numbers.
  private(set) var values: [Value] = []
  private var hashes: [UInt32] = []
  /// Numbers plus one, at the place of the hash or behind it; 0 where none is.
  private var places = [UInt32](repeating: 0, count: 64)

  /// Holds nothing.
  init() {}

  /// The number of a value; `nil` when it was not added.
  ///
  /// - Parameters:
  ///   - hash: Equal for equal values.
  ///   - isSame: Whether a value is the one that is looked for.
  /// - Complexity: O(1) expected.
  @inline(__always)
  func number(_ hash: UInt32, where isSame: (Value) -> Bool) -> UInt32? {
    var place = Int(hash) & (places.count - 1)
    while places[place] > 0 {
      let number = places[place] - 1
      if hashes[Int(number)] == hash, isSame(values[Int(number)]) { return number }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  /// Adds a value that was not found, with its hash.
  ///
  /// - Returns: Its number.
  /// - Complexity: O(1) amortised.
  mutating func add(_ value: Value, _ hash: UInt32) -> UInt32 {
    let number = UInt32(values.count)
    values.append(value)
    hashes.append(hash)
    if 2 * values.count > places.count {
      places = [UInt32](repeating: 0, count: 2 * places.count)
      for number in hashes.indices { occupy(hashes[number], UInt32(number)) }
    } else {
      occupy(hash, number)
    }
    return number
  }

  private mutating func occupy(_ hash: UInt32, _ number: UInt32) {
    var place = Int(hash) & (places.count - 1)
    while places[place] > 0 { place = (place + 1) & (places.count - 1) }
    places[place] = number + 1
  }
}

extension NumberedValues<String> {
  /// A hash of a text's bytes.
  ///
  /// - Complexity: O(*n*).
  static func hash(of text: String) -> UInt32 {
    let bytes = text.utf8.span
    var hash = RawHash()
    hash.add(UInt64(bytes.count))
    var position = 0
    while position < bytes.count {
      // Words of eight bytes, the last one of what is left.
      var word: UInt64 = 0
      let end = min(position + 8, bytes.count)
      while position < end {
        word = word << 8 | UInt64(bytes[position])
        position += 1
      }
      hash.add(word)
    }
    return hash.value
  }

  /// The number of a text, which is added on first sight.
  ///
  /// - Complexity: O(*n*) in its bytes.
  mutating func number(of text: String, _ hash: UInt32) -> UInt32 {
    number(hash) { $0.hasBytes(of: text) } ?? add(text, hash)
  }
}
