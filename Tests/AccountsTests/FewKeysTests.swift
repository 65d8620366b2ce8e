import Platform
import Testing

/// Dictionaries that mostly have few keys.
struct FewKeysTests {
  @Test func fewAndManyKeysAreToldAlike() {
    var sums = FewKeys<Int, Int>()
    var expected: [Int: Int] = [:]
    // Beyond the keys that are compared one by one, and each of them several times.
    for step in 0..<1_000 {
      let key = step * 7 % 101
      sums.update(key, from: 100) { $0 += step }
      expected[key, default: 100] += step
      #expect(sums[key] == expected[key])
    }
    #expect(sums.entries.count == 101)
    #expect(sums.entries.allSatisfy { expected[$0.key] == $0.value })
    #expect(sums[101] == nil && !sums.contains(-1))
  }

  @Test func keysStandInTheOrderInWhichTheyCame() {
    var keys = FewKeys<String, Void>()
    let names = (0..<40).map { "network \($0 * 13 % 40)" }
    for name in names + names { keys.insert(name) }
    #expect(keys.entries.map(\.key) == names)
    #expect(keys.contains("network 39") && !keys.contains("network 40"))
  }
}
