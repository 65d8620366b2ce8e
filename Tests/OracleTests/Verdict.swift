import Foundation

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
    let name = record["loginhistoryid"].trimmingCharacters(in: .whitespaces)
    let isID = [15, 18].contains(name.count) && name.allSatisfy { $0.isLetter || $0.isNumber }
    login = isID ? String(name.prefix(15)) : ""
    address = Address.canonical(record["sourceip"])
    policy = Self.labels[folded(record["policy"])] ?? folded(record["policy"])
    activity = columns.contains("activity") ? folded(record["activity"]) : nil
    method = folded(record["verificationmethod"])
    let last = record["status"].split(separator: ">").last.map(String.init) ?? ""
    status = folded(last)
  }

  /// What Setup writes is the same value.
  private static let labels = [
    "multifactorauthenticationrequired": "twofactorauthentication",
    "twofactorauthenticationrequired": "twofactorauthentication",
    "sessionsecuritylevelrequiredatlogin": "profilepolicy",
  ]

  var succeeded: Bool { status == "succeeded" || status == "automatedsuccess" }

  private static let failures: Set<String> = [
    "denied", "reporteddenied", "failedgeneralerror", "failedinvalidcode",
    "failedinvalidpassword", "failedpasswordlockout", "failedtoomanyattempts", "initiated",
    "inprogress", "recoverableerror", "userchallengedwaitingforresponse",
  ]
  private static let activities: Set<String> = [
    "accessreports", "apex", "changeemail", "verifyemail", "connectedapp", "exportprintreports",
    "externalclientapp", "extraverification", "listview", "registration", "tempcode",
  ]
  private static let registrations: Set<String> = [
    "connectsms", "connecttoopher", "connecttotp", "connectu2f", "connectwebauth",
    "connectwebauthroaming", "enablell",
  ]
  private static let demandingPolicies: Set<String> = [
    "twofactorauthentication", "profilepolicy", "lightninglogin", "passwordlesspasskeylogin",
  ]
  private static let stepUps: Set<String> = [
    "highassurance", "pageaccess", "customapex", "extraverification",
  ]

  /// What makes two rows one.
  var identity: String {
    [
      user, login, "\(time)", policy, activity ?? "-", method, status,
    ].joined(separator: " ")
  }

  var isRegistration: Bool { succeeded && Self.registrations.contains(activity ?? "") }

  private var isAtLogin: Bool {
    activity.map { $0 == "login" || Self.registrations.contains($0) } ?? true
  }

  /// Whether it may have been MFA, for all that can be read of it.
  var isUnread: Bool {
    if !succeeded { return !Self.failures.contains(status) }
    if method == "" { return true }
    if let activity, activity != "login", !Self.registrations.contains(activity),
      !Self.activities.contains(activity)
    {
      return true
    }
    if Self.demandingPolicies.contains(policy) || policy == "deviceactivation" { return false }
    if Self.stepUps.contains(policy) { return isAtLogin }
    guard policy == "enablelightninglogin" || policy == "passwordlesslogin" else { return true }
    return isAtLogin && !["email", "sms", "customotpdelivery"].contains(method)
  }

  /// First line of the table of verdicts.
  func proves(external: Bool) -> Bool {
    guard succeeded, !isUnread, Self.demandingPolicies.contains(policy), isAtLogin else {
      return false
    }
    if method == "sms" { return external }
    return !["email", "password", "customotpdelivery"].contains(method)
  }

  /// A device was activated by a second factor.
  var activatesByFactor: Bool {
    succeeded && !isUnread && policy == "deviceactivation"
      && !["email", "sms", "password", "customotpdelivery"].contains(method)
  }

  /// The line of those that only confirm identity.
  var confirmsIdentityOnly: Bool {
    guard succeeded, !isUnread, !Self.stepUps.contains(policy) else { return false }
    if policy == "deviceactivation" { return !activatesByFactor }
    return ["email", "sms", "customotpdelivery"].contains(method)
  }

  var grade: String? {
    switch method {
    case "u2f", "builtinauthenticator", "webauthnroamingauthenticator", "pwlesspasskey":
      "phishing-resistant"
    case "totp", "salesforceauthenticator", "ll", "enablell", "tempcode": "standard"
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
  /// When MFA has been enforced for all employees; nil where it never is.
  let enforced: Int?
  /// Whether an export has as many rows as a limit allows.
  let isCut: Bool
  let isExternal: (String) -> Bool

  private let byLogin: [String: [Verification]]
  private let byUser: [String: [Verification]]
  private let required: [String: [Login]]
  private let successes: [String: [Login]]
  private let times: [Int]
  private let users: Set<String>
  private let joined: Set<String>
  private let holes: Set<Int>
  private let isLimited: Bool
  private let unseen: Set<String>
  private let ids: Set<String>
  /// Ids of all rows, whatever the window.
  private let known: Set<String>
  /// Rows of each account that got nobody in and asked for nothing, by id.
  private let refused: [String: [Login]]
  /// Logins whose LoginEvent says that a second factor was given.
  private let passedPolicy: Set<String>
  /// Logins whose session reached high assurance.
  private let highAssurance: Set<String>

  init(
    logins: [Login], neighbours: [Login] = [], outside: [Login] = [],
    verifications: [Verification], hasExport: Bool, coverage: Range<Int>? = nil,
    enforced: Int? = nil, isCut: Bool = false,
    events: [DelimitedText.Record] = [], logouts: [DelimitedText.Record] = [],
    isExternal: @escaping (String) -> Bool
  ) {
    self.logins = logins
    self.verifications = verifications
    self.hasExport = hasExport
    self.coverage = coverage
    self.enforced = enforced
    self.isCut = isCut
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
    byLogin = Dictionary(grouping: verifications.filter { $0.login != "" }, by: \.login)
    byUser = Dictionary(grouping: verifications, by: \.user)
    // The order of rows, where ties of a second matter.
    let all = (logins + neighbours).sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    ids = Set(all.map(\.id)).subtracting([""])
    required = Dictionary(grouping: all.filter(\.isDemand), by: \.account)
    successes = Dictionary(
      grouping: all.filter {
        $0.door == .human && $0.succeeded
          && !["AppExchange", "Help and Training"].contains($0.type)
      }, by: \.account)
    times = verifications.map(\.time).sorted()
    let users = Set(verifications.map(\.user)).subtracting([""])
    self.users = users
    let named = Dictionary(
      grouping: verifications.filter { $0.succeeded && $0.login != "" }, by: \.login)
    // What an export covers is no matter of the window.
    let whole = logins + outside
    known = Set((all + outside).map(\.id))
    refused = Dictionary(
      grouping: all.filter {
        $0.door != .api && !$0.succeeded && !$0.isDemand && $0.id != ""
          && !Self.plainRefusals.contains($0.status)
      }, by: \.account)
    joined = Set(
      whole.filter { login in
        login.id != ""
          && (named[login.id] ?? []).contains { Self.isOf($0, login.account) }
      }.map(\.id))
    // Days on which verifications are expected.
    func isDirect(_ login: Login) -> Bool { login.type == "Application" && login.succeeded }
    let days = Dictionary(grouping: whole, by: \.day)
    let busy = Set(
      days.filter { _, rows in
        rows.contains(where: \.isDemand)
          || Set(rows.filter(isDirect).map(\.account)).count >= 3
      }.keys)
    let seen = Set(verifications.map { Int((Double($0.time) / 86_400_000).rounded(.down)) })
    holes = busy.subtracting(seen).filter { day in
      let others = busy.subtracting([day])
      return others.intersection(seen).count * 2 >= others.count
    }
    let direct = Set(whole.filter(isDirect).map(\.account))
    // Of another org, perhaps.
    unseen = Set(
      Dictionary(grouping: direct.filter { $0.hasPrefix("005") }) { String($0.prefix(5)) }
        .filter { $0.value.count >= 3 }.keys
    ).subtracting(users.map { String($0.prefix(5)) })
    let asked = Set(whole.filter(\.isDemand).map(\.account))
    isLimited =
      direct.intersection(users).count * 4 < direct.count
      || asked.subtracting(users).count * 10 > asked.count
  }

  /// Whoever is refused so is asked for nothing more.
  private static let plainRefusals: Set<String> = [
    "Invalid password", "Password lockout", "Failed: API-only user", "Login rate exceeded",
    "User is inactive", "User is frozen",
  ]

  /// A verification of another user proves nothing.
  private static func isOf(_ verification: Verification, _ account: String) -> Bool {
    verification.user == "" || account.hasPrefix("username:") || verification.user == account
  }

  func verdict(of login: Login) -> Verdict {
    let external = isExternal(login.account)
    let own = self.own(login)
    if let grade = best(own.filter { $0.proves(external: external) }) {
      return Verdict(state: .proven, basis: "sf_verification", grade: grade.text)
    }
    if let grade = best(nearby(login)) {
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
    if let grade = best(own.filter(\.activatesByFactor)) {
      return Verdict(state: .proven, basis: "sf_second_factor", grade: grade.text)
    }
    let said = own + demands(login).flatMap(\.1)
    if said.contains(where: \.isUnread) { return Verdict(state: .unknown, basis: "sf_unread") }
    if said.contains(where: \.confirmsIdentityOnly) {
      if login.type == "Application" {
        if isVerifiedElsewhere(login) { return Verdict(state: .unknown, basis: "mfa_demanded") }
        return Verdict(state: .absent, basis: "sf_identity_only", grade: nil)
      }
      if login.isSSO { return Verdict(state: .unknown, basis: "idp_silent") }
    }
    if !tokens.isEmpty, tokens.allSatisfy(Self.weak.contains) {
      if isDemandedAlike(login) || isVerifiedElsewhere(login) {
        return Verdict(state: .unknown, basis: "mfa_demanded")
      }
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
    let external = isExternal(login.account)
    let proofs = own(login).filter { $0.proves(external: external) }
    let near = nearby(login)
    let used = !proofs.isEmpty ? own(login) : near
    if !used.isEmpty {
      return used.contains {
        $0.method == "tempcode" && ($0.proves(external: external) || $0.activatesByFactor)
      }
    }
    return verdict(of: login).basis == "sf_second_factor"
      && own(login).contains { $0.method == "tempcode" && $0.activatesByFactor }
  }

  /// Whether a verification of a login says that a method was registered.
  func registeredMethod(at login: Login) -> Bool { own(login).contains(where: \.isRegistration) }

  private func own(_ login: Login) -> [Verification] {
    login.id == "" ? [] : (byLogin[login.id] ?? []).filter { Self.isOf($0, login.account) }
  }

  /// The demands whose verifications belong to a login, with these.
  private func demands(_ login: Login) -> [(Login, [Verification])] {
    (required[login.account] ?? []).compactMap { demand in
      guard demand.id != "", (0...600_000).contains(login.time - demand.time) else { return nil }
      let found = own(demand).filter { verification in
        let start = max(demand.time, verification.time)
        let first = (successes[login.account] ?? []).first {
          $0.time >= start && $0.time - demand.time <= 600_000
            && Self.agree(demand.address, $0.address) && Self.agree(demand.browser, $0.browser)
            && Self.agree(demand.type, $0.type)
        }
        return first?.number == login.number
      }
      return found.isEmpty ? nil : (demand, found)
    }
  }

  /// What proves through the latest demand, or, without an id, up to two minutes before.
  private func nearby(_ login: Login) -> [Verification] {
    let external = isExternal(login.account)
    let proving = demands(login).map { ($0.0, $0.1.filter { $0.proves(external: external) }) }
      .filter { !$0.1.isEmpty }
    var found: [Verification] = proving.last?.1 ?? []
    if !login.hasIDColumn, login.address != "" {
      found += (byUser[login.account] ?? []).filter { verification in
        guard verification.proves(external: external), verification.address == login.address,
          !ids.contains(verification.login),
          (0...120_000).contains(login.time - verification.time)
        else { return false }
        let first = (successes[login.account] ?? []).first {
          !$0.hasIDColumn && $0.time >= verification.time && $0.address == verification.address
        }
        return first?.number == login.number
      }
    }
    return found
  }

  private static func agree(_ one: String, _ other: String) -> Bool {
    one == "" || other == "" || one == other
  }

  private func direct(_ login: Login) -> Verdict {
    if isDemanded(login) || isVerifiedElsewhere(login) {
      return Verdict(state: .unknown, basis: "mfa_demanded")
    }
    guard hasExport else {
      return Verdict(state: .unknown, basis: "no_source")
    }
    guard login.id != "" else { return Verdict(state: .unknown, basis: "join_unproven") }
    if let coverage {
      guard coverage.contains(login.time) else {
        return Verdict(state: .unknown, basis: "not_covered")
      }
    } else {
      let isProven = !joined.subtracting([login.id]).isEmpty
      guard isProven, users.count >= 2, !isLimited,
        !unseen.contains(String(login.account.prefix(5)))
      else {
        return Verdict(state: .unknown, basis: "join_unproven")
      }
      let before = times.last { $0 <= login.time }
      let after = times.first { $0 >= login.time }
      guard !isCut, !holes.contains(login.day), let before, let after,
        after - before <= 7 * 86_400_000
      else { return Verdict(state: .unknown, basis: "not_covered") }
    }
    return Verdict(state: .absent, basis: "sf_no_verification")
  }

  /// Whether Salesforce had demanded MFA in the quarter of an hour before.
  private func isDemanded(_ login: Login) -> Bool {
    let isAsked = (required[login.account] ?? []).contains { demand in
      (0...900_000).contains(login.time - demand.time)
        // A success at the instant of the demand need not have followed it.
        && !(successes[login.account] ?? []).contains {
          $0.time > demand.time && $0.time < login.time
        }
    }
    return isAsked
      || (byUser[login.account] ?? []).contains {
        $0.succeeded && $0.login == "" && (0...900_000).contains(login.time - $0.time)
      }
  }

  /// Whether a row of the same kind had asked for a factor, and nobody got in between.
  private func isDemandedAlike(_ login: Login) -> Bool {
    (required[login.account] ?? []).contains { demand in
      (0...900_000).contains(login.time - demand.time)
        && Self.agree(demand.address, login.address) && Self.agree(demand.browser, login.browser)
        && Self.agree(demand.type, login.type)
        && !(successes[login.account] ?? []).contains {
          $0.time > demand.time && $0.time < login.time
        }
    }
  }

  /// Whether what may be MFA of the user was recorded in the quarter of an hour before, after the last
  /// success, and belongs to no login that is known.
  private func isVerifiedElsewhere(_ login: Login) -> Bool {
    let external = isExternal(login.account)
    func isNear(_ verification: Verification) -> Bool {
      (verification.proves(external: external) || verification.activatesByFactor
        || verification.isUnread)
        && (0...900_000).contains(login.time - verification.time)
        && !(successes[login.account] ?? []).contains {
          $0.time > verification.time && $0.time < login.time
        }
    }
    let isStray = (byUser[login.account] ?? []).contains {
      login.id != "" && $0.login != "" && !known.contains($0.login) && isNear($0)
    }
    let isRefused = (refused[login.account] ?? []).contains { own($0).contains(where: isNear) }
    let isLate = (required[login.account] ?? []).contains { demand in
      guard demand.id != "" else { return false }
      return own(demand).contains { verification in
        let start = max(demand.time, verification.time)
        return isNear(verification)
          && !(successes[login.account] ?? []).contains {
            $0.time >= start && $0.time - demand.time <= 600_000
              && Self.agree(demand.address, $0.address) && Self.agree(demand.browser, $0.browser)
              && Self.agree(demand.type, $0.type)
          }
      }
    }
    return isStray || isRefused || isLate
  }

  private func best(_ proofs: [Verification]) -> (text: String?, rank: Int)? {
    let order = ["phishing-resistant", "standard", "weak"]
    return proofs.map { proof in
      let grade = proof.grade
      // An unknown method says less than a standard one, and more than a weak one.
      return (grade, grade == "weak" ? 3 : grade.flatMap(order.firstIndex(of:)) ?? 2)
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

  /// The tokens of a list in any of its forms, and the last part of a URN; denied ones name nothing.
  static func tokens(_ text: String) -> [String] {
    text.lowercased().split { "[]\", ;\t".contains($0) }.compactMap { part in
      let last = String(part.split { $0 == ":" || $0 == "/" }.last ?? part)
      return ["false", "no", "0"].contains(last) ? nil : last
    }
  }
}
