/// A time as a field states it: a date, a time of day, and what is said of the zone.
struct LocalTime: Equatable, Sendable {
  /// What a field says of its zone.
  enum Zone: Equatable, Sendable {
    case notStated
    /// Milliseconds to add to UTC.
    case offset(Int64)
    /// A name, with the offsets in milliseconds that it can mean.
    case named([Int64])
  }

  /// A number and how many digits it has.
  struct Number: Equatable, Sendable {
    var value: Int64
    var width: Int
  }

  /// The numbers of the date in the order in which they stand; of a date that names its month, year,
  /// month and day.
  var first: Number
  var second: Number
  var third: Number
  /// The order that the date itself tells.
  let order: DateOrder?
  /// Day of the week from Monday, 0, where the field names it.
  let weekday: Int64?
  var clock: Clock
  let zone: Zone

  /// A time of day as it is stated.
  struct Clock: Equatable, Sendable {
    var hour: Int64 = 0
    var minute: Int64 = 0
    var second: Int64 = 0
    var milliseconds: Int64 = 0
    /// The half of the day that a twelve-hour clock names.
    var period: DayPeriod?

    /// Milliseconds since midnight; `nil` for a time that no day has.
    var timeOfDay: Int64? {
      var hours = hour
      if let period {
        guard let value = period.hour(hours) else { return nil }
        hours = value
      }
      guard hours < 24, minute < 60, second < 60 else { return nil }
      return (hours * 3_600 + minute * 60 + second) * 1_000 + milliseconds
    }
  }

  /// Whether there is such a time of day, and the day of the week is that of the date.
  var isConsistent: Bool {
    guard clock.timeOfDay != nil else { return false }
    guard let weekday, let day = civilDate(order ?? .ymd)?.day else { return true }
    // 1970-01-01 was a Thursday.
    return floorDivide(day + 3, 7) * 7 + weekday == day + 3
  }

  /// The date, read in an order; `nil` when there is no such date.
  func civilDate(_ order: DateOrder) -> CivilDate? {
    let (year, month, day) =
      switch order {
      case .mdy: (third, first, second)
      case .dmy: (third, second, first)
      case .ymd: (first, second, third)
      }
    guard year.width == 4 || year.width == 2, month.width <= 2, day.width <= 2 else { return nil }
    // Two-digit years are written since 2000 only: Salesforce is younger than that.
    return CivilDate(
      year: year.width == 2 ? year.value + 2_000 : year.value, month: month.value,
      dayOfMonth: day.value)
  }

  /// The order that a date tells whose parts could be exchanged: one part is over 12.
  var decidedOrder: DateOrder? {
    guard order == nil else { return nil }
    if first.value > 12, first.value <= 31, second.value <= 12 { return .dmy }
    if second.value > 12, second.value <= 31, first.value <= 12 { return .mdy }
    return nil
  }
}
