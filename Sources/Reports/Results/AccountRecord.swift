package import Accounts
package import SalesforceExports

/// A privilege and the path through which an account has it, as results hold it.
package struct PrivilegeRecord: Sendable, Equatable {
  package var name: String
  package var via: String
}

/// Logins of one UTC day, as results hold them.
package struct DayRecord: Sendable, Equatable {
  /// `YYYY-MM-DD`.
  package var date: String
  /// Successful human logins by MFA verdict.
  package var humanProven: Int
  package var humanAbsent: Int
  package var humanUnknown: Int
  /// Successful API logins.
  package var api: Int
  /// Failures of any class.
  package var failed: Int
}

/// What differs about an account between two snapshots, as results hold it.
package struct ChangeRecord: Sendable, Equatable {
  /// Dates of the two, `YYYY-MM-DD`; the earlier one may have none.
  package var from: String?
  package var to: String
  /// Privileges with their paths.
  package var gained: [String]
  package var lost: [String]
  /// Profile and activity before and after, where they differ.
  package var profile: [String]
  package var isActive: [Bool]
}

/// API attempts of an account by several columns, as results hold them.
package struct TrafficRecord: Sendable, Equatable {
  package var peakHour: Peak
  package var peakMinute: Peak
  package var byLoginType: [String: Int]
  package var byAPIType: [String: Int]
  package var byAPIVersion: [String: Int]
  package var byApplication: [String: Int]
  package var byTLS: [String: Int]
}

/// API requests of an account, as results hold them.
package struct RequestsRecord: Sendable, Equatable {
  package var total: Int
  package var byFamily: [String: Int]
  package var byVersion: [String: Int]
  package var byApplication: [String: Int]
  package var byStatus: [String: Int]
  package var countsAgainstLimit: [String: Int]
  /// Rows by event log, those that do not count beside another log included.
  package var bySource: [String: Int]
  /// Requests by UTC day, ascending.
  package var daily: [(date: String, requests: Int)]

  /// The day with most requests, the earliest on ties; `nil` when none counts.
  package var peakDay: (date: String, requests: Int)? {
    daily.reduce(nil) { peak, day in (peak?.requests ?? 0) < day.requests ? day : peak }
  }

  package static func == (left: RequestsRecord, right: RequestsRecord) -> Bool {
    left.total == right.total && left.byFamily == right.byFamily
      && left.byVersion == right.byVersion && left.byApplication == right.byApplication
      && left.byStatus == right.byStatus && left.countsAgainstLimit == right.countsAgainstLimit
      && left.bySource == right.bySource && left.daily.elementsEqual(right.daily, by: ==)
  }

  init(_ members: RecordMembers) throws(RecordDefect) {
    total = try members.count("total")
    byFamily = try members.counts("by_family")
    byVersion = try members.counts("by_version")
    byApplication = try members.counts("by_application")
    byStatus = try members.counts("by_status")
    countsAgainstLimit = try members.counts("counts_against_limit")
    bySource = try members.counts("by_source")
    daily = []
    for day in try members.objects("daily") {
      daily.append((try day.string("date"), try day.count("requests")))
    }
  }
}

/// The most frequent values of a column, and how many attempts had others.
package struct ValuesRecord: Sendable, Equatable {
  package var uses: [ValueUse]
  package var others: Int
}

/// One account as results hold it (`postern.account/1`); all formats show it from this.
package struct AccountRecord: Sendable, Equatable {
  /// 18-character id; empty where only the username is known.
  package var id: String
  package var key: String
  package var username: String
  package var name: String
  /// Whether it is active; `nil` when no snapshot says.
  package var isActive: Bool?
  package var userType: String
  package var license: String
  package var profile: String
  package var isInSnapshot: Bool
  package var accountClass: AccountClass
  package var classConfidence: Confidence
  package var classReasons: [String]
  package var privileges: [PrivilegeRecord]
  package var firstLogin: Instant?
  package var lastLogin: Instant?
  package var total: OutcomeCounts
  package var human: OutcomeCounts
  package var api: OutcomeCounts
  package var unclassified: OutcomeCounts
  /// Successful human logins by verdict, and by what the verdict rests on.
  package var verdicts: [VerdictState: Int]
  package var byBasis: [String: Int]
  /// UI logins of an integration account by label of maintenance.
  package var maintenance: [String: Int]
  /// API logins whose sub-type is not told.
  package var apiSubTypeUnknown: Int
  package var traffic: TrafficRecord
  /// API requests of event logs; `nil` where none was given.
  package var requests: RequestsRecord?
  package var distinctIPs: Int
  package var byCountry: [String: Int]
  package var byStatus: [String: Int]
  /// Days with logins, ascending; empty where activity was not asked for.
  package var daily: [DayRecord]
  /// Attempts by hour of the week, Monday 00:00 UTC first; empty where activity was not asked for.
  package var hourOfWeek: [Int]
  package var addresses: ValuesRecord
  package var applications: ValuesRecord
  package var apiVersions: ValuesRecord
  /// What changed from snapshot to snapshot.
  package var changes: [ChangeRecord]
  /// Ids of its findings.
  package var findings: [String]

  /// The name by which a person knows the account.
  package var shownName: String { username.isEmpty ? key : username }
}

// MARK: JSON

extension AccountRecord {
  static let schema = "postern.account/1"

  /// Reads the members back.
  init(_ members: RecordMembers, includingActivity: Bool) throws(RecordDefect) {
    let account = try members.object("account")
    id = try account.string("id")
    key = try account.string("key")
    username = try account.string("username")
    name = try account.string("name")
    isActive = try account.optionalBool("active")
    userType = try account.string("user_type")
    license = try account.string("license")
    profile = try account.string("profile")
    isInSnapshot = try account.bool("in_snapshot")
    accountClass = try account.choice("class", of: AccountClass.self)
    classConfidence = try account.choice("class_confidence", of: Confidence.self)
    classReasons = try account.strings("class_reasons")
    privileges = []
    for privilege in try account.objects("privileges") {
      privileges.append(
        PrivilegeRecord(name: try privilege.string("name"), via: try privilege.string("via")))
    }
    firstLogin = try members.optionalInstant("first_login")
    lastLogin = try members.optionalInstant("last_login")

    let logins = try members.object("logins")
    let human = try logins.object("human")
    let api = try logins.object("api")
    self.human = try OutcomeCounts(human)
    self.api = try OutcomeCounts(api)
    unclassified = try OutcomeCounts(try logins.object("unclassified"))
    total = try OutcomeCounts(logins, attempted: "total")
    var sum = self.human
    sum.add(self.api)
    sum.add(unclassified)
    guard sum == total else { throw logins.defect("total", "is not the sum of its parts") }
    verdicts = [
      .proven: try human.count("mfa_proven"), .absent: try human.count("mfa_absent"),
      .unknown: try human.count("mfa_unknown"),
    ]
    guard verdicts.values.reduce(0, +) == self.human.succeeded else {
      throw human.defect("succeeded", "is not the sum of the verdicts")
    }
    byBasis = try human.counts("by_basis")
    maintenance = try human.counts("maintenance")
    apiSubTypeUnknown = try api.count("subtype_unknown")

    traffic = try TrafficRecord(try members.object("api_traffic"))
    requests = nil
    if let object = try members.objectIfPresent("api_requests") {
      requests = try RequestsRecord(object)
    }
    let sources = try members.object("sources")
    distinctIPs = try sources.count("distinct_ips")
    byCountry = try sources.counts("by_country")
    byStatus = try members.counts("by_status")
    daily = []
    hourOfWeek = []
    if includingActivity {
      let activity = try members.object("activity")
      for day in try activity.objects("daily") { daily.append(try DayRecord(day)) }
      for value in try activity.array("hour_of_week") {
        guard case .int(let count) = value, count >= 0 else {
          throw activity.defect("hour_of_week", "holds more than counts")
        }
        hourOfWeek.append(count)
      }
      guard hourOfWeek.count == 168 else {
        throw activity.defect("hour_of_week", "has not 168 hours")
      }
    }
    let values = try members.object("values")
    addresses = try ValuesRecord(values, "address")
    applications = try ValuesRecord(values, "application")
    apiVersions = try ValuesRecord(values, "api_version")
    changes = []
    for change in try members.objectsIfPresent("changes") {
      changes.append(try ChangeRecord(change))
    }
    findings = try members.strings("findings")
  }
}

extension OutcomeCounts {
  fileprivate init(_ counts: RecordMembers, attempted: String = "attempted") throws(RecordDefect) {
    self.init()
    succeeded = try counts.count("succeeded")
    failed = try counts.count("failed")
    pending = try counts.count("pending")
    let (some, overflow) = succeeded.addingReportingOverflow(failed)
    let (all, overflowAgain) = some.addingReportingOverflow(pending)
    guard !overflow, !overflowAgain, all < 1 << 60, all == (try counts.count(attempted)) else {
      throw counts.defect(attempted, "is not the sum of succeeded, failed and pending")
    }
  }
}

extension DayRecord {
  fileprivate init(_ day: RecordMembers) throws(RecordDefect) {
    date = try day.string("date")
    guard Instant(resultText: date + "T00:00:00.000Z") != nil else {
      throw day.defect("date", "is no date")
    }
    humanProven = try day.count("human_proven")
    humanAbsent = try day.count("human_absent")
    humanUnknown = try day.count("human_unknown")
    api = try day.count("api")
    failed = try day.count("failed")
  }
}

extension ChangeRecord {
  fileprivate init(_ change: RecordMembers) throws(RecordDefect) {
    from = try change.stringIfPresent("from")
    to = try change.string("to")
    gained = try change.strings("gained")
    lost = try change.strings("lost")
    profile = try change.stringsIfPresent("profile")
    isActive = try change.boolsIfPresent("active")
  }

  /// The change in words.
  var text: String {
    var parts: [String] = gained.map { "+ \($0)" } + lost.map { "− \($0)" }
    if profile.count == 2 { parts.append("profile \(profile[0]) → \(profile[1])") }
    if isActive.count == 2 { parts.append(isActive[1] ? "activated" : "deactivated") }
    return "\(from ?? "undated") to \(to): " + parts.joined(separator: ", ")
  }
}

extension TrafficRecord {
  fileprivate init(_ traffic: RecordMembers) throws(RecordDefect) {
    peakHour = try Peak(try traffic.object("peak_hour"))
    peakMinute = try Peak(try traffic.object("peak_minute"))
    byLoginType = try traffic.counts("by_login_type")
    byAPIType = try traffic.counts("by_api_type")
    byAPIVersion = try traffic.counts("by_api_version")
    byApplication = try traffic.counts("by_application")
    byTLS = try traffic.counts("by_tls")
  }
}

extension Peak {
  fileprivate init(_ peak: RecordMembers) throws(RecordDefect) {
    self.init(start: try peak.optionalInstant("start"), logins: try peak.count("logins"))
  }
}

extension ValuesRecord {
  fileprivate init(_ values: RecordMembers, _ name: String) throws(RecordDefect) {
    uses = []
    for use in try values.objects(name) {
      uses.append(
        ValueUse(
          value: try use.string("value"), count: try use.count("count"),
          first: try use.instant("first"), last: try use.instant("last")))
    }
    others = try values.object("others").count(name)
  }
}
