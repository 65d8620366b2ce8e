import SalesforceExports
import Testing

@testable import Postern

/// Sorting in bounded memory.
@Suite struct LoginSorterTests {
  private static func row(_ time: Int64, _ line: Int) -> PackedLogin {
    PackedLogin(
      time: Instant(milliseconds: time), id: .none, line: UInt64(line), address: 0, shape: 0,
      account: 0, file: 0, verdict: 0, isCopy: false)
  }

  private static func precedes(_ one: PackedLogin, _ other: PackedLogin) -> Bool {
    one.time != other.time ? one.time < other.time : one.line < other.line
  }

  @Test(arguments: [1, 2, 3, 5, 40, 1_000, 4_000], [1, 7, 1_000])
  func runsOnDiskGiveTheOrderOfMemory(rowsInMemory: Int, keys: Int64) throws {
    var generator = SystemRandomNumberGenerator()
    let seed = Int64.random(in: 1...1_000_000, using: &generator)
    var state = UInt64(seed)
    let rows = (0..<1_000).map { line in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Self.row(Int64(state >> 33) % keys, line)
    }
    let sorter = LoginSorter(
      byteCount: rowsInMemory * MemoryLayout<PackedLogin>.stride,
      in: TemporaryFolder(besides: []), by: Self.precedes)
    for row in rows { try sorter.add(row) }
    var sorted: [UInt64] = []
    try sorter.deliver { sorted.append($0.line) }
    #expect(sorted == rows.sorted(by: Self.precedes).map(\.line), "seed \(seed)")
  }

  @Test func nothingGivesNothing() throws {
    let sorter = LoginSorter(in: TemporaryFolder(besides: []), by: Self.precedes)
    var count = 0
    try sorter.deliver { _ in count += 1 }
    #expect(count == 0)
  }

  @Test func anErrorOfTheReaderComesThrough() throws {
    struct Stop: Error {}
    let sorter = LoginSorter(
      byteCount: 100, in: TemporaryFolder(besides: []), by: Self.precedes)
    for line in 0..<10 { try sorter.add(Self.row(0, line)) }
    #expect(throws: Stop.self) { try sorter.deliver { _ in throw Stop() } }
  }
}
