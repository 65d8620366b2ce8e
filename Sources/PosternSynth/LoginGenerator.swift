/// Makes the logins of an org one after the other, with the verifications that belong to them, and
/// keeps what must come out.
///
/// Rows come nearly in the order of time, as exports have them.
struct LoginGenerator {
  let organization: SyntheticOrganization
  let start: Int64
  let dayCount: Int
  /// Part of the time without any verification; `nil` for none.
  let hole: Range<Int64>?
  let hasVerifications: Bool
  /// Whether each row is counted by minute: for the account that reaches the login rate limit.
  let stormAccount: Int?

  private var random: SeededRandom
  private var loginNumber = 0
  private var lastHuman: [Int64]
  private(set) var truths: [AccountTruth]
  private(set) var verificationTimes: (first: Int64, last: Int64)?

  init(
    organization: SyntheticOrganization, start: Int64, dayCount: Int, hole: Range<Int64>?,
    hasVerifications: Bool, stormAccount: Int?, random: SeededRandom
  ) {
    self.organization = organization
    self.start = start
    self.dayCount = dayCount
    self.hole = hole
    self.hasVerifications = hasVerifications
    self.stormAccount = stormAccount
    self.random = random
    lastHuman = [Int64](repeating: .min / 2, count: organization.accounts.count)
    truths = [AccountTruth](repeating: AccountTruth(), count: organization.accounts.count)
  }

  /// The rows of one event about a time: mostly one, two where MFA was demanded first.
  mutating func event(
    near time: Int64, _ emit: (SyntheticLogin) -> Void, _ verify: (SyntheticVerification) -> Void
  ) {
    // Systems log in far more often than people do.
    let count = organization.accounts.count
    let isSystem = random.chance(70)
    let number = random.below(isSystem ? organization.integrationCount : count)
    let account = organization.accounts[number]
    var login = base(account, at: time)
    switch account.kind {
    case .integrationByProfile, .integrationBySet, .integrationByGroup, .integrationByName:
      // Humans come in once in a while; that is what all of this is about.
      if random.below(1_000) < 5 { return human(account, login, emit, verify) }
      if account.isAPIOnlyRefused(random.below(400)) {
        login.status = "Failed: API-only user"
        login.statusCode = "LOGIN_ERROR_USER_API_ONLY"
        truths[account.number].isRefused = true
        return send(login, "human.failed", emit)
      }
      system(account, login, emit)
    case .integrationByBehaviour:
      system(account, login, emit)
    case .inactive:
      login.status = "User is inactive"
      login.statusCode = "LOGIN_ERROR_USER_INACTIVE"
      truths[account.number].inactiveAttempts += 1
      send(login, "human.failed", emit)
    case .automatedProcess:
      system(account, login, emit)
    case .singleSignOn:
      singleSignOn(account, login, emit)
    case .administrator, .powerUser, .employee, .external, .stranger:
      if random.chance(20) { return personalClient(account, login, emit) }
      human(account, login, emit, verify)
    }
  }

  /// One API login of the account that reaches the rate limit.
  mutating func storm(at time: Int64, _ emit: (SyntheticLogin) -> Void) {
    guard let stormAccount else { return }
    let account = organization.accounts[stormAccount]
    system(account, base(account, at: time), emit)
  }

  private mutating func base(_ account: SyntheticAccount, at time: Int64) -> SyntheticLogin {
    var login = SyntheticLogin()
    login.account = account.number
    login.time = time
    login.address = account.addresses[random.below(account.addresses.count)]
    login.browser = account.browser
    login.platform = account.platform
    login.country = account.country
    return login
  }

  private mutating func send(
    _ login: SyntheticLogin, _ count: String, _ emit: (SyntheticLogin) -> Void
  ) {
    truths[login.account].counts[count, default: 0] += 1
    var login = login
    login.number = loginNumber
    loginNumber += 1
    emit(login)
  }

  // MARK: Systems

  private mutating func system(
    _ account: SyntheticAccount, _ base: SyntheticLogin, _ emit: (SyntheticLogin) -> Void
  ) {
    var login = base
    login.browser = "Unknown"
    login.platform = "Unknown"
    login.application = account.application
    login.tls = "TLS 1.2"
    switch account.number % 3 {
    case 0:
      login.type = account.number % 2 == 0 ? "Other Apex API" : "Partner Product"
      login.typeCode = account.number % 2 == 0 ? "I" : "R"
      login.apiType = account.number % 2 == 0 ? "SOAP Enterprise" : "SOAP Partner"
      login.apiVersion = account.apiVersion
      login.uri = "/services/Soap/u/\(account.apiVersion)"
      let version = Int(account.apiVersion.prefix { $0 != "." }) ?? 0
      if version < 65 { truths[account.number].usesSOAP = true }
      if version <= 30 { truths[account.number].usesRetiredVersion = true }
    case 1:
      login.type = "Remote Access 2.0"
      login.typeCode = "i"
      login.subType = "OAuth Refresh Token"
      login.subTypeCode = "oauthrefreshtoken"
      login.uri = "/services/oauth2/token"
    default:
      login.type = "Remote Access 2.0"
      login.typeCode = "i"
      login.uri = "/services/oauth2/token"
      if random.chance(70) {
        login.subType = "OAuth Client Credentials"
        login.subTypeCode = "oauthclientcredential"
      }
    }
    let isStorm = account.number == stormAccount
    if !isStorm, random.chance(2) {
      login.status = random.chance(50) ? "Invalid Password" : "Restricted IP"
      login.statusCode =
        login.status == "Restricted IP"
        ? "LOGIN_ERROR_RESTRICTED_DOMAIN" : "LOGIN_ERROR_INVALID_PASSWORD"
      return send(login, "api.failed", emit)
    }
    truths[account.number].systemAPISuccesses += 1
    truths[account.number].apiDays.insert(login.time / 86_400_000)
    if isStorm { truths[account.number].minutes[login.time / 60_000, default: 0] += 1 }
    send(login, "api.succeeded", emit)
  }

  /// A person's client: left out of the API share.
  private mutating func personalClient(
    _ account: SyntheticAccount, _ base: SyntheticLogin, _ emit: (SyntheticLogin) -> Void
  ) {
    var login = base
    login.type = "Remote Access 2.0"
    login.typeCode = "i"
    login.subType = "OAuth Refresh Token"
    login.subTypeCode = "oauthrefreshtoken"
    login.application = "Salesforce for iOS"
    login.uri = "/services/oauth2/token"
    send(login, "api.succeeded", emit)
  }

  // MARK: People

  private mutating func singleSignOn(
    _ account: SyntheticAccount, _ base: SyntheticLogin, _ emit: (SyntheticLogin) -> Void
  ) {
    var login = base
    login.type = "SAML Sfdc Initiated SSO"
    login.typeCode = "8"
    switch random.below(4) {
    case 0:
      login.methods = "[\"pwd\",\"fido2\"]"
      note(account, "idp_amr")
    case 1:
      login.methods = "pwd"
      note(account, "idp_amr_single")
    default: note(account, "idp_silent")
    }
    send(login, "human.succeeded", emit)
  }

  private mutating func human(
    _ account: SyntheticAccount, _ base: SyntheticLogin, _ emit: (SyntheticLogin) -> Void,
    _ verify: (SyntheticVerification) -> Void
  ) {
    var login = base
    // Ten minutes between a person's logins, so that a required row belongs to one of them.
    guard login.time - lastHuman[account.number] > 700_000 else {
      return personalClient(account, login, emit)
    }
    lastHuman[account.number] = login.time
    switch random.below(100) {
    case ..<5:
      login.status = "Invalid Password"
      login.statusCode = "LOGIN_ERROR_INVALID_PASSWORD"
      send(login, "human.failed", emit)
    case ..<8:
      login.type = "Remote Access 2.0"
      login.typeCode = "i"
      login.subType = "OAuth Web Server"
      login.subTypeCode = "oauthcode"
      login.application = "New Connected App"
      note(account, "oauth_consent")
      send(login, "human.succeeded", emit)
    case ..<10:
      login.type = "Lightning Login"
      login.typeCode = "z"
      note(account, "login_type")
      send(login, "human.succeeded", emit)
    case ..<12:
      login.type = "Quantum Login"
      login.typeCode = "?"
      send(login, "unclassified.succeeded", emit)
    case ..<40: verified(account, login, emit, verify)
    case ..<65: required(account, login, emit, verify)
    case ..<75: confirmed(account, login, emit, verify)
    default:
      bare(account, login.time)
      send(login, "human.succeeded", emit)
    }
  }

  /// MFA whose verification names the login.
  private mutating func verified(
    _ account: SyntheticAccount, _ login: SyntheticLogin, _ emit: (SyntheticLogin) -> Void,
    _ verify: (SyntheticVerification) -> Void
  ) {
    if add(account, login, policy: "TwoFactorAuthentication", method: method(), verify) {
      note(account, "sf_verification")
    } else {
      bare(account, login.time)
    }
    send(login, "human.succeeded", emit)
  }

  /// MFA whose verification names the row before, in which it was demanded.
  private mutating func required(
    _ account: SyntheticAccount, _ login: SyntheticLogin, _ emit: (SyntheticLogin) -> Void,
    _ verify: (SyntheticVerification) -> Void
  ) {
    var demand = login
    demand.status = "Multi-factor required"
    demand.statusCode = "LOGIN_TWOFACTOR_REQ"
    let isVerified = add(
      account, demand, policy: "TwoFactorAuthentication", method: method(), verify)
    send(demand, "human.pending", emit)
    var success = login
    success.time += Int64(5_000 + random.below(60_000))
    if isVerified { note(account, "sf_verification_nearby") } else { bare(account, success.time) }
    send(success, "human.succeeded", emit)
  }

  /// Identity confirmed by e-mail: no MFA.
  private mutating func confirmed(
    _ account: SyntheticAccount, _ login: SyntheticLogin, _ emit: (SyntheticLogin) -> Void,
    _ verify: (SyntheticVerification) -> Void
  ) {
    if add(account, login, policy: "DeviceActivation", method: "Email", verify) {
      note(account, "sf_identity_only")
    } else {
      bare(account, login.time)
    }
    send(login, "human.succeeded", emit)
  }

  private mutating func method() -> String {
    random.pick(["Totp", "SalesforceAuthenticator", "U2F", "BuiltInAuthenticator"])
  }

  /// Adds a verification of the login that is sent next; false inside a hole of the export.
  private mutating func add(
    _ account: SyntheticAccount, _ login: SyntheticLogin, policy: String, method: String,
    _ verify: (SyntheticVerification) -> Void
  ) -> Bool {
    guard hasVerifications, hole?.contains(login.time) != true else { return false }
    verify(
      SyntheticVerification(
        account: account.number, time: login.time, login: loginNumber, policy: policy,
        method: method, address: login.address))
    return true
  }

  /// A direct login without a verification.
  private mutating func bare(_ account: SyntheticAccount, _ time: Int64) {
    if !hasVerifications {
      note(account, "no_source")
    } else {
      note(account, hole?.contains(time) == true ? "not_covered" : "sf_no_verification")
    }
  }

  private mutating func note(_ account: SyntheticAccount, _ basis: String) {
    truths[account.number].bases[basis, default: 0] += 1
    switch basis {
    case "sf_verification", "sf_verification_nearby", "login_type", "idp_amr":
      truths[account.number].proven += 1
    case "sf_identity_only", "idp_amr_single", "sf_no_verification":
      truths[account.number].absent += 1
    default: truths[account.number].unknown += 1
    }
  }
}

extension SyntheticAccount {
  /// Whether an attempt at the user interface is refused, by a roll of 400.
  func isAPIOnlyRefused(_ roll: Int) -> Bool { kind.isAPIOnly && roll == 0 }
}
