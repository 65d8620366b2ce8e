import TestSupport
import Testing

@testable import Accounts

/// Distinct values by number, against a list that is gone through.
struct NumberedValuesTests {
  @Test(arguments: SeededGenerator.seeds)
  func equalTextsHaveOneNumberAndKeepIt(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var table = NumberedValues<String>()
    var known: [String] = []
    for _ in 0..<3_000 {
      let length = random.below(20)
      // One text in two byte sequences that compare as equal characters is two texts.
      var text = String(repeating: "a", count: length) + "\(random.below(120))"
      if random.below(10) == 0 { text += random.below(2) == 0 ? "\u{E9}" : "e\u{301}" }
      // Some hashes are those of other texts.
      let hash = random.below(2) == 0 ? NumberedValues<String>.hash(of: text) : 7
      let first = known.firstIndex { Array($0.utf8) == Array(text.utf8) }
      if let first {
        // Found by the hash with which it came alone.
        let own = NumberedValues<String>.hash(of: text)
        let found = table.number(own) { Array($0.utf8) == Array(text.utf8) }
        #expect(found == nil || found == UInt32(first), "seed \(seed)")
        continue
      }
      #expect(table.number(of: text, hash) == UInt32(known.count), "seed \(seed)")
      known.append(text)
      #expect(table.number(of: text, hash) == UInt32(known.count - 1), "seed \(seed)")
    }
    #expect(table.values == known && known.count > 500, "seed \(seed)")
  }
}
