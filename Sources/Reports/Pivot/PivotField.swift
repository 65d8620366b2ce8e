/// What a pivot turns around; raw values are the words of `postern pivot`.
package enum PivotField: String, CaseIterable, Sendable {
  case address, network, application, country, browser, platform, user

  /// The field that a word means: its own, an option of `events` or what people call it.
  package init?(named text: String) {
    switch text.lowercased() {
    case "ip", "source_ip": self = .address
    case "cidr": self = .network
    case "app": self = .application
    case "device": self = .platform
    case "account", "username": self = .user
    default: self.init(rawValue: text.lowercased())
    }
  }

  /// The column of LoginHistory that has it; `nil` for what does not come from one alone.
  package var loginColumn: String? {
    switch self {
    case .address, .network: "SourceIp"
    case .application: "Application"
    case .country: "CountryIso"
    case .browser: "Browser"
    case .platform: "Platform"
    case .user: nil
    }
  }

  /// Its name over a table.
  var title: StaticString {
    switch self {
    case .address: "Addresses"
    case .network: "Networks"
    case .application: "Applications"
    case .country: "Countries"
    case .browser: "Browsers"
    case .platform: "Platforms"
    case .user: "Users"
    }
  }

  /// The option of `events` that shows its rows.
  package var option: String {
    switch self {
    case .address, .network: "--ip"
    case .user: "--account"
    case .application, .country, .browser, .platform: "--" + rawValue
    }
  }
}
