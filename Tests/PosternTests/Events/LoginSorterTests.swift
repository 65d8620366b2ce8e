import Accounts
import Platform
import SalesforceExports
import Testing

@testable import Postern

/// Sorting in bounded memory.
@Suite struct LoginSorterTests {
  private static let user = AccountLedger().user(of: .username("a@example.com"))

  private static func row(_ time: Int64, _ line: Int) -> PickedLogin {
    PickedLogin(
      row: RowReference(
        time: Instant(milliseconds: time), id: .none, address: 0, file: 0, line: UInt64(line)),
      shape: 0, user: user)
  }

  private static func precedes(_ one: PickedLogin, _ other: PickedLogin) -> Bool {
    one.row.time != other.row.time
      ? one.row.time < other.row.time : one.row.line < other.row.line
  }

  private static func lines(_ sorter: LoginSorter, threads: Int) throws -> [UInt64] {
    var merged = try sorter.merged(threads: threads)
    var lines: [UInt64] = []
    while let row = try merged.next() { lines.append(row.row.line) }
    return lines
  }

  @Test(arguments: [1, 2, 3, 5, 40, 1_000, 4_000], [1, 7, 1_000])
  func runsOnDiskGiveTheOrderOfMemory(rowsInMemory: Int, keys: Int64) throws {
    var generator = SystemRandomNumberGenerator()
    let seed = Int64.random(in: 1...1_000_000, using: &generator)
    var state = UInt64(seed)
    // A run is a file: some hundreds of them are enough.
    let rows = (0..<min(1_000, 150 * rowsInMemory)).map { line in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Self.row(Int64(state >> 33) % keys, line)
    }
    let expected = rows.sorted(by: Self.precedes).map(\.row.line)
    for partCount in [1, 2, 5] {
      let sorter = LoginSorter(
        byteCount: rowsInMemory * MemoryLayout<PickedLogin>.stride, partCount: partCount,
        in: TemporaryFolder(besides: []), by: Self.precedes)
      for (number, row) in rows.enumerated() { sorter.part(number % partCount).add(row) }
      #expect(
        try Self.lines(sorter, threads: 3) == expected, "seed \(seed), \(partCount) parts")
    }
  }

  @Test(arguments: [1, 2, 40, 4_000], [1, 2, 3, 8])
  func rowsInNoOrderAreGivenOnce(rowsInMemory: Int, threads: Int) throws {
    let sorter = LoginSorter(
      byteCount: rowsInMemory * MemoryLayout<PickedLogin>.stride, partCount: 3,
      in: TemporaryFolder(besides: []), isOrdered: false, by: Self.precedes)
    let count = min(1_000, 150 * rowsInMemory)
    for line in 0..<count { sorter.part(line % 3).add(Self.row(Int64(line % 7), line)) }
    let given = Locked<[[UInt64]]>((0..<threads).map { _ in [] })
    try sorter.forEachRow(threads: threads) { worker, row in
      given.withLock { $0[worker].append(row.row.line) }
    }
    #expect(given.withLock { $0.flatMap(\.self).sorted() } == (0..<count).map(UInt64.init))
  }

  @Test func nothingGivesNothing() throws {
    let sorter = LoginSorter(partCount: 3, in: TemporaryFolder(besides: []), by: Self.precedes)
    #expect(try Self.lines(sorter, threads: 2).isEmpty)
  }
}
