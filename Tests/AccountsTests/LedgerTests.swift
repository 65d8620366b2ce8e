import SalesforceExports
import TestSupport
import Testing

@testable import Accounts

/// The law of the ledger: a commutative monoid (docs/ARCHITECTURE.md).
@Suite struct LedgerTests {
  private struct Row {
    let account: AccountKey
    let shape: LoginShape
    let address: String
    let row: RowReference
  }

  private static func rows(seed: UInt64, count: Int) -> [Row] {
    var random = SeededGenerator(seed: seed)
    let shapes = ["Application", "Remote Access 2.0", "Partner Product", "Odd"].flatMap { type in
      ["Success", "Invalid Password", "Multi-factor required"].map { status in
        LoginShape(
          fields: ShapeField.allCases.map { field in
            switch field {
            case .type: type
            case .status: status
            case .browser: "Chrome 126"
            default: ""
            }
          }, kind: .loginHistory)
      }
    }
    return (0..<count).map { index in
      let account: AccountKey =
        random.below(10) == 0
        ? .username("user\(random.below(4))@example.com")
        : .id(SalesforceID(high: 5 << 54, low: UInt32(random.below(9))))
      let hasID = random.below(5) > 0
      return Row(
        account: account, shape: shapes[random.below(shapes.count)],
        address: random.below(6) == 0 ? "" : "192.0.2.\(random.below(7))",
        row: RowReference(
          time: Instant(milliseconds: 1_770_000_000_000 + Int64(random.below(9_000_000)) * 1_000),
          id: hasID ? .counting(index) : .none, address: 0,
          file: UInt32(random.below(3)), line: UInt64(index + 2)))
    }
  }

  private static func ledger(_ rows: some Sequence<Row>) -> AccountLedger {
    let ledger = AccountLedger()
    for row in rows {
      var reference = row.row
      reference.address = ledger.code(ofAddress: row.address)
      let account = ledger.account(row.account)
      let shape = ledger.code(of: row.shape)
      ledger.record(account: account, shape: shape, row: reference)
      if !row.row.id.isNone, row.row.id.low % 3 == 0 { ledger.noteJoined(row.row.id) }
    }
    return ledger
  }

  /// What a ledger file holds of a ledger: the same bytes for equal ledgers.
  private static func bytes(of ledger: AccountLedger) -> [UInt8] {
    var writer = LedgerWriter()
    ledger.write(to: &writer)
    return writer.bytes
  }

  private static func read(_ bytes: [UInt8]) throws -> AccountLedger {
    var reader = LedgerReader(bytes: bytes)
    return try AccountLedger(from: &reader)
  }

  @Test(arguments: SeededGenerator.seeds)
  func rowsOfAnEarlierRunAreMovedAndProvenWhereverTheyAreMerged(seed: UInt64) {
    let rows = Self.rows(seed: seed, count: 400)
    // Codes of the ledgers that they go through differ.
    let second = AccountLedger()
    for number in 0..<9 { _ = second.code(ofAddress: "198.51.100.\(number)") }
    for row in rows.suffix(3) {
      _ = second.code(of: row.shape)
      _ = second.account(row.account)
    }
    second.merge(
      Self.ledger(rows),
      LedgerRelocation(files: [4, 1, 7]) { $0.low % 2 == 0 ? .standard : .none }, threads: 3)
    let third = AccountLedger()
    _ = third.code(ofAddress: "203.0.113.1")
    third.merge(
      second,
      LedgerRelocation(files: [9, 3, 9, 9, 0, 9, 9, 5]) { $0.low % 3 == 0 ? .identityOnly : .none })
    struct Seen: Hashable {
      let account: AccountKey
      let shape: LoginShape
      let address: String
      let row: RowReference
      let proof: VerificationProof
    }
    var expected: [Seen: Int] = [:]
    for row in rows where row.shape.door != .api || row.shape.outcome != .succeeded {
      var proof = VerificationProof.none
      let isHumanSuccess = row.shape.door == .human && row.shape.outcome == .succeeded
      if isHumanSuccess || row.shape.outcome == .pending {
        if row.row.id.low % 2 == 0 { proof.formUnion(.standard) }
        if row.row.id.low % 3 == 0 { proof.formUnion(.identityOnly) }
      }
      let moved = RowReference(
        time: row.row.time, id: row.row.id, address: 0, file: [0, 3, 5][Int(row.row.file)],
        line: row.row.line)
      let seen = Seen(
        account: row.account, shape: row.shape, address: row.address, row: moved, proof: proof)
      expected[seen, default: 0] += 1
    }
    var found: [Seen: Int] = [:]
    for account in third.accountNumbers {
      third.forEachLoggedRow(ofAccount: account) { login in
        var row = login.row
        row.address = 0
        let seen = Seen(
          account: third.key(of: account), shape: third.shapes[Int(login.shape)],
          address: third.addresses[Int(login.row.address)], row: row, proof: login.proof)
        found[seen, default: 0] += 1
      }
    }
    #expect(found == expected, "seed \(seed)")
  }

  @Test(arguments: [1, 2, 3, 5, 8] as [UInt64])
  func anyOrderOfRowsGivesTheSameLedger(seed: UInt64) {
    let rows = Self.rows(seed: seed, count: 400)
    var random = SeededGenerator(seed: seed &+ 99)
    let shuffled = rows.shuffled(using: &random)
    #expect(
      Self.bytes(of: Self.ledger(rows)) == Self.bytes(of: Self.ledger(shuffled)), "seed \(seed)")
  }

  @Test(arguments: [1, 2, 3, 5, 8] as [UInt64])
  func anySplitMergedInAnyOrderGivesTheSameLedger(seed: UInt64) {
    let rows = Self.rows(seed: seed, count: 400)
    var random = SeededGenerator(seed: seed &+ 7)
    var parts = [[Row]](repeating: [], count: 4)
    for row in rows { parts[random.below(4)].append(row) }
    let ledgers = parts.map { Self.ledger($0) }
    let whole = Self.bytes(of: Self.ledger(rows))
    let left = AccountLedger()
    for ledger in ledgers { left.merge(ledger) }
    let right = Self.ledger(parts[3])
    let pair = Self.ledger(parts[2])
    pair.merge(ledgers[0])
    right.merge(ledgers[1])
    right.merge(pair)
    #expect(Self.bytes(of: left) == whole, "seed \(seed)")
    #expect(Self.bytes(of: right) == whole, "seed \(seed)")
  }

  /// Enough accounts for several threads, and some whose lists outgrow the memory that they share:
  /// here, there, or only together.
  @Test(arguments: [1, 4] as [UInt64])
  func anyNumberOfThreadsMergesToTheSameLedger(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let base = Self.rows(seed: seed, count: 60)
    let rows = (0..<24_000).map { index -> Row in
      let old = base[random.below(base.count)].row
      let row = RowReference(
        time: old.time, id: old.id, address: 0, file: old.file, line: UInt64(index + 2))
      let wide = index % 2 == 0
      return Row(
        account: .id(
          SalesforceID(high: 5 << 54, low: UInt32(wide ? random.below(3) : 3 + random.below(4_000)))
        ),
        shape: base[random.below(base.count)].shape,
        address: wide
          ? "198.18.\(random.below(12)).\(random.below(256))" : "192.0.2.\(random.below(7))",
        row: row)
    }
    let whole = Self.bytes(of: Self.ledger(rows))
    // A third of the wide accounts' rows come with the first part, the rest with the second.
    let parts = [rows[..<8_000], rows[8_000...]]
    for threads in [1, 2, 5] {
      let merged = AccountLedger()
      for part in parts { merged.merge(Self.ledger(part), threads: threads) }
      #expect(Self.bytes(of: merged) == whole, "seed \(seed), \(threads) threads")
    }
  }

  @Test func theEmptyLedgerChangesNothing() {
    let ledger = Self.ledger(Self.rows(seed: 4, count: 50))
    let left = AccountLedger()
    left.merge(ledger)
    let whole = Self.bytes(of: ledger)
    let right = Self.ledger(Self.rows(seed: 4, count: 50))
    right.merge(AccountLedger())
    #expect(Self.bytes(of: left) == whole)
    #expect(Self.bytes(of: right) == whole)
  }

  @Test(arguments: [1, 6] as [UInt64])
  func aLedgerReadsBackAsItWasWritten(seed: UInt64) throws {
    let written = Self.bytes(of: Self.ledger(Self.rows(seed: seed, count: 300)))
    let read = try Self.read(written)
    #expect(Self.bytes(of: read) == written)
  }

  @Test func aDamagedLedgerIsRefusedOrIsStillALedger() throws {
    let written = Self.bytes(of: Self.ledger(Self.rows(seed: 12, count: 60)))
    #expect(throws: LedgerError.self) { try Self.read([]) }
    for cut in stride(from: 0, to: written.count, by: 17) {
      #expect(throws: LedgerError.self) { try Self.read(Array(written[..<cut])) }
    }
    var random = SeededGenerator(seed: 77)
    for _ in 0..<1_500 {
      var damaged = written
      damaged[random.below(written.count)] ^= UInt8(1 + random.below(255))
      // What can still be read is a ledger like any other.
      guard let ledger = try? Self.read(damaged) else { continue }
      let again = Self.bytes(of: ledger)
      #expect(try Self.bytes(of: Self.read(again)) == again)
    }
  }
}
