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

  /// Minutes as one worker adds them, as two do, and in no order.
  @Test(arguments: SeededGenerator.seeds)
  func hoursAreThoseOfTheMinutes(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for order in 0..<3 {
      var added: [Int64] = []
      for _ in 0..<random.below(3_000) {
        added.append(MinuteCounts.base + Int64(random.below(20_000)))
      }
      added.sort()
      switch order {
      case 0: break
      case 1: added = interleaved(added, &random)
      default: added.shuffle(using: &random)
      }
      let memory = ListAllocator(ChunkArena())
      var minutes = MinuteCounts()
      for minute in added { minutes.add(minute: minute, memory) }
      var sequences = HourSequences()
      var counts: [(minute: Int64, count: Int)] = []
      minutes.appendCounts(to: &counts)
      #expect(counts.reduce(0) { $0 + $1.count } == added.count, "seed \(seed)")
      let expected = AccountFacts.hours(of: counts)
      // Of what was used before nothing is left.
      for _ in 0..<2 {
        guard let found = minutes.hours(&sequences) else {
          #expect(order == 2, "seed \(seed)")
          continue
        }
        #expect(found.map(\.hour) == expected.map(\.hour), "seed \(seed)")
        #expect(found.map(\.count) == expected.map(\.count), "seed \(seed)")
      }
    }
  }

  /// Two ascending parts of what ascends, in one another.
  private func interleaved(_ minutes: [Int64], _ random: inout SeededGenerator) -> [Int64] {
    var parts: [[Int64]] = [[], []]
    for minute in minutes { parts[random.below(2)].append(minute) }
    var result: [Int64] = []
    var next = [0, 0]
    while result.count < minutes.count {
      var part = random.below(2)
      if next[part] == parts[part].count { part = 1 - part }
      let count = min(1 + random.below(40), parts[part].count - next[part])
      result += parts[part][next[part]..<(next[part] + count)]
      next[part] += count
    }
    return result
  }
}
