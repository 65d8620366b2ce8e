import Foundation

/// The second, naive implementation: everything kept, everything counted by walking over arrays.
struct Oracle {
  /// One account with all of its rows.
  struct Account {
    let key: String
    /// Its row in the newest snapshot that has it.
    var person: People.Person?
    var logins: [Login] = []
    var accountClass = "unknown"
    var confidence: String?

    var isPrivileged: Bool {
      guard let person else { return false }
      return person.profile == "System Administrator"
        || People.privileges.contains(where: person.has)
    }
    var isInternal: Bool { accountClass != "external" && accountClass != "system" }
    var human: [Login] { logins.filter { $0.door == .human } }
    var humanSuccesses: [Login] { human.filter(\.succeeded) }
    var api: [Login] { logins.filter { $0.door == .api } }
    func humans(_ state: Verdict.State) -> [Login] { human.filter { $0.verdict?.state == state } }
  }

  let policy: Policy
  let now: Int
  let people: People
  let accounts: [String: Account]
  /// All analysed rows in order of time.
  let logins: [Login]
  let verifications: [Verification]
  let hasVerifications: Bool
  /// Files, and what could not be read of the login files.
  let exports: [ExportFile]
  let files: [LoginFile]
  let duplicates: Int
  /// API requests of the event logs, those that do not count beside another log included.
  let requests: [Request]

  /// Reads and judges all exports of a folder.
  init(folder: String, policy: Policy) throws {
    try self.init(exports: ExportFile.all(in: folder), policy: policy)
  }

  init(exports: [ExportFile], policy: Policy) {
    self.policy = policy
    now = Moment.milliseconds(policy.now) ?? 0
    people = People(exports)
    let people = people
    requests = Request.all(in: exports, people: people, window: policy.window)
    let histories = exports.filter { $0.kind == "LoginHistory" }
    let sources = histories.isEmpty ? exports.filter { $0.kind == "Login" } : histories
    var seen: Set<String> = []
    var rows: [Login] = []
    var neighbours: [Login] = []
    let window = policy.window
    let zone = policy.timeZone.flatMap { TimeZone(identifier: $0) }
    var duplicates = 0
    var files: [LoginFile] = []
    let ordered = sources.sorted {
      ($1.text.columns.count, $0.name) < ($0.text.columns.count, $1.name)
    }
    for export in ordered {
      var file = LoginFile(export)
      for record in export.text.records {
        guard let login = Login(record, in: export.text, people: people, zone: zone) else {
          let reason = Login.time(of: record, zone) == nil ? "invalid_time" : "invalid_user"
          file.rejects[reason, default: 0] += 1
          continue
        }
        file.first = min(file.first ?? login.time, login.time)
        file.last = max(file.last ?? login.time, login.time)
        guard window.contains(login.time) else {
          // They prove what lies near, and count nowhere.
          let isNear =
            login.time < window.lowerBound
            ? window.lowerBound - login.time <= 86_400_000
            : login.time - window.upperBound <= 86_400_000
          if isNear { neighbours.append(login) }
          continue
        }
        if login.id != "", !seen.insert(login.id).inserted {
          duplicates += 1
        } else {
          rows.append(login)
        }
      }
      files.append(file)
    }
    (self.exports, self.files, self.duplicates) = (exports, files, duplicates)
    let proofs = exports.filter { $0.kind == "VerificationHistory" }
    hasVerifications = !proofs.isEmpty
    verifications = proofs.flatMap { file in
      file.text.records.compactMap { Verification($0, file.text.columns) }
    }
    let persons = people.people(at: nil, now: now)
    var accounts: [String: Account] = [:]
    for person in persons.values { accounts[person.id] = Account(key: person.id, person: person) }
    for row in rows { accounts[row.account, default: Account(key: row.account)].logins.append(row) }
    for request in requests where accounts[request.account] == nil {
      accounts[request.account] = Account(key: request.account)
    }
    let kinds = accounts.mapValues { Self.isExternal($0.person) }
    let verdicts = Verdicts(
      logins: rows, neighbours: neighbours, verifications: verifications,
      hasExport: hasVerifications,
      coverage: policy.coverage.map {
        (Moment.milliseconds($0.from + "T00:00:00Z") ?? 0)..<(Moment.milliseconds(
          $0.until + "T00:00:00Z") ?? 0)
      },
      events: exports.filter { $0.kind == "LoginEvent" }.flatMap(\.text.records),
      logouts: exports.filter { $0.kind == "Logout" }.flatMap(\.text.records),
      isExternal: { kinds[$0] ?? false })
    for (key, account) in accounts {
      var account = account
      account.logins.sort { $0.time < $1.time }
      for index in account.logins.indices {
        let login = account.logins[index]
        if login.door == .human && login.succeeded {
          account.logins[index].verdict = verdicts.verdict(of: login)
          account.logins[index].hasTemporaryCode = verdicts.usedTemporaryCode(at: login)
        }
      }
      (account.accountClass, account.confidence) = Self.classify(account, policy)
      accounts[key] = account
    }
    self.accounts = accounts
    logins = accounts.values.flatMap(\.logins).sorted { $0.time < $1.time }
  }

  private static func isExternal(_ person: People.Person?) -> Bool {
    guard let person else { return false }
    return person.hasContact
      || [
        "CspLitePortal", "PowerPartner", "PowerCustomerSuccess", "CustomerSuccess", "SelfService",
        "CsnOnly",
      ].contains(person.userType)
  }

  private static func classify(_ account: Account, _ policy: Policy) -> (String, String?) {
    func isListed(_ list: [String]) -> Bool {
      list.contains { entry in
        let name = account.person?.username.lowercased() ?? ""
        if entry.hasPrefix("profile:") {
          return (account.person?.profile ?? "") == entry.dropFirst(8)
        }
        if entry.hasSuffix("*") { return name.hasPrefix(entry.dropLast().lowercased()) }
        return entry.lowercased() == name || People.long(entry) == account.key
      }
    }
    if isListed(policy.breakGlassAccounts) { return ("break_glass", nil) }
    if isListed(policy.integrationAccounts) { return ("integration", "high") }
    if isListed(policy.humanAccounts) { return ("human", nil) }
    if isExternal(account.person) { return ("external", nil) }
    let person = account.person
    if let person,
      ["AutomatedProcess", "CloudIntegrationUser", "Guest"].contains(person.userType)
    {
      return ("system", nil)
    }
    if let person {
      if person.has("ApiUserOnly") || person.license == "Salesforce Integration"
        || person.hasIntegrationLicense
        || person.profile == "Minimum Access - API Only Integrations"
      {
        return ("integration", "high")
      }
    }
    // The share of logins that only systems make.
    let consented = Set(
      account.human.filter { $0.isInteractive && $0.succeeded }.map(\.application))
    let successes = account.logins.filter(\.succeeded)
    let left = successes.filter { login in
      !(login.door == .api
        && (LoginVocabulary.userFacing.contains(login.application.lowercased())
          || consented.contains(login.application)))
    }
    let systems = left.filter { $0.door == .api }
    do {
      // Without a snapshot the rows may still name the user.
      let user = account.key.split(separator: ":", maxSplits: 1)
      let username =
        person?.username ?? (user.first == "username" ? String(user.last ?? "") : "")
      let words: Set<String> = [
        "integration", "api", "svc", "service", "bot", "automation", "etl", "sync",
      ]
      let names = [
        person?.name ?? "", String(username.prefix { $0 != "@" }), person?.profile ?? "",
      ].joined(separator: " ").lowercased()
      let hasWord = names.split { !$0.isLetter && !$0.isNumber }.contains {
        words.contains(String($0))
      }
      if hasWord, !left.isEmpty, systems.count * 100 >= left.count * 80 {
        return ("integration", "medium")
      }
    }
    if !left.isEmpty, systems.count * 100 >= left.count * 95, systems.count >= 100,
      Set(systems.map(\.day)).count >= 7
    {
      return ("integration", "low")
    }
    return (person == nil ? "unknown" : "human", nil)
  }
}
