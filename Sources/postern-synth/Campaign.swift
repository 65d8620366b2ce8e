import ArgumentParser

/// A campaign of 2025 or 2026 that can be staged in the org, as far as its traces are published.
enum Campaign: String, CaseIterable, ExpressibleByArgument {
  /// Refresh tokens of a chat vendor's application, used from a foreign network (August 2025).
  case drift
  /// The same with another vendor's application (November 2025).
  case gainsight
  /// The same with a third vendor's application (June 2026).
  case klue
  /// A caller talks one person into consenting to an application, and an administrator through single
  /// sign-on and into registering a method for the caller.
  case vishing
  /// Pages of the user interface opened with an integration account's API token, without a UI login.
  case frontDoor = "front-door"
  /// A token that lay unused for months, and its application logging in again.
  case staleToken = "stale-token"

  /// The application: the published name, or one made up where none is.
  var application: String {
    switch self {
    case .drift: "Drift"
    case .gainsight: "Gainsight"
    case .klue: "Klue Battlecards"
    case .vishing: "My Ticket Portal"
    case .frontDoor: "Org Opener"
    case .staleToken: "Legacy Sync"
    }
  }

  /// What the intruder's programs call themselves in the event log, which LoginHistory does not show.
  var userAgents: [String] {
    switch self {
    case .drift:
      [
        "python-requests/2.32.4", "Python/3.11 aiohttp/3.12.15", "Salesforce-Multi-Org-Fetcher/1.0",
        "Salesforce-CLI/1.0",
      ]
    case .gainsight: ["Salesforce-Multi-Org-Fetcher/1.0", "Python/3.11 aiohttp/3.13.1"]
    case .klue: ["Python-urllib/3.12", "Python-urllib/3.14"]
    case .vishing, .frontDoor, .staleToken: ["python-requests/2.32.4"]
    }
  }

  /// The network of the intruder, of a documentation range.
  ///
  /// People's accounts come from anywhere in the IPv4 ranges now and then, so what must be new to an
  /// account has a network that no everyday login uses.
  var network: String { self == .vishing ? "2001:db8:cafe::/48" : "203.0.113.0/24" }

  /// The day on which it is known to have begun.
  var publishedStart: CivilDate? {
    switch self {
    case .drift: CivilDate("2025-08-08")
    case .gainsight: CivilDate("2025-11-08")
    case .klue: CivilDate("2026-06-11")
    case .vishing, .frontDoor, .staleToken: nil
    }
  }

  /// Whether one application's tokens are used on several accounts.
  var isSupplyChain: Bool { [.drift, .gainsight, .klue].contains(self) }

  /// The shortest window in which what comes before it, and it, have room.
  var leastDays: Int { self == .staleToken ? 100 : IncidentRows.leastDays }
}

/// How a campaign is staged.
struct CampaignOptions {
  /// Which one.
  var campaign: Campaign
  /// Name of the application.
  var application: String
  /// Where the intruder comes from.
  var network: StagedNetwork
  /// When it begins; nil for the published day if it fits the window, else late in the window.
  var start: EpochSeconds?
  /// On how many accounts an application's tokens are used.
  var accounts = 4
  /// Whether what comes before is staged without the campaign itself.
  var isHistoryOnly = false

  /// The published form of a campaign.
  init?(_ campaign: Campaign) {
    guard let network = StagedNetwork(campaign.network) else { return nil }
    self.campaign = campaign
    self.network = network
    application = campaign.application
  }
}

/// A network and the few addresses of it that an intruder uses.
struct StagedNetwork {
  /// The network as it was written.
  let text: String
  /// Addresses within, at most four.
  let addresses: [String]

  /// A network of IPv4 (`203.0.113.0/24`) or IPv6 (`2001:db8:cafe::/48`), or one address.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let base = parts.first.map(String.init), parts.count <= 2 else { return nil }
    let length = parts.count == 2 ? Int(parts[1]) : nil
    if parts.count == 2, length == nil { return nil }
    self.text = text
    if base.contains(":") {
      let isHexadecimal = base.utf8.allSatisfy { "0123456789abcdef:".utf8.contains($0) }
      guard isHexadecimal, (16...128).contains(length ?? 128) else { return nil }
      if let length, length <= 112 {
        guard base.hasSuffix("::") else { return nil }
        addresses = (0..<4).map { base + String(0x66 + $0, radix: 16) }
      } else {
        addresses = [base]
      }
      return
    }
    let octets = base.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    let length4 = length ?? 32
    guard octets.count == 4, octets.allSatisfy((0...255).contains), (8...32).contains(length4)
    else { return nil }
    let room = length4 <= 24 ? 256 : 1 << (32 - length4)
    let first = room == 256 ? 66 : room == 1 ? octets[3] : octets[3] / room * room + 1
    let head = octets.prefix(3).map(String.init).joined(separator: ".")
    addresses = (0..<min(4, max(1, room - 2))).map { "\(head).\(first + $0)" }
  }
}
