import Accounts
import Configuration
import Findings
import Platform
import Reports
import SalesforceExports

/// Finds what matters in the rows of one account.
struct AccountTimeline {
  /// Failures within one UTC hour that are told as a burst.
  static let burstCount = 10
  /// A first sight is notable when the account's history is this long already.
  static let historyMilliseconds = 14 * Instant.dayMilliseconds

  private let facts: AccountFacts
  private let context: RuleContext
  private let fileNames: [String]
  private let hasVerifications: Bool

  /// Takes an account.
  ///
  /// - Parameters:
  ///   - fileNames: Names of the run's inputs by number.
  ///   - hasVerifications: Whether a verification export was read.
  init(
    _ facts: AccountFacts, context: RuleContext, fileNames: [String], hasVerifications: Bool
  ) {
    self.facts = facts
    self.context = context
    self.fileNames = fileNames
    self.hasVerifications = hasVerifications
  }

  /// All entries, in no order.
  var entries: [TimelineEntry] {
    humanLogins + failureBursts + firstSights + peaks
  }

  private var humanLogins: [TimelineEntry] {
    facts.humanSuccesses.compactMap { login in
      guard let verdict = login.verdict else { return nil }
      let shape = context.shape(login.shape)
      let client = [shape.application, shape.browser, shape.platform]
        .filter { !$0.isEmpty && $0 != "N/A" && $0 != "Unknown" }.joined(separator: ", ")
      let weight: TimelineEntry.Weight =
        switch verdict.state {
        case .absent: .alarming
        case .unknown: .notable
        case .proven: .ordinary
        }
      return TimelineEntry(
        time: login.row.time, weight: weight,
        text: TimelineEntry.humanLogin(verdict, hasVerifications: hasVerifications) + ", "
          + source(context.address(login.row.address), shape.country)
          + (client.isEmpty ? "" : ", \(client)"), place: place(login.row))
    }
  }

  private var failureBursts: [TimelineEntry] {
    let failed = facts.logins.filter { $0.traits.outcome == .failed }
    let hours = Dictionary(grouping: failed) { floorDivide($0.row.time.milliseconds, 3_600_000) }
    return hours.compactMap { hour, logins in
      guard logins.count >= Self.burstCount, let first = logins.first else { return nil }
      var statuses: [ExactText: Int] = [:]
      for login in logins {
        statuses[ExactText(context.shape(login.shape).status), default: 0] += 1
      }
      let most = statuses.max {
        $0.value != $1.value
          ? $0.value < $1.value : $1.key < $0.key
      }
      let addresses = Set(logins.map(\.row.address)).count
      return TimelineEntry(
        time: first.row.time, weight: .alarming,
        text: "\(logins.count.counted("failed attempt")) in the hour from "
          + "\(Instant(milliseconds: hour * 3_600_000).text.prefix(16)), most of them "
          + "\"\(most?.key.string ?? "")\", from \(addresses) \(addresses.takes("address", "addresses"))",
        place: place(first.row))
    }
  }

  private var firstSights: [TimelineEntry] {
    var entries: [TimelineEntry] = []
    var networks: [ExactText: (first: Instant, count: Int)] = [:]
    for address in facts.addresses {
      let name = ExactText(network(address.use.value))
      let known = networks[name]
      networks[name] = (
        min(known?.first ?? address.use.first, address.use.first),
        (known?.count ?? 0) + address.use.count
      )
    }
    for (name, use) in networks {
      entries.append(
        TimelineEntry(
          time: use.first, weight: weight(ofSightAt: use.first),
          text: "first seen from \(name) (\(attempts(use.count)))"))
    }
    for use in facts.uses(of: \.application) {
      entries.append(
        TimelineEntry(
          time: use.first, weight: weight(ofSightAt: use.first),
          text: "first use of application \(use.value) (\(attempts(use.count)))"))
    }
    return entries
  }

  private var peaks: [TimelineEntry] {
    let busiest = facts.peaks.hour
    guard let start = busiest.start, busiest.logins > 1 else { return [] }
    return [
      TimelineEntry(
        time: start, weight: .ordinary,
        text: "busiest hour: \(busiest.logins.counted("API login"))")
    ]
  }

  // MARK: Text

  private func weight(ofSightAt time: Instant) -> TimelineEntry.Weight {
    guard let first = facts.firstLogin else { return .ordinary }
    return time.milliseconds - first.milliseconds >= Self.historyMilliseconds
      ? .notable : .ordinary
  }

  private func attempts(_ count: Int) -> String { count.counted("attempt") }

  private func source(_ address: String, _ country: String) -> String {
    "from \(address.isEmpty ? "no address" : address)" + (country.isEmpty ? "" : " (\(country))")
  }

  /// The network that first sights go by: IPv4 /24, IPv6 /48; other text is its own.
  private func network(_ text: String) -> String {
    guard let address = NetworkAddress(text) else { return text }
    return NetworkPrefix(holding: address, length: address.family == .version4 ? 24 : 48)
      .description
  }

  private func place(_ row: RowReference) -> String { "\(fileNames[Int(row.file)]):\(row.line)" }
}
