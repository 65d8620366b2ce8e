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

  /// Makes a zone from stretches in ascending order, the first from `Int64.min`.
  public init(stretches: [Stretch]) { self.stretches = stretches }

  /// Universal time.
  public static let utc = LocalTimeZone(stretches: [.init(start: .min, offset: 0)])

  /// The instant of a local time.
  ///
  /// A local time that occurs twice is the earlier instant, `isAmbiguous` then (PRODUCT.md).
  ///
  /// - Returns: `nil` when the local time does not exist in the zone.
  public func instant(localMilliseconds: Int64) -> (instant: Instant, isAmbiguous: Bool)? {
    var found: Int64?
    var hits = 0
    for (index, stretch) in stretches.enumerated() {
      let candidate = localMilliseconds - stretch.offset
      let end = index + 1 < stretches.count ? stretches[index + 1].start : Int64.max
      guard candidate >= stretch.start, candidate < end else { continue }
      hits += 1
      found = found.map { Swift.min($0, candidate) } ?? candidate
    }
    return found.map { (Instant(milliseconds: $0), hits > 1) }
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
  /// No time, or one that does not exist.
  case invalid
}

/// Reads the time fields of every export shape (SALESFORCE.md 1a, 1b, 1c).
public struct TimestampReader: Sendable {
  /// Zone of times that name none.
  public var timeZone: LocalTimeZone?
  /// Order of slash dates.
  public var dateOrder: DateOrder?

  /// Makes a reader with what the user stated.
  public init(timeZone: LocalTimeZone? = nil, dateOrder: DateOrder? = nil) {
    self.timeZone = timeZone
    self.dateOrder = dateOrder
  }

  /// Reads one field.
  ///
  /// - Parameter bytes: The field without its quotes.
  public func read(_ bytes: UnsafeBufferPointer<UInt8>) -> TimestampReading {
    if let instant = unsafe Self.readInternational(bytes) {
      return .instant(instant, ambiguous: false)
    }
    return unsafe readLocal(String(decoding: bytes, as: UTF8.self))
  }

  /// Reads a field given as text.
  public func read(_ text: String) -> TimestampReading {
    var text = text
    return text.withUTF8 { unsafe read($0) }
  }

  /// Reads `2026-08-01T12:34:56.789Z`, `….000+0000`, `…+02:00`, without fraction, and the compact
  /// event-log form `20211019050707.13`.
  ///
  /// - Returns: `nil` for every other form and for impossible times.
  public static func readInternational(_ bytes: UnsafeBufferPointer<UInt8>) -> Instant? {
    let count = bytes.count
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
      guard length > 0 else { return nil }
      while length < 3 {
        value *= 10
        length += 1
      }
      return value
    }
    guard count >= 14 else { return nil }
    if unsafe bytes[4] == 0x2D {
      guard count >= 20, unsafe bytes[7] == 0x2D, unsafe bytes[10] == 0x54,
        unsafe bytes[13] == 0x3A, unsafe bytes[16] == 0x3A,
        let base = instant(
          (digits(0, 4), digits(5, 2), digits(8, 2), digits(11, 2), digits(14, 2), digits(17, 2)))
      else { return nil }
      var position = 19
      guard let milliseconds = fraction(&position), position < count else { return nil }
      let sign = unsafe bytes[position]
      if sign == 0x5A, position + 1 == count { return Instant(milliseconds: base + milliseconds) }
      guard sign == 0x2B || sign == 0x2D, let hours = digits(position + 1, 2) else { return nil }
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

  /// Reads a local time of the Setup download: numbers for the date in one of three orders, a time
  /// with or without seconds, AM/PM, and perhaps a zone name, which is not interpreted unless it is
  /// universal time.
  private func readLocal(_ text: String) -> TimestampReading {
    var numbers: [(value: Int64, width: Int)] = []
    var words: [String] = []
    var dateSeparator: Character?
    var number: (value: Int64, width: Int)?
    var word = ""
    // Years before the first, and offsets in forms that are not read.
    var hasSign = false
    for character in text {
      // Two minus signs can stand in the date, each behind a number.
      if character == "+" || (character == "-" && (number == nil || numbers.count > 1)) {
        hasSign = true
      }
      if let digit = character.wholeNumberValue, character.isASCII {
        if !word.isEmpty {
          words.append(word)
          word = ""
        }
        guard (number?.width ?? 0) < 4 else { return .invalid }
        number = ((number?.value ?? 0) * 10 + Int64(digit), (number?.width ?? 0) + 1)
        continue
      }
      if let complete = number {
        numbers.append(complete)
        number = nil
        if numbers.count == 1 { dateSeparator = character }
      }
      if character.isLetter {
        word.append(character)
      } else if !word.isEmpty {
        words.append(word)
        word = ""
      }
    }
    if let complete = number { numbers.append(complete) }
    if !word.isEmpty { words.append(word) }
    guard (5...6).contains(numbers.count), !hasSign, let dateSeparator,
      "/.-".contains(dateSeparator)
    else {
      return .invalid
    }
    guard let order = Self.order(of: numbers, separator: dateSeparator) ?? dateOrder else {
      return Self.couldBeADate(numbers) ? .needsDateOrder : .invalid
    }
    let (first, second, third) = (numbers[0].value, numbers[1].value, numbers[2].value)
    var (year, month, day) =
      switch order {
      case .mdy: (third, first, second)
      case .dmy: (third, second, first)
      case .ymd: (first, second, third)
      }
    // Two-digit years are written since 2000 only: Salesforce is younger than that.
    if (order == .ymd ? numbers[0].width : numbers[2].width) == 2 { year += 2_000 }
    var hour = numbers[3].value
    for marker in words.map({ $0.uppercased() }) where marker == "AM" || marker == "PM" {
      guard (1...12).contains(hour) else { return .invalid }
      hour = hour % 12 + (marker == "PM" ? 12 : 0)
    }
    let second60 = numbers.count == 6 ? numbers[5].value : 0
    guard let date = CivilDate(year: year, month: month, dayOfMonth: day), hour < 24,
      numbers[4].value < 60, second60 < 60
    else { return .invalid }
    let local =
      date.day * Instant.dayMilliseconds + (hour * 3_600 + numbers[4].value * 60 + second60) * 1_000
    let isUniversal = words.contains { ["UTC", "GMT", "Z"].contains($0.uppercased()) }
    guard let zone = isUniversal ? .utc : timeZone else { return .needsTimeZone }
    guard let result = zone.instant(localMilliseconds: local) else { return .invalid }
    return .instant(result.instant, ambiguous: result.isAmbiguous)
  }

  /// The order that the date itself decides: a year first, dots (day first), or a part over 12.
  private static func order(
    of numbers: [(value: Int64, width: Int)], separator: Character
  ) -> DateOrder? {
    if numbers[0].width == 4 { return .ymd }
    if separator == "." { return .dmy }
    return nil
  }

  private static func couldBeADate(_ numbers: [(value: Int64, width: Int)]) -> Bool {
    let (first, second) = (numbers[0].value, numbers[1].value)
    return (1...31).contains(first) && (1...31).contains(second) && (first <= 12 || second <= 12)
  }

  /// What a slash date says about the order of month and day.
  ///
  /// - Returns: `mdy` or `dmy` when one part is over 12, otherwise `nil`.
  public static func decidedOrder(_ text: String) -> DateOrder? {
    let parts = text.split(separator: "/", maxSplits: 2)
    guard parts.count == 3, let first = Int(parts[0]), let second = Int(parts[1]),
      parts[0].utf8.count <= 2
    else { return nil }
    if first > 12, first <= 31, second <= 12 { return .dmy }
    if second > 12, second <= 31, first <= 12 { return .mdy }
    return nil
  }
}
