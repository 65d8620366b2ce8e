import Accounts
import SalesforceExports
import TestSupport
import Testing

@Suite struct CountingTests {
  @Test(arguments: [3, 14, 159] as [UInt64])
  func minutesEqualADictionaryInAnyOrder(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let ledger = AccountLedger()
    let other = AccountLedger()
    var expected: [Int64: Int] = [:]
    for _ in 0..<5_000 {
      // Beyond 25 bits and before 2000 too, and often enough in one minute to fill an entry.
      let minute: Int64 =
        random.below(50) == 0
        ? Int64(random.below(100)) : 29_500_000 + Int64(random.below(30) * random.below(60))
      Self.record(minute, into: random.below(3) == 0 ? other : ledger)
      expected[minute, default: 0] += 1
    }
    ledger.merge(other)
    let found = ledger.apiMinutes(of: Int(ledger.account(.id(SalesforceID(high: 1, low: 1)))))
    #expect(found.map(\.minute) == expected.keys.sorted(), "seed \(seed)")
    #expect(found.allSatisfy { expected[$0.minute] == $0.count }, "seed \(seed)")
  }

  @Test(arguments: SeededGenerator.seeds)
  func minutesOutOfOrderAreSortedWhateverYearsTheySpan(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    // From an hour to all 25 bits.
    let span = 60 << random.below(19)
    let ledger = AccountLedger()
    var expected: [Int64: Int] = [:]
    for _ in 0..<(200 + random.below(600)) {
      let minute = 15_778_080 + Int64(random.below(span))
      Self.record(minute, into: ledger)
      expected[minute, default: 0] += 1
    }
    let found = ledger.apiMinutes(of: Int(ledger.account(.id(SalesforceID(high: 1, low: 1)))))
    #expect(found.map(\.minute) == expected.keys.sorted(), "seed \(seed)")
    #expect(found.allSatisfy { expected[$0.minute] == $0.count }, "seed \(seed)")
  }

  /// Times of up to three workers that each come in order, a few of one and then a few of another.
  private static func times(
    ofWorkers count: Int, _ random: inout SeededGenerator, step: Int
  ) -> [Int64] {
    var last = [Int64](repeating: 1_770_000_000_000, count: count)
    var times: [Int64] = []
    for _ in 0..<(20 + random.below(300)) {
      let worker = random.below(count)
      for _ in 0..<(1 + random.below(6)) {
        last[worker] += Int64(random.below(step))
        times.append(last[worker])
      }
    }
    return times
  }

  @Test(arguments: SeededGenerator.seeds, [2, 3])
  func minutesOfWorkersThatAddInTurnAreCountedEach(seed: UInt64, workers: Int) {
    var random = SeededGenerator(seed: seed)
    let ledger = AccountLedger()
    var expected: [Int64: Int] = [:]
    for time in Self.times(ofWorkers: workers, &random, step: 1 << (10 + random.below(10))) {
      Self.record(time / 60_000, into: ledger)
      expected[time / 60_000, default: 0] += 1
    }
    let found = ledger.apiMinutes(of: Int(ledger.account(.id(SalesforceID(high: 1, low: 1)))))
    #expect(found.map(\.minute) == expected.keys.sorted(), "seed \(seed)")
    #expect(found.allSatisfy { expected[$0.minute] == $0.count }, "seed \(seed)")
  }

  @Test(arguments: SeededGenerator.seeds, [2, 3])
  func rowsOfWorkersThatAddInTurnAreJudgedInOrder(seed: UInt64, workers: Int) {
    var random = SeededGenerator(seed: seed)
    let ledger = AccountLedger()
    let fields: [String?] = ShapeField.allCases.map {
      $0 == .type ? "Application" : $0 == .status ? "Invalid Password" : nil
    }
    let shape = ledger.code(of: LoginShape(fields: fields, kind: .loginHistory))
    let account = ledger.account(.id(SalesforceID(high: 1, low: 1)))
    let times = Self.times(ofWorkers: workers, &random, step: 3)
    for (number, time) in times.enumerated() {
      ledger.record(
        account: account, shape: shape,
        row: RowReference(
          time: Instant(milliseconds: time), id: SalesforceID(high: 2, low: UInt32(number)),
          address: 0, file: 0, line: UInt64(number + 1)))
    }
    let judgement = Judgement(
      ledger: ledger, snapshots: Snapshots(), verifications: nil,
      statements: AccountOverrides(), evaluationTime: Instant(milliseconds: 0))
    let found = judgement.results(threads: 1) { $0.logins.map(\.row) }.flatMap { $0 }
    // Of two rows of one time the lower Id comes first, which is that of the one added first.
    let expected = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    #expect(found.map { Int($0.id.low) } == expected, "seed \(seed)")
    #expect(found.map(\.time.milliseconds) == expected.map { times[$0] }, "seed \(seed)")
  }

  /// What a ledger was given of a logged row, but for its account.
  private struct WrittenLogin: Equatable {
    let shape: UInt32
    let row: RowReference
    let disposition: RowDisposition
    let proof: VerificationProof
  }

  @Test(arguments: SeededGenerator.seeds)
  func loggedRowsAreReadAsTheyWereWrittenAlsoFromAMergedLedger(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let ledger = AccountLedger()
    let other = AccountLedger()
    var shapes: [UInt32] = []
    for number in 0..<300 {
      let fields: [String?] = ShapeField.allCases.map {
        switch $0 {
        case .type: "Application"
        case .status: "Invalid Password"
        case .browser: "Browser \(number)"
        default: nil
        }
      }
      let shape = LoginShape(fields: fields, kind: .loginHistory)
      shapes.append(ledger.code(of: shape))
      // Codes in the other ledger are the same, so that rows can be held beside one another.
      #expect(other.code(of: shape) == shapes[number])
      #expect(
        ledger.code(ofAddress: "192.0.2.\(number)") == other.code(ofAddress: "192.0.2.\(number)"))
    }
    let keys = (0..<4).map { AccountKey.id(SalesforceID(high: 1, low: UInt32($0))) }
    var expected: [AccountKey: [WrittenLogin]] = [:]
    var merged: [AccountKey: [WrittenLogin]] = [:]
    for _ in 0..<(1 + random.below(2_000)) {
      let key = keys[random.below(keys.count)]
      let isMerged = random.below(3) == 0
      let target = isMerged ? other : ledger
      // Steps of all lengths, seconds and fractions, far back and ahead.
      let step = Int64(bitPattern: random.next()) >> Int64(24 + random.below(40))
      let high = random.below(4) == 0 ? random.next() >> 5 : 7
      let login = WrittenLogin(
        shape: shapes[random.below(300)],
        row: RowReference(
          time: Instant(
            milliseconds: random.below(2) == 0
              ? step : 1_770_000_000_000 + Int64(random.below(100_000)) * 1_000),
          id: random.below(9) == 0
            ? .none : SalesforceID(high: high, low: UInt32(random.below(1 << 30))),
          address: UInt32(random.below(300)), file: UInt32(random.below(1 << 24)),
          line: random.next() >> UInt64(24 + random.below(40))),
        disposition: [.counted, .copy, .neighbour][random.below(3)],
        proof: VerificationProof(rawValue: UInt16(random.next() >> UInt64(48 + random.below(17)))))
      target.record(
        account: target.account(key), shape: login.shape, row: login.row,
        disposition: login.disposition, proof: login.proof)
      if isMerged {
        merged[key, default: []].append(login)
      } else {
        expected[key, default: []].append(login)
      }
    }
    ledger.merge(other)
    for key in keys {
      let account = ledger.account(key)
      var found: [WrittenLogin] = []
      ledger.forEachLoggedRow(ofAccount: Int(account)) { login in
        #expect(login.account == account, "seed \(seed)")
        found.append(
          WrittenLogin(
            shape: login.shape, row: login.row, disposition: login.disposition,
            proof: login.proof))
      }
      #expect(found == (expected[key] ?? []) + (merged[key] ?? []), "seed \(seed)")
    }
  }

  @Test(arguments: [false, true])
  func anOpenRowIsOfTheFileInWhichItComesFirst(isReadFirst: Bool) {
    let ledger = AccountLedger()
    let fields: [String?] = ShapeField.allCases.map {
      $0 == .type ? "Telepathy" : $0 == .status ? "Whatever" : nil
    }
    let shape = ledger.code(of: LoginShape(fields: fields, kind: .loginHistory))
    let account = ledger.account(.id(SalesforceID(high: 1, low: 1)))
    // Two files hold the row; workers may have read either before the other.
    for (file, disposition) in [
      (UInt32(isReadFirst ? 0 : 1), RowDisposition.counted), (isReadFirst ? 1 : 0, .copy),
    ] {
      ledger.record(
        account: account, shape: shape,
        row: RowReference(
          time: Instant(milliseconds: 1_770_000_000_000), id: SalesforceID(high: 2, low: 3),
          address: 0, file: file, line: 7), disposition: disposition)
    }
    let judgement = Judgement(
      ledger: ledger, snapshots: Snapshots(), verifications: nil,
      statements: AccountOverrides(), evaluationTime: Instant(milliseconds: 0))
    let rows = judgement.openRows(threads: 1)
    #expect(rows.unclassed == [0: 1] && rows.withoutOutcome == [0: 1])
  }

  @Test(arguments: SeededGenerator.seeds)
  func accountsComeInTheOrderOfTheirKeysEachOnce(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let ledger = AccountLedger()
    var keys: Set<AccountKey> = []
    for _ in 0..<200 {
      let key: AccountKey =
        random.below(3) == 0
        ? .username("user\(random.below(40))@example.com")
        : .id(SalesforceID(high: UInt64(random.below(3)), low: UInt32(random.below(1 << 30))))
      keys.insert(key)
      Self.record(29_500_000 + Int64(random.below(100)), into: ledger, key)
    }
    let judgement = Judgement(
      ledger: ledger, snapshots: Snapshots(), verifications: nil,
      statements: AccountOverrides(), evaluationTime: Instant(milliseconds: 0))
    for threads in [1, 3] {
      let found = judgement.results(threads: threads) { $0.key }
      #expect(found == keys.sorted(), "seed \(seed)")
    }
  }

  private static func record(
    _ minute: Int64, into ledger: AccountLedger,
    _ key: AccountKey = .id(SalesforceID(high: 1, low: 1))
  ) {
    let fields: [String?] = ShapeField.allCases.map {
      $0 == .type ? "Partner Product" : $0 == .status ? "Success" : nil
    }
    ledger.record(
      account: ledger.account(key),
      shape: ledger.code(of: LoginShape(fields: fields, kind: .loginHistory)),
      row: RowReference(
        time: Instant(milliseconds: minute * 60_000), id: .none, address: 0, file: 0, line: 1))
  }

  @Test(arguments: [1, 9] as [UInt64])
  func theIDSetEqualsASetOnDenseAndScatteredIDs(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let set = LoginIDSet()
    var expected: Set<SalesforceID> = []
    for _ in 0..<60 {
      let ids = (0..<5_000).map { _ in
        random.below(4) == 0
          ? SalesforceID(high: random.next() >> 5, low: UInt32(random.below(1 << 30)))
          : SalesforceID(high: 42, low: UInt32(random.below(150_000)))
      }
      var copies = [Bool](repeating: false, count: ids.count)
      set.insert(count: ids.count) {
        ids[$0]
      } markCopy: {
        copies[$0] = true
      }
      let wanted = ids.map { !expected.insert($0).inserted }
      #expect(copies == wanted, "seed \(seed)")
    }
  }

  @Test(arguments: [2, 13] as [UInt64])
  func theIDSetEqualsASetOnIDsThatCountUpWithCopiesBetween(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let set = LoginIDSet()
    var expected: Set<SalesforceID> = []
    var next: UInt32 = 5_000
    for _ in 0..<40 {
      let ids = (0..<4_000).map { _ -> SalesforceID in
        if random.below(30) == 0 {
          return SalesforceID(high: 9, low: UInt32(random.below(Int(next))))
        }
        next += UInt32(1 + random.below(2))
        return SalesforceID(high: 9, low: next)
      }
      var copies = [Bool](repeating: false, count: ids.count)
      set.insert(count: ids.count) {
        ids[$0]
      } markCopy: {
        copies[$0] = true
      }
      let wanted = ids.map { !expected.insert($0).inserted }
      #expect(copies == wanted, "seed \(seed)")
    }
  }

  @Test(arguments: [4, 15] as [UInt64])
  func aWrittenIDSetTellsCopiesFromContradictionsAsBefore(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let dense = (0..<300).map { SalesforceID.counting($0) }
    let sparse = (0..<300).map { _ in SalesforceID.counting(Int(random.next() >> 5)) }
    let rows = (dense + sparse).map { (id: $0, content: random.next() | 1) }
    // Of every seventh Id two rows say different things; which comes first differs.
    let others = rows.enumerated().filter { $0.offset % 7 == 0 }.map {
      (id: $0.element.id, content: ~$0.element.content)
    }
    var sets: [LoginIDSet] = []
    var written: [[UInt8]] = []
    for order in [rows + others, others + rows] {
      let set = LoginIDSet()
      Self.add(order, to: set)
      #expect(set.contradictions.count == others.count)
      var writer = LedgerWriter()
      set.write(to: &writer)
      written.append(writer.bytes)
      sets.append(set)
    }
    #expect(written[0] == written[1])
    var pieces = [written[0]]
    var reader = LedgerReader { pieces.popLast() ?? [] }
    let read = try LoginIDSet(from: &reader)
    #expect(read.contradictions == sets[0].contradictions)
    // Copies of all of them are known; a third content of an Id is not.
    #expect(Self.add(rows + others, to: read) == rows.count + others.count)
    #expect(Self.add(rows.map { ($0.id, $0.content ^ 1 << 60) }, to: read) == 0)
  }

  /// Adds rows; gives how many are copies.
  @discardableResult
  private static func add(
    _ rows: [(id: SalesforceID, content: UInt64)], to set: LoginIDSet
  ) -> Int {
    var copies = 0
    set.insert(count: rows.count) {
      rows[$0].id
    } content: {
      rows[$0].content
    } markCopy: { _ in
      copies += 1
    }
    return copies
  }

  @Test func aBusiestHourMayCrossTheClock() throws {
    // Ten minutes before and fifty after the full hour.
    let ledger = AccountLedger()
    let account = ledger.account(.id(SalesforceID(high: 1, low: 1)))
    let fields: [String?] = ShapeField.allCases.map {
      $0 == .type ? "Partner Product" : $0 == .status ? "Success" : nil
    }
    let shape = ledger.code(of: LoginShape(fields: fields, kind: .loginHistory))
    for index in 0..<120 {
      ledger.record(
        account: account, shape: shape,
        row: RowReference(
          time: Instant(milliseconds: 1_770_001_200_000 + Int64(index) * 30_000), id: .none,
          address: 0, file: 0, line: UInt64(index)))
    }
    let judgement = Judgement(
      ledger: ledger, snapshots: Snapshots(), verifications: nil,
      statements: AccountOverrides(), evaluationTime: Instant(milliseconds: 0))
    let parts = try judgement.forEachAccount(threads: 1) {
      0
    } _: { busiest, _, facts in
      busiest = facts.busiestSixtyMinutes?.logins ?? 0
    }
    #expect(parts == [120])
  }
}
