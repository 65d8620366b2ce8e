/// What a staged campaign adds to an org: logins, verifications, pages and tokens, with its truth.
struct CampaignRows {
  /// A page of the user interface, as event logs show it.
  struct Page {
    var time: EpochSeconds
    var account: Int
    var address: Int
    /// Whether it was opened without a login at the user interface.
    var isForeign: Bool
  }

  /// A token of an application.
  struct Token {
    var application: String
    var account: Int
    var lastUsed: EpochSeconds
    var created: EpochSeconds
    var useCount: Int
  }

  /// The logins in time order, numbered beyond all others.
  private(set) var rows: [LoginRow] = []
  /// Verifications that belong to no login, in time order.
  private(set) var verifications: [VerificationRow] = []
  /// Pages in time order.
  private(set) var pages: [Page] = []
  /// Tokens, of which some are nobody's concern.
  private(set) var tokens: [Token] = []
  /// The accounts that it befell, in the order in which it came to them.
  private(set) var accounts: [Int] = []
  /// Time of the first and last thing that the intruder did; nil for a history alone.
  private(set) var first: EpochSeconds?
  private(set) var last: EpochSeconds?
  /// Logins of the intruder, and those of them that come from the network.
  private(set) var loginCount = 0
  var foreignLoginCount: Int {
    rows.count { $0.address >= Vocabulary.allAddresses.count }
  }
  /// The rules that must find it.
  private(set) var rules: [String] = []

  private let options: SynthOptions
  private let staged: CampaignOptions
  private let cast: [Account]
  private let start: EpochSeconds

  /// The campaign of the options; nothing without one.
  init?(options: SynthOptions, organization: Organization) {
    guard let staged = options.campaign else { return nil }
    self.options = options
    self.staged = staged
    cast = organization.accounts
    start = Self.start(staged, options)
    switch staged.campaign {
    case .drift, .gainsight, .klue: stageSupplyChain()
    case .vishing: stageVishing()
    case .frontDoor: stageFrontDoor()
    case .staleToken: stageStaleToken()
    }
    rows.sort { ($0.time, $0.account) < ($1.time, $1.account) }
    for index in rows.indices { rows[index].number = 950_000_000 + UInt64(index) }
    pages.sort { $0.time < $1.time }
  }

  /// The stated time; else the published day, if the window holds it and two weeks before; else late
  /// in the window.
  private static func start(_ staged: CampaignOptions, _ options: SynthOptions) -> EpochSeconds {
    if let start = staged.start { return start }
    if staged.campaign == .staleToken { return options.endSecond - 3 * 86_400 + 36_000 }
    if let date = staged.campaign.publishedStart {
      let time = date.daysSinceEpoch * 86_400 + 28_800
      let earliest = options.firstSecond + SynthOptions.historyDays * 86_400
      if time >= earliest, time + 3 * 86_400 <= options.endSecond { return time }
    }
    let scene = options.firstSecond + options.days * 57_600
    return scene - scene % 86_400 + 28_800
  }

  // MARK: Stages

  /// The vendor's application logs in to each account every day; then the intruder does, on all of
  /// them within some hours and again on the two days after.
  private mutating func stageSupplyChain() {
    let programs = cast.indices.filter { cast[$0].persona.isIntegration }
    accounts = Array(programs.prefix(staged.accounts))
    let vendor = vendorAddresses
    for (order, account) in accounts.enumerated() {
      var time = options.firstSecond + 3_600 + order * 420
      while time < options.endSecond {
        addToken(account, at: time, from: vendor[order % vendor.count])
        time += 86_400
      }
    }
    guard !staged.isHistoryOnly else { return }
    var turn = 0
    for day in 0..<3 {
      for (order, account) in accounts.enumerated() {
        // Some accounts are left alone again after the first day.
        for visit in 0..<(day == 0 ? 3 : order % 2) {
          let time = start + day * 86_400 + order * 1_500 + visit * 7_200
          guard time < options.endSecond else { continue }
          addToken(
            account, at: time, from: intruder(turn), browser: Vocabulary.browsers.count + turn)
          turn += 1
          note(time)
        }
      }
    }
    if accounts.count >= 3 { rules = ["PST-API-014"] }
  }

  private mutating func stageVishing() {
    let people = cast.indices.filter {
      cast[$0].persona == .standard && cast[$0].habit == .careful && !cast[$0].isPrivileged
    }
    // The first administrator has the verifications that make the export cover the window.
    let admins = cast.indices.filter { cast[$0].persona == .admin }
    let person = people[people.count / 2]
    let admin = admins[1]
    accounts = [person, admin]
    for day in stride(from: 0, to: options.days - 1, by: 5) {
      addProviderLogin(admin, at: options.firstSecond + day * 86_400 + 33_000, cast[admin].address)
    }
    guard !staged.isHistoryOnly else { return }
    var consent = visit(person, at: start)
    consent.type = .remoteAccess
    consent.subType = .webServer
    consent.application = Vocabulary.stagedApplication
    rows.append(consent)
    note(start)
    for (turn, wait) in [600, 1_500, 18_000].enumerated() {
      addToken(
        person, at: start + wait, from: intruder(turn), browser: Vocabulary.browsers.count)
      note(start + wait)
    }
    let call = start + 86_400 + 7_200
    addProviderLogin(admin, at: call, intruder(0))
    note(call)
    let registration = call + 1_800
    verifications.append(
      VerificationRow(
        time: registration, account: admin, login: 0, policy: "TwoFactorAuthentication",
        activity: "ConnectTotp", method: "Totp", status: "Succeeded", address: intruder(0)))
    last = registration
    rules = ["PST-ACC-007", "PST-ACC-008", "PST-API-009"]
  }

  private mutating func stageFrontDoor() {
    // Nobody logs in to the first in a browser; people do to the second, and look at pages then.
    let quiet = cast.indices.filter {
      cast[$0].persona.isIntegration && cast[$0].habit == .unattended
    }
    let visited = cast.indices.filter { cast[$0].persona == .integrationNamed }
    guard let victim = quiet.first, let other = visited.first(where: { $0 != victim }) else {
      return
    }
    accounts = [victim]
    for day in [-9, -4, 0] {
      let time = start + day * 86_400 + 12_000
      rows.append(visit(other, at: time))
      for page in 1...4 {
        addPage(other, at: time + page * 90, from: cast[other].address, isForeign: false)
      }
    }
    let person = cast.indices.first { cast[$0].persona == .standard && cast[$0].habit == .careful }
    if let person {
      rows.append(visit(person, at: start - 3_600))
      addPage(person, at: start - 3_000, from: cast[person].address, isForeign: false)
    }
    guard !staged.isHistoryOnly else { return }
    addToken(victim, at: start - 300, from: cast[victim].address)
    loginCount = 1
    for page in 0..<12 {
      addPage(victim, at: start + page * 75, from: intruder(0), isForeign: true)
      note(start + page * 75, isLogin: false)
    }
    rules = ["PST-INT-013"]
  }

  private mutating func stageStaleToken() {
    let programs = cast.indices.filter { cast[$0].persona.isIntegration }
    let (victim, other) = (programs[0], programs[1])
    let created = options.firstSecond - 200 * 86_400
    var lastUsed = options.firstSecond
    for day in 0..<3 {
      lastUsed = options.firstSecond + day * 86_400 + 20_000
      addToken(victim, at: lastUsed, from: cast[victim].address)
    }
    for (order, account) in programs.enumerated() {
      tokens.append(
        Token(
          application: Vocabulary.applications[cast[account].application], account: account,
          lastUsed: options.endSecond - 3_600 - order * 60, created: created,
          useCount: 4_000 + order))
    }
    guard !staged.isHistoryOnly else { return }
    tokens.append(
      Token(
        application: staged.application, account: victim, lastUsed: lastUsed, created: created,
        useCount: 311))
    // A token that is used, by an application of which the history has no login.
    tokens.append(
      Token(
        application: "Forgotten Feed", account: other, lastUsed: options.endSecond - 7_200,
        created: created, useCount: 12))
    accounts = [victim, other]
    for turn in 0..<3 {
      let time = start + turn * 3_600
      guard time < options.endSecond else { continue }
      addToken(victim, at: time, from: intruder(turn), browser: Vocabulary.browsers.count)
      note(time)
    }
    rules = ["PST-API-015", "PST-API-016"]
  }

  // MARK: Rows

  /// Addresses of the vendor, in a documentation range of which none is the intruder's.
  private var vendorAddresses: [Int] {
    let range = staged.network.text.hasPrefix("198.51.100.") ? "192.0.2." : "198.51.100."
    return Array(
      Vocabulary.addresses.indices.filter { Vocabulary.addresses[$0].hasPrefix(range) }
        .dropFirst(29).prefix(2))
  }

  private func intruder(_ turn: Int) -> Int {
    Vocabulary.allAddresses.count + turn % staged.network.addresses.count
  }

  private mutating func note(_ time: EpochSeconds, isLogin: Bool = true) {
    first = min(first ?? time, time)
    last = max(last ?? time, time)
    if isLogin { loginCount += 1 }
  }

  /// A login by refresh token; `browser` beyond the common ones is an intruder's user agent.
  private mutating func addToken(
    _ account: Int, at time: EpochSeconds, from address: Int,
    browser: Int = Vocabulary.firstProgram
  ) {
    let agents = staged.campaign.userAgents.count
    let common = Vocabulary.browsers.count
    rows.append(
      LoginRow(
        time: time, account: account, type: .remoteAccess, subType: .refreshToken,
        address: address, application: Vocabulary.stagedApplication,
        browser: browser < common ? browser : common + (browser - common) % agents))
  }

  private mutating func addProviderLogin(_ account: Int, at time: EpochSeconds, _ address: Int) {
    rows.append(
      LoginRow(
        time: time, account: account, type: .samlServiceProvider, address: address, application: 0,
        browser: cast[account].browser))
  }

  private func visit(_ account: Int, at time: EpochSeconds) -> LoginRow {
    LoginRow(
      time: time, account: account, type: .application, subType: .passwordUI,
      address: cast[account].address, application: 0,
      browser: min(cast[account].browser, Vocabulary.firstProgram - 1), proof: .joined)
  }

  private mutating func addPage(
    _ account: Int, at time: EpochSeconds, from address: Int, isForeign: Bool
  ) {
    pages.append(Page(time: time, account: account, address: address, isForeign: isForeign))
  }
}
