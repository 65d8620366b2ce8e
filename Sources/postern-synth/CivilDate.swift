/// A day of the proleptic Gregorian calendar, in UTC.
struct CivilDate: Equatable {
  /// Year, as in 2026.
  let year: Int
  /// Month, 1 to 12.
  let month: Int
  /// Day of the month, 1 to 31.
  let day: Int

  /// The date `days` days after 1970-01-01.
  init(daysSinceEpoch days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The date that `YYYY-MM-DD` writes, or nil.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), (1970...9_999).contains(year), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    let normal = CivilDate(daysSinceEpoch: Self.days(year: year, month: month, day: day))
    guard normal.month == month else { return nil }
    self = normal
  }

  /// Days since 1970-01-01.
  var daysSinceEpoch: Int { Self.days(year: year, month: month, day: day) }

  /// The date as `YYYY-MM-DD`.
  var text: String {
    "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }

  private static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

/// A moment, as whole seconds since 1970-01-01T00:00:00Z; login times have no finer grain.
typealias EpochSeconds = Int
