import Delimited
import TestSupport
import Testing

@testable import SalesforceExports

/// Times in forms that were read before.
struct LocalTimeFormTests {
  /// Times as Setup, spreadsheets and databases write them; digits stand for themselves.
  static let examples = [
    "3/1/2026, 12:00:38 AM UTC", "03/01/2026 12:34:56 PM PST", "8/13/26, 9:05 AM",
    "13/08/2026 09:05", "2026/08/13 09:05:01", "2026-08-13 09:05:01", "2026-08-13 09:05:01.123456",
    "13.08.2026, 09:05:01 MESZ", "13.08.2026 um 09:05 Uhr", "13. August 2026 09:05:01",
    "Thu, 13 Aug 2026 09:05:01 GMT+02:00", "Aug 13, 2026, 9:05:01 AM PDT",
    "Aug 13 09:05:01 UTC 2026", "Thursday, August 13, 2026 at 9:05:01 AM",
    "2026年8月13日 09:05:01", "2026年8月13日 9時05分01秒", "2026. 8. 13. 오전 9:05:01",
    "13/08/2026 09h05", "13/8/2026, 9:05:01 p. m.", "2026-08-13 오후 9:05:01",
    "8/13/2026, 9:05:01\u{202F}AM GMT-7", "2026-08-13T09:05:01+02:00[Europe/Berlin]",
    "2026-08-13 09:05:01 Etc/UTC", "=\"8/13/2026 9:05:01 AM\"", " 8/13/2026 9:05 AM ",
    "٨/١٣/2026 9:05 AM", "８/13/2026 9:05 AM", "8/1\u{200E}3/2026 9:05 AM", "12/31/1969 23:59:59",
    "8/13/2026 9:05:01.０0", "3/1/2026, 12:00:0０ AM UTC", "1 Aug 26 02:0０", "22-02-12 0０:01:21.12",
    "8/13/2026 ０:0\u{200E}5", "2026. 8. 13. 오전 9:0０:02", "8/13/2026 9:05:01.1\u{200E}2",
    "Wednesday, September 30, 2026 at 12:05:01 AM Central European Summer Time",
    "=\"\"8/13/2026 9:05:01 AM\"\"", "=\"'8/13/2026 9:05\"", "'8/13/2026 9:05",
    "=\"13-Aug-2026 9:05\"", "8/13/2026 9:05:01 AM GMT+02:00", "13-Aug-2026 9:05",
    "2026-08-13T09:05:01.000Z", "1754989501",
  ]

  private static func withField<Result>(_ text: String, _ body: (FieldBytes) -> Result) -> Result {
    // No more bytes than the field has: what is read behind it is found by the address sanitizer.
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe body(
        FieldBytes(start: buffer.baseAddress.unsafelyUnwrapped, count: buffer.count))
    }
  }

  /// Winter and summer time, the change of 2026 among them.
  private static let zone = LocalTimeZone(stretches: [
    .init(start: .min, offset: 3_600_000), .init(start: 1_774_746_000_000, offset: 7_200_000),
    .init(start: 1_792_890_000_000, offset: 3_600_000),
  ])

  private static let readers = [
    TimestampReader(), TimestampReader(dateOrder: .dmy),
    TimestampReader(timeZone: .utc, dateOrder: .mdy), TimestampReader(timeZone: zone),
    TimestampReader(timeZone: zone, dateOrder: .mdy),
  ]

  /// A text with other digits: mostly ones that make a time again.
  private static func changed(_ text: String, _ random: inout SeededGenerator) -> String {
    let largest = random.below(4) == 0 ? 10 : 3
    return String(
      text.map { character in
        guard random.below(3) == 0, let digit = character.wholeNumberValue, digit < 10 else {
          return character
        }
        let value = random.below(largest)
        if character.isASCII { return Character(String(value)) }
        // Of full width as before: those are read as digits too.
        return Unicode.Scalar(0xFF10 + UInt32(value)).map(Character.init) ?? character
      })
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func aTimeIsTheSameThroughItsForm(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var forms = LocalTimeForms()
    var known = 0
    for _ in 0..<60 {
      for example in Self.examples {
        let text = Self.changed(example, &random)
        if Self.withField(text, { forms.time($0) }) != nil { known += 1 }
        for reader in Self.readers {
          let plain = Self.withField(text) { reader.read($0) }
          let quick = Self.withField(text) { reader.read($0, &forms) }
          #expect(quick == plain, "seed \(seed): \(text)")
        }
        #expect(
          TimestampReader.decidedOrder(text, forms) == TimestampReader.decidedOrder(text),
          "seed \(seed): \(text)")
        #expect(
          TimestampReader.needsOrder(text, forms) == TimestampReader.needsOrder(text),
          "seed \(seed): \(text)")
      }
    }
    #expect(known > 500, "seed \(seed)")
  }

  @Test func aDateOfASnapshotIsTheSameThroughItsForm() {
    var random = SeededGenerator(seed: 5)
    var forms = LocalTimeForms()
    for _ in 0..<200 {
      for example in Self.examples {
        let text = Self.changed(example, &random)
        for reader in Self.readers {
          var none = LocalTimeForms()
          #expect(
            reader.readSnapshotDate(text, &forms) == reader.readSnapshotDate(text, &none), "\(text)"
          )
        }
      }
    }
  }

  /// Other digits of an offset are another time, and both are known then.
  @Test func anOffsetIsReadByItsDigits() {
    var forms = LocalTimeForms()
    let reader = TimestampReader(dateOrder: .mdy)
    for _ in 0..<2 {
      for (text, hour) in [("8/13/2026 09:00:00 GMT+2", 7), ("8/13/2026 09:00:00 GMT+3", 6)] {
        let expected = reader.read("2026-08-13T0\(hour):00:00.000Z")
        #expect(expected.isTime)
        #expect(reader.read(text, &forms) == expected, "\(text)")
      }
    }
  }

  /// A column with more forms than are kept is read all the same.
  @Test func manyFormsAreReadToo() {
    var forms = LocalTimeForms()
    let reader = TimestampReader(timeZone: .utc, dateOrder: .mdy)
    for number in 0..<1_500 {
      let minutes = number / 14 % 60
      let text =
        "8/13/2026 9:05:01 AM GMT+\(number % 14):\(minutes < 10 ? "0" : "")\(minutes)"
      #expect(reader.read(text, &forms) == reader.read(text), "\(text)")
    }
  }

  /// Every local time of days around changes is what a search through all stretches finds.
  @Test func aLocalTimeFindsItsStretch() {
    let hour: Int64 = 3_600_000
    let stretches: [LocalTimeZone.Stretch] = (0..<40).map { (number: Int64) in
      let start = number == 0 ? Int64.min : number * 40 * hour
      return LocalTimeZone.Stretch(start: start, offset: (number % 5 - 2) * hour)
    }
    let zone = LocalTimeZone(stretches: stretches)
    for step in -10..<3_500 {
      let local = Int64(step) * hour / 2
      let fitting = stretches.indices.compactMap { index -> Int64? in
        let candidate = local - stretches[index].offset
        let end = index + 1 < stretches.count ? stretches[index + 1].start : .max
        return candidate >= stretches[index].start && candidate < end ? candidate : nil
      }
      let found = zone.instant(localMilliseconds: local)
      #expect(found?.instant.milliseconds == fitting.min(), "\(step)")
      #expect(found?.isAmbiguous ?? false == (fitting.count > 1), "\(step)")
    }
  }
}

/// What spreadsheets put around values.
struct GuardTests {
  @Test(
    arguments: [
      ("\"=\"\"005Hn00000007qoIAA\"\"\"", true), ("=\"005Hn00000007qoIAA\"", true),
      ("\"=\"\"x\"\"\"", true), ("=\"x\"", true), ("=\"\"", false), ("\"=\"\"\"\"\"", false),
      ("\"=\"\" x\"\"\"", false), ("=\"a\"b\"", false), ("\"=\"\"a\"\"\"\"b\"\"\"", false),
      ("=\"x", false), ("\"=x\"", false), ("=x", false), ("x", false), ("", false), ("=", false),
      ("\"\"", false), ("=\"\"x\"\"", false), ("\"=\"x\"\"", false), ("=\"x\u{A0}\"", false),
      ("=\"'x\"", false), ("\"=\"\"'x\"\"\"", false),
    ] as [(String, Bool)])
  func whatStandsInsideAGuardIsToldByItsBytes(field: String, isTold: Bool) {
    let bytes = Array(field.utf8) + [0]
    let (inside, text) = unsafe bytes.withUnsafeBufferPointer { buffer in
      let field = unsafe FieldBytes(
        start: buffer.baseAddress.unsafelyUnwrapped, count: bytes.count - 1)
      return (field.insideGuard?.string, field.string)
    }
    #expect((inside != nil) == isTold)
    if let inside { #expect(inside == text.withoutGuard) }
  }

  @Test(
    arguments: [
      ("1754989501", .seconds, 1_754_989_501_000), ("1754989501.5", .seconds, 1_754_989_501_500),
      ("1754989501.123456789", .seconds, 1_754_989_501_123),
      ("1754989501.", .seconds, 1_754_989_501_000),
      ("1754989501123", .milliseconds, 1_754_989_501_123),
      ("1754989501123456", .microseconds, 1_754_989_501_123),
      ("1754989501123456789", .nanoseconds, 1_754_989_501_123), ("0", .seconds, nil),
      ("1754989501.1234567891", .seconds, nil), ("1754989501.1.1", .seconds, nil),
      ("-1754989501", .seconds, nil), ("17549895011234567890", .nanoseconds, nil),
      ("9223372036854775.999", .seconds, nil), ("9223372036854775807", .seconds, nil),
      ("", .seconds, nil),
      (" 1754989501", .seconds, nil), ("1754989501Z", .seconds, nil),
    ] as [(String, EpochUnit, Int64?)])
  func aNumberSinceTheEpochIsReadInItsUnit(text: String, unit: EpochUnit, milliseconds: Int64?) {
    #expect(unit.instant(text)?.milliseconds == milliseconds)
  }
}
