package import SalesforceExports

extension AccountFacts {
  /// Counts what shapes tell.
  mutating func countShapes() {
    for entry in shapes where entry.use.count > 0 {
      let count = entry.use.count
      firstLogin = firstLogin.map { min($0, entry.use.first.time) } ?? entry.use.first.time
      lastLogin = lastLogin.map { max($0, entry.use.last.time) } ?? entry.use.last.time
      switch entry.shape.door {
      case .human: human.add(entry.shape.outcome, count)
      case .api:
        api.add(entry.shape.outcome, count)
        if entry.shape.marks.contains(.openSubType) { openSubTypes += count }
      case .unclassified: unclassified.add(entry.shape.outcome, count)
      }
    }
  }

  /// Spreads API attempts and logged rows over days and hours.
  mutating func countTimes(shapes table: [LoginShape]) {
    var hours: [Int64: Int] = [:]
    var hour = Int64.min
    var inHour = 0
    func endHour() {
      guard inHour > 0 else { return }
      hours[hour] = inHour
      hoursOfWeek[Self.hourOfWeek(hour)] += inHour
      days[floorDivide(hour, 24), default: DayActivity()].api += inHour
    }
    // Minutes ascend, so an hour is counted once and not minute by minute.
    for (minute, count) in apiMinutes {
      let next = floorDivide(minute, 60)
      if next != hour {
        endHour()
        hour = next
        inHour = 0
      }
      inHour += count
      if count > peakMinute.logins {
        peakMinute = Peak(start: Instant(milliseconds: minute * 60_000), logins: count)
      }
    }
    endHour()
    for (hour, count) in hours.sorted(by: { $0.key < $1.key }) where count > peakHour.logins {
      peakHour = Peak(start: Instant(milliseconds: hour * 3_600_000), logins: count)
    }
    for login in logins {
      // Two small fields are read in place; a copy of the shape would count a dozen references.
      let door = table[Int(login.shape)].door
      let outcome = table[Int(login.shape)].outcome
      let day = login.row.time.day
      if door != .api {
        hoursOfWeek[Self.hourOfWeek(floorDivide(login.row.time.milliseconds, 3_600_000))] += 1
      } else {
        // Attempts were counted by minute; those that did not succeed are logged.
        days[day, default: DayActivity()].api -= 1
      }
      if outcome == .failed { days[day, default: DayActivity()].failed += 1 }
      switch login.verdict?.state {
      case .proven: days[day, default: DayActivity()].humanProven += 1
      case .absent: days[day, default: DayActivity()].humanAbsent += 1
      case .unknown: days[day, default: DayActivity()].humanUnknown += 1
      case nil: break
      }
    }
    days = days.filter { !$0.value.isEmpty }
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
