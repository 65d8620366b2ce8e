import Foundation
package import SalesforceExports

/// Resolves time zones of the system's database to their changes of offset.
package enum TimeZoneTable {
  /// The zone with this name, from 1999 to 2100.
  ///
  /// - Throws: ``UsageError`` for a name that the database does not have.
  package static func zone(named name: String) throws(UsageError) -> LocalTimeZone {
    if ["utc", "gmt", "z"].contains(name.lowercased()) { return .utc }
    guard let zone = TimeZone(identifier: name), name.contains("/") || name.hasPrefix("GMT") else {
      throw UsageError(
        "--time-zone \(name) is not in the time zone database: use a name such as Europe/Berlin, "
          + "America/New_York or UTC")
    }
    let start = Date(timeIntervalSince1970: 915_148_800)
    let end = Date(timeIntervalSince1970: 4_102_444_800)
    var stretches = [
      LocalTimeZone.Stretch(start: .min, offset: Int64(zone.secondsFromGMT(for: start)) * 1_000)
    ]
    var date = start
    while let next = zone.nextDaylightSavingTimeTransition(after: date), next < end, next > date {
      stretches.append(
        LocalTimeZone.Stretch(
          start: Int64((next.timeIntervalSince1970 * 1_000).rounded()),
          offset: Int64(zone.secondsFromGMT(for: next.addingTimeInterval(1))) * 1_000))
      date = next
    }
    return LocalTimeZone(stretches: stretches)
  }
}
