/// A profile, with the permissions it gives.
struct Profile {
  let name: String
  let licence: String
  let permissions: [String]
  let sessionLevel: String
}

/// A permission set, with the permissions it gives.
struct PermissionSet {
  let name: String
  let licence: String
  let permissions: [String]
}

/// A permission set group: its sets, less what it mutes.
struct PermissionSetGroup {
  let name: String
  let sets: [String]
  let muted: [String]
}

/// The accounts of a synthetic org and what gives them their rights.
struct Organization {
  /// The accounts, in order of id.
  let accounts: [Account]

  /// The id of the org.
  static let identifier = SalesforceIdentifier(prefix: .organization, number: 4_711).text

  static let privileges = [
    "ModifyAllData", "ViewAllData", "ManageUsers", "CustomizeApplication", "AuthorApex",
  ]
  /// The permission columns of profiles and permission sets.
  static let permissionColumns =
    privileges + [
      "ApiUserOnly", "ForceTwoFactor", "TwoFactorApi", "BypassMFAForUiLogins", "ApiEnabled",
      "ManageTwoFactor", "UseAnyApiAuth",
    ]

  static let profiles = [
    Profile(
      name: "System Administrator", licence: "Salesforce", permissions: privileges + ["ApiEnabled"],
      sessionLevel: ""),
    Profile(
      name: "Standard User", licence: "Salesforce", permissions: ["ApiEnabled"], sessionLevel: ""),
    Profile(
      name: "Minimum Access - API Only Integrations", licence: "Salesforce Integration",
      permissions: ["ApiUserOnly", "ApiEnabled"], sessionLevel: ""),
    Profile(
      name: "Back Office Integration", licence: "Salesforce",
      permissions: ["ApiUserOnly", "ApiEnabled"], sessionLevel: "STANDARD"),
    Profile(
      name: "Minimum Access - Salesforce", licence: "Salesforce", permissions: ["ApiEnabled"],
      sessionLevel: ""),
    Profile(
      name: "Customer Community Login User", licence: "Customer Community Login", permissions: [],
      sessionLevel: ""),
    Profile(
      name: "Sales, North", licence: "Salesforce", permissions: ["ApiEnabled", "ForceTwoFactor"],
      sessionLevel: "HIGH_ASSURANCE"),
    Profile(
      name: "Site Guest", licence: "Guest User License", permissions: [], sessionLevel: ""),
  ]

  static let sets = [
    PermissionSet(name: "API_Only_Access", licence: "", permissions: ["ApiUserOnly"]),
    PermissionSet(
      name: "API_Integration_Rights", licence: "Salesforce API Integration",
      permissions: ["ApiEnabled"]),
    PermissionSet(name: "Data_Steward", licence: "", permissions: ["ViewAllData"]),
    PermissionSet(name: "Second_Factor", licence: "", permissions: ["ForceTwoFactor"]),
    PermissionSet(name: "Migration_Rights", licence: "", permissions: ["ModifyAllData"]),
    PermissionSet(name: "Release_Rights", licence: "", permissions: ["AuthorApex"]),
  ]

  static let groups = [
    PermissionSetGroup(name: "Machine_Access", sets: ["API_Only_Access"], muted: []),
    PermissionSetGroup(
      name: "Release_Readers", sets: ["Release_Rights", "Second_Factor"], muted: ["AuthorApex"]),
  ]

  /// The org of some options.
  init(options: SynthOptions) {
    var generator = SeededGenerator(seed: options.seed ^ 0x0A6)
    var personas: [Persona] = []
    let users = max(options.users, 40)
    let programs: [Persona] = [
      .integrationProfile, .integrationNamed, .integrationSet, .integrationBehaviour,
      .integrationGroup, .integrationLicence,
    ]
    for index in 0..<max(12, users * options.integrationPerMille / 1_000) {
      personas.append(programs[index % programs.count])
    }
    personas += Array(repeating: .admin, count: max(4, users / 20))
    personas += Array(repeating: .external, count: max(3, users / 20))
    personas += [.automatedProcess, .guest]
    personas += Array(repeating: .inactive, count: max(1, users / 50))
    personas += Array(repeating: .frozen, count: max(1, users / 100))
    personas += Array(repeating: .missing, count: max(3, users / 50))
    var index = 0
    while personas.count < users {
      personas.append(index % 3 == 2 ? .sso : .standard)
      index += 1
    }
    var ordinals: [Persona: Int] = [:]
    accounts = personas.enumerated().map { index, persona in
      let ordinal = ordinals[persona, default: 0]
      ordinals[persona] = ordinal + 1
      return Self.account(index, persona, ordinal, &generator)
    }
  }

  private static func account(
    _ index: Int, _ persona: Persona, _ ordinal: Int, _ generator: inout SeededGenerator
  ) -> Account {
    let given = Vocabulary.givenNames[generator.below(Vocabulary.givenNames.count)]
    let family = Vocabulary.familyNames[generator.below(Vocabulary.familyNames.count)]
    let system = Vocabulary.systems[generator.below(Vocabulary.systems.count)]
    let domain = index % 3 == 0 ? "example.org" : "example.com"
    let style = ProgramStyle.allCases[(ordinal * 2 + index) % ProgramStyle.allCases.count]
    var name = "\(given) \(family)"
    var username = "user.\(index)@\(domain)"
    if persona == .integrationNamed {
      name = "\(system) Sync \(index)"
      username = "svc.\(system.lowercased()).\(index)@\(domain)"
    } else if persona.isIntegration {
      name = "\(system) Courier \(index)"
      username = "\(system.lowercased()).courier.\(index)@\(domain)"
    } else if persona == .guest || persona == .automatedProcess {
      name = persona == .guest ? "Site Visitor" : "Platform Process"
    }
    let isSteward = persona == .standard && ordinal % 8 == 3
    var sets: [String] = []
    if persona == .integrationSet { sets.append("API_Only_Access") }
    if persona == .integrationLicence { sets.append("API_Integration_Rights") }
    if isSteward { sets.append("Data_Steward") }
    if persona == .integrationNamed && ordinal % 4 == 1 { sets.append("Second_Factor") }
    let hasReleaseGroup = persona == .standard && ordinal % 8 == 5
    return Account(
      identifier: SalesforceIdentifier(prefix: .user, number: UInt64(30_000 + index * 7)).text,
      username: username, name: name, persona: persona, profile: profileIndex(persona, ordinal),
      habit: habit(persona, ordinal), style: style,
      apiVersion: apiVersion(style, index), address: generator.below(Vocabulary.addresses.count),
      application: Vocabulary.firstSystem
        + generator.below(Vocabulary.applications.count - Vocabulary.firstSystem),
      browser: generator.below(Vocabulary.firstProgram - 1),
      isPrivileged: persona == .admin || persona == .integrationNamed || isSteward,
      sets: sets,
      group: persona == .integrationGroup
        ? "Machine_Access" : hasReleaseGroup ? "Release_Readers" : nil,
      expiredSet: persona == .standard && ordinal % 8 == 6 ? "Migration_Rights" : nil)
  }

  private static func profileIndex(_ persona: Persona, _ ordinal: Int) -> Int {
    switch persona {
    case .admin, .integrationNamed: 0
    case .integrationLicence: 2
    case .integrationProfile: 3
    case .integrationSet, .integrationGroup: 4
    case .external: 5
    case .guest: 7
    case .standard where ordinal % 4 == 1: 6
    default: 1
    }
  }

  private static func habit(_ persona: Persona, _ ordinal: Int) -> Habit {
    let choices: [Habit] =
      switch persona {
      case .integrationLicence, .integrationProfile: [.refused, .unattended]
      case .integrationSet: [.careless, .refused, .careful, .unattended]
      case .integrationGroup: [.mixed, .unattended, .refused]
      case .integrationNamed:
        [.careless, .careful, .identityOnly, .consenting, .mixed, .unattended]
      case .integrationBehaviour: [.unattended, .careful]
      case .admin: [.careful, .identityOnly, .mixed, .careless, .careful]
      case .standard:
        [
          .careful, .careful, .mixed, .careful, .careless, .careful, .identityOnly, .careful,
          .consenting, .careful,
        ]
      case .missing: [.careless, .careful, .unattended]
      default: [.careful]
      }
    return choices[ordinal % choices.count]
  }

  private static func apiVersion(_ style: ProgramStyle, _ index: Int) -> Int {
    let versions: [Int] =
      switch style {
      case .soapPartner: [31, 35, 41, 50, 58, 64]
      case .soapEnterprise: [36, 29, 65, 66]
      case .soapRetired: [20, 28]
      case .restVersioned: [45, 61, 66]
      default: [0]
      }
    return versions[index / 9 % versions.count]
  }
}
