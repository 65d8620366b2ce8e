import ArgumentParser

/// Something that happens in an org once and that a reader of the exports must find.
enum Incident: String, CaseIterable, ExpressibleByArgument {
  /// One address tries one wrong password on many accounts within minutes.
  case spray
  /// Wrong passwords, one a minute, then the right one.
  case bruteForce = "brute-force"
  /// A program comes from an address that the configuration names as an indicator.
  case indicator
  /// A program comes from a network that its account never used.
  case newNetwork = "new-network"
  /// A program gives a name that its account never showed.
  case newApplication = "new-application"
  /// A person consents to an application that nobody had seen, and it logs in within the day.
  case consent
  /// A quiet program logs in three hundred times within an hour.
  case burst
  /// A program fails for an hour.
  case failingClient = "failing-client"
  /// A program is locked out.
  case lockout
  /// One person in two countries within twenty minutes.
  case twoCountries = "two-countries"
  /// A program without TLS 1.2.
  case oldTLS = "old-tls"
  /// People at one integration account, from three places within a week.
  case scatteredPeople = "scattered-people"
  /// More logins within the hour than the platform allows.
  case storm

  /// The rule that must find it.
  var rule: String {
    switch self {
    case .spray: "PST-ORG-001"
    case .bruteForce: "PST-ACC-003"
    case .indicator: "PST-API-011"
    case .newNetwork: "PST-API-006"
    case .newApplication: "PST-API-007"
    case .consent: "PST-API-009"
    case .burst: "PST-API-005"
    case .failingClient, .lockout: "PST-API-008"
    case .twoCountries: "PST-ACC-004"
    case .oldTLS: "PST-API-010"
    case .scatteredPeople: "PST-INT-010"
    case .storm: "PST-API-001"
    }
  }

  /// Whether the rule makes one finding for the org instead of one per account.
  var concernsOrganization: Bool { self == .spray }

  /// Incidents that a comma-separated list names; `all` for every one.
  static func named(_ list: String) throws(ValidationError) -> [Incident] {
    if list == "all" { return allCases }
    var incidents: [Incident] = []
    for name in list.split(separator: ",") {
      guard let incident = Incident(rawValue: String(name)) else {
        throw ValidationError("--incidents: \(name) is no kind of incident")
      }
      if !incidents.contains(incident) { incidents.append(incident) }
    }
    return incidents
  }
}

/// The logins of the incidents of a run, beside those that the options ask for.
struct IncidentRows {
  /// The logins in time order, numbered beyond all others.
  private(set) var rows: [LoginRow] = []
  /// Which account each incident befell; the org's has none.
  private(set) var victims: [(incident: Incident, account: Int?)] = []

  /// The shortest window in which fourteen days of history come before an incident.
  static let leastDays = 24

  private let accounts: [Account]
  private let start: EpochSeconds
  private let base: EpochSeconds

  /// The incidents that the options name.
  init(options: SynthOptions, organization: Organization) {
    accounts = organization.accounts
    start = options.firstSecond
    let scene = options.firstSecond + options.days * 57_600
    base = scene - scene % 86_400
    let programs = accounts.indices.filter { accounts[$0].persona.isIntegration }
    let people = accounts.indices.filter {
      accounts[$0].persona == .standard && accounts[$0].habit == .careful
    }
    for (ordinal, incident) in options.incidents.enumerated() {
      let time = base + ordinal * 3_600
      let program = programs[ordinal % programs.count]
      let person = people[ordinal % people.count]
      let victim: Int
      switch incident {
      case .bruteForce, .consent, .twoCountries, .spray: victim = person
      // Api Only User would refuse people.
      case .scatteredPeople:
        victim = programs.first { accounts[$0].persona == .integrationNamed } ?? program
      default: victim = program
      }
      victims.append((incident, incident.concernsOrganization ? nil : victim))
      play(incident, victim, at: time, people: people)
    }
    rows.sort { ($0.time, $0.account) < ($1.time, $1.account) }
    for index in rows.indices { rows[index].number = 900_000_000 + UInt64(index) }
  }

  private mutating func play(
    _ incident: Incident, _ victim: Int, at time: EpochSeconds, people: [Int]
  ) {
    switch incident {
    case .spray:
      for index in 0..<18 {
        var row = visit(accounts.count > index ? index : victim, at: time + index * 12)
        row.status = .invalidPassword
        row.address = Vocabulary.foreignAddress
        rows.append(row)
      }
    case .bruteForce:
      for minute in 0..<12 {
        var row = visit(victim, at: time + minute * 60)
        row.status = .invalidPassword
        rows.append(row)
      }
      rows.append(visit(victim, at: time + 12 * 60))
    case .indicator:
      addProgram(victim, times: [time]) { $0.address = Vocabulary.indicatorAddress }
    case .newNetwork:
      addProgram(victim, times: [start + 60])
      addProgram(victim, times: [time, time + 60]) { $0.address = Vocabulary.foreignAddress }
    case .newApplication:
      addProgram(victim, times: [start + 120])
      addProgram(victim, times: [time]) { $0.application = Vocabulary.newApplication }
    case .consent:
      var row = visit(victim, at: time)
      row.type = .remoteAccess
      row.subType = .webServer
      row.application = Vocabulary.consentedApplication
      rows.append(row)
      addProgram(victim, times: [time + 600, time + 1_200]) {
        $0.application = Vocabulary.consentedApplication
        $0.subType = .refreshToken
      }
    case .burst:
      addProgram(victim, times: (0..<300).map { time + $0 * 11 })
    case .failingClient:
      addProgram(victim, times: (0..<60).map { time + $0 * 50 }) { $0.status = .invalidPassword }
    case .lockout:
      addProgram(victim, times: [time]) { $0.status = .passwordLockout }
    case .twoCountries:
      rows.append(visit(victim, at: time))
      var row = visit(victim, at: time + 1_200)
      row.address = Vocabulary.foreignAddress
      rows.append(row)
    case .oldTLS:
      addProgram(victim, times: [time]) { $0.hasOldTLS = true }
    case .scatteredPeople:
      for (index, address) in [20, 300, 600].enumerated() {
        var row = visit(victim, at: time + index * 86_400)
        row.address = address
        row.browser = index
        rows.append(row)
      }
    case .storm:
      addProgram(victim, times: (0..<3_700).map { time + $0 * 3_000 / 3_700 })
    }
  }

  private func visit(_ account: Int, at time: EpochSeconds) -> LoginRow {
    LoginRow(
      time: time, account: account, type: .application, subType: .passwordUI,
      address: accounts[account].address, application: 0,
      browser: min(accounts[account].browser, Vocabulary.firstProgram - 1), proof: .joined)
  }

  private mutating func addProgram(
    _ account: Int, times: [EpochSeconds], change: (inout LoginRow) -> Void = { _ in }
  ) {
    for time in times {
      var row = LoginRow(
        time: time, account: account, type: .remoteAccess, subType: .clientCredentials,
        address: accounts[account].address, application: accounts[account].application,
        browser: Vocabulary.firstProgram)
      change(&row)
      rows.append(row)
    }
  }
}
