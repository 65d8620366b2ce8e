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

  @Test func countsOfALedgerSumUpToWhatFits() throws {
    var reader = Self.reader { writer in
      for count in [1 << 41, (1 << 41) - 1, 1] { writer.put(count) }
    }
    #expect(try reader.rows() == 1 << 41)
    #expect(try reader.rows() == (1 << 41) - 1)
    #expect(throws: LedgerError.damaged) { _ = try reader.rows() }
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
