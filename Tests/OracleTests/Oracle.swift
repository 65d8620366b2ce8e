import Foundation

/// The second, naive implementation: everything kept, everything counted by walking over arrays.
struct Oracle {
  /// One account with all of its rows.
  struct Account {
    let key: String
    /// Its row in the newest snapshot that has it.
    var person: People.Person?
    var logins: [Login] = []
    /// Rows outside the window, which tell who it is.
    var others: [Login] = []
    /// All rows that were read.
    var all: [Login] { others + logins }
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

  /// What was worked out before.
  final class Known {
    var findings: [OracleFinding]?
  }

  let known = Known()
  let policy: Policy
  let now: Int
  let people: People
  let accounts: [String: Account]
  /// All analysed rows in order of time.
  let logins: [Login]
  /// These and the rows outside the window.
  let wholeLogins: [Login]
  let verifications: [Verification]
  let hasVerifications: Bool
  /// Files, and what could not be read of the login files.
  let exports: [ExportFile]
  let files: [LoginFile]
  let duplicates: Int
  /// How many different rows each Id has that has more than one.
  let contradictions: [Int]
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
    // What rows with one Id say, of the columns that all files have: what differs is no copy.
    let named = sources.filter { $0.text.columns.contains("id") }
    func allHave(_ columns: String...) -> Bool {
      named.allSatisfy { file in columns.contains(where: file.text.columns.contains) }
    }
    let hasUsers = allHave("userid")
    let hasTypes = allHave("logintype", "login type")
    let hasAddresses = allHave("sourceip", "source ip")
    func content(_ login: Login) -> String {
      [
        "\(login.time)", hasUsers ? login.account : "", hasTypes ? login.type : "", login.status,
        hasAddresses ? login.address : "",
      ].joined(separator: "\n")
    }
    var contents: [String: Set<String>] = [:]
    var rows: [Login] = []
    var neighbours: [Login] = []
    var outside: [Login] = []
    var outsideContents: [String: Set<String>] = [:]
    let window = policy.window
    let zone = policy.timeZone.flatMap { TimeZone(identifier: $0) }
    var duplicates = 0
    var number = 0
    var files: [LoginFile] = []
    let ordered = sources.sorted {
      ($1.text.columns.count, $0.name) < ($0.text.columns.count, $1.name)
    }
    for export in ordered {
      var file = LoginFile(export)
      for record in export.text.records {
        guard var login = Login(record, in: export.text, people: people, zone: zone) else {
          let reason = Login.time(of: record, zone) == nil ? "invalid_time" : "invalid_user"
          file.rejects[reason, default: 0] += 1
          continue
        }
        login.number = number
        number += 1
        file.first = min(file.first ?? login.time, login.time)
        file.last = max(file.last ?? login.time, login.time)
        guard window.contains(login.time) else {
          // They prove what lies near, and count nowhere.
          let isNear =
            login.time < window.lowerBound
            ? window.lowerBound - login.time <= 86_400_000
            : login.time - window.upperBound <= 86_400_000
          if isNear { neighbours.append(login) }
          if login.id == ""
            || outsideContents[login.id, default: []].insert(content(login)).inserted
          {
            outside.append(login)
          }
          continue
        }
        if login.id == "" || contents[login.id, default: []].insert(content(login)).inserted {
          rows.append(login)
        } else {
          duplicates += 1
        }
      }
      files.append(file)
    }
    (self.exports, self.files, self.duplicates) = (exports, files, duplicates)
    contradictions = contents.values.map(\.count).filter { $0 > 1 }
    let proofs = exports.filter { export in
      export.kind == "VerificationHistory"
        && ["loginhistoryid", "policy", "status"].allSatisfy(export.text.columns.contains)
    }
    hasVerifications = !proofs.isEmpty
    verifications = proofs.flatMap { file in
      file.text.records.compactMap { Verification($0, file.text.columns) }
    }
    let persons = people.people(at: nil, now: now)
    var accounts: [String: Account] = [:]
    for person in persons.values { accounts[person.id] = Account(key: person.id, person: person) }
    for row in rows { accounts[row.account, default: Account(key: row.account)].logins.append(row) }
    for row in outside where accounts[row.account] != nil {
      accounts[row.account]?.others.append(row)
    }
    wholeLogins = rows + outside
    for request in requests where accounts[request.account] == nil {
      accounts[request.account] = Account(key: request.account)
    }
    let kinds = accounts.mapValues { Self.isExternal($0.person) }
    let verdicts = Verdicts(
      logins: rows, neighbours: neighbours, outside: outside, verifications: verifications,
      hasExport: hasVerifications,
      coverage: policy.coverage.map {
        (Moment.milliseconds($0.from + "T00:00:00Z") ?? 0)..<(Moment.milliseconds(
          $0.until + "T00:00:00Z") ?? 0)
      },
      enforced: policy.employeesEnforced,
      isCut: proofs.contains {
        [2_000, 10_000, 20_000, 50_000, 1_048_575].contains($0.text.records.count)
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
          account.logins[index].registeredMethod = verdicts.registeredMethod(at: login)
        }
      }
      (account.accountClass, account.confidence) = Self.classify(account, policy)
      accounts[key] = account
    }
    self.accounts = accounts
    logins = accounts.values.flatMap(\.logins).sorted { $0.time < $1.time }
  }

  private static let externalTypes: Set<String> = [
    "CspLitePortal", "PowerPartner", "PowerCustomerSuccess", "CustomerSuccess", "SelfService",
    "CsnOnly",
  ]

  private static func isExternal(_ person: People.Person?) -> Bool {
    guard let person else { return false }
    return person.hasContact || externalTypes.contains(person.userType)
  }

  /// `033` and seven more letters or digits, at `00d…`.
  private static func isLicenseManagement(_ account: Account) -> Bool {
    let name =
      account.person?.username.lowercased()
      ?? (account.key.hasPrefix("username:") ? String(account.key.dropFirst(9)) : "")
    return name.wholeMatch(of: /033[a-z0-9]{7,}@00d[^@]*/) != nil
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
    if isLicenseManagement(account) { return ("system", nil) }
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
    // Without a snapshot the event log may still name the type of the user.
    if person == nil {
      let types = account.all.map(\.userType)
      if types.contains(where: Self.externalTypes.contains) { return ("external", nil) }
      if types.contains(where: ["AutomatedProcess", "CloudIntegrationUser", "Guest"].contains) {
        return ("system", nil)
      }
    }
    // The share of logins that only systems make.
    let left = account.all.filter(\.succeeded).filter { login in
      !(login.door == .api
        && LoginVocabulary.userFacing.contains(login.applicationName.lowercased()))
    }
    let systems = left.filter { $0.door == .api }
    let words: Set<String> = [
      "integration", "api", "svc", "service", "bot", "automation", "etl", "sync",
    ]
    func has(_ words: Set<String>, _ text: String) -> Bool {
      text.lowercased().split { !$0.isLetter && !$0.isNumber }.contains {
        words.contains(String($0))
      }
    }
    // Without a snapshot the rows may still name the user.
    let user = account.key.split(separator: ":", maxSplits: 1)
    let username =
      person?.username ?? (user.first == "username" ? String(user.last ?? "") : "")
    let names = [person?.name ?? "", String(username.prefix { $0 != "@" })].joined(separator: " ")
    if has(words, names), !left.isEmpty, systems.count * 100 >= left.count * 80 {
      return ("integration", "medium")
    }
    let days = Set(account.all.filter { $0.door == .human && $0.succeeded }.map(\.day))
    let isSeldomHuman = days.allSatisfy { start in
      days.count { (0..<30).contains($0 - start) } <= 2
    }
    if let person, has(words.subtracting(["service"]), person.profile), isSeldomHuman {
      return ("integration", "medium")
    }
    let consented = Set(
      account.all.filter { $0.door == .human && $0.isInteractive && $0.succeeded }.map(
        \.applicationName))
    let rest = left.filter { $0.door != .api || !consented.contains($0.applicationName) }
    let behaving = rest.filter { $0.door == .api }
    if !rest.isEmpty, behaving.count * 100 >= rest.count * 95, behaving.count >= 100,
      Set(account.all.filter { $0.door == .api && $0.succeeded }.map(\.day)).count >= 7,
      isSeldomHuman
    {
      return ("integration", "low")
    }
    return (person == nil ? "unknown" : "human", nil)
  }
}
