import Accounts
import Findings
import SalesforceExports

/// `-o csv-accounts`: one line an account, in the order of their keys.
struct AccountsTable {
  /// What is found about one account.
  private struct Standing {
    var open = 0
    var suppressed = 0
    var unknown = 0
    var new = 0
    var worst: Severity?
  }

  private struct Row {
    let account: AccountRecord
    let standing: Standing
  }

  private let document: ResultsDocument

  init(_ document: ResultsDocument) { self.document = document }

  /// Writes header and all lines.
  func write(to write: ([UInt8]) throws -> Void) throws {
    var standings: [String: Standing] = [:]
    try document.forEachFinding(includingEvidence: false) { finding in
      guard let key = finding.account?.key else { return }
      var standing = standings[key] ?? Standing()
      if finding.isOpenFail {
        standing.open += 1
        standing.worst = max(standing.worst ?? .info, finding.severity)
      }
      if finding.suppression != nil { standing.suppressed += 1 }
      if finding.status == .unknown { standing.unknown += 1 }
      if finding.lifecycle?.change == .new { standing.new += 1 }
      standings[key] = standing
    }
    let table = CSVTable<Row>(columns: columns)
    try write(table.header)
    try document.forEachAccount(includingActivity: false) { account in
      try write(table.line(Row(account: account, standing: standings[account.key] ?? Standing())))
    }
  }

  /// New columns are added at the end only.
  private var columns: [CSVTable<Row>.Column] {
    func account(_ name: String, _ text: @escaping (AccountRecord) -> String)
      -> CSVTable<Row>.Column
    { (name, { text($0.account) }) }
    func count(_ name: String, _ value: KeyPath<AccountRecord, Int>) -> CSVTable<Row>.Column {
      (name, { String($0.account[keyPath: value]) })
    }
    func outcomes(
      _ name: String, _ counts: KeyPath<AccountRecord, OutcomeCounts>
    ) -> [CSVTable<Row>.Column] {
      [
        count(name + "_attempted", counts.appending(path: \.attempted)),
        count(name + "_succeeded", counts.appending(path: \.succeeded)),
        count(name + "_failed", counts.appending(path: \.failed)),
        count(name + "_pending", counts.appending(path: \.pending)),
      ]
    }
    func verdict(_ name: String, _ state: VerdictState) -> CSVTable<Row>.Column {
      account(name) { String($0.verdicts[state] ?? 0) }
    }
    func maintenance(_ label: String) -> CSVTable<Row>.Column {
      account("maintenance_" + label) { String($0.maintenance[label] ?? 0) }
    }
    func counts(
      _ name: String, _ value: @escaping (AccountRecord) -> [String: Int]
    ) -> CSVTable<Row>.Column {
      account(name) { CellText.counts(value($0)) }
    }
    let identity: [CSVTable<Row>.Column] = [
      account("account_id", \.id), account("account_key", \.key),
      account("username", \.username), account("name", \.name),
      account("active") { $0.isActive.map { $0 ? "true" : "false" } ?? "" },
      account("user_type", \.userType), account("license", \.license),
      account("profile", \.profile),
      account("in_snapshot") { $0.isInSnapshot ? "true" : "false" },
      account("class", \.accountClass.rawValue),
      account("class_confidence", \.classConfidence.rawValue),
      account("class_reasons") { CellText.list($0.classReasons) },
      account("privileges") { CellText.list($0.privileges.map { "\($0.name) via \($0.via)" }) },
      account("first_login") { $0.firstLogin?.text ?? "" },
      account("last_login") { $0.lastLogin?.text ?? "" },
    ]
    let logins =
      outcomes("total", \.total) + outcomes("human", \.human)
      + [
        verdict("mfa_proven", .proven), verdict("mfa_absent", .absent),
        verdict("mfa_unknown", .unknown), counts("by_basis", \.byBasis),
        maintenance("first_setup"), maintenance("password_reset"), maintenance("other"),
      ] + outcomes("api", \.api) + [count("api_subtype_unknown", \.apiSubTypeUnknown)]
      + outcomes("unclassified", \.unclassified)
    let traffic: [CSVTable<Row>.Column] = [
      account("peak_hour_start") { $0.traffic.peakHour.start?.text ?? "" },
      count("peak_hour_logins", \.traffic.peakHour.logins),
      account("peak_minute_start") { $0.traffic.peakMinute.start?.text ?? "" },
      count("peak_minute_logins", \.traffic.peakMinute.logins),
      counts("by_login_type", \.traffic.byLoginType), counts("by_api_type", \.traffic.byAPIType),
      counts("by_api_version", \.traffic.byAPIVersion),
      counts("by_application", \.traffic.byApplication), counts("by_tls", \.traffic.byTLS),
      count("distinct_ips", \.distinctIPs), counts("by_country", \.byCountry),
      counts("by_status", \.byStatus),
    ]
    let found: [CSVTable<Row>.Column] = [
      ("findings_open", { String($0.standing.open) }),
      ("worst_severity", { $0.standing.worst?.name ?? "" }),
      ("findings_unknown", { String($0.standing.unknown) }),
      ("findings_suppressed", { String($0.standing.suppressed) }),
      account("findings") { CellText.list($0.findings) },
      ("findings_new", { [document] in document.isCompared ? String($0.standing.new) : "" }),
      account("snapshot_changes") { CellText.list($0.changes.map(\.text)) },
    ]
    return identity + logins + traffic + found + requests
  }

  /// API requests of event logs; all cells are empty where no log holds any of the account.
  private var requests: [CSVTable<Row>.Column] {
    func cell(
      _ name: String, _ text: @escaping (RequestsRecord) -> String
    ) -> CSVTable<Row>.Column {
      (name, { $0.account.requests.map(text) ?? "" })
    }
    func counts(
      _ name: String, _ value: @escaping (RequestsRecord) -> [String: Int]
    ) -> CSVTable<Row>.Column {
      cell(name) { CellText.counts(value($0)) }
    }
    return [
      cell("api_requests") { String($0.total) },
      counts("api_requests_by_family", \.byFamily),
      counts("api_requests_by_version", \.byVersion),
      counts("api_requests_by_application", \.byApplication),
      counts("api_requests_by_status", \.byStatus),
      counts("api_requests_against_limit", \.countsAgainstLimit),
      counts("api_requests_by_source", \.bySource),
      cell("api_requests_days") { String($0.daily.count) },
      cell("api_requests_peak_day") { $0.peakDay?.date ?? "" },
      cell("api_requests_on_peak_day") { String($0.peakDay?.requests ?? 0) },
    ]
  }
}
