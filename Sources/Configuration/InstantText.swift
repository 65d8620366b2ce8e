import SalesforceExports

/// Reads instants that a person writes: options such as `--since`, and dates of the configuration.
///
/// Accepted is ISO 8601 in its extended form: a date (`2026-08-01`, meaning 00:00 UTC), or a date
/// and a time (`2026-08-01T12:00`, `…T12:00:30`, `…T12:00:30.250`) with `T` or one space between.
/// The time may end in a zone: `Z`, `+02:00`, `+0200` or `+02`. **A time without a zone is UTC**,
/// as all times of the results are.
package enum InstantText {
  /// Reads a date or a date-time.
  ///
  /// - Parameter text: The text; blanks around it are not accepted.
  /// - Returns: Milliseconds since 1970-01-01T00:00:00Z in the proleptic Gregorian calendar. Digits
  ///   after the third of a fraction are dropped.
  /// - Throws: ``InstantTextError`` saying which part is wrong and what was expected.
  package static func parse(_ text: String) throws(InstantTextError) -> Int64 {
    var cursor = Cursor(bytes: Array(text.utf8))
    guard !cursor.isAtEnd else { throw InstantTextError(.malformed, "the text is empty") }
    let days = try date(&cursor)
    if cursor.isAtEnd { return days * millisecondsPerDay }
    guard cursor.take(anyOf: [.letterT, .lowerT, .space]) != nil else {
      throw InstantTextError(.malformed, "expected the end or `T` after the date")
    }
    let time = try timeOfDay(&cursor)
    let zone = try zoneOffset(&cursor)
    guard cursor.isAtEnd else {
      throw InstantTextError(
        .malformed, "expected the end, `Z` or an offset such as `+02:00` after the time")
    }
    let instant = days * millisecondsPerDay + time - zone
    guard years.contains(instant) else {
      throw InstantTextError(.outOfRange, "with its offset it is outside the years 1 to 9999")
    }
    return instant
  }

  private static let millisecondsPerDay: Int64 = 86_400_000
  /// From the beginning of the year 1 to before that of the year 10000.
  private static let years: Range<Int64> = -62_135_596_800_000..<253_402_300_800_000

  private static func date(_ cursor: inout Cursor) throws(InstantTextError) -> Int64 {
    let expected = "expected a date as year-month-day, such as `2026-08-01`"
    guard let year = cursor.number(digits: 4), cursor.take(.hyphen),
      let month = cursor.number(digits: 2), cursor.take(.hyphen),
      let day = cursor.number(digits: 2)
    else { throw InstantTextError(.malformed, expected) }
    guard year >= 1 else { throw InstantTextError(.outOfRange, "there is no year 0000") }
    guard (1...12).contains(month) else {
      throw InstantTextError(.outOfRange, "month \(month) is not in 1 to 12")
    }
    let date = CivilDate(year: Int64(year), month: Int64(month), dayOfMonth: Int64(day))
    guard let date else {
      let length = CivilDate.length(ofMonth: Int64(month), year: Int64(year))
      throw InstantTextError(
        .outOfRange, "day \(day) is not in 1 to \(length), the days of that month in \(year)")
    }
    return date.day
  }

  private static func timeOfDay(_ cursor: inout Cursor) throws(InstantTextError) -> Int64 {
    guard let hour = cursor.number(digits: 2), cursor.take(.colon),
      let minute = cursor.number(digits: 2)
    else {
      throw InstantTextError(.malformed, "expected a time such as `12:00` or `12:00:30`")
    }
    var second = 0
    var milliseconds = 0
    if cursor.take(.colon) {
      guard let seconds = cursor.number(digits: 2) else {
        throw InstantTextError(.malformed, "expected two digits of seconds")
      }
      second = seconds
      if cursor.take(anyOf: [.period, .comma]) != nil {
        guard let fraction = cursor.fraction() else {
          throw InstantTextError(.malformed, "expected digits after the decimal sign")
        }
        milliseconds = fraction
      }
    }
    guard hour <= 23 else {
      throw InstantTextError(.outOfRange, "hour \(hour) is not in 0 to 23")
    }
    guard minute <= 59 else {
      throw InstantTextError(.outOfRange, "minute \(minute) is not in 0 to 59")
    }
    guard second <= 59 else {
      throw InstantTextError(.outOfRange, "second \(second) is not in 0 to 59")
    }
    return Int64(((hour * 60 + minute) * 60 + second) * 1000 + milliseconds)
  }

  private static func zoneOffset(_ cursor: inout Cursor) throws(InstantTextError) -> Int64 {
    if cursor.isAtEnd || cursor.take(anyOf: [.letterZ, .lowerZ]) != nil { return 0 }
    guard let sign = cursor.take(anyOf: [.plus, .hyphen]) else { return 0 }
    guard let hours = cursor.number(digits: 2) else {
      throw InstantTextError(.malformed, "expected an offset such as `+02:00` or `+0200`")
    }
    var minutes = 0
    if cursor.take(.colon) || !cursor.isAtEnd {
      guard let given = cursor.number(digits: 2) else {
        throw InstantTextError(.malformed, "expected two digits of minutes in the offset")
      }
      minutes = given
    }
    guard hours <= 23, minutes <= 59 else {
      throw InstantTextError(.outOfRange, "the offset is not within 23:59 hours of UTC")
    }
    let offset = Int64((hours * 60 + minutes) * 60_000)
    return sign == .hyphen ? -offset : offset
  }
}

/// Why a text is no instant.
package struct InstantTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Kind of a defect.
  package enum Code: Hashable, Sendable {
    /// The text does not have the form of a date or date-time.
    case malformed
    /// The form is right, and a part names no existing day or time, such as 30 February.
    case outOfRange
  }

  /// What is wrong, to match on.
  package let code: Code
  /// What is wrong, as half a sentence for people; never the text itself.
  package let detail: String

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// The detail.
  package var description: String { detail }
}

/// The bytes of an instant and how far they are read.
private struct Cursor {
  let bytes: [UInt8]
  var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  mutating func take(_ byte: UInt8) -> Bool { take(anyOf: [byte]) != nil }

  mutating func take(anyOf choices: [UInt8]) -> UInt8? {
    guard index < bytes.count, choices.contains(bytes[index]) else { return nil }
    index += 1
    return bytes[index - 1]
  }

  mutating func digit() -> Int? {
    guard index < bytes.count, (UInt8.zero...UInt8.nine).contains(bytes[index]) else { return nil }
    index += 1
    return Int(bytes[index - 1] - .zero)
  }

  /// Reads exactly `digits` digits.
  mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// Reads one digit or more as a fraction of a second, in whole milliseconds.
  mutating func fraction() -> Int? {
    guard var value = digit() else { return nil }
    var count = 1
    while let digit = digit() {
      if count < 3 { value = value * 10 + digit }
      count += 1
    }
    while count < 3 {
      value *= 10
      count += 1
    }
    return value
  }
}

extension UInt8 {
  fileprivate static let space = UInt8(ascii: " ")
  fileprivate static let plus = UInt8(ascii: "+")
  fileprivate static let comma = UInt8(ascii: ",")
  fileprivate static let hyphen = UInt8(ascii: "-")
  fileprivate static let period = UInt8(ascii: ".")
  fileprivate static let zero = UInt8(ascii: "0")
  fileprivate static let nine = UInt8(ascii: "9")
  fileprivate static let colon = UInt8(ascii: ":")
  fileprivate static let letterT = UInt8(ascii: "T")
  fileprivate static let lowerT = UInt8(ascii: "t")
  fileprivate static let letterZ = UInt8(ascii: "Z")
  fileprivate static let lowerZ = UInt8(ascii: "z")
}
