/// What the generator knows about a whole run, independent of any reader.
struct Truth {
  /// By account, in the organisation's order.
  private(set) var accounts: [AccountTruth]
  /// Verifications that name a login.
  private(set) var joins = 0
  /// All verifications.
  private(set) var verifications = 0
  /// Defects put into the login files, by kind.
  var faults: [Fault: Int] = [:]
  /// Rows that stand in a second file as well.
  var repeated = 0
  /// Whether a login has a value that no table knows, or a type that leaves its door open.
  private(set) var hasUnknownValues = false

  /// What really happened at each successful human login, where the options ask for it.
  private var logins: [String] = []

  /// The staged campaign.
  var campaign: CampaignRows?

  /// API requests by account, and administrators inside accounts of programs.
  private var requests: [Int] = []
  private var impersonations: [(account: Int, admin: Int)] = []

  private let organization: Organization
  private let options: SynthOptions

  /// The truth before the first row.
  init(options: SynthOptions, organization: Organization) {
    self.options = options
    self.organization = organization
    accounts = organization.accounts.map { _ in AccountTruth() }
  }

  /// Counts a login.
  mutating func count(_ row: LoginRow) {
    accounts[row.account].count(row)
    if options.tellsLogins, row.basis != nil {
      let mfa = row.usedMFA.map { "\($0)" } ?? "null"
      logins.append(
        "{\"id\":\"\(SalesforceIdentifier(prefix: .login, number: row.number).text)\","
          + "\"account\":\"\(organization.accounts[row.account].identifier)\","
          + "\"time\":\"\(Dialect(eventLogOf: options).time(row.time))\",\"mfa\":\(mfa)}")
    }
    if row.door == .unclassified || row.subType == .unheardOf || row.status == .unheardOf {
      hasUnknownValues = true
    }
  }

  /// Counts a verification.
  mutating func count(_ row: VerificationRow) {
    verifications += 1
    if row.login > 0 { joins += 1 }
  }

  /// Notes what exports of events hold beside the logins.
  mutating func note(_ events: EventFiles) {
    requests = events.requests
    impersonations = events.impersonations
  }

  /// Moves verdicts that rest on coverage, where no join in the data proves it.
  mutating func settle() {
    guard options.verification != .none, joins == 0 else { return }
    for index in accounts.indices {
      for basis in [Basis.sfNoVerification, .notCovered] {
        let moved = accounts[index].bases[basis.rawValue]
        accounts[index].bases[basis.rawValue] = 0
        accounts[index].bases[Basis.joinUnproven.rawValue] += moved
      }
    }
  }

  /// The truth as a JSON text.
  var json: String {
    var total = AccountTruth()
    for account in accounts {
      for index in total.outcomes.indices { total.outcomes[index] += account.outcomes[index] }
      for index in total.bases.indices { total.bases[index] += account.bases[index] }
      total.subTypeUnknown += account.subTypeUnknown
    }
    let rejected = faults.reduce(0) { $0 + ($1.key.addsRow ? $1.value : 0) }
    let faultTexts = faults.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\"\($0.key.rawValue)\":\($0.value)" }
    var orgFindings = ["PST-INT-005"]
    if hasUnknownValues { orgFindings.append("PST-DATA-004") }
    if rejected > 0 { orgFindings.append("PST-DATA-003") }
    var lines = [
      "{", "\"schema\":\"postern-synth.truth/1\",", "\"options\":\(optionsJSON),",
      "\"now\":\"2026-09-01T00:00:00Z\",",
      // Other shapes lack columns or ids, so that less can be told from them.
      "\"truth_of\":\"soql\",",
      "\"rows\":{\"analysed\":\(total.total),\"duplicate\":\(repeated),\"rejected\":\(rejected),"
        + "\"read\":\(total.total + repeated + rejected)},",
      "\"faults\":{\(faultTexts.joined(separator: ","))},",
      "\"verifications\":\(verifications),",
      "\"totals\":{\(countsJSON(total))},",
      "\"finding_scope\":\(list(Expectation.scope)),",
      "\"org_finding_scope\":\(list(["PST-DATA-003", "PST-DATA-004", "PST-INT-005"])),",
      "\"org_findings\":\(list(orgFindings)),", "\"accounts\":[",
    ]
    var entries: [String] = []
    if options.tellsLogins {
      lines.insert("\"logins\":[\(logins.joined(separator: ",\n"))],", at: lines.count - 1)
    }
    if options.events.contains(.loginAs) {
      let pairs = impersonations.map { pair in
        "{\"account\":\"\(organization.accounts[pair.account].identifier)\","
          + "\"admin\":\"\(organization.accounts[pair.admin].identifier)\"}"
      }
      lines.insert("\"login_as\":[\(pairs.joined(separator: ","))],", at: lines.count - 1)
    }
    if options.events.contains(.apiTotalUsage) {
      let counts = zip(organization.accounts, requests).filter { $0.1 > 0 }.map {
        "\"\($0.0.identifier)\":\($0.1)"
      }
      lines.insert("\"api_requests\":{\(counts.joined(separator: ","))},", at: lines.count - 1)
    }
    if let list = incidentsJSON { lines.insert(list, at: lines.count - 1) }
    if let text = campaignJSON { lines.insert(text, at: lines.count - 1) }
    for (account, truth) in zip(organization.accounts, accounts) {
      let expected = Expectation(account: account, truth: truth)
      entries.append(
        "{\"id\":\"\(account.identifier)\",\"username\":\"\(account.username)\","
          + "\"persona\":\"\(account.persona.rawValue)\",\"in_snapshot\":"
          + "\(account.persona != .missing),\"class\":\"\(expected.accountClass.rawValue)\","
          + "\"class_confidence\":\(expected.confidence.map { "\"\($0)\"" } ?? "null"),"
          + "\"privileged\":\(account.isPrivileged),\"total\":\(truth.total),"
          + "\(countsJSON(truth)),\"api_peak_60_minutes\":\(truth.peakHour),"
          + "\"findings\":\(list(expected.findings))}")
    }
    lines.append(entries.joined(separator: ",\n"))
    lines.append("]}")
    return lines.joined(separator: "\n") + "\n"
  }

  private func countsJSON(_ truth: AccountTruth) -> String {
    func outcomes(_ door: Door) -> String {
      "\"succeeded\":\(truth.count(door, .succeeded)),\"failed\":\(truth.count(door, .failed)),"
        + "\"pending\":\(truth.count(door, .pending))"
    }
    let bases = Basis.allCases.filter { truth.bases[$0.rawValue] > 0 }
      .sorted { $0.name < $1.name }.map { "\"\($0.name)\":\(truth.bases[$0.rawValue])" }
    return "\"human\":{\(outcomes(.human)),\"mfa_proven\":\(truth.count(.proven)),"
      + "\"mfa_absent\":\(truth.count(.absent)),\"mfa_unknown\":\(truth.count(.unknown)),"
      + "\"by_basis\":{\(bases.joined(separator: ","))}},"
      + "\"api\":{\(outcomes(.api)),\"subtype_unknown\":\(truth.subTypeUnknown)},"
      + "\"unclassified\":{\(outcomes(.unclassified))}"
  }

  /// What happened to whom and which finding must say so; nil without incidents, so that the truth
  /// of runs without them has no such key.
  private var incidentsJSON: String? {
    guard !options.incidents.isEmpty else { return nil }
    let victims = IncidentRows(options: options, organization: organization).victims
    let entries = victims.map { incident, account in
      let identifier = account.map { "\"\(organization.accounts[$0].identifier)\"" } ?? "null"
      return "{\"incident\":\"\(incident.rawValue)\",\"rule\":\"\(incident.rule)\","
        + "\"account\":\(identifier)}"
    }
    return "\"incidents\":[\(entries.joined(separator: ",\n"))],"
  }

  /// What was staged and what must find it; nil without a campaign.
  private var campaignJSON: String? {
    guard let rows = campaign, let staged = options.campaign else { return nil }
    let dialect = Dialect(eventLogOf: options)
    func time(_ value: EpochSeconds?) -> String {
      value.map { "\"\(dialect.time($0))\"" } ?? "null"
    }
    let foreign = rows.pages.filter(\.isForeign).count
    return "\"campaign\":{\"incident\":\"\(staged.campaign.rawValue)\","
      + "\"application\":\(quoted(staged.application)),\"network\":\(quoted(staged.network.text)),"
      + "\"addresses\":\(list(staged.network.addresses)),"
      + "\"user_agents\":\(list(staged.campaign.userAgents)),"
      + "\"accounts\":\(list(rows.accounts.map { organization.accounts[$0].identifier })),"
      + "\"first\":\(time(rows.first)),\"last\":\(time(rows.last)),"
      + "\"logins\":\(rows.loginCount),"
      + "\"intruder_logins\":\(rows.foreignLoginCount),\"pages\":\(foreign),"
      + "\"rules\":\(list(rows.rules))},"
  }

  private func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ",") + "]"
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }
    return "\"\(escaped.joined())\""
  }

  private var optionsJSON: String {
    let faults = options.faults.map(\.rawValue).sorted()
    return "{\"seed\":\(options.seed),\"rows\":\(options.rows),\"users\":\(options.users),"
      + "\"days\":\(options.days),\"start\":\"\(options.start.text)\","
      + "\"integration_per_mille\":\(options.integrationPerMille),"
      + "\"shape\":\"\(options.shape.rawValue)\",\"dialect\":\"\(options.tool.rawValue)\","
      + "\"delimiter\":\"\(options.delimiter.rawValue)\","
      + "\"line_end\":\"\(options.lineEnd.rawValue)\",\"bom\":\(options.hasByteOrderMark),"
      + "\"quote\":\"\(options.quoting.rawValue)\","
      + "\"compression\":\"\(options.packing.rawValue)\",\"level\":\(options.level),"
      + "\"files\":\(options.files),\"order\":\"\(options.order.rawValue)\","
      + "\"overlap\":\(options.overlap),"
      + "\"verification\":\"\(options.verification.rawValue)\","
      + "\"snapshots\":\(options.snapshots),\"faults\":\(list(faults))}"
  }
}
