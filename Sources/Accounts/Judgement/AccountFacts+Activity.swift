package import SalesforceExports

extension AccountFacts {
  /// Counts the rows of one shape.
  mutating func count(_ traits: ShapeTraits, _ count: Int, first: Instant, last: Instant) {
    firstLogin = firstLogin.map { min($0, first) } ?? first
    lastLogin = lastLogin.map { max($0, last) } ?? last
    switch traits.door {
    case .human: human.add(traits.outcome, count)
    case .api:
      api.add(traits.outcome, count)
      if traits.marks.contains(.openSubType) { openSubTypes += count }
    case .unclassified: unclassified.add(traits.outcome, count)
    }
    if traits.marks.contains(.unknownStatus) { unknownStatuses += count }
    signs.formUnion(traits.signs)
    statuses.insert(traits.status)
  }

  /// Counts the verdicts.
  mutating func countVerdicts() {
    guard human.succeeded > 0 else { return }
    for position in logins.indices {
      if let verdict = logins[position].verdict { verdicts.add(verdict) }
    }
  }

  /// API attempts by minute since 1970 UTC, ascending.
  ///
  /// - Complexity: O(*n*) in the minutes, which are unpacked anew each time.
  package var apiMinutes: [(minute: Int64, count: Int)] {
    source.map { $0.judgement.minutes(of: $0.numbers) } ?? []
  }

  /// Numbers of the countries that rows name, by the codes of shapes: equal for equal countries alone, 0 where
  /// rows name none.
  package var countryNumbers: [UInt32] { source?.judgement.numbers.countries ?? [] }

  /// The country with a number of ``countryNumbers``, as it stands in the rows; empty for 0.
  package func country(_ number: UInt32) -> String {
    number == 0 ? "" : source?.judgement.numbers.countryTexts[Int(number)] ?? ""
  }

  /// API attempts by UTC hour since 1970, ascending; hours without any are left out.
  ///
  /// - Complexity: As ``apiMinutes``, but where they are many, and then nothing is worked out.
  package var apiHours: [(hour: Int64, count: Int)] { sumsOfHours ?? Self.hours(of: apiMinutes) }

  /// Sums up minutes by hour.
  static func hours(
    of minutes: [(minute: Int64, count: Int)]
  ) -> [(hour: Int64, count: Int)] {
    var hours: [(hour: Int64, count: Int)] = []
    var hourEnd = Int64.min
    for (minute, count) in minutes {
      // Minutes ascend, so a division is needed once an hour.
      if minute >= hourEnd {
        let hour = floorDivide(minute, 60)
        hourEnd = (hour + 1) * 60
        hours.append((hour, 0))
      }
      hours[hours.count - 1].count += count
    }
    return hours
  }

  /// Attempts from which an account's hours are summed up once and for all: below, hardly a rule asks.
  static let manyAttempts = 100

  /// The clock hour and the minute with most API attempts, the earliest on ties.
  ///
  /// - Complexity: As ``apiMinutes``.
  package var peaks: (hour: Peak, minute: Peak) {
    var (peakHour, peakMinute) = (Peak(), Peak())
    var hourEnd = Int64.min
    var inHour = 0
    for (minute, count) in apiMinutes {
      // Minutes ascend, so a division is needed once an hour.
      if minute >= hourEnd {
        inHour = 0
        hourEnd = (floorDivide(minute, 60) + 1) * 60
      }
      inHour += count
      if inHour > peakHour.logins {
        peakHour = Peak(start: Instant(milliseconds: (hourEnd - 60) * 60_000), logins: inHour)
      }
      if count > peakMinute.logins {
        peakMinute = Peak(start: Instant(milliseconds: minute * 60_000), logins: count)
      }
    }
    return (peakHour, peakMinute)
  }

  /// What happened day by day, and at which hours of the week.
  ///
  /// - Complexity: O(*n*) in the active hours and logged rows; computed anew each time.
  package var activity: AccountActivity {
    var result = AccountActivity()
    // Out of the result while they are counted, which each count would look into.
    var hoursOfWeek = result.hoursOfWeek
    var attempts: [(day: Int64, activity: DayActivity)] = []
    var (day, nextDay) = (Int64.min, Int64.min)
    // Hours ascend, so a division is needed once a day.
    for (hour, count) in apiHours {
      hoursOfWeek[Self.hourOfWeek(hour)] += count
      if hour >= nextDay {
        day = floorDivide(hour, 24)
        nextDay = (day + 1) * 24
        attempts.append((day, DayActivity()))
      }
      attempts[attempts.count - 1].activity.api += count
    }
    var others: [(day: Int64, activity: DayActivity)] = []
    var today = DayActivity()
    var dayEnd = Int64.min
    for position in logins.indices {
      let (time, traits, state) = (
        logins[position].row.time, logins[position].traits, logins[position].verdict?.state
      )
      if time.milliseconds >= dayEnd {
        if position > 0 { others.append((day, today)) }
        today = DayActivity()
        day = time.day
        dayEnd = (day + 1) * Instant.dayMilliseconds
      }
      if traits.door != .api {
        let hour = floorDivide(time.milliseconds, 3_600_000)
        hoursOfWeek[Self.hourOfWeek(hour)] += 1
      } else {
        // Attempts were counted by minute; those that did not succeed are logged.
        today.api -= 1
      }
      if traits.outcome == .failed { today.failed += 1 }
      switch state {
      case .proven: today.humanProven += 1
      case .absent: today.humanAbsent += 1
      case .unknown: today.humanUnknown += 1
      case nil: break
      }
    }
    if !logins.isEmpty { others.append((day, today)) }
    result.hoursOfWeek = hoursOfWeek
    result.days = Self.united(attempts, others)
    return result
  }

  /// Unites two lists of days, each ascending; days without anything are left out.
  private static func united(
    _ one: [(day: Int64, activity: DayActivity)], _ other: [(day: Int64, activity: DayActivity)]
  ) -> [(day: Int64, activity: DayActivity)] {
    var result: [(day: Int64, activity: DayActivity)] = []
    result.reserveCapacity(one.count + other.count)
    var (left, right) = (0, 0)
    while left < one.count || right < other.count {
      if right == other.count || left < one.count && one[left].day < other[right].day {
        result.append(one[left])
        left += 1
      } else if left == one.count || other[right].day < one[left].day {
        result.append(other[right])
        right += 1
      } else {
        var entry = one[left]
        entry.activity.add(other[right].activity)
        result.append(entry)
        left += 1
        right += 1
      }
      if result[result.count - 1].activity.isEmpty { result.removeLast() }
    }
    return result
  }

  /// 1970-01-01 was a Thursday: its first hour is the 73rd of the week that begins on Monday.
  private static func hourOfWeek(_ hour: Int64) -> Int {
    let shifted = hour + 72
    return Int(shifted - floorDivide(shifted, 168) * 168)
  }

  /// The most API attempts in 60 consecutive minutes, with the first minute of that stretch.
  package var busiestSixtyMinutes: (start: Instant, logins: Int)? {
    var best: (start: Instant, logins: Int)?
    var sum = 0
    var tail = 0
    let apiMinutes = apiMinutes
    for (minute, count) in apiMinutes {
      sum += count
      while apiMinutes[tail].minute <= minute - 60 {
        sum -= apiMinutes[tail].count
        tail += 1
      }
      if sum > best?.logins ?? 0 {
        best = (Instant(milliseconds: apiMinutes[tail].minute * 60_000), sum)
      }
    }
    return best
  }
}

/// How an account's logins spread over time; all UTC.
package struct AccountActivity: Sendable {
  /// Days since 1970 with what happened on them, ascending; days without anything are left out.
  package fileprivate(set) var days: [(day: Int64, activity: DayActivity)] = []
  /// Attempts by hour of the week, Monday 00:00 first.
  package fileprivate(set) var hoursOfWeek = [Int](repeating: 0, count: 168)
}
