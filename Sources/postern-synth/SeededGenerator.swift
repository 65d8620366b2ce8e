/// Random numbers that are the same for the same seed on every machine (xoshiro256**).
struct SeededGenerator: RandomNumberGenerator {
  private var state0: UInt64
  private var state1: UInt64
  private var state2: UInt64
  private var state3: UInt64

  /// Starts the sequence of a seed, spread over the state by SplitMix64.
  init(seed: UInt64) {
    var mix = seed
    state0 = Self.splitMix(&mix)
    state1 = Self.splitMix(&mix)
    state2 = Self.splitMix(&mix)
    state3 = Self.splitMix(&mix)
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    let product = state1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state1 << 17
    state2 ^= state0
    state3 ^= state1
    state1 ^= state2
    state0 ^= state3
    state2 ^= shifted
    state3 = (state3 << 45) | (state3 >> 19)
    return result
  }

  /// A number from 0 up to, not including, `bound`.
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
  }

  /// True in `share` of 1,000 calls.
  mutating func perMille(_ share: Int) -> Bool {
    below(1_000) < share
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
