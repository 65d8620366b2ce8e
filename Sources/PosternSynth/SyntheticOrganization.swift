/// What a synthetic account is and does.
enum AccountKind: String, CaseIterable {
  /// Api Only User through its profile and the integration licence.
  case integrationByProfile
  /// Api Only User through a permission set.
  case integrationBySet
  /// Api Only User through a permission set group.
  case integrationByGroup
  /// A word in the name, and API logins nearly alone.
  case integrationByName
  /// Nothing but its behaviour says so.
  case integrationByBehaviour
  /// System Administrator.
  case administrator
  /// Modify All Data through a permission set.
  case powerUser
  case employee
  /// Logs in through an identity provider.
  case singleSignOn
  case external
  case automatedProcess
  case inactive
  /// Is in no snapshot.
  case stranger

  var isIntegration: Bool {
    switch self {
    case .integrationByProfile, .integrationBySet, .integrationByGroup, .integrationByName,
      .integrationByBehaviour:
      true
    default: false
    }
  }

  var isAPIOnly: Bool {
    self == .integrationByProfile || self == .integrationBySet || self == .integrationByGroup
  }
}

/// One synthetic account.
struct SyntheticAccount {
  let number: Int
  let kind: AccountKind
  let id: String
  let username: String
  let name: String
  let profile: Int
  let addresses: [String]
  let browser: String
  let platform: String
  let application: String
  let apiVersion: String
  let country: String
  /// Whether the waiver of MFA reaches it through a permission set.
  let isWaived: Bool

  var isPrivileged: Bool { kind == .administrator || kind == .powerUser }
}

/// The profiles of every synthetic org.
struct SyntheticProfile {
  let name: String
  let license: String
  let permissions: Set<String>

  static let all: [SyntheticProfile] = [
    .init(name: "Standard User", license: "Salesforce", permissions: ["ApiEnabled"]),
    .init(
      name: "System Administrator", license: "Salesforce",
      permissions: [
        "ModifyAllData", "ViewAllData", "CustomizeApplication", "AuthorApex", "ManageUsers",
        "ApiEnabled", "ViewSetup",
      ]),
    .init(
      name: "Minimum Access - API Only Integrations", license: "Salesforce Integration",
      permissions: ["ApiUserOnly", "ApiEnabled"]),
    .init(name: "Backoffice Profile", license: "Salesforce", permissions: ["ApiEnabled"]),
    .init(name: "Customer Community User", license: "Customer Community", permissions: []),
    .init(name: "Guest License User", license: "Guest User License", permissions: []),
  ]

  static let permissionNames = [
    "ApiUserOnly", "ForceTwoFactor", "TwoFactorApi", "BypassMFAForUiLogins", "ManageTwoFactor",
    "ModifyAllData", "ViewAllData", "CustomizeApplication", "AuthorApex", "ManageUsers",
    "ApiEnabled", "ViewSetup",
  ]
}

/// A whole org.
struct SyntheticOrganization {
  let accounts: [SyntheticAccount]
  /// The first accounts, which belong to systems.
  let integrationCount: Int

  private static let firstNames = [
    "Ada", "Ben", "Cleo", "Dara", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kim", "Lea",
  ]
  private static let lastNames = [
    "Abel", "Brandt", "Costa", "Duran", "Ek", "Fuchs", "Grau", "Holm", "Ito", "Jansen",
  ]
  private static let browsers = [
    ("Chrome 126", "Windows 10"), ("Safari 17", "Mac OSX"), ("Firefox 127", "Linux"),
    ("Edge 126", "Windows 11"),
  ]
  private static let applications = [
    "Nightly Billing Sync", "Warehouse ETL", "Fulfilment Connector", "Marketing Bridge",
    "Support \"Desk\" Link", "Ledger, Inc. Export",
  ]
  private static let versions = ["66.0", "62.0", "58.0", "45.0", "36.0", "29.0", "20.0"]
  private static let countries = ["US", "DE", "FR", "JP", "BR"]

  init(users: Int, integrationShare: Double, random: inout SeededRandom) {
    let integrations = max(5, Int(Double(users) * integrationShare))
    integrationCount = integrations
    accounts = (0..<max(users, integrations + 8)).map { number in
      let kind = Self.kind(number, integrations: integrations, random: &random)
      return Self.account(number, kind, &random)
    }
  }

  private static func kind(
    _ number: Int, integrations: Int, random: inout SeededRandom
  ) -> AccountKind {
    let integrationKinds: [AccountKind] = [
      .integrationByProfile, .integrationBySet, .integrationByGroup, .integrationByName,
      .integrationByBehaviour,
    ]
    if number < integrations { return integrationKinds[number % integrationKinds.count] }
    let rest: [AccountKind] = [
      .administrator, .powerUser, .singleSignOn, .external, .automatedProcess, .inactive,
      .stranger, .employee,
    ]
    // Each kind occurs once at least; then people prevail.
    if number - integrations < rest.count { return rest[number - integrations] }
    let roll = random.below(100)
    switch roll {
    case ..<5: return .administrator
    case ..<8: return .powerUser
    case ..<28: return .singleSignOn
    case ..<40: return .external
    case ..<43: return .inactive
    case ..<45: return .stranger
    default: return .employee
    }
  }

  private static func account(
    _ number: Int, _ kind: AccountKind, _ random: inout SeededRandom
  ) -> SyntheticAccount {
    let first = random.pick(firstNames)
    let last = random.pick(lastNames)
    let (browser, platform) = random.pick(browsers)
    var name = "\(first) \(last)"
    var local = "\(first).\(last).\(number)".lowercased()
    if kind == .integrationByName {
      name = "Data Sync \(number)"
      local = "data-sync-\(number)"
    }
    let addressCount = 1 + random.below(kind.isIntegration ? 2 : 6)
    let addresses = (0..<addressCount).map { _ -> String in
      switch random.below(10) {
      case 0: "2001:db8:\(String(random.below(65_536), radix: 16))::\(1 + random.below(9))"
      case 1..<4: "198.51.100.\(1 + random.below(254))"
      case 4..<7: "203.0.113.\(1 + random.below(254))"
      default: "192.0.2.\(1 + random.below(254))"
      }
    }
    let profile =
      switch kind {
      case .integrationByProfile: 2
      case .administrator: 1
      case .external: 4
      case .automatedProcess: 5
      case .integrationBySet, .integrationByGroup, .integrationByName: 3
      default: 0
      }
    return SyntheticAccount(
      number: number, kind: kind, id: SyntheticID.text(prefix: "005", number + 1),
      username: "\(local)@example.com", name: name, profile: profile, addresses: addresses,
      browser: browser, platform: platform, application: applications[number % applications.count],
      apiVersion: versions[number % versions.count], country: random.pick(countries),
      isWaived: kind == .employee && number % 9 == 0)
  }
}
