/// The class of an account, as the rules of the field define it.
enum AccountClass: String {
  case integration, human, external, system, unknown
}

/// What a tool that reads the exports must find about an account.
struct Expectation {
  /// Class of the account.
  let accountClass: AccountClass
  /// Confidence in the class; nil unless the account is for integration.
  let confidence: String?
  /// Ids of the findings, among those the generator speaks about.
  let findings: [String]

  /// The ids that the generator speaks about.
  static let scope = [
    "PST-ACC-001", "PST-ACC-002", "PST-API-001", "PST-API-002", "PST-API-003", "PST-INT-001",
    "PST-INT-002", "PST-INT-003", "PST-INT-004", "PST-MFA-001", "PST-MFA-002", "PST-MFA-003",
    "PST-MFA-004", "PST-MFA-005",
  ]

  /// The expectation from an account and all of its logins.
  init(account: Account, truth: AccountTruth) {
    (accountClass, confidence) = Self.classify(account, truth)
    var ids: [String] = []
    func expect(_ id: String, if isExpected: Bool) {
      if isExpected { ids.append("PST-" + id) }
    }
    let isIntegration = accountClass == .integration
    let isInternal = accountClass != .external && accountClass != .system
    let isPrivileged = account.isPrivileged && account.persona != .missing
    let humanSuccesses = truth.count(.human, .succeeded)
    let absent = truth.count(.absent) > 0 && isInternal
    expect("ACC-001", if: truth.sawClosed)
    expect("ACC-002", if: account.persona == .missing && truth.total > 0)
    expect("API-001", if: truth.peakHour >= 2_880 || truth.sawRateExceeded)
    expect("API-002", if: truth.usedSOAPLogin)
    expect("API-003", if: truth.usedRetiredVersion)
    expect("INT-001", if: isIntegration && truth.count(.proven) > 0)
    expect("INT-002", if: truth.sawAPIOnlyRefusal)
    expect("INT-003", if: account.persona.isAPIOnly && humanSuccesses > 0)
    expect("INT-004", if: isIntegration && !account.persona.isAPIOnly)
    expect("MFA-001", if: absent && isIntegration)
    expect("MFA-002", if: absent && !isIntegration && isPrivileged)
    expect("MFA-003", if: absent && !isIntegration && !isPrivileged)
    expect("MFA-004", if: isInternal && truth.count(.unknown) > 0)
    expect(
      "MFA-005",
      if: isInternal && (isIntegration || isPrivileged)
        && truth.bases[Basis.sfIdentityOnly.rawValue] > 0)
    findings = ids
  }

  private static func classify(
    _ account: Account, _ truth: AccountTruth
  ) -> (AccountClass, String?) {
    switch account.persona {
    case .missing: return (.unknown, nil)
    case .external: return (.external, nil)
    case .automatedProcess, .guest: return (.system, nil)
    default: break
    }
    // Enforced by licence, profile, set or group.
    if account.persona.isAPIOnly { return (.integration, "high") }
    var successes = 0
    for door in Door.allCases { successes += truth.count(door, .succeeded) }
    let base = successes - truth.userFacingSuccesses
    let share = base > 0 ? Double(truth.systemSuccesses) / Double(base) : 0
    if account.persona == .integrationNamed && share >= 0.8 { return (.integration, "medium") }
    let behaves = share >= 0.95 && truth.systemSuccesses >= 100 && truth.apiDays >= 7
    if behaves && truth.mostPeopleDays <= 2 {
      return (.integration, "low")
    }
    return (.human, nil)
  }
}
