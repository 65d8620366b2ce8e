import Delimited

/// Forms of local times that were taken apart before: of a further time in one of them only the digits
/// are read.
///
/// How a time is taken apart depends on everything in it but the values of its digits, and a column
/// repeats a few forms: one for each length of month, day and hour, half of the day and name of a zone. To
/// take one apart character by character costs tens of thousands of instructions, a known one
/// about a thousand.
public struct LocalTimeForms: Sendable {
  private var forms: [LocalTimeForm] = []
  /// Numbers of forms plus one, at the place of their hash or behind it; 0 where none is.
  private var places: [UInt16] = []

  /// Columns with names of months and days have a few hundred.
  private static let limit = 1_024
  /// Forms that differ in the digits of an offset alone; a column has a few.
  private static let likeLimit = 16

  /// Knows no form.
  public init() {}

  /// The time that a field states in a known form.
  ///
  /// - Returns: `nil` for a form that is not known, and for what is no time in its form.
  /// - Complexity: O(*n*).
  func time(_ field: FieldBytes) -> LocalTime? {
    guard !forms.isEmpty, let outline = Outline(field) else { return nil }
    var place = outline.hash & (places.count - 1)
    var likeCount = 0
    while places[place] > 0, likeCount < Self.likeLimit {
      let form = forms[Int(places[place]) - 1]
      if form.outline == outline {
        if let time = form.time(field) { return time }
        likeCount += 1
      }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  /// Learns the form of a field.
  ///
  /// - Parameters:
  ///   - field: The field, which is not known.
  ///   - text: The field taken apart.
  mutating func learn(_ field: FieldBytes, _ text: LocalTimeText) {
    guard let outline = Outline(field), let form = LocalTimeForm(field, outline, text) else {
      return
    }
    // Who writes that many forms writes others as well.
    if forms.count == Self.limit || places.isEmpty {
      forms = []
      places = [UInt16](repeating: 0, count: 4 * Self.limit)
    }
    var place = outline.hash & (places.count - 1)
    var likeCount = 0
    while places[place] > 0 {
      if forms[Int(places[place]) - 1].outline == outline { likeCount += 1 }
      place = (place + 1) & (places.count - 1)
    }
    guard likeCount < Self.likeLimit else { return }
    forms.append(form)
    places[place] = UInt16(forms.count)
  }
}

/// A text in which each digit of ASCII is 0.
@safe
private struct Outline: Equatable {
  /// Longer ones are no times: see ``LocalTimeText``.
  static let limit = 120

  private var words: [15 of UInt64] = .init(repeating: 0)
  let count: Int

  /// The outline of a field; `nil` for one that is too long.
  init?(_ field: FieldBytes) {
    guard field.count > 0, field.count <= Self.limit else { return nil }
    count = field.count
    unsafe withUnsafeMutableBytes(of: &words) { words in
      if let start = words.baseAddress {
        unsafe start.copyMemory(from: field.start, byteCount: field.count)
      }
    }
    for place in 0..<wordCount {
      let word = words[place]
      // The top bit of each byte that is no digit: a digit less 0 is below 10, and no carry leaves a byte.
      let value = word ^ 0x3030_3030_3030_3030
      let other = ((value & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676) | value
      let digits = (~other & 0x8080_8080_8080_8080) >> 7
      words[place] = word & ~(digits &* 15)
    }
  }

  private var wordCount: Int { (count + 7) / 8 }

  var hash: Int {
    var hash = UInt64(truncatingIfNeeded: count)
    for place in 0..<wordCount {
      hash = (hash ^ words[place]) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    return Int(truncatingIfNeeded: hash & 0x7FFF_FFFF)
  }

  static func == (left: Self, right: Self) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt64 = 0
    for place in 0..<left.wordCount { difference |= left.words[place] ^ right.words[place] }
    return difference == 0
  }
}

/// One form: the time that was taken apart, and where its digits stand.
///
/// An object, since looking at one in a list would copy it.
@safe
private final class LocalTimeForm: Sendable {
  let outline: Outline
  private let example: LocalTime
  private let runs: [Run]

  private struct Run {
    var start: UInt8 = 0
    var width: UInt8 = 0
    var role = LocalTimeText.Role.other
    /// What the digits must be where the role is ``LocalTimeText/Role/other``.
    var value: Int64 = 0
  }

  /// Learns from a field; `nil` where its digits are not those that were read.
  init?(_ field: FieldBytes, _ outline: Outline, _ text: LocalTimeText) {
    self.outline = outline
    example = text.time
    var runs: [Run] = []
    var place = 0
    while place < field.count {
      guard Self.isDigit(field, place) else {
        place += 1
        continue
      }
      let start = place
      while place < field.count, Self.isDigit(field, place) { place += 1 }
      // Longer runs than any number; more than were read.
      guard place - start <= 9, runs.count < text.roles.count else { return nil }
      var run = Run(
        start: UInt8(start), width: UInt8(place - start), role: text.roles[runs.count])
      run.value = Self.value(field, run)
      runs.append(run)
    }
    self.runs = runs
    // Digits of full width, which are read as well, are not seen here, and marks among digits part them.
    guard runs.count == text.roles.count,
      runs.reduce(0, { $0 + Int($1.width) }) == text.digitCount, time(field) == text.time
    else { return nil }
  }

  /// What a field of this outline states; `nil` for another time than the form's, and for none.
  func time(_ field: FieldBytes) -> LocalTime? {
    var time = example
    for run in runs {
      let value = Self.value(field, run)
      let number = LocalTime.Number(value: value, width: Int(run.width))
      switch run.role {
      case .first: time.first = number
      case .second: time.second = number
      case .third: time.third = number
      case .hour: time.clock.hour = value
      case .minute: time.clock.minute = value
      case .seconds: time.clock.second = value
      case .fraction: time.clock.milliseconds = Self.milliseconds(value, run.width)
      case .other: if value != run.value { return nil }
      }
    }
    return time.isConsistent ? time : nil
  }

  private static func isDigit(_ field: FieldBytes, _ place: Int) -> Bool {
    unsafe field.start[place] &- 0x30 < 10
  }

  private static func value(_ field: FieldBytes, _ run: Run) -> Int64 {
    var value: Int64 = 0
    for place in Int(run.start)..<Int(run.start) + Int(run.width) {
      value = unsafe value &* 10 &+ Int64(field.start[place] & 15)
    }
    return value
  }

  /// Milliseconds of the digits behind a point; those beyond are cut, as Salesforce stores milliseconds.
  private static func milliseconds(_ value: Int64, _ width: UInt8) -> Int64 {
    var value = value
    for _ in 0..<max(Int(width) - 3, 0) { value /= 10 }
    for _ in min(Int(width), 3)..<3 { value *= 10 }
    return value
  }
}
