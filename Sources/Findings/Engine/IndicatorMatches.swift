package import Platform
import SalesforceExports

/// Which of the values that occur in a run match an indicator.
///
/// The façade compares each distinct address, application and user agent of the run once, however
/// many indicators and rows there are; rules look up values, and ask whether the time of a row is
/// within the indicator's dates.
package struct IndicatorMatches: Sendable {
  /// Texts of the indicators that a value matches, sorted, by value.
  package typealias Table = [ExactText: [String]]

  /// Canonical source addresses.
  package var addresses: Table = [:]
  /// Names of applications.
  package var applications: Table = [:]
  /// Raw user agents, which event log files alone have.
  package var userAgents: Table = [:]
  /// When indicators hold, by their text; one that always holds is left out.
  package var dates: [ExactText: IndicatorDates] = [:]
  /// Where indicators come from, by their text, as their entries state it.
  package var sources: [ExactText: String] = [:]

  /// Matches nothing.
  package init() {}

  /// Whether no value of the run matches any indicator.
  package var isEmpty: Bool { addresses.isEmpty && applications.isEmpty && userAgents.isEmpty }

  /// Whether an indicator holds at the time of a row.
  func holds(_ text: String, at time: Instant) -> Bool { dates[text]?.contains(time) ?? true }

  /// Whether an indicator holds for all of a stretch of time.
  func holds(_ text: String, from first: Instant, to last: Instant) -> Bool {
    dates[text]?.contains(from: first, to: last) ?? true
  }
}
