import Accounts
import Findings
import Results
import SalesforceExports

/// `-o csv-accounts`: one line an account, in the order of results.
struct AccountsTable: ReportForm {
  private typealias Column = CSVTable<Row>.Column

  /// An account with what is found about it.
  private struct Row: Sendable {
    let account: AccountRecord
    var open = 0
    var suppressed = 0
    var unknown = 0
    var new = 0
    var recurred = 0
    var worst: Severity?

    init(_ group: ResultsGroup) {
      account = group.account
      for finding in group.findings {
        if finding.isOpenFail {
          open += 1
          worst = max(worst ?? .info, finding.severity)
        }
        if finding.suppression != nil { suppressed += 1 }
        if finding.status == .unknown { unknown += 1 }
        if finding.lifecycle?.change == .new { new += 1 }
        if finding.lifecycle?.change == .recurred { recurred += 1 }
      }
    }
  }

  private let table: CSVTable<Row>

  init(_ subject: ReportSubject) {
    table = CSVTable(
      columns: Self.identity + Self.logins + Self.traffic + Self.found(subject) + Self.requests
        + Self.recurred(subject) + [CSVTable.organization(subject.run.organizationID)])
  }

  var detail: RecordDetail { .figures }

  func open(into text: inout ByteText) { table.header(into: &text) }

  func render(_ group: inout ResultsGroup, _ part: inout Void, into text: inout ByteText) {
    guard group.subject == .account else { return }
    table.line(Row(group), into: &text)
  }

  func close(_ parts: [Void], _ end: EndRecord, into text: inout ByteText) {}

  // MARK: Columns; new ones are added at the end only

  private static func text(
    _ name: String, _ value: @escaping @Sendable (AccountRecord) -> String
  ) -> Column { (name, { $1.append(value($0.account)) }) }

  private static func count(
    _ name: String, _ value: @escaping @Sendable (AccountRecord) -> Int
  ) -> Column { (name, { $1.append(decimal: value($0.account)) }) }

  private static func time(
    _ name: String, _ value: @escaping @Sendable (AccountRecord) -> Instant?
  ) -> Column { (name, { $1.append(value($0.account)) }) }

  private static func counts(
    _ name: String, _ value: @escaping @Sendable (AccountRecord) -> NamedCounts
  ) -> Column { (name, { $1.list(value($0.account)) }) }

  private static func outcomes(
    _ name: String, _ counts: @escaping @Sendable (LoginCountsRecord) -> OutcomeCounts
  ) -> [Column] {
    [
      count(name + "_attempted") { counts($0.logins).attempted },
      count(name + "_succeeded") { counts($0.logins).succeeded },
      count(name + "_failed") { counts($0.logins).failed },
      count(name + "_pending") { counts($0.logins).pending },
    ]
  }

  private static let identity: [Column] = [
    text("account_id") { $0.id }, text("account_key") { $0.key },
    text("username") { $0.username }, text("name") { $0.name },
    text("active") { $0.isActive.map { $0 ? "true" : "false" } ?? "" },
    text("user_type") { $0.userType }, text("license") { $0.license },
    text("profile") { $0.profile },
    text("in_snapshot") { $0.isInSnapshot ? "true" : "false" },
    text("class") { $0.accountClass.rawValue },
    text("class_confidence") { $0.classConfidence.rawValue },
    ("class_reasons", { $1.list($0.account.classReasons) }),
    (
      "privileges",
      { row, cell in
        cell.list(row.account.privileges) { cell, privilege in
          cell.append(privilege.name)
          cell.append(literal: " via ")
          cell.append(privilege.via)
        }
      }
    ),
    time("first_login") { $0.firstLogin }, time("last_login") { $0.lastLogin },
  ]

  private static let logins: [Column] =
    outcomes("total") { $0.total } + outcomes("human") { $0.human }
    + [
      count("mfa_proven") { $0.logins.proven }, count("mfa_absent") { $0.logins.absent },
      count("mfa_unknown") { $0.logins.unknown }, counts("by_basis") { $0.logins.byBasis },
      count("maintenance_first_setup") { $0.logins.maintenance["first_setup"] },
      count("maintenance_password_reset") { $0.logins.maintenance["password_reset"] },
      count("maintenance_other") { $0.logins.maintenance["other"] },
    ] + outcomes("api") { $0.api }
    + [count("api_subtype_unknown") { $0.logins.apiSubTypeUnknown }]
    + outcomes("unclassified") { $0.unclassified }

  private static let traffic: [Column] = [
    time("peak_hour_start") { $0.traffic.peakHour.start },
    count("peak_hour_logins") { $0.traffic.peakHour.logins },
    time("peak_minute_start") { $0.traffic.peakMinute.start },
    count("peak_minute_logins") { $0.traffic.peakMinute.logins },
    counts("by_login_type") { $0.traffic.byLoginType },
    counts("by_api_type") { $0.traffic.byAPIType },
    counts("by_api_version") { $0.traffic.byAPIVersion },
    counts("by_application") { $0.traffic.byApplication },
    counts("by_tls") { $0.traffic.byTLS }, count("distinct_ips") { $0.distinctIPs },
    counts("by_country") { $0.byCountry }, counts("by_status") { $0.byStatus },
  ]

  private static func found(_ subject: ReportSubject) -> [Column] {
    [
      ("findings_open", { $1.append(decimal: $0.open) }),
      ("worst_severity", { $1.append($0.worst?.name ?? "") }),
      ("findings_unknown", { $1.append(decimal: $0.unknown) }),
      ("findings_suppressed", { $1.append(decimal: $0.suppressed) }),
      ("findings", { $1.list($0.account.findings) }),
      ("findings_new", { if subject.isCompared { $1.append(decimal: $0.new) } }),
      ("snapshot_changes", { $1.list($0.account.changes.map(\.text)) }),
    ]
  }

  /// API requests of event logs; all cells are empty where no log holds any of the account.
  private static let requests: [Column] = {
    func cell(
      _ name: String, _ write: @escaping @Sendable (RequestsRecord, inout ByteText) -> Void
    ) -> Column { (name, { if let requests = $0.account.requests { write(requests, &$1) } }) }
    return [
      cell("api_requests") { $1.append(decimal: $0.total) },
      cell("api_requests_by_family") { $1.list($0.byFamily) },
      cell("api_requests_by_version") { $1.list($0.byVersion) },
      cell("api_requests_by_application") { $1.list($0.byApplication) },
      cell("api_requests_by_status") { $1.list($0.byStatus) },
      cell("api_requests_against_limit") { $1.list($0.countsAgainstLimit) },
      cell("api_requests_by_source") { $1.list($0.bySource) },
      cell("api_requests_days") { $1.append(decimal: $0.days.count) },
      cell("api_requests_peak_day") { requests, text in
        if let peak = requests.peakDay { text.append(CivilDate(day: peak.day)) }
      },
      cell("api_requests_on_peak_day") { $1.append(decimal: $0.peakDay?.requests ?? 0) },
    ]
  }()

  private static func recurred(_ subject: ReportSubject) -> [Column] {
    [("findings_recurred", { if subject.isCompared { $1.append(decimal: $0.recurred) } })]
  }
}
