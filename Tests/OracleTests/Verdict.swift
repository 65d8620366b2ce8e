/// What is known of the MFA of a successful human login.
struct Verdict: Equatable {
  enum State: String { case proven, absent, unknown }
  var state: State
  var basis: String
  var grade: String?
}

/// One row of the verification history.
struct Verification {
  let user: String
  /// First 15 characters of the login it names, or empty.
  let login: String
  let time: Int
  let address: String
  let policy: String
  let activity: String?
  let method: String
  let status: String

  init?(_ record: DelimitedText.Record, _ columns: Set<String>) {
    guard let time = Moment.milliseconds(record["verificationtime"]) else { return nil }
    self.time = time
    user = People.long(record["userid"])
    login = String(record["loginhistoryid"].prefix(15))
    address = Address.canonical(record["sourceip"])
    policy = folded(record["policy"])
    activity = columns.contains("activity") ? folded(record["activity"]) : nil
    method = folded(record["verificationmethod"])
    status = folded(record["status"])
  }

  var succeeded: Bool { status == "succeeded" || status == "automatedsuccess" }

  /// First line of the table of verdicts.
  func proves(external: Bool) -> Bool {
    guard
      ["twofactorauthentication", "profilepolicy", "lightninglogin", "passwordlesspasskeylogin"]
        .contains(policy)
    else { return false }
    if let activity {
      guard activity == "login" || activity.hasPrefix("connect") || activity == "enablell" else {
        return false
      }
    }
    if method == "sms" { return external }
    return !["email", "password", "customotpdelivery"].contains(method)
  }

  /// The line of those that only confirm identity.
  ///
  /// A step-up inside the session says nothing about the login, in either way.
  var confirmsIdentityOnly: Bool {
    if ["highassurance", "pageaccess", "customapex", "extraverification"].contains(policy) {
      return false
    }
    return policy == "deviceactivation" || ["email", "sms", "customotpdelivery"].contains(method)
  }

  var grade: String? {
    switch method {
    case "u2f", "builtinauthenticator", "webauthnroamingauthenticator", "pwlesspasskey":
      "phishing-resistant"
    case "totp", "salesforceauthenticator", "ll", "tempcode": "standard"
    case "sms", "email", "password", "customotpdelivery": "weak"
    default: nil
    }
  }
}

/// The table of verdicts, line by line, over plain arrays.
struct Verdicts {
  let logins: [Login]
  let verifications: [Verification]
  let hasExport: Bool
  let coverage: Range<Int>?
  let isExternal: (String) -> Bool

  private let byLogin: [String: [Verification]]
  private let byUser: [String: [Verification]]
  private let required: [String: [Login]]
  private let humanSuccesses: [String: [Login]]
  private let times: [Int]
  private let userCount: Int
  private let joined: Set<String>
  /// Logins whose LoginEvent says that a second factor was given.
  private let passedPolicy: Set<String>
  /// Logins whose session reached high assurance.
  private let highAssurance: Set<String>

  init(
    logins: [Login], neighbours: [Login] = [], verifications: [Verification], hasExport: Bool,
    coverage: Range<Int>? = nil,
    events: [DelimitedText.Record] = [], logouts: [DelimitedText.Record] = [],
    isExternal: @escaping (String) -> Bool
  ) {
    self.logins = logins
    self.verifications = verifications
    self.hasExport = hasExport
    self.coverage = coverage
    self.isExternal = isExternal
    func login(_ event: DelimitedText.Record) -> String {
      String(event["loginhistoryid"].prefix(15))
    }
    passedPolicy = Set(
      events.filter {
        ["TwoFASucceeded", "TwoFAAutomatedSuccess"].contains($0["policyoutcome"])
      }.map(login)
    ).subtracting([""])
    let keys = Set(
      logouts.filter {
        $0["session_level"] == "10" || $0["session_level"].hasPrefix("HIGH_ASSURANCE")
      }.map { $0["login_key"] }
    ).subtracting([""])
    highAssurance = Set(
      events.filter {
        $0["sessionlevel"] == "HIGH_ASSURANCE" || keys.contains($0["loginkey"])
      }.map(login)
    ).subtracting([""])
    let successes = verifications.filter(\.succeeded)
    byLogin = Dictionary(grouping: successes.filter { $0.login != "" }, by: \.login)
    byUser = Dictionary(grouping: successes, by: \.user)
    let all = logins + neighbours
    required = Dictionary(
      grouping: all.filter {
        ["Multi-factor required", "Two-factor required"].contains($0.status)
      },
      by: \.account)
    humanSuccesses = Dictionary(
      grouping: all.filter { $0.door == .human && $0.succeeded }, by: \.account)
    times = verifications.map(\.time).sorted()
    userCount = Set(verifications.map(\.user)).count
    let ids = Set(logins.map(\.id)).subtracting([""])
    joined = ids.intersection(successes.map(\.login))
  }

  func verdict(of login: Login) -> Verdict {
    let external = isExternal(login.account)
    let own = login.id == "" ? [] : byLogin[login.id] ?? []
    if let grade = best(own.filter { $0.proves(external: external) }) {
      return Verdict(state: .proven, basis: "sf_verification", grade: grade.text)
    }
    let near = nearby(login)
    if let grade = best(near.filter { $0.proves(external: external) }) {
      return Verdict(state: .proven, basis: "sf_verification_nearby", grade: grade.text)
    }
    if passedPolicy.contains(login.id) {
      return Verdict(state: .proven, basis: "login_event", grade: nil)
    }
    if highAssurance.contains(login.id) {
      return Verdict(state: .proven, basis: "session_level", grade: nil)
    }
    switch login.type {
    case "Lightning Login":
      return Verdict(state: .proven, basis: "login_type", grade: "standard")
    case "Passwordless Login via Passkeys":
      return Verdict(state: .proven, basis: "login_type", grade: "phishing-resistant")
    // Where the key lies, and whether a PIN guards it, no export tells.
    case "Certificate-based login":
      return Verdict(state: .proven, basis: "login_type", grade: nil)
    default: break
    }
    let tokens = Self.tokens(login.methods) + Self.tokens(login.context)
    if tokens.contains(where: Self.resistant.contains) {
      return Verdict(state: .proven, basis: "idp_amr", grade: "phishing-resistant")
    }
    if tokens.contains(where: Self.standard.contains) {
      return Verdict(state: .proven, basis: "idp_amr", grade: "standard")
    }
    // By this login's Id alone: what merely lies nearby may not turn unknown into absent.
    if own.contains(where: \.confirmsIdentityOnly) {
      return Verdict(state: .absent, basis: "sf_identity_only", grade: nil)
    }
    if !tokens.isEmpty, tokens.allSatisfy(Self.weak.contains) {
      return Verdict(state: .absent, basis: "idp_amr_single", grade: nil)
    }
    if login.type == "Application" { return direct(login) }
    if login.isSSO { return Verdict(state: .unknown, basis: "idp_silent") }
    if ["AppExchange", "Help and Training"].contains(login.type) {
      return Verdict(state: .unknown, basis: "inside_session")
    }
    if login.isInteractive { return Verdict(state: .unknown, basis: "oauth_consent") }
    return Verdict(state: .unknown, basis: "no_source")
  }

  /// Whether a temporary code was the proof.
  func usedTemporaryCode(at login: Login) -> Bool {
    let own = login.id == "" ? [] : byLogin[login.id] ?? []
    return (own + nearby(login)).contains {
      $0.method == "tempcode" && $0.proves(external: isExternal(login.account))
    }
  }

  /// Verifications of the demand before it, or, without an id, of the two minutes around it.
  private func nearby(_ login: Login) -> [Verification] {
    var found: [Verification] = []
    for demand in required[login.account] ?? []
    where demand.id != "" && login.address != "" && demand.address == login.address
      && Self.agree(demand.browser, login.browser)
      && (0...600_000).contains(login.time - demand.time)
    {
      let isFirst = !(humanSuccesses[login.account] ?? []).contains { other in
        other.address == login.address && Self.agree(demand.browser, other.browser)
          // A success at the instant of the demand need not have followed it.
          && other.time > demand.time && other.time < login.time
      }
      if isFirst { found += byLogin[demand.id] ?? [] }
    }
    if !login.hasIDColumn {
      found += (byUser[login.account] ?? []).filter {
        login.address != "" && $0.address == login.address && abs($0.time - login.time) <= 120_000
      }
    }
    return found
  }

  private static func agree(_ one: String, _ other: String) -> Bool {
    one == "" || other == "" || one == other
  }

  private func direct(_ login: Login) -> Verdict {
    guard hasExport else { return Verdict(state: .unknown, basis: "no_source") }
    let isProven = !joined.subtracting([login.id]).isEmpty
    guard isProven, userCount >= 2 else {
      return Verdict(state: .unknown, basis: "join_unproven")
    }
    if coverage?.contains(login.time) == true {
      return Verdict(state: .absent, basis: "sf_no_verification")
    }
    let before = times.last { $0 <= login.time }
    let after = times.first { $0 >= login.time }
    if let before, let after, after - before <= 7 * 86_400_000 {
      return Verdict(state: .absent, basis: "sf_no_verification")
    }
    return Verdict(state: .unknown, basis: "not_covered")
  }

  private func best(_ proofs: [Verification]) -> (text: String?, rank: Int)? {
    let order = ["phishing-resistant", "standard", "weak"]
    return proofs.map { proof in
      (proof.grade, proof.grade.flatMap(order.firstIndex(of:)) ?? 3)
    }.min { $0.1 < $1.1 }
  }

  private static let resistant: Set<String> = [
    "cert", "fido", "fido2", "fpt", "hwk", "iris", "pin", "pki", "pop", "retina", "sc",
    "smartcard", "swk", "tlsclient", "user", "vbm", "wia", "x509",
  ]
  private static let standard: Set<String> = [
    "face", "mobiletwofactorcontract", "multipleauthn", "okta_verify", "passkey", "webauthn",
    "mfa", "otp",
  ]
  private static let weak: Set<String> = ["pwd", "sms", "tel", "email"]

  /// The tokens of a list in any of its forms, and the last part of a URN.
  static func tokens(_ text: String) -> [String] {
    text.lowercased().split { "[]\", ;\t".contains($0) }.map { part in
      String(part.split { $0 == ":" || $0 == "/" }.last ?? part)
    }
  }
}
