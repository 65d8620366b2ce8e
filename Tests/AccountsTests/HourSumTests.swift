import TestSupport
import Testing

@testable import Accounts

/// API attempts by hour, summed up from those by minute.
struct HourSumTests {
  @Test(arguments: SeededGenerator.seeds)
  func eachMinuteCountsInItsHour(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    // Minutes before 1970 too, where dividing rounds the other way.
    var counts: [Int64: Int] = [:]
    for _ in 0..<random.below(200) {
      counts[Int64(random.below(2_000)) - 1_000, default: 0] += 1 + random.below(5)
    }
    let minutes = counts.sorted { $0.key < $1.key }.map { (minute: $0.key, count: $0.value) }
    var expected: [Int64: Int] = [:]
    for (minute, count) in minutes {
      expected[Int64((Double(minute) / 60).rounded(.down)), default: 0] += count
    }
    let found = AccountFacts.hours(of: minutes)
    #expect(found.map(\.hour) == expected.keys.sorted(), "seed \(seed)")
    #expect(found.allSatisfy { expected[$0.hour] == $0.count }, "seed \(seed)")
  }
}
