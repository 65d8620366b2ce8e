import TestSupport
import Testing

@testable import Accounts

/// Distinct values by number, against a list that is gone through.
struct NumberedValuesTests {
  @Test(arguments: SeededGenerator.seeds)
  func equalTextsHaveOneNumberAndKeepIt(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var table = NumberedValues<String>()
    var known: [(text: String, hash: UInt32)] = []
    for _ in 0..<3_000 {
      var text = String(repeating: "a", count: random.below(20)) + "\(random.below(120))"
      // One text in two byte sequences that compare as equal characters is two texts.
      if random.below(10) == 0 { text += random.below(2) == 0 ? "\u{E9}" : "e\u{301}" }
      if let first = known.firstIndex(where: { Array($0.text.utf8) == Array(text.utf8) }) {
        #expect(table.number(of: text, known[first].hash) == UInt32(first), "seed \(seed)")
        continue
      }
      // Some hashes are those of other texts.
      let hash = random.below(4) > 0 ? NumberedValues<String>.hash(of: text) : 7
      #expect(table.number(of: text, hash) == UInt32(known.count), "seed \(seed)")
      known.append((text, hash))
    }
    #expect(table.values == known.map(\.text) && known.count > 500, "seed \(seed)")
    // The table has grown often since the first ones came.
    for (number, entry) in known.enumerated() {
      #expect(table.number(of: entry.text, entry.hash) == UInt32(number), "seed \(seed)")
    }
    #expect(table.values.count == known.count, "seed \(seed)")
  }
}
