/// A small generator of random numbers that gives the same sequence for the same seed everywhere
/// (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A number below `bound`, which is positive.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True in `percent` of 100 cases.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// Record ids: a prefix, a part that an org's records share, and a counter in base 62.
enum SyntheticID {
  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// The 18 characters: the last three are the checksum of the case of the others.
  static func bytes(prefix: String, _ number: Int) -> [UInt8] {
    var id = Array(prefix.utf8) + Array("Hn00000".utf8)
    var rest = number
    var counter = [UInt8](repeating: 0x30, count: 15 - id.count)
    for index in counter.indices.reversed() {
      counter[index] = digits[rest % 62]
      rest /= 62
    }
    id += counter
    for chunk in 0..<3 {
      var bits = 0
      for index in 0..<5 {
        let byte = id[chunk * 5 + index]
        if byte >= 0x41, byte <= 0x5A { bits |= 1 << index }
      }
      id.append(bits < 26 ? 0x41 + UInt8(bits) : 0x30 + UInt8(bits - 26))
    }
    return id
  }

  static func text(prefix: String, _ number: Int) -> String {
    String(decoding: bytes(prefix: prefix, number), as: UTF8.self)
  }
}
