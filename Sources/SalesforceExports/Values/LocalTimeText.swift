/// Takes a time field apart.
///
/// The whole text has a meaning or the field is no time: what is left over could be the part on which
/// everything hangs, as a day period or an offset.
struct LocalTimeText {
  typealias Number = LocalTime.Number

  /// What a run of digits is; which one it is depends on how long runs are, never on their digits.
  enum Role: UInt8, Sendable {
    case first, second, third, hour, minute, seconds, fraction
    /// A part that is read by its digits, as that of an offset.
    case other
  }

  /// What the field states.
  let time: LocalTime
  /// What its runs of digits are, in the order in which they stand.
  let roles: [Role]
  /// How many digits they have together.
  let digitCount: Int

  /// Takes a field apart; `nil` when some part of it has no meaning.
  ///
  /// - Complexity: O(*n*).
  init?(_ field: String) {
    // No time is longer, and whoever wrote such a field did not mean one.
    guard field.utf8.count <= 120 else { return nil }
    var parts = Parts(field)
    guard parts.readWeekday(), parts.readDate() else { return nil }
    let endsWithYear = parts.date.count == 2
    if !endsWithYear { guard parts.readSeparator() else { return nil } }
    guard parts.readTime(), parts.readZone() else { return nil }
    if endsWithYear {
      parts.skipBlanks()
      guard let year = parts.number(.first), year.width == 4 else { return nil }
      parts.date.insert(year, at: 0)
    }
    guard parts.position == parts.text.count, parts.date.count == 3 else { return nil }
    time = LocalTime(
      first: parts.date[0], second: parts.date[1], third: parts.date[2], order: parts.order,
      weekday: parts.weekday, clock: parts.clock, zone: parts.zone)
    roles = parts.roles
    digitCount = parts.digitCount
    guard time.isConsistent else { return nil }
  }
}

/// What was found of a field so far.
private struct Parts {
  typealias Number = LocalTime.Number
  typealias Role = LocalTimeText.Role

  /// The numbers of the date, as ``LocalTime`` has them.
  var date: [Number] = []
  var order: DateOrder?
  var clock = LocalTime.Clock()
  var zone = LocalTime.Zone.notStated
  var weekday: Int64?
  var roles: [Role] = []
  var digitCount = 0

  let text: [Character]
  var position = 0

  init(_ field: String) { text = Self.normalized(field) }

  // MARK: Characters

  /// The text in lower case with plain blanks and digits' full-width forms as they are elsewhere.
  private static func normalized(_ field: String) -> [Character] {
    var result: [Character] = []
    for character in field.lowercased() {
      guard let scalar = character.unicodeScalars.first else { continue }
      switch scalar.value {
      case 0x200B...0x200F, 0x061C, 0xFEFF, 0x05F4, 0x05F3: continue
      case 0xFF01...0xFF5E:
        result.append(Character(Unicode.Scalar(scalar.value - 0xFEE0) ?? " "))
      case 0x2212: result.append("-")
      default:
        if scalar.properties.isWhitespace {
          if result.last != " " { result.append(" ") }
        } else {
          result.append(character)
        }
      }
    }
    while result.last == " " { result.removeLast() }
    while result.first == " " { result.removeFirst() }
    return result
  }

  private var next: Character? { position < text.count ? text[position] : nil }

  mutating func skipBlanks() {
    while next == " " { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    guard next == character else { return false }
    position += 1
    return true
  }

  private func digit(at place: Int) -> Int64? {
    guard place < text.count, text[place].isASCII, let value = text[place].wholeNumberValue else {
      return nil
    }
    return Int64(value)
  }

  /// Up to four digits; `nil` when there is none or there are more.
  mutating func number(_ role: Role = .other) -> Number? {
    var value: Int64 = 0
    var width = 0
    while let digit = digit(at: position) {
      value = value * 10 + digit
      width += 1
      position += 1
      if width > 4 { return nil }
    }
    if width == 0 { return nil }
    note(role, width)
    return Number(value: value, width: width)
  }

  private mutating func note(_ role: Role, _ width: Int) {
    roles.append(role)
    digitCount += width
  }

  /// A word of letters, the dots of an abbreviation left out; empty when there is none.
  private mutating func word() -> String {
    var word = ""
    while let character = next, character.isLetter || (character == "." && !word.isEmpty) {
      if character != "." { word.append(character) }
      position += 1
    }
    return word
  }

  // MARK: Date

  mutating func readWeekday() -> Bool {
    let start = position
    let name = word()
    guard name.count >= 3,
      let day = Self.weekdays.firstIndex(where: { $0.hasPrefix(name) || name == $0 })
    else {
      position = start
      return true
    }
    weekday = Int64(day)
    _ = take(",")
    skipBlanks()
    return true
  }

  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  /// A month by its English name; `nil` for another word.
  private mutating func month() -> Number? {
    let name = word()
    guard name.count >= 3,
      let index = Self.months.firstIndex(where: {
        $0.hasPrefix(name) || name == "sept" && $0 == "september"
      })
    else { return nil }
    return Number(value: Int64(index + 1), width: 2)
  }

  mutating func readDate() -> Bool {
    if digit(at: position) == nil { return readDateFromMonth() }
    guard let first = number(.first), let separator = next else { return false }
    if take("年") { return readDateWithCharacters(year: first) }
    if separator == " " || (separator.isLetter && separator != "t") {
      skipBlanks()
      return readNamedDate(day: first, separator: " ")
    }
    guard "/.-".contains(separator) else { return false }
    position += 1
    if separator == "." { skipBlanks() }
    if next?.isLetter == true { return readNamedDate(day: first, separator: separator) }
    guard let second = number(.second), take(separator) else { return false }
    if separator == "." { skipBlanks() }
    guard let third = number(.third) else { return false }
    // Korean and Croatian dates end with a dot.
    if separator == ".", next == ".", digit(at: position + 1) == nil { position += 1 }
    date = [first, second, third]
    if first.width >= 3 {
      order = .ymd
    } else if separator == "." {
      order = .dmy
    }
    return true
  }

  private mutating func readDateWithCharacters(year: Number) -> Bool {
    skipBlanks()
    guard let month = number(.second), take("月") else { return false }
    skipBlanks()
    guard let day = number(.third), take("日") else { return false }
    date = [year, month, day]
    order = .ymd
    return true
  }

  /// `1 Aug 2026`, `01-Aug-2026`, `1. August 2026`.
  private mutating func readNamedDate(day: Number, separator: Character) -> Bool {
    roles[roles.count - 1] = .third
    guard let month = month() else { return false }
    if separator != " " { guard take(separator) || next == " " else { return false } }
    _ = take(",")
    skipBlanks()
    guard let year = number(.first) else { return false }
    date = [year, month, day]
    order = .ymd
    return true
  }

  /// `Aug 1, 2026`, and `Aug 1 08:00:00 UTC 2026`, where the year comes last.
  private mutating func readDateFromMonth() -> Bool {
    guard let month = month() else { return false }
    skipBlanks()
    guard let day = number(.third) else { return false }
    let hasComma = take(",")
    skipBlanks()
    order = .ymd
    if !hasComma,
      digit(at: position + 1) == nil || [":"].contains(text[min(position + 2, text.count - 1)])
    {
      date = [month, day]
      return true
    }
    guard let year = number(.first) else { return false }
    date = [year, month, day]
    return true
  }

  // MARK: Time

  /// Words between date and time in CLDR's patterns.
  private static let joints: Set<String> = ["klo", "kl", "um", "at", "à", "às", "alle", "om", "t"]

  mutating func readSeparator() -> Bool {
    let start = position
    _ = take(",") || take("、")
    skipBlanks()
    let before = position
    let name = word()
    if !name.isEmpty, Self.joints.contains(name) {
      skipBlanks()
    } else {
      position = before
    }
    return position > start || next?.isLetter == true || text[position - 1] == "日"
  }

  mutating func readTime() -> Bool {
    var period = readPeriod()
    skipBlanks()
    guard let hour = number(.hour), hour.width <= 2,
      let minute = part(after: [":", ".", "h", "時", "时"], .minute)
    else { return false }
    clock.hour = hour.value
    clock.minute = minute
    if take("分") || text[position...].starts(with: "min") || text[position...].starts(with: " min")
    {
      skipBlanks()
      if text[position...].starts(with: "min") { position += 3 }
      skipBlanks()
      if digit(at: position) != nil {
        guard let value = number(.seconds), value.width <= 2 else { return false }
        clock.second = value.value
        skipBlanks()
        guard take("秒") || take("s") else { return false }
      }
    } else if next == ":" || (next == "." && digit(at: position + 1) != nil) {
      guard let value = part(after: [":", "."], .seconds) else { return false }
      clock.second = value
      guard let fraction = readFraction() else { return false }
      clock.milliseconds = fraction
    }
    if period == nil {
      skipBlanks()
      period = readPeriod()
    }
    clock.period = period
    return clock.timeOfDay != nil
  }

  /// The two digits behind one of these marks.
  private mutating func part(after marks: [Character], _ role: Role) -> Int64? {
    let start = position
    skipBlanks()
    guard let mark = next, marks.contains(mark) else {
      position = start
      return nil
    }
    position += 1
    if mark == "h" { skipBlanks() }
    guard let value = number(role), value.width == 2 else { return nil }
    return value.value
  }

  /// Milliseconds of one to nine digits behind a point or comma; 0 where there is no fraction.
  private mutating func readFraction() -> Int64? {
    guard next == "." || next == ",", digit(at: position + 1) != nil else { return 0 }
    position += 1
    var value: Int64 = 0
    var width = 0
    while let digit = digit(at: position) {
      // Digits beyond the millisecond are cut, as Salesforce stores milliseconds.
      if width < 3 { value = value * 10 + digit }
      width += 1
      position += 1
    }
    guard width <= 9 else { return nil }
    note(.fraction, width)
    for _ in min(width, 3)..<3 { value *= 10 }
    return value
  }

  /// A day period of one or two words; the position stays where there is none.
  private mutating func readPeriod() -> DayPeriod? {
    let start = position
    let first = word()
    guard !first.isEmpty else { return nil }
    let afterFirst = position
    skipBlanks()
    let second = word()
    if !second.isEmpty, let period = DayPeriod(first + second) ?? DayPeriod(first + " " + second) {
      return period
    }
    position = afterFirst
    if let period = DayPeriod(first) { return period }
    position = start
    return nil
  }

  // MARK: Zone

  mutating func readZone() -> Bool {
    skipBlanks()
    guard let first = next else { return true }
    if digit(at: position) != nil { return true }
    let closing: Character? = first == "(" ? ")" : first == "[" ? "]" : nil
    if closing != nil { position += 1 }
    var names: [String] = []
    while next?.isLetter == true {
      var name = word()
      while next == "/" || next == "_"
        || (next == "-" && position + 1 < text.count && text[position + 1].isLetter)
      {
        name.append(text[position])
        position += 1
        name += word()
      }
      names.append(name)
      skipBlanks()
    }
    let name = names.joined(separator: " ")
    if next == "+" || next == "-" {
      guard names.isEmpty || ZoneWord.isUniversal(name), let offset = readOffset() else {
        return false
      }
      zone = .offset(offset)
    } else if ZoneWord.isUniversal(name) {
      zone = .offset(0)
    } else if let offsets = ZoneWord.offsets(name) {
      zone = .named(offsets.map { $0 * 60_000 })
    } else {
      return false
    }
    if let closing { guard take(closing) else { return false } }
    return readRepeatedZone()
  }

  /// A zone in brackets behind an offset, as of Java: it only repeats it, so it must be known.
  private mutating func readRepeatedZone() -> Bool {
    let start = position
    skipBlanks()
    guard next == "(" || next == "[" else {
      position = start
      return true
    }
    let first = zone
    zone = .notStated
    position += 1
    let closing: Character = text[position - 1] == "(" ? ")" : "]"
    var name = ""
    while let character = next, character != closing {
      name.append(character)
      position += 1
    }
    guard take(closing) else { return false }
    if ZoneWord.isUniversal(name) {
      zone = first
      return first == .offset(0)
    }
    guard let offsets = ZoneWord.offsets(name), case .offset(let offset) = first else {
      return false
    }
    zone = first
    return offsets.contains(offset / 60_000)
  }

  /// `+02`, `+0200`, `+02:00`, `-7`; in milliseconds.
  private mutating func readOffset() -> Int64? {
    let isNegative = next == "-"
    position += 1
    guard let first = number() else { return nil }
    var hours = first.value
    var minutes: Int64 = 0
    switch first.width {
    case 1, 2:
      if take(":") {
        guard let rest = number(), rest.width == 2 else { return nil }
        minutes = rest.value
        // Old offsets of databases have seconds.
        if take(":") { guard let seconds = number(), seconds.value == 0 else { return nil } }
      }
    case 4:
      hours = first.value / 100
      minutes = first.value % 100
    default: return nil
    }
    guard hours <= 15, minutes < 60 else { return nil }
    let offset = (hours * 60 + minutes) * 60_000
    return isNegative ? -offset : offset
  }
}
