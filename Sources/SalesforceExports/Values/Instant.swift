/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Sendable, Comparable, BitwiseCopyable {
  /// Milliseconds since the epoch; negative before 1970.
  public var milliseconds: Int64

  /// Makes an instant from milliseconds since the epoch.
  @inlinable @inline(__always)
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Orders instants in time.
  @inlinable @inline(__always)
  public static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }

  // What the protocols derive would be called through a table from other modules, a dozen times a row.

  /// Whether two instants are the same.
  @inlinable @inline(__always)
  public static func == (left: Instant, right: Instant) -> Bool {
    left.milliseconds == right.milliseconds
  }

  /// Whether one instant is after another.
  @inlinable @inline(__always)
  public static func > (left: Instant, right: Instant) -> Bool {
    left.milliseconds > right.milliseconds
  }

  /// Whether one instant is not after another.
  @inlinable @inline(__always)
  public static func <= (left: Instant, right: Instant) -> Bool {
    left.milliseconds <= right.milliseconds
  }

  /// Whether one instant is not before another.
  @inlinable @inline(__always)
  public static func >= (left: Instant, right: Instant) -> Bool {
    left.milliseconds >= right.milliseconds
  }

  /// Milliseconds of one day.
  public static let dayMilliseconds: Int64 = 86_400_000

  /// Whole UTC days since 1970-01-01, rounded down.
  @inlinable @inline(__always)
  public var day: Int64 { floorDivide(milliseconds, 86_400_000) }

  /// Whole UTC minutes since the epoch, rounded down.
  @inlinable @inline(__always)
  public var minute: Int64 { floorDivide(milliseconds, 60_000) }

  /// `YYYY-MM-DDTHH:MM:SS.mmmZ`.
  public var text: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text.
  public func write(to bytes: inout [UInt8]) {
    let inDay = milliseconds - day * Self.dayMilliseconds
    CivilDate(day: day).write(to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    pad(inDay / 3_600_000, 2, &bytes)
    bytes.append(UInt8(ascii: ":"))
    pad(inDay / 60_000 % 60, 2, &bytes)
    bytes.append(UInt8(ascii: ":"))
    pad(inDay / 1_000 % 60, 2, &bytes)
    bytes.append(UInt8(ascii: "."))
    pad(inDay % 1_000, 3, &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }
}

/// Division that rounds towards minus infinity.
@inlinable
public func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

/// Appends a number with zeros before it.
private func pad(_ value: Int64, _ width: Int, _ bytes: inout [UInt8]) {
  guard value >= 0, value < 10_000 else {
    bytes.append(contentsOf: String(value).utf8)
    return
  }
  var divisor: Int64 = value >= 1_000 || width >= 4 ? 1_000 : width == 3 || value >= 100 ? 100 : 10
  while divisor > 0 {
    bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
    divisor /= 10
  }
}

/// A date of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Sendable {
  /// Year, 1...9999.
  public let year: Int64
  /// Month, 1...12.
  public let month: Int64
  /// Day of the month, 1...31.
  public let dayOfMonth: Int64

  /// Days since 1970 of the years 1 to 9999.
  public static let days: ClosedRange<Int64> = -719_162...2_932_896

  /// Makes the date if it exists.
  public init?(year: Int64, month: Int64, dayOfMonth: Int64) {
    guard (1...9999).contains(year), (1...12).contains(month), dayOfMonth >= 1,
      dayOfMonth <= Self.length(ofMonth: month, year: year)
    else { return nil }
    self.year = year
    self.month = month
    self.dayOfMonth = dayOfMonth
  }

  /// The date of a day number (days since 1970-01-01).
  public init(day: Int64) {
    // Days are counted in eras of 400 years that begin on 1 March.
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  public var day: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = floorDivide(shiftedYear, 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `YYYY-MM-DD`.
  public var text: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text.
  public func write(to bytes: inout [UInt8]) {
    pad(year, 4, &bytes)
    bytes.append(UInt8(ascii: "-"))
    pad(month, 2, &bytes)
    bytes.append(UInt8(ascii: "-"))
    pad(dayOfMonth, 2, &bytes)
  }

  /// Number of days of a month, 1...12.
  public static func length(ofMonth month: Int64, year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}
