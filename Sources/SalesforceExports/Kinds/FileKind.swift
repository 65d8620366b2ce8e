/// What a file holds, found from its header row.
public enum FileKind: String, Sendable, CaseIterable {
  /// Holds `LoginHistory` rows.
  case loginHistory = "LoginHistory"
  /// Holds `EventLogFile:Login` rows.
  case eventLogLogin = "EventLogFile:Login"
  /// Holds `User` rows.
  case user = "User"
  /// Holds `Profile` rows.
  case profile = "Profile"
  /// Holds `PermissionSet` rows.
  case permissionSet = "PermissionSet"
  /// Holds `PermissionSetAssignment` rows.
  case permissionSetAssignment = "PermissionSetAssignment"
  /// Holds `PermissionSetGroup` rows.
  case permissionSetGroup = "PermissionSetGroup"
  /// Holds `PermissionSetGroupComponent` rows.
  case permissionSetGroupComponent = "PermissionSetGroupComponent"
  /// Holds `MutingPermissionSet` rows.
  case mutingPermissionSet = "MutingPermissionSet"
  /// Holds `VerificationHistory` rows.
  case verificationHistory = "VerificationHistory"
  /// Holds `TwoFactorMethodsInfo` rows.
  case twoFactorMethodsInfo = "TwoFactorMethodsInfo"
  /// Holds `ProfileSessionSetting` rows.
  case profileSessionSetting = "ProfileSessionSetting"
  /// Holds `UserLogin` rows.
  case userLogin = "UserLogin"
  /// Holds `PermissionSetLicenseAssign` rows.
  case permissionSetLicenseAssign = "PermissionSetLicenseAssign"
  /// Holds `LoginEvent` rows (real-time events; SALESFORCE.md 1e).
  case loginEvent = "LoginEvent"
  /// Holds `LoginAsEvent` rows.
  case loginAsEvent = "LoginAsEvent"
  /// Holds `EventLogFile:Logout` rows (event log files: SALESFORCE.md 1d).
  case eventLogLogout = "EventLogFile:Logout"
  /// Holds `EventLogFile:LoginAs` rows.
  case eventLogLoginAs = "EventLogFile:LoginAs"
  /// Holds `EventLogFile:ApiTotalUsage` rows.
  case apiTotalUsage = "EventLogFile:ApiTotalUsage"
  /// Holds `EventLogFile:API` rows.
  case soapAPI = "EventLogFile:API"
  /// Holds `EventLogFile:RestApi` rows.
  case restAPI = "EventLogFile:RestApi"
  /// Holds `EventLogFile:BulkApi` rows.
  case bulkAPI = "EventLogFile:BulkApi"
  /// Holds `EventLogFile:BulkApi2` rows.
  case bulkAPI2 = "EventLogFile:BulkApi2"
  /// Holds `EventLogFile:BulkApiRequest` rows.
  case bulkAPIRequest = "EventLogFile:BulkApiRequest"
  /// Holds `EventLogFile:MetadataApiOperation` rows.
  case metadataAPI = "EventLogFile:MetadataApiOperation"
  /// An event log file or real-time event that this release knows and does not read.
  /// Holds `other event log` rows.
  case otherEvents = "other event log"

  /// Whether rows of this kind are logins.
  public var holdsLogins: Bool { self == .loginHistory || self == .eventLogLogin }

  /// Whether rows of this kind are requests to an API.
  public var holdsRequests: Bool {
    switch self {
    case .apiTotalUsage, .soapAPI, .restAPI, .bulkAPI, .bulkAPI2, .bulkAPIRequest, .metadataAPI:
      true
    default: false
    }
  }

  /// Whether rows of this kind are real-time events or lines of event log files beside logins.
  public var holdsEvents: Bool {
    switch self {
    case .loginEvent, .loginAsEvent, .eventLogLogout, .eventLogLoginAs: true
    default: holdsRequests
    }
  }

  /// Whether a file of this kind is a snapshot of the org at one time.
  public var isSnapshot: Bool {
    !holdsLogins && !holdsEvents && self != .verificationHistory && self != .otherEvents
  }

  /// What the column `EVENT_TYPE` says in rows of this kind; `nil` for kinds that are no event log.
  public var eventType: String? {
    let prefix = "EventLogFile:"
    return rawValue.hasPrefix(prefix) ? String(rawValue.dropFirst(prefix.utf8.count)) : nil
  }

  /// Columns of which each group needs one, in the order in which kinds are tried.
  public static let signatures: [(kind: FileKind, groups: [[String]])] = [
    (.eventLogLogin, [["eventtype"], ["timestamp", "timestampderived"], ["loginstatus"]]),
    (.eventLogLogout, [eventLog, eventTime, ["sessionlevel"], ["loginkey"]]),
    (
      .eventLogLoginAs,
      [
        eventLog, eventTime,
        ["delegateduserid", "delegateduseridderived", "delegatedusername"],
      ]
    ),
    (.apiTotalUsage, [eventLog, eventTime, ["apifamily"]]),
    (.bulkAPI2, [eventLog, eventTime, ["jobid"], ["jobstatus", "recordsprocessed"]]),
    (.bulkAPIRequest, [eventLog, eventTime, ["jobid"], ["requestpath"]]),
    (.bulkAPI, [eventLog, eventTime, ["jobid"], ["batchid"]]),
    (.restAPI, [eventLog, eventTime, ["method"], ["mediatype", "statuscode"]]),
    (.soapAPI, [eventLog, eventTime, ["methodname"], ["apitype", "apiversion"]]),
    (.metadataAPI, [eventLog, eventTime, ["operation"], ["apiversion"], ["clientid"]]),
    (.otherEvents, [eventLog, eventTime, ["requestid", "userid"]]),
    (.loginAsEvent, [["eventdate"], ["delegatedusername"], ["userid", "username"]]),
    (.loginEvent, [["eventdate"], ["loginhistoryid"], ["policyoutcome", "sessionlevel"]]),
    (
      .loginEvent,
      [
        ["eventdate"], ["loginkey"], ["policyoutcome", "sessionlevel"],
        ["policyoutcome", "logintype", "loginsubtype", "loginurl"],
      ]
    ),
    (.otherEvents, [["eventidentifier"], ["eventdate"]]),
    (
      .verificationHistory,
      [
        ["verificationtime"],
        ["userid", "user", "loginhistoryid"],
        // One that lacks what proves is known by what it has, and says so.
        ["status", "policy", "activity", "verificationmethod", "method", "loginhistoryid"],
      ]
    ),
    // Labels of Setup > Identity Verification History (SALESFORCE.md 9.21).
    (
      .verificationHistory,
      [["time"], ["triggeredby", "useractivity", "verificationattempt"], ["method", "status"]]
    ),
    (.loginHistory, [["logintime"], ["userid", "username"], ["status"]]),
    (.permissionSetAssignment, [["assigneeid"], ["permissionsetid"]]),
    (.permissionSetGroupComponent, [["permissionsetgroupid"], ["permissionsetid"]]),
    (.twoFactorMethodsInfo, [["userid"], ["hastotp", "hasu2f", "hasbuiltinauthenticator"]]),
    (.profileSessionSetting, [["profile", "fullname"], ["requiredsessionlevel"]]),
    (.userLogin, [["userid"], ["isfrozen"], ["ispasswordlocked", "id", "isfrozen"]]),
    (
      .permissionSetLicenseAssign,
      [
        ["assigneeid"],
        [
          "permissionsetlicenseid", "permissionsetlicense.developername",
          "permissionsetlicense.masterlabel",
        ],
      ]
    ),
    (
      .user, [["id"], ["username"], ["profileid", "profile.name", "isactive", "usertype", "name"]]
    ),
    (.mutingPermissionSet, [["id"], ["developername", "masterlabel"], ["permissions*"]]),
    (.permissionSetGroup, [["id"], ["developername", "masterlabel"], ["status", "description"]]),
    (
      .permissionSet,
      [
        ["id"], ["permissions*"],
        ["label", "isownedbyprofile", "type", "profileid", "permissionsetgroupid", "profile.name"],
      ]
    ),
    (
      .profile, [["id", "name"], ["permissions*", "userlicenseid", "userlicense.name"], ["name"]]
    ),
  ]

  private static let eventLog = ["eventtype"]
  private static let eventTime = ["timestamp", "timestampderived"]

  /// Columns of other real-time events, several of which carry the session's level and the login's
  /// Id as LoginEvent does.
  private static let columnsOfOtherEvents = [
    "delegatedusername", "loginascategory", "verificationmethod", "eventgroup", "operation",
    "query",
    "queriedentities", "rowsprocessed", "rowsreturned", "records", "reportid", "dashboardid",
    "message", "score", "securityeventdata", "permissionlist", "pageurl", "queueditemid",
  ]

  /// The kind that a header row announces.
  public static func recognize(_ header: ColumnNames) -> FileKind? {
    signatures.first { signature in
      signature.groups.allSatisfy { header.hasAny($0) }
        && (signature.kind != .loginEvent || !header.hasAny(columnsOfOtherEvents))
    }?.kind
  }

  /// The kind of an event log whose first row names another event than the header announced.
  ///
  /// - Parameter eventType: `EVENT_TYPE` of the first row; empty where there is none.
  public func corrected(byEventType eventType: String) -> FileKind {
    guard let expected = self.eventType, !eventType.isEmpty,
      FoldedText(expected) != FoldedText(eventType)
    else { return self }
    return .otherEvents
  }

  /// The kind whose signature the header meets best, and what it lacks; for error messages.
  public static func nearest(
    to header: ColumnNames
  ) -> (kind: FileKind, missing: [String], share: Double) {
    var best: (kind: FileKind, missing: [String], share: Double) = (.loginHistory, [], -1)
    for signature in signatures where signature.kind != .otherEvents {
      let missing = signature.groups.filter { !header.hasAny($0) }
      let share = 1 - Double(missing.count) / Double(signature.groups.count)
      if share > best.share {
        best = (signature.kind, missing.map { $0.joined(separator: " or ") }, share)
      }
    }
    return best
  }
}

/// The names of a header row, reduced for comparison, with their positions.
public struct ColumnNames: Sendable {
  /// Names as in the file.
  public let original: [String]
  private let positions: [String: Int]
  private let permissionColumns: [String: [(permission: TrackedPermission, position: Int)]]

  /// Reads a header row; of columns that share a name the first one counts.
  public init(_ names: [String]) {
    original = names
    var positions: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      let folded = Self.fold(name)
      if !folded.isEmpty, positions[folded] == nil { positions[folded] = index }
    }
    self.positions = positions
    var permissionColumns: [String: [(permission: TrackedPermission, position: Int)]] = [:]
    for prefix in ["", "profile.", "permissionset."] {
      permissionColumns[prefix] = TrackedPermission.allCases.compactMap { permission in
        positions[prefix + "permissions" + permission.foldedName].map { (permission, $0) }
      }
    }
    self.permissionColumns = permissionColumns
  }

  /// Lower-case letters, digits and dots; a time-zone name in parentheses is left out
  /// (`Login Time (Eastern Daylight Time)`, SALESFORCE.md 1a).
  public static func fold(_ name: String) -> String {
    let outside = name.prefix { $0 != "(" }
    return String(
      decoding: outside.utf8.compactMap { byte -> UInt8? in
        switch byte {
        case 0x41...0x5A: byte + 0x20
        case 0x61...0x7A, 0x30...0x39, 0x2E, 0x80...: byte
        default: nil
        }
      }, as: UTF8.self)
  }

  /// Position of the first of these names that is present.
  public func position(_ names: String...) -> Int? {
    for name in names {
      if let position = positions[name] { return position }
    }
    return nil
  }

  /// Whether one of these names is present; `permissions*` means any permission column.
  public func hasAny(_ names: [String]) -> Bool {
    names.contains { name in
      name == "permissions*"
        ? positions.keys.contains { $0.hasPrefix("permissions") } : positions[name] != nil
    }
  }

  /// Columns of permissions that Postern follows under a prefix: `""`, `"profile."` or
  /// `"permissionset."`.
  ///
  /// - Complexity: O(1): they are looked up once per file, since each row asks.
  public func permissions(prefix: String) -> [(permission: TrackedPermission, position: Int)] {
    permissionColumns[prefix] ?? []
  }
}
