/// Which of the values that occur in a run match an indicator.
///
/// The façade compares each distinct address, application and user agent of the run once, however
/// many indicators and rows there are; rules look up values.
package struct IndicatorMatches: Sendable {
  /// Texts of the indicators that a value matches, sorted, by value.
  package typealias Table = [String: [String]]

  /// Canonical source addresses.
  package var addresses: Table = [:]
  /// Names of applications.
  package var applications: Table = [:]
  /// Raw user agents, which event log files alone have.
  package var userAgents: Table = [:]

  /// Matches nothing.
  package init() {}

  /// Whether no value of the run matches any indicator.
  package var isEmpty: Bool { addresses.isEmpty && applications.isEmpty && userAgents.isEmpty }
}
