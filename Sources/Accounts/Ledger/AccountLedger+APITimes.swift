import SalesforceExports

// When accounts and applications used the API.
extension AccountLedger {
  /// API attempts of an account by hour since 1970, ascending.
  ///
  /// - Parameter sequences: Memory that is used again.
  /// - Returns: `nil` where they have to be summed up from ``apiMinutes(of:)``.
  func apiHours(
    of account: Int, _ sequences: inout HourSequences
  ) -> [(hour: Int64, count: Int)]? {
    let (partition, place) = Self.home(account)
    guard partitions[partition].outlyingMinutes[place] == nil else { return nil }
    return unsafe slot(account).pointee.minutes.hours(&sequences)
  }

  /// API attempts of an account by minute since 1970, ascending.
  package func apiMinutes(of account: Int) -> [(minute: Int64, count: Int)] {
    var result: [(minute: Int64, count: Int)] = []
    unsafe slot(account).pointee.minutes.appendCounts(to: &result)
    let (partition, place) = Self.home(account)
    if let outlying = partitions[partition].outlyingMinutes[place] {
      result.append(contentsOf: outlying.map { ($0.key, $0.value) })
      result.sort { $0.minute < $1.minute }
      // A minute may have counts in both.
      result = result.reduce(into: []) { united, entry in
        if let last = united.last, last.minute == entry.minute {
          united[united.count - 1].count += entry.count
        } else {
          united.append(entry)
        }
      }
    }
    return result
  }

  /// UTC hours since 1970 with rows, each with the first and last minute of them.
  package var activeHours: [Int64: HourSpan] { hours.spans }

  /// UTC days on which API logins succeeded.
  ///
  /// Of applications that are not named an address keeps the days modulo 64: of one that is used for longer some
  /// days more may be taken for used.
  ///
  /// - Complexity: O(*n*) in the days of applications, and in all addresses where some application is not named.
  var daysWithAPISuccesses: Set<Int64> {
    var result = applicationDays.all
    guard kinds.contains(where: { $0.application == 1 }) else { return result }
    for account in accountNumbers(ofWorker: 0, of: 1) {
      let list = unsafe slot(account).pointee.addresses
      for position in 0..<Int(list.count) {
        let entry = unsafe list.entry(position).pointee
        guard entry.application == 1, entry.count > 0 else { continue }
        let (first, last) = (entry.firstTime.day, entry.lastTime.day)
        // Four years tell what matters; times far off come from damaged rows.
        for day in first...min(last, first + 366 * 4)
        where entry.days & AddressEntry.bit(ofDay: day) != 0 {
          result.insert(day)
        }
      }
    }
    return result
  }

  /// UTC days since 1970 on which API logins of an application succeeded, ascending.
  ///
  /// - Parameter application: Code of the application.
  package func days(ofApplication application: Int) -> [Int64] {
    applicationDays.days(of: application)
  }
}
