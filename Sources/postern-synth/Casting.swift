/// Chooses who logs in next and how.
struct Casting {
  /// The random numbers of the whole stream.
  var generator: SeededGenerator
  /// Accounts whose people log in once early on, so that small runs show every persona.
  let scriptedAccounts: [Int]
  /// The account of the verifications that belong to no login.
  let anchorAccount: Int

  private let accounts: [Account]
  private let visited: [Int]
  private let visitedPrograms: [Int]
  private let programs: [Int]
  private let phones: [Int]
  private let strangers: [Int]
  private let closed: [Int]

  /// The cast of an org.
  init(options: SynthOptions, organization: Organization) {
    generator = SeededGenerator(seed: options.seed)
    let accounts = organization.accounts
    self.accounts = accounts
    func indices(_ isWanted: (Account) -> Bool) -> [Int] {
      accounts.indices.filter { isWanted(accounts[$0]) }
    }
    let people: Set<Persona> = [.admin, .standard, .sso, .external, .missing]
    visited = indices { people.contains($0.persona) && $0.habit != .unattended }
    visitedPrograms = indices { $0.persona.isIntegration && $0.habit != .unattended }
    programs = indices { $0.persona.isIntegration }
    phones = indices { [.admin, .standard, .sso].contains($0.persona) }
    strangers = indices { $0.persona == .missing }
    closed = indices { $0.persona == .inactive || $0.persona == .frozen }
    anchorAccount = indices { $0.persona == .admin }.first ?? 0
    let careful = indices { $0.persona == .standard && $0.habit == .careful }
    scriptedAccounts = Array(careful.prefix(3)) + visitedPrograms + closed + visited
  }

  /// A random account that people use.
  mutating func visitor() -> Int {
    if generator.perMille(60) { return pick(visitedPrograms) }
    return pick(visited)
  }

  /// A program's login.
  mutating func programLogin(at time: EpochSeconds) -> LoginRow {
    // Low indices come up more often: a few accounts make most of an org's traffic.
    let index = programs[min(generator.below(programs.count), generator.below(programs.count))]
    return programLogin(of: index, at: time)
  }

  /// An app on a phone that renews its session.
  mutating func phoneLogin(at time: EpochSeconds) -> LoginRow {
    let index = pick(phones)
    let offset = (index + generator.below(2)) % Vocabulary.userFacing.count
    return LoginRow(
      time: time, account: index, type: .remoteAccess, subType: .refreshToken,
      address: accounts[index].address, application: Vocabulary.userFacing.lowerBound + offset,
      browser: 4)
  }

  /// A row that few exports have: unknown values, legacy types, closed and unknown accounts.
  mutating func oddity(at time: EpochSeconds) -> LoginRow {
    let anyone = generator.perMille(300) ? pick(programs) : pick(phones)
    var row = LoginRow(
      time: time, account: anyone, type: .application, address: accounts[anyone].address,
      application: 0, browser: accounts[anyone].browser)
    switch generator.below(9) {
    case 0: row.type = .unheardOf
    case 1: row.type = .offlineClient
    case 2: row.type = .crossTenant
    case 3: row.type = .outlookIntegration
    case 4: row.status = .unheardOf
    case 5:
      row.type = .remoteAccess
      row.subType = .unheardOf
      row.application = Vocabulary.userFacing.lowerBound
    case 6, 7:
      row.account = pick(closed)
      row.status = accounts[row.account].persona == .frozen ? .frozen : .inactive
    default:
      return programLogin(of: pick(strangers), at: time)
    }
    return row
  }

  /// The login of a person: one row, or the demand for a second factor and the success after it.
  mutating func visit(
    of index: Int, at time: EpochSeconds
  ) -> (first: LoginRow, second: LoginRow?) {
    let account = accounts[index]
    var row = LoginRow(
      time: time, account: index, type: .application, subType: .passwordUI,
      address: generator.perMille(50)
        ? Vocabulary.address(
          generator.below(Vocabulary.addresses.count), inCountryOf: account.address)
        : account.address,
      application: 0, browser: account.browser)
    if generator.perMille(250) { row.subType = .none }
    if generator.perMille(50) { row.subType = .passwordReset }
    switch account.persona {
    case .inactive: row.status = .inactive
    case .frozen: row.status = .frozen
    case .sso: enterThroughProvider(&row)
    case .external: enterSite(&row)
    default:
      if account.habit == .refused {
        row.status = .apiOnlyUser
      } else if account.habit == .consenting && generator.perMille(500) {
        row.type = .remoteAccess
        row.subType = generator.perMille(800) ? .webServer : .userAgent
        row.application = Vocabulary.consented
      } else if generator.perMille(50) {
        row.status = .invalidPassword
      } else if !account.persona.isIntegration && generator.perMille(120) {
        enterUnusually(&row, account)
      } else {
        return direct(row, account.habit)
      }
    }
    return (row, nil)
  }

  private mutating func direct(
    _ row: LoginRow, _ habit: Habit
  ) -> (first: LoginRow, second: LoginRow?) {
    var success = row
    switch habit {
    case .mixed where generator.perMille(500), .identityOnly:
      success.proof = generator.perMille(700) ? .identityByEmail : .identityBySMS
    case .careless:
      success.proof = generator.perMille(100) ? .failedFactor : .none
    default:
      success.proof = generator.perMille(600) ? .joined : .joinedToRequired
    }
    let wasAsked =
      success.proof == .joinedToRequired
      || success.proof == .joined && generator.perMille(800)
    guard wasAsked else { return (success, nil) }
    var demand = row
    demand.status = generator.perMille(100) ? .twoFactorRequired : .mfaRequired
    success.time += 15 + generator.below(45)
    return (demand, success)
  }

  private mutating func enterThroughProvider(_ row: inout LoginRow) {
    let types: [LoginType] = [.samlServiceProvider, .samlIdentityProvider, .thirdPartySSO]
    row.type = types[row.account % types.count]
    row.subType = .none
    let strong: [ProviderWord] = [.hardwareKey, .list, .oktaVerify, .certificateContext]
    switch row.account / 3 % 5 {
    case 0, 1: row.word = strong[generator.below(strong.count)]
    case 2: row.word = generator.perMille(500) ? .password : .passwordAndSMS
    case 3: row.word = .silent
    default: row.word = ProviderWord.allCases[generator.below(ProviderWord.allCases.count)]
    }
  }

  private mutating func enterSite(_ row: inout LoginRow) {
    row.type = row.account % 4 == 0 ? .partnerPortal : .chatterCommunity
    row.subType = .none
    if generator.perMille(400) { row.proof = .joined }
  }

  private mutating func enterUnusually(_ row: inout LoginRow, _ account: Account) {
    row.subType = .none
    switch generator.below(12) {
    case 0..<4 where account.habit == .careful:
      row.type = .lightningLogin
      if generator.perMille(500) { row.proof = .joined }
    case 4: row.type = .certificate
    case 5: row.type = .passkey
    case 6: row.type = .employeeToCommunity
    case 7, 8: row.status = .lightningLoginRequired
    case 9, 10: row.type = .appExchange
    default: row.type = .helpAndTraining
    }
  }

  private mutating func programLogin(of index: Int, at time: EpochSeconds) -> LoginRow {
    let account = accounts[index]
    var row = LoginRow(
      time: time, account: index, type: .remoteAccess, address: account.address,
      application: account.application,
      browser: Vocabulary.firstProgram + Int(generator.next() & 1), apiVersion: account.apiVersion)
    let chance = generator.below(1_000)
    if chance < 20 { row.address = (account.address + chance) % Vocabulary.addresses.count }
    switch account.style {
    case .clientCredentials: row.subType = .clientCredentials
    case .refreshToken: row.subType = .refreshToken
    case .usernamePassword: row.subType = .usernamePassword
    case .tokenExchange: row.subType = .tokenExchange
    case .noSubType: row.subType = .none
    case .soapPartner:
      row.type = .partnerProduct
      row.apiType = .soapPartner
    case .soapEnterprise, .soapRetired:
      row.type = .otherApexAPI
      // Version 65 no longer has the call.
      if account.apiVersion < 65 { row.subType = .soapLogin }
      row.apiType = .soapEnterprise
      if account.style == .soapRetired && chance < 300 { row.status = .versionRemoved }
    case .restVersioned:
      row.type = .otherApexAPI
      row.apiType = .rest
    }
    switch chance {
    case 980..<985: row.status = .invalidPassword
    case 985..<990: row.status = .restrictedIP
    case 990..<995: row.status = .tokenRequired
    case 995..<998: row.status = .accessDisabled
    default: break
    }
    return row
  }

  private mutating func pick(_ indices: [Int]) -> Int {
    indices[generator.below(indices.count)]
  }
}
