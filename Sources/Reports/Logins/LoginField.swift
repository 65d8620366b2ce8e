package import Accounts
package import SalesforceExports

/// What login rows can be counted by; raw values are the words of `--by`.
package enum LoginField: String, CaseIterable, Sendable {
  case account
  case accountClass = "class"
  case kind, outcome, status, mfa, basis, ip, network, country, application, browser, platform
  case type = "login-type"
  case subType = "login-sub-type"
  case apiType = "api-type"
  case apiVersion = "api-version"
  case tls, day, hour, file

  /// The field that a word means: its own, a column of the rows or an option of `events`.
  package init?(named text: String) {
    let word = text.lowercased().replacing("_", with: "-")
    switch word {
    case "sub-type": self = .subType
    case "type": self = .type
    case "source-ip", "address": self = .ip
    case "account-class": self = .accountClass
    case "username", "user": self = .account
    default: self.init(rawValue: word)
    }
  }

  /// Names of its columns in CSV and of its members in JSON, where they can be the same as in rows.
  package var columns: [String] {
    switch self {
    case .account: ["account", "username"]
    case .accountClass: ["account_class"]
    case .ip: ["source_ip"]
    case .type: ["login_type"]
    case .subType: ["login_sub_type"]
    case .apiType: ["api_type"]
    case .apiVersion: ["api_version"]
    default: [rawValue]
    }
  }

  /// The column of LoginHistory that has it; `nil` for what does not come from one alone.
  package var loginColumn: String? {
    switch self {
    case .ip, .network: "SourceIp"
    case .country: "CountryIso"
    case .application: "Application"
    case .browser: "Browser"
    case .platform: "Platform"
    case .status: "Status"
    case .type: "LoginType"
    case .subType: "LoginSubType"
    case .apiType: "ApiType"
    case .apiVersion: "ApiVersion"
    case .tls: "TlsProtocol"
    case .account, .accountClass, .kind, .outcome, .mfa, .basis, .day, .hour, .file: nil
    }
  }

  /// Title of its column in a table.
  var title: String {
    switch self {
    case .ip: "ADDRESS"
    case .kind: "DOOR"
    case .mfa: "MFA"
    case .basis: "WHY"
    case .type: "TYPE"
    case .subType: "SUB-TYPE"
    case .apiType: "API TYPE"
    case .apiVersion: "API VERSION"
    case .day: "DAY (UTC)"
    case .hour: "HOUR (UTC)"
    default: rawValue.uppercased()
    }
  }

  /// Length of the stretches of time that it tells apart, in milliseconds; `nil` for other fields.
  package var stretch: Int64? {
    switch self {
    case .day: Instant.dayMilliseconds
    case .hour: 3_600_000
    default: nil
    }
  }

  /// The value of a shape; `nil` where it is no field of shapes.
  package func text(of shape: LoginShape) -> String? {
    switch self {
    case .kind: shape.door.name
    case .outcome: shape.outcome.name
    case .status: shape.status
    case .country: shape.country
    case .application: shape.application
    case .browser: shape.browser
    case .platform: shape.platform
    case .type: shape.type
    case .subType: shape.subType
    case .apiType: shape.apiType
    case .apiVersion: shape.apiVersion
    case .tls: shape.tls
    case .account, .accountClass, .mfa, .basis, .ip, .network, .day, .hour, .file: nil
    }
  }

  /// The value of a verdict, empty for rows without one; `nil` where it is no field of verdicts.
  package func text(of verdict: Verdict?) -> String? {
    switch self {
    case .mfa: verdict?.state.rawValue ?? ""
    case .basis: verdict?.basis.rawValue ?? ""
    default: nil
    }
  }

  /// The value of a canonical address; `nil` where it is no field of addresses.
  package func text(ofAddress address: String) -> String? {
    switch self {
    case .ip: address
    case .network: NetworkAddress(address)?.neighbourhood ?? address
    default: nil
    }
  }
}

/// Login rows that have the fields in common by which they are counted.
package struct LoginCount: Sendable {
  /// The value of each field; of accounts their keys, of stretches of time their beginnings.
  package var values: [String]
  /// The name of the account, where it is among the fields; empty when not known.
  package var username = ""
  package var rows = 0
  package var successes = 0
  /// Accounts that the rows are of.
  package var accounts = 0
  package var first: Instant
  package var last: Instant

  /// Counts nothing yet.
  package init(values: [String], first: Instant, last: Instant) {
    self.values = values
    self.first = first
    self.last = last
  }
}
