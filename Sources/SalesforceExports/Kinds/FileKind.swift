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
  /// Holds `OauthToken` rows.
  case oauthToken = "OauthToken"
  /// Holds `LoginEvent` rows (docs/salesforce.md#real-time-events).
  case loginEvent = "LoginEvent"
  /// Holds `LoginAsEvent` rows.
  case loginAsEvent = "LoginAsEvent"
  /// Holds `EventLogFile:Logout` rows (docs/salesforce.md#event-log-files).
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
  /// Holds `EventLogFile:URI` rows: pages of Salesforce Classic.
  case uri = "EventLogFile:URI"
  /// Holds `EventLogFile:AuraRequest` rows: what pages of Lightning Experience ask for.
  case auraRequest = "EventLogFile:AuraRequest"
  /// Holds `EventLogFile:LightningPageView` rows.
  case lightningPageView = "EventLogFile:LightningPageView"
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

  /// Whether rows of this kind are pages of the user interface.
  public var holdsPages: Bool {
    switch self {
    case .uri, .auraRequest, .lightningPageView: true
    default: false
    }
  }

  /// Whether rows of this kind are real-time events or lines of event log files beside logins.
  public var holdsEvents: Bool {
    switch self {
    case .loginEvent, .loginAsEvent, .eventLogLogout, .eventLogLoginAs: true
    default: holdsRequests || holdsPages
    }
  }

  /// Whether a file of this kind is a snapshot of the org at one time.
  public var isSnapshot: Bool {
    !holdsLogins && !holdsEvents && self != .verificationHistory && self != .otherEvents
  }

  /// Folded names of the columns whose values let somebody in; they are neither kept nor shown.
  public var secretColumns: [String] {
    self == .oauthToken ? ["accesstoken", "requesttoken", "deletetoken"] : []
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
    // Labels of Setup > Identity Verification History (docs/salesforce.md#identity-verification).
    (
      .verificationHistory,
      [["time"], ["triggeredby", "useractivity", "verificationattempt"], ["method", "status"]]
    ),
    (.loginHistory, [["logintime"], ["userid", "username"], ["status", "loginstatus"]]),
    (.permissionSetAssignment, [["assigneeid"], ["permissionsetid"]]),
    (.permissionSetGroupComponent, [["permissionsetgroupid"], ["permissionsetid"]]),
    (.twoFactorMethodsInfo, [["userid"], ["hastotp", "hasu2f", "hasbuiltinauthenticator"]]),
    (.profileSessionSetting, [["profile", "fullname"], ["requiredsessionlevel"]]),
    (.userLogin, [["userid"], ["isfrozen"], ["ispasswordlocked", "id", "isfrozen"]]),
    (.oauthToken, [["appname"], ["userid"], ["lastuseddate", "usecount"]]),
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
    (
      .permissionSetGroup,
      [
        ["id"], ["developername", "masterlabel"],
        ["status", "description", "hasactivationrequired"],
      ]
    ),
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
  /// Logs of pages have no columns of their own that all releases write, so the first row alone tells
  /// them.
  ///
  /// - Parameter eventType: `EVENT_TYPE` of the first row; empty where there is none.
  public func corrected(byEventType eventType: String) -> FileKind {
    guard !eventType.isEmpty, self.eventType != nil || self == .otherEvents else { return self }
    let folded = FoldedText(eventType)
    if let expected = self.eventType, FoldedText(expected) == folded { return self }
    let pages = [FileKind.uri, .auraRequest, .lightningPageView]
    return pages.first { FoldedText($0.eventType ?? "") == folded } ?? .otherEvents
  }

  /// The kind with most columns in common with a header, and what the header lacks; for messages.
  ///
  /// - Returns: `nil` where no kind is met by half.
  public static func nearest(
    to header: ColumnNames
  ) -> (kind: FileKind, missing: [String])? {
    var best: (kind: FileKind, missing: [String], common: Int)?
    for signature in signatures where signature.kind != .otherEvents {
      let missing = signature.groups.filter { !header.hasAny($0) }
      guard missing.count * 2 <= signature.groups.count else { continue }
      let common = Set(signature.groups.joined()).count { header.hasAny([$0]) }
      if common > (best?.common ?? 0) {
        best = (signature.kind, missing.map { $0.joined(separator: " or ") }, common)
      }
    }
    return best.map { ($0.kind, $0.missing) }
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
    for (prefix, names) in Self.permissionNames {
      permissionColumns[prefix] = names.compactMap { permission, name, dotless in
        (positions[name] ?? positions[dotless]).map { (permission, $0) }
      }
    }
    self.permissionColumns = permissionColumns
  }

  /// Names of the columns of permissions, by what they begin with; the same without their dots.
  private static let permissionNames:
    [String: [(permission: TrackedPermission, name: String, dotless: String)]] = {
      var names: [String: [(permission: TrackedPermission, name: String, dotless: String)]] = [:]
      for prefix in ["", "profile.", "permissionset."] {
        names[prefix] = TrackedPermission.allCases.map { permission in
          let end = "permissions" + permission.foldedName
          return (permission, prefix + end, prefix.filter { $0 != "." } + end)
        }
      }
      return names
    }()

  /// Whether the header says of its times that they are universal: `Login Time (UTC)`,
  /// `LoginTime [UTC]`.
  public var namesUniversalTime: Bool {
    original.contains { name in
      guard let open = name.firstIndex(where: { $0 == "(" || $0 == "[" }),
        ["time", "date"].contains(where: { Self.fold(name).contains($0) })
      else { return false }
      let zone = name[name.index(after: open)...].prefix { $0 != ")" && $0 != "]" }
      return ["utc", "gmt", "z", "utc+00:00", "gmt+00:00"].contains(
        String(zone).trimmed.lowercased())
    }
  }

  /// Lower-case letters, digits and dots; a time-zone name in parentheses or brackets is left out
  /// (`Login Time (Eastern Daylight Time)`, help 000233559; `LoginTime [UTC]` of Azure), and so is the
  /// letter for a type that Log Analytics puts behind a name (`login_time_s`).
  public static func fold(_ name: String) -> String {
    // Names of the API need no more than small letters.
    if name.utf8.allSatisfy({ $0 == 0x2E || $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 }) {
      return name.lowercased()
    }
    var outside = String(name.withoutGuard.prefix { $0 != "(" && $0 != "[" }).trimmed[...]
    let letters = outside.utf8.suffix(2)
    if outside.utf8.count > 3, letters.first == 0x5F,
      [0x73, 0x74, 0x64, 0x62, 0x67].contains(letters.last)
    {
      outside = outside.dropLast(2)
    }
    return String(
      decoding: outside.utf8.compactMap { byte -> UInt8? in
        switch byte {
        case 0x41...0x5A: byte + 0x20
        case 0x61...0x7A, 0x30...0x39, 0x2E, 0x80...: byte
        default: nil
        }
      }, as: UTF8.self)
  }

  /// Position of the column that a name of another header stands for.
  public func position(ofName name: String) -> Int? { position(folded: Self.fold(name)) }

  /// Position of a folded name; databases write `profile_name` for `Profile.Name`.
  private func position(folded name: String) -> Int? { Self.position(name, in: positions) }

  private static func position(_ name: String, in positions: [String: Int]) -> Int? {
    if let position = positions[name] { return position }
    guard name.utf8.contains(UInt8(ascii: ".")) else { return nil }
    return positions[String(decoding: name.utf8.filter { $0 != UInt8(ascii: ".") }, as: UTF8.self)]
  }

  /// Position of the first of these names that is present.
  public func position(_ names: String...) -> Int? {
    for name in names {
      if let position = position(folded: name) { return position }
    }
    return nil
  }

  /// Whether one of these names is present; `permissions*` means any permission column.
  public func hasAny(_ names: [String]) -> Bool {
    names.contains { name in
      name == "permissions*"
        ? positions.keys.contains { $0.hasPrefix("permissions") } : position(folded: name) != nil
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
