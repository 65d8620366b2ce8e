package import Accounts
package import SalesforceExports

/// One account as results hold it (`postern.account/2`); all forms show it from this.
package struct AccountRecord: Sendable, Equatable {
  package static let schema = "postern.account/2"

  /// 18-character id; empty where only the username is known.
  package var id = ""
  package var key = ""
  package var username = ""
  package var name = ""
  /// Whether it is active; `nil` when no snapshot says.
  package var isActive: Bool?
  package var userType = ""
  package var license = ""
  package var profile = ""
  package var isInSnapshot = false
  package var accountClass = AccountClass.unknown
  package var classConfidence = Confidence.low
  package var classReasons: [String] = []
  package var privileges: [PrivilegeRecord] = []
  package var firstLogin: Instant?
  package var lastLogin: Instant?
  package var logins = LoginCountsRecord()
  package var traffic = TrafficRecord()
  /// API requests of event logs; `nil` where none was given.
  package var requests: RequestsRecord?
  package var distinctIPs = 0
  package var byCountry = NamedCounts()
  package var byStatus = NamedCounts()
  package var activity = ActivityRecord()
  package var values = ValuesRecord()
  /// What changed from snapshot to snapshot.
  package var changes: [ChangeRecord] = []
  /// Ids of its findings, in the order in which they follow it.
  package var findings: [String] = []

  /// Makes a blank record.
  package init() {}

  /// The name by which a person knows the account.
  package var shownName: String { username.isEmpty ? key : username }

  /// Codes all members.
  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.object("account") { coder in
      coder.bool("active", &isActive)
      coder.choice("class", &accountClass)
      coder.choice("class_confidence", &classConfidence)
      coder.strings("class_reasons", &classReasons)
      coder.string("id", &id)
      coder.bool("in_snapshot", &isInSnapshot)
      coder.string("key", &key)
      coder.string("license", &license)
      coder.string("name", &name)
      coder.objects("privileges", &privileges, blank: PrivilegeRecord()) { $1.code(&$0) }
      coder.string("profile", &profile)
      coder.string("user_type", &userType)
      coder.string("username", &username)
    }
    coder.detail("activity", .activity) { coder in
      coder.object("activity") { activity.code(&$0) }
    }
    coder.whenPresent("api_requests", requests != nil) { coder in
      coder.object("api_requests", &requests, blank: RequestsRecord()) { $1.code(&$0) }
    }
    coder.detail("api_traffic", .figures) { coder in
      coder.object("api_traffic") { traffic.code(&$0) }
    }
    coder.detail("by_status", .figures) { $0.counts("by_status", &byStatus) }
    coder.whenPresent("changes", !changes.isEmpty) { coder in
      coder.objects("changes", &changes, blank: ChangeRecord()) { $1.code(&$0) }
    }
    coder.strings("findings", &findings)
    coder.instant("first_login", &firstLogin)
    coder.instant("last_login", &lastLogin)
    coder.object("logins") { logins.code(&$0) }
    coder.detail("sources", .figures) { coder in
      coder.object("sources") { coder in
        coder.counts("by_country", &byCountry)
        coder.count("distinct_ips", &distinctIPs)
      }
    }
    coder.detail("values", .values) { coder in
      coder.object("values") { values.code(&$0) }
    }
  }
}

/// A privilege and the path through which an account has it.
package struct PrivilegeRecord: Sendable, Equatable {
  package var name = ""
  package var via = ""

  /// Makes a privilege.
  package init(name: String = "", via: String = "") {
    self.name = name
    self.via = via
  }

  fileprivate mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.string("name", &name)
    coder.string("via", &via)
  }
}

/// What differs about an account between two snapshots.
package struct ChangeRecord: Sendable, Equatable {
  /// Profile and activity before and after, where they differ.
  package var isActive: [Bool] = []
  package var profile: [String] = []
  /// Privileges with their paths.
  package var gained: [String] = []
  package var lost: [String] = []
  /// Dates of the two, `YYYY-MM-DD`; the earlier one may have none.
  package var from: String?
  package var to = ""

  fileprivate mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.whenPresent("active", isActive.count == 2) { coder in
      if isActive.count != 2 { isActive = [false, false] }
      coder.object("active") { coder in
        coder.bool("after", &isActive[1])
        coder.bool("before", &isActive[0])
      }
    }
    coder.string("from", &from)
    coder.strings("gained", &gained)
    coder.strings("lost", &lost)
    coder.whenPresent("profile", profile.count == 2) { coder in
      if profile.count != 2 { profile = ["", ""] }
      coder.object("profile") { coder in
        coder.string("after", &profile[1])
        coder.string("before", &profile[0])
      }
    }
    coder.string("to", &to)
  }

  /// The change in words.
  package var text: String {
    var parts: [String] = gained.map { "+ \($0)" } + lost.map { "− \($0)" }
    if profile.count == 2 { parts.append("profile \(profile[0]) → \(profile[1])") }
    if isActive.count == 2 { parts.append(isActive[1] ? "activated" : "deactivated") }
    return "\(from ?? "undated") to \(to): " + parts.joined(separator: ", ")
  }
}
