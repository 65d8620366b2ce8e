import Platform
import SalesforceExports
import Testing

@testable import Accounts

/// What somebody made up, behind checksums that fit, is refused before it is added to anything.
@Suite struct ForgedLedgerTests {
  private static func reader(_ write: (inout LedgerWriter) -> Void) -> LedgerReader {
    var writer = LedgerWriter()
    write(&writer)
    return LedgerReader(bytes: writer.bytes)
  }

  /// Ids whose halves hold more than letters and digits: their order is not that of their texts.
  @Test(arguments: [
    SalesforceID(high: 0, low: 1 << 30), SalesforceID(high: 0, low: 1 << 31),
    SalesforceID(high: 62, low: 0), SalesforceID(high: 63 << 54, low: 0),
    SalesforceID(high: 0, low: 62 << 24), SalesforceID(high: 0, low: 63),
  ])
  func idsThatNoTextGivesAreRefused(id: SalesforceID) {
    var reader = Self.reader { $0.put(id) }
    #expect(throws: LedgerError.damaged) { _ = try reader.id() }
    var keys = Self.reader { $0.put(AccountKey.id(id)) }
    #expect(throws: LedgerError.damaged) { _ = try keys.key() }
  }

  @Test(arguments: ["005000000000001", "zzzzzzzzzzzzzzz", "00500000000AZaz", "Z9a0Z9a0Z9a0Z9a"])
  func idsThatTextsGiveAreTaken(text: String) throws {
    let id = try #require(SalesforceID(text))
    #expect(id.isWellFormed)
    var reader = Self.reader { writer in
      for id in [id, .none, SalesforceID(ofAnotherForm: text)] { writer.put(id) }
    }
    #expect(try reader.id() == id)
    #expect(try reader.id() == .none)
    #expect(try reader.id() == SalesforceID(ofAnotherForm: text))
  }

  @Test func countsOfALedgerSumUpToWhatFits() throws {
    var reader = Self.reader { writer in
      for count in [1 << 41, (1 << 41) - 1, 1] { writer.put(count) }
    }
    #expect(try reader.rows() == 1 << 41)
    #expect(try reader.rows() == (1 << 41) - 1)
    #expect(throws: LedgerError.damaged) { _ = try reader.rows() }
  }

  /// Sections that lie in memory.
  private struct Sections: LedgerSectionSource {
    let threads = 3
    let all: [[UInt8]]
    let begun = Locked(0)

    var sectionCount: Int { begun.withLock { $0 } }
    var hasMore: Bool { sectionCount < all.count }

    func section(before bound: Int) -> (number: Int, source: () -> [UInt8])? {
      let number: Int? = begun.withLock { begun in
        guard begun < min(bound, all.count) else { return nil }
        begun += 1
        return begun - 1
      }
      return number.map { number in
        var rest = [all[number]]
        return (number, { rest.popLast() ?? [] })
      }
    }

    /// Reads a count of rows from each.
    func counts(_ count: Int) throws(LedgerError) -> [Int] {
      var reader = LedgerReader(sections: self)
      let counts = Locked([Int](repeating: 0, count: count))
      try reader.sections(count) { number, reader throws(LedgerError) in
        let rows = try reader.rows()
        counts.withLock { $0[number] = rows }
      }
      return counts.withLock { $0 }
    }
  }

  private static func sections(_ counts: [Int]) -> Sections {
    Sections(
      all: counts.map { count in
        var writer = LedgerWriter()
        writer.put(count)
        return writer.bytes
      })
  }

  @Test func sectionsSideBySideSumUpToWhatFits() throws {
    let half = 1 << 41
    #expect(try Self.sections([half, 1, half - 2, 0]).counts(4) == [half, 1, half - 2, 0])
    #expect(throws: LedgerError.damaged) { try Self.sections([half, 1, half, 0]).counts(4) }
    // What was counted before goes off what may come.
    var reader = LedgerReader(sections: Self.sections([half, half]))
    let first = try reader.section { reader throws(LedgerError) in try reader.rows() }
    #expect(first == half)
    do throws(LedgerError) {
      try reader.sections(1) { _, reader throws(LedgerError) in _ = try reader.rows() }
      Issue.record("more rows than there may be")
    } catch {}
  }

  @Test func noSectionIsMissingOrHasMoreThanItsPart() throws {
    #expect(throws: LedgerError.damaged) { try Self.sections([1, 2]).counts(3) }
    let longer = Sections(all: [[1], [2, 0], [3]])
    #expect(throws: LedgerError.damaged) { try longer.counts(3) }
    let shorter = Sections(all: [[1], [0x80], [3]])
    #expect(throws: LedgerError.damaged) { try shorter.counts(3) }
    var reader = LedgerReader(sections: Self.sections([1, 2]))
    let first = try reader.section { reader throws(LedgerError) in try reader.rows() }
    #expect(first == 1)
    let isAtEnd = reader.isAtEnd()
    #expect(!isAtEnd)
  }

  @Test(arguments: [
    (-62_135_596_800_000, true), (-62_135_596_800_001, false), (253_402_300_799_999, true),
    (253_402_300_800_000, false), (Int64.max, false), (Int64.min, false),
  ])
  func noTimeLiesOutsideTheYearsOneTo9999(milliseconds: Int64, isTaken: Bool) {
    var reader = Self.reader { $0.putSigned(milliseconds) }
    #expect((try? reader.instant().milliseconds) == (isTaken ? milliseconds : nil))
    var other = Self.reader { $0.putSigned(milliseconds) }
    #expect((try? other.instant(behind: 0)) == (isTaken ? milliseconds : nil))
  }

  @Test func noDistanceWrapsATimeOrAMinute() {
    var reader = Self.reader { $0.putSigned(.max) }
    #expect((try? reader.instant(behind: 1)) == nil)
    reader = Self.reader { $0.putSigned(.max) }
    #expect((try? reader.minute(behind: 1)) == nil)
    for day in [-719_163, 2_932_897] as [Int64] {
      reader = Self.reader { $0.putSigned(day) }
      #expect((try? reader.day()) == nil, "\(day)")
    }
  }

  @Test func rowsLieInFilesThatAreListed() {
    for (file, isTaken) in [(1, true), (2, false), (1 << 24, false)] {
      var reader = Self.reader { $0.put(file) }
      reader.fileCount = 2
      #expect(((try? reader.file()) != nil) == isTaken, "\(file)")
    }
  }

  // MARK: Tables that contradict each other

  private static func shape(_ type: String, _ status: String) -> LoginShape {
    LoginShape(
      fields: ShapeField.allCases.map { field in
        switch field {
        case .type: type
        case .status: status
        default: ""
        }
      }, kind: .loginHistory)
  }

  /// A ledger of a person's login and one through the API.
  private static func ledger() -> (ledger: AccountLedger, human: UInt32, api: UInt32) {
    let ledger = AccountLedger()
    let account = ledger.account(.id(SalesforceID(high: 5 << 54, low: 1)))
    let shapes = ["Application", "Other Apex API"].map { ledger.code(of: shape($0, "Success")) }
    for (number, shape) in shapes.enumerated() {
      ledger.record(account: account, shape: shape, row: row(number))
    }
    return (ledger, shapes[0], shapes[1])
  }

  private static func row(_ number: Int) -> RowReference {
    RowReference(
      time: Instant(milliseconds: 1_770_000_000_000),
      id: SalesforceID(high: 7, low: UInt32(number)), address: 0, file: 0,
      line: UInt64(number + 2))
  }

  private static func isTaken(_ ledger: AccountLedger) -> Bool {
    var writer = LedgerWriter()
    ledger.write(to: &writer)
    var reader = LedgerReader(bytes: writer.bytes)
    return (try? AccountLedger(from: &reader)) != nil
  }

  @Test func theLogHoldsTheRowsThatAreCounted() {
    let (ledger, human, _) = Self.ledger()
    #expect(Self.isTaken(ledger))
    ledger.restoreShape(
      ledger.accountNumbers[0], code: human, count: 1, first: Self.row(0), last: Self.row(0))
    #expect(!Self.isTaken(ledger))
  }

  @Test func noMinuteHasAttemptsThatNoShapeCounts() {
    let (ledger, _, api) = Self.ledger()
    let account = ledger.accountNumbers[0]
    let minute = Instant(milliseconds: 1_770_000_000_000).minute
    ledger.restoreMinute(account, minute, count: 1)
    #expect(!Self.isTaken(ledger))
    ledger.restoreShape(account, code: api, count: 1, first: Self.row(1), last: Self.row(1))
    #expect(Self.isTaken(ledger))
  }

  /// Four bytes for each 127 attempts would be terabytes.
  @Test func aMinuteOfBillionsTakesNoMoreMemoryThanOneOfThousands() {
    let (ledger, _, api) = Self.ledger()
    let account = ledger.accountNumbers[0]
    let minute = Instant(milliseconds: 1_770_000_000_000).minute
    ledger.restoreMinute(account, minute, count: 1 << 40)
    ledger.restoreShape(account, code: api, count: 1 << 40, first: Self.row(1), last: Self.row(1))
    #expect(ledger.apiMinutes(of: account).map(\.count) == [(1 << 40) + 1])
    #expect(Self.isTaken(ledger))
  }
}
