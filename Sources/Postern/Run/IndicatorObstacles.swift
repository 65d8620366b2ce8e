import Accounts
import Configuration
import Findings
import Platform
import SalesforceExports

/// What keeps indicators from being compared with any login of a run.
struct IndicatorObstacles: Sendable {
  private let address: String?
  private let application: String?
  private let userAgent: String?

  /// Looks at what the logins hold.
  ///
  /// - Complexity: O(*n*) in the distinct values.
  init(_ ledger: AccountLedger, _ inputs: InputRecords) {
    let files = inputs.loginColumns
    let missing = files.dropFirst().reduce(Set(files.first?.missing ?? [])) {
      $0.intersection($1.missing)
    }
    let hasRows = !ledger.shapes.isEmpty
    let hasAddresses = ledger.addresses.contains { NetworkAddress($0) != nil }
    address =
      missing.contains("SourceIp")
      ? "column SourceIp of the login export"
      : hasRows && !hasAddresses ? "an address in any row of the login export" : nil
    application = missing.contains("Application") ? "column Application of the login export" : nil
    let hasAgents = ledger.shapes.contains { !$0.browser.isEmpty }
    userAgent =
      !files.contains { $0.kind == .eventLogLogin }
      ? "event log files of type Login, which alone have user agents"
      : missing.contains("Browser") || hasRows && !hasAgents
        ? "values of BROWSER_TYPE in the event log files" : nil
  }

  /// What is lacking for indicators of a kind; `nil` where nothing is.
  private subscript(subject: Indicator.Subject) -> String? {
    switch subject {
    case .network: address
    case .application: application
    case .userAgent: userAgent
    }
  }

  /// What is lacking where none of some indicators can be compared; empty where one can.
  func ofAll(_ indicators: [Indicator]) -> [String] {
    let lacking = indicators.compactMap { self[$0.subject] }
    return lacking.count == indicators.count ? lacking.distinctByBytes().sortedByBytes() : []
  }

  /// How many of some indicators cannot be compared, and for want of what.
  func texts(_ indicators: [Indicator]) -> [String] {
    let lacking = Dictionary(grouping: indicators.compactMap { self[$0.subject] }) { $0 }
    return lacking.sorted { $0.key < $1.key }.map { text, entries in
      "\(entries.count.counted("indicator")) \(entries.count.takes("was", "were")) not compared with any login, "
        + "for want of \(text)"
    }
  }
}
