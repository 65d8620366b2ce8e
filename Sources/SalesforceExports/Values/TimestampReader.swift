public import Delimited

/// Order of day and month in slash-dated local times.
public enum DateOrder: String, Sendable, CaseIterable {
  /// Month, day, year.
  case mdy
  /// Day, month, year.
  case dmy
  /// Year, month, day.
  case ymd
}

/// A time zone as its changes of offset, handed in by the façade so that no calendar library is
/// needed here.
public struct LocalTimeZone: Sendable {
  /// One stretch of constant offset.
  public struct Stretch: Sendable {
    /// First instant of the stretch in milliseconds since the epoch; the first one is `Int64.min`.
    public let start: Int64
    /// Offset to add to UTC, in milliseconds.
    public let offset: Int64

    /// Makes a stretch.
    public init(start: Int64, offset: Int64) {
      self.start = start
      self.offset = offset
    }
  }

  private let stretches: [Stretch]
  /// The largest distance of local time from UTC, in milliseconds.
  private let reach: Int64

  /// Makes a zone from stretches in ascending order, the first from `Int64.min`.
  public init(stretches: [Stretch]) {
    self.stretches = stretches
    reach = stretches.map { abs($0.offset) }.max() ?? 0
  }

  /// Universal time.
  public static let utc = LocalTimeZone(stretches: [.init(start: .min, offset: 0)])

  /// The instant of a local time whose offset is one of these.
  ///
  /// - Returns: `nil` when the local time does not exist in the zone with such an offset.
  /// - Complexity: As ``instant(localMilliseconds:)``.
  func instant(localMilliseconds: Int64, offsets: [Int64]) -> (instant: Instant, isAmbiguous: Bool)?
  {
    instant(localMilliseconds) { offsets.contains($0) }
  }

  /// Whether the zone ever has one of these offsets, in milliseconds.
  func has(anyOf offsets: [Int64]) -> Bool { stretches.contains { offsets.contains($0.offset) } }

  /// The instant of a local time.
  ///
  /// A local time that occurs twice is the earlier instant, `isAmbiguous` then.
  ///
  /// - Returns: `nil` when the local time does not exist in the zone.
  /// - Complexity: O(log *s*) in the stretches.
  public func instant(localMilliseconds: Int64) -> (instant: Instant, isAmbiguous: Bool)? {
    instant(localMilliseconds) { _ in true }
  }

  private func instant(
    _ localMilliseconds: Int64, where isMeant: (_ offset: Int64) -> Bool
  ) -> (instant: Instant, isAmbiguous: Bool)? {
    var found: Int64?
    var hits = 0
    var index = lastStretch(startingBy: localMilliseconds + reach)
    while index >= 0 {
      let stretch = stretches[index]
      let end = index + 1 < stretches.count ? stretches[index + 1].start : Int64.max
      // No earlier one reaches so far.
      if end <= localMilliseconds - reach { break }
      let candidate = localMilliseconds - stretch.offset
      if candidate >= stretch.start, candidate < end, isMeant(stretch.offset) {
        hits += 1
        found = found.map { Swift.min($0, candidate) } ?? candidate
      }
      index -= 1
    }
    return found.map { (Instant(milliseconds: $0), hits > 1) }
  }

  /// Number of the last stretch that starts at a time or before it; -1 for none.
  private func lastStretch(startingBy milliseconds: Int64) -> Int {
    var (low, high) = (0, stretches.count)
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].start <= milliseconds { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }
}

/// What one time field says.
public enum TimestampReading: Equatable, Sendable {
  /// An instant; `ambiguous` when its local time occurs twice.
  case instant(Instant, ambiguous: Bool)
  /// A local time, and no zone was stated.
  case needsTimeZone
  /// A slash date whose month and day could be exchanged, and no order was stated.
  case needsDateOrder
  /// The name of a zone that does not fit the zone that was stated.
  case contradictsTimeZone
  /// No time, or one that does not exist.
  case invalid

  /// Whether a field is a time at all, whatever must be known to read it.
  public var isTime: Bool { self != .invalid }

  /// Whether an instant lies between two others; what is none may.
  fileprivate func isWithin(_ years: Range<Int64>) -> Bool {
    if case .instant(let instant, _) = self { years.contains(instant.milliseconds) } else { true }
  }
}

/// Reads the time fields of every export shape (docs/salesforce.md).
public struct TimestampReader: Sendable {
  /// Zone of times that name none.
  public var timeZone: LocalTimeZone?
  /// Order of slash dates.
  public var dateOrder: DateOrder?
  /// What the numbers of a column count that holds nothing but numbers; `nil` for other columns.
  public var epochUnit: EpochUnit?

  /// Makes a reader with what the user stated.
  public init(timeZone: LocalTimeZone? = nil, dateOrder: DateOrder? = nil) {
    self.timeZone = timeZone
    self.dateOrder = dateOrder
  }

  /// Reads one field; a time outside the years 1999 to 2199 is none.
  ///
  /// - Parameter field: The field without its quotes.
  public func read(_ field: FieldBytes) -> TimestampReading {
    var forms = LocalTimeForms()
    return read(field, &forms)
  }

  /// Reads a field given as text.
  public func read(_ text: String) -> TimestampReading {
    var forms = LocalTimeForms()
    return read(text, &forms)
  }

  /// Reads one field, of a local time whose form is known its digits alone.
  ///
  /// - Parameters:
  ///   - field: The field without its quotes.
  ///   - forms: Forms of the fields before.
  /// - Returns: The same as ``read(_:)``.
  public func read(_ field: FieldBytes, _ forms: inout LocalTimeForms) -> TimestampReading {
    let reading = readAnyYear(field, &forms)
    return reading.isWithin(Instant.yearsOfExports) ? reading : .invalid
  }

  /// Reads a field given as text, of a local time whose form is known its digits alone.
  public func read(_ text: String, _ forms: inout LocalTimeForms) -> TimestampReading {
    let reading = readAnyYear(text, &forms)
    return reading.isWithin(Instant.yearsOfExports) ? reading : .invalid
  }

  private func readAnyYear(
    _ text: String, _ forms: inout LocalTimeForms
  ) -> TimestampReading {
    var text = text
    return text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return .invalid }
      return unsafe readAnyYear(FieldBytes(start: start, count: bytes.count), &forms)
    }
  }

  private func readAnyYear(
    _ field: FieldBytes, _ forms: inout LocalTimeForms
  ) -> TimestampReading {
    let bytes = unsafe UnsafeBufferPointer(start: field.start, count: field.count)
    if let epochUnit {
      let instant =
        unsafe epochUnit.instant(bytes) ?? epochUnit.instant(Self.unguarded(field))
      return instant.map { .instant($0, ambiguous: false) } ?? .invalid
    }
    if let time = forms.time(field) { return reading(of: time) }
    if let instant = unsafe Self.readInternational(bytes) {
      return .instant(instant, ambiguous: false)
    }
    // Behind a guard or blanks the common form may stand.
    var text = Self.unguarded(field)
    if let instant = text.withUTF8({ unsafe Self.readInternational($0) }) {
      return .instant(instant, ambiguous: false)
    }
    guard let parts = LocalTimeText(text) else { return .invalid }
    let reading = reading(of: parts.time)
    // What is none may be a time of another form, whose digits are wrong.
    if reading != .invalid { forms.learn(field, parts) }
    return reading
  }

  /// The text of a field without what spreadsheets put around it.
  private static func unguarded(_ field: FieldBytes) -> String {
    unsafe String(
      decoding: UnsafeBufferPointer(start: field.start, count: field.count), as: UTF8.self
    ).withoutDoubledQuotes.withoutGuard
  }

  /// Reads `2026-08-01T12:34:56.789Z`, `….000+0000`, `…+02:00`, `…+02`, without fraction, with a blank
  /// for the `T` and before the zone, and the compact event-log form `20211019050707.13`.
  ///
  /// - Returns: `nil` for every other form and for impossible times.
  static func readInternational(_ bytes: UnsafeBufferPointer<UInt8>) -> Instant? {
    let count = bytes.count
    // The form of nearly all exports.
    var fixed = FixedTimeReader()
    if let start = bytes.baseAddress,
      let instant = unsafe fixed.read(FieldBytes(start: start, count: count))
    {
      return instant
    }
    func digits(_ start: Int, _ length: Int) -> Int64? {
      guard start + length <= count else { return nil }
      var value: Int64 = 0
      for index in start..<(start + length) {
        let digit = unsafe bytes[index] &- 0x30
        guard digit < 10 else { return nil }
        value = value * 10 + Int64(digit)
      }
      return value
    }
    func instant(_ parts: (Int64?, Int64?, Int64?, Int64?, Int64?, Int64?)) -> Int64? {
      guard let year = parts.0, let month = parts.1, let day = parts.2, let hour = parts.3,
        let minute = parts.4, let second = parts.5, hour < 24, minute < 60, second < 60,
        let date = CivilDate(year: year, month: month, dayOfMonth: day)
      else { return nil }
      return date.day * Instant.dayMilliseconds + (hour * 3_600 + minute * 60 + second) * 1_000
    }
    func fraction(_ position: inout Int) -> Int64? {
      guard position < count, unsafe bytes[position] == 0x2E else { return 0 }
      position += 1
      var value: Int64 = 0
      var length = 0
      while position < count, let digit = digits(position, 1) {
        // Digits beyond the millisecond are cut, as Salesforce stores milliseconds.
        if length < 3 { value = value * 10 + digit }
        length += 1
        position += 1
      }
      guard length > 0, length <= 9 else { return nil }
      while length < 3 {
        value *= 10
        length += 1
      }
      return value
    }
    guard count >= 14 else { return nil }
    if unsafe bytes[4] == 0x2D {
      guard count >= 20, unsafe bytes[7] == 0x2D,
        unsafe bytes[10] == 0x54 || bytes[10] == 0x20,
        unsafe bytes[13] == 0x3A, unsafe bytes[16] == 0x3A,
        let base = instant(
          (digits(0, 4), digits(5, 2), digits(8, 2), digits(11, 2), digits(14, 2), digits(17, 2)))
      else { return nil }
      var position = 19
      guard let milliseconds = fraction(&position) else { return nil }
      if position < count, unsafe bytes[position] == 0x20 { position += 1 }
      guard position < count else { return nil }
      let sign = unsafe bytes[position]
      if sign == 0x5A, position + 1 == count { return Instant(milliseconds: base + milliseconds) }
      guard sign == 0x2B || sign == 0x2D, let hours = digits(position + 1, 2) else { return nil }
      if position + 3 == count, hours < 16 {
        let offset = hours * 3_600_000
        return Instant(milliseconds: base + milliseconds - (sign == 0x2B ? offset : -offset))
      }
      let hasColon = unsafe position + 3 < count && bytes[position + 3] == 0x3A
      let minuteStart = position + (hasColon ? 4 : 3)
      guard let minutes = digits(minuteStart, 2), minuteStart + 2 == count, hours < 24,
        minutes < 60
      else { return nil }
      let offset = (hours * 60 + minutes) * 60_000
      return Instant(milliseconds: base + milliseconds - (sign == 0x2B ? offset : -offset))
    }
    guard
      let base = instant(
        (digits(0, 4), digits(4, 2), digits(6, 2), digits(8, 2), digits(10, 2), digits(12, 2)))
    else { return nil }
    var position = 14
    guard let milliseconds = fraction(&position), position == count else { return nil }
    return Instant(milliseconds: base + milliseconds)
  }

  /// What a local time says, with what was stated.
  private func reading(of time: LocalTime) -> TimestampReading {
    guard let timeOfDay = time.clock.timeOfDay else { return .invalid }
    guard let order = time.order ?? dateOrder else {
      let isDate = time.civilDate(.mdy) != nil || time.civilDate(.dmy) != nil
      return isDate ? .needsDateOrder : .invalid
    }
    guard let date = time.civilDate(order) else { return .invalid }
    let local = date.day * Instant.dayMilliseconds + timeOfDay
    switch time.zone {
    case .offset(let offset):
      return .instant(Instant(milliseconds: local - offset), ambiguous: false)
    case .notStated:
      guard let timeZone else { return .needsTimeZone }
      guard let result = timeZone.instant(localMilliseconds: local) else { return .invalid }
      return .instant(result.instant, ambiguous: result.isAmbiguous)
    case .named(let offsets):
      guard let timeZone else { return .needsTimeZone }
      guard let result = timeZone.instant(localMilliseconds: local, offsets: offsets) else {
        return timeZone.instant(localMilliseconds: local) == nil ? .invalid : .contradictsTimeZone
      }
      return .instant(result.instant, ambiguous: result.isAmbiguous)
    }
  }

  /// What a date says about the order of month and day.
  ///
  /// - Returns: `mdy` or `dmy` when one part is over 12, otherwise `nil`.
  public static func decidedOrder(
    _ text: String, _ forms: LocalTimeForms = LocalTimeForms()
  ) -> DateOrder? {
    localTime(text, forms)?.decidedOrder
  }

  /// Whether the parts of a date could be exchanged, so that an order must be known.
  public static func needsOrder(
    _ text: String, _ forms: LocalTimeForms = LocalTimeForms()
  ) -> Bool {
    localTime(text, forms).map { $0.order == nil } ?? false
  }

  /// The local time that a text states; `nil` for none.
  private static func localTime(_ text: String, _ forms: LocalTimeForms) -> LocalTime? {
    var text = text
    let known = text.withUTF8 { bytes in
      unsafe bytes.baseAddress.flatMap {
        unsafe forms.time(FieldBytes(start: $0, count: bytes.count))
      }
    }
    return known ?? LocalTimeText(text.withoutDoubledQuotes.withoutGuard)?.time
  }

  /// Reads a date of a snapshot, of a known form its digits alone.
  ///
  /// Dates there are of the API or of the Data Export Service, which writes universal time without
  /// saying so; a zone that was stated goes before that. What lies far ahead stands for never; what
  /// lies before 1999 stands for nothing in some database, and the years of other calendars for other
  /// dates: these are none.
  public func readSnapshotDate(
    _ text: String, _ forms: inout LocalTimeForms
  ) -> TimestampReading {
    var reading = readAnyYear(text, &forms)
    if reading == .needsTimeZone, text.utf8.prefix(5).last == UInt8(ascii: "-"),
      text.utf8.first.map({ $0 &- 0x30 < 10 }) ?? false,
      Self.localTime(text, forms)?.zone == .notStated
    {
      var universal = self
      universal.timeZone = .utc
      reading = universal.readAnyYear(text, &forms)
    }
    return reading.isWithin(Instant.yearsOfExports) || reading.isWithin(Instant.yearsOfNever)
      ? reading : .invalid
  }
}

extension String {
  fileprivate var withoutDoubledQuotes: String {
    utf8.contains(UInt8(ascii: "\"")) ? replacing("\"\"", with: "\"") : self
  }
}

/// What the numbers of a column of times count since 1970-01-01T00:00:00Z.
public enum EpochUnit: Int64, Sendable, CaseIterable {
  case seconds = 1
  case milliseconds = 1_000
  case microseconds = 1_000_000
  case nanoseconds = 1_000_000_000

  /// The unit that the size of a number tells; `nil` for text that is no such number.
  ///
  /// Salesforce is younger than 1999, when numbers of seconds had nine digits.
  public init?(_ text: String) {
    // Most texts are dates, which their first bytes tell.
    let start = text.utf8.prefix(9)
    guard start.count == 9, start.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
    guard let unit = Self.allCases.first(where: { $0.instant(text) != nil }) else { return nil }
    self = unit
  }

  /// The instant that a number stands for; `nil` for other text, and outside the years 1999 to 2100.
  public func instant(_ text: String) -> Instant? {
    var text = text
    return text.withUTF8 { unsafe instant($0) }
  }

  /// The instant that a number stands for, with up to nine digits behind a point.
  func instant(_ bytes: UnsafeBufferPointer<UInt8>) -> Instant? {
    func isDigit(_ place: Int) -> Bool { unsafe bytes[place] &- 0x30 < 10 }
    var number: Int64 = 0
    var place = 0
    while place < bytes.count, isDigit(place) {
      let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = unsafe tens.addingReportingOverflow(Int64(bytes[place] & 15))
      guard place < 19, !isTooLarge, !isLarger else { return nil }
      number = sum
      place += 1
    }
    guard number > 0 else { return nil }
    var fraction: Int64 = 0
    if place < bytes.count {
      let point = place
      guard unsafe bytes[point] == 0x2E, bytes.count - point - 1 <= 9 else { return nil }
      var weight: Int64 = 100
      place += 1
      while place < bytes.count {
        guard isDigit(place) else { return nil }
        // Digits beyond the millisecond are cut.
        fraction += unsafe weight * Int64(bytes[place] & 15)
        weight /= 10
        place += 1
      }
    }
    var milliseconds: Int64
    if self == .seconds {
      let product = number.multipliedReportingOverflow(by: 1_000)
      guard !product.overflow else { return nil }
      milliseconds = product.partialValue &+ fraction
    } else {
      milliseconds = number / (rawValue / 1_000)
    }
    return (915_148_800_000..<4_133_980_800_000).contains(milliseconds)
      ? Instant(milliseconds: milliseconds) : nil
  }
}

extension Instant {
  /// 1999 to 2199, in milliseconds: Salesforce is younger, and later years are of another calendar.
  fileprivate static let yearsOfExports: Range<Int64> = 915_148_800_000..<7_258_118_400_000
  /// From 3000 on.
  fileprivate static let yearsOfNever: Range<Int64> = 32_503_680_000_000..<Int64.max
}
