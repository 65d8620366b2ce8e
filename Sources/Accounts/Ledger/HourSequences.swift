/// Counts by hour while minutes are read that ascend, or are two ascending sequences in one another.
struct HourSequences {
  private struct Ascending {
    /// Hours with their counts.
    var hours: [(hour: UInt32, count: Int)] = []
    /// The first minute behind the last hour.
    var end: UInt32 = 0

    mutating func clear() {
      hours.removeAll(keepingCapacity: true)
      end = 0
    }

    /// Counts in a minute's hour; tells whether that is the last hour or comes behind it.
    @inline(__always)
    mutating func add(_ minute: UInt32, _ count: Int) -> Bool {
      if minute >= end {
        let hour = minute / 60
        end = (hour + 1) * 60
        hours.append((hour, count))
        return true
      }
      if minute + 60 < end { return false }
      hours[hours.count - 1].count += count
      return true
    }
  }

  private var front = Ascending()
  private var back = Ascending()

  /// Forgets all hours.
  mutating func clear() {
    front.clear()
    back.clear()
  }

  /// Counts in the hour of a minute, which has 25 bits.
  ///
  /// - Returns: Whether the minute stands behind those of one of the sequences; if not, it is not counted.
  @inline(__always)
  mutating func add(minute: UInt32, _ count: Int) -> Bool {
    front.add(minute, count) || back.add(minute, count)
  }

  /// All hours, ascending, each once.
  ///
  /// - Parameter base: What is added to each hour.
  /// - Complexity: O(*n*).
  func merged(from base: Int64) -> [(hour: Int64, count: Int)] {
    var result: [(hour: Int64, count: Int)] = []
    result.reserveCapacity(front.hours.count + back.hours.count)
    var next = 0
    for (hour, count) in front.hours {
      while next < back.hours.count, back.hours[next].hour < hour {
        result.append((Int64(back.hours[next].hour) + base, back.hours[next].count))
        next += 1
      }
      var sum = count
      if next < back.hours.count, back.hours[next].hour == hour {
        sum += back.hours[next].count
        next += 1
      }
      result.append((Int64(hour) + base, sum))
    }
    for (hour, count) in back.hours[next...] { result.append((Int64(hour) + base, count)) }
    return result
  }
}
