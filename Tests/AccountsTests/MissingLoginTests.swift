import SalesforceExports
import TestSupport
import Testing

@testable import Accounts

/// Which logins of some the run has no row of.
struct MissingLoginTests {
  @Test(arguments: SeededGenerator.seeds)
  func whatWasNotAddedIsMissing(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let ids = LoginIDSet()
    var added: Set<SalesforceID> = []
    // Dense pages, which become bitmaps, and single Ids far apart.
    for _ in 0..<6 {
      let high = UInt64(random.below(3))
      let start = UInt32(random.below(1 << 20))
      let count = random.below(2) == 0 ? 3 : 4_000
      for low in start..<start + UInt32(count) where random.below(5) > 0 {
        let id = SalesforceID(high: high, low: low)
        added.insert(id)
        ids.insert(count: 1, id: { _ in id }, markCopy: { _ in })
      }
    }
    var asked = Array(added.prefix(3_000))
    for _ in 0..<3_000 {
      asked.append(
        SalesforceID(high: UInt64(random.below(4)), low: UInt32(random.below(1 << 20))))
    }
    if random.below(2) == 0 { asked.sort() }
    let expected = asked.indices.filter { !added.contains(asked[$0]) }
    #expect(ids.missing(count: asked.count) { asked[$0] } == expected, "seed \(seed)")
  }
}
