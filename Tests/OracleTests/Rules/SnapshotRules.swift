/// PST-DATA-002: kinds of exports that are missing, old, without a date among dated ones, or thin.
extension Oracle {
  private static let permissions = [
    "apiuseronly", "forcetwofactor", "bypassmfaforuilogins", "twofactorapi", "modifyalldata",
    "viewalldata", "manageusers", "customizeapplication", "authorapex",
  ].map { "permissions" + $0 }

  /// Columns by which rows of a snapshot are known.
  private static let keys: [String: [String]] = [
    "PermissionSetAssignment": ["assigneeid", "permissionsetid", "permissionsetgroupid"],
    "PermissionSetGroupComponent": ["permissionsetgroupid", "permissionsetid"],
    "TwoFactorMethodsInfo": ["userid"], "ProfileSessionSetting": ["profile"],
    "UserLogin": ["userid"],
    "PermissionSetLicenseAssign": ["assigneeid", "permissionsetlicense.developername"],
  ]

  private static let eventColumns: [String: [String]] = [
    "LoginEvent": ["loginhistoryid", "loginkey", "logintype", "policyoutcome", "sessionlevel"],
    "ApiTotalUsage": [
      "api_version", "client_name", "connected_app_name", "counts_against_api_limit",
      "status_code",
    ],
    "API": ["api_version", "client_name"], "RestApi": ["client_name", "status_code", "uri"],
    "BulkApi": ["success", "uri"], "BulkApi2": ["job_status", "uri"],
    "BulkApiRequest": ["api_version", "client_name", "status_code"],
    "MetadataApiOperation": ["api_version"],
  ]

  var snapshotFindings: [OracleFinding] {
    func about(_ kind: String, _ problems: Int) -> OracleFinding? {
      guard problems > 0 else { return nil }
      return OracleFinding(
        rule: "DATA-002", account: "", discriminator: [kind], status: "info", severity: "info"
      ).counting(["problems": problems])
    }
    let inline = Self.permissions.map { "profile." + $0 }
    let hasProfiles = !newestColumns("User").isDisjoint(with: inline)
    let hasSets = !newestColumns("PermissionSetAssignment").isDisjoint(
      with: Self.permissions.map { "permissionset." + $0 })
    var found = [
      about("User", problems("User", isNeeded: true, columns: userColumns(hasProfiles, inline))),
      about(
        "Profile", problems("Profile", isNeeded: !hasProfiles, columns: Self.permissions)),
      about(
        "PermissionSet", problems("PermissionSet", isNeeded: !hasSets, columns: Self.permissions)),
      about("PermissionSetAssignment", problems("PermissionSetAssignment", isNeeded: true)),
      about("VerificationHistory", hasVerifications ? 0 : 1),
    ]
    for kind in [
      "PermissionSetGroup", "PermissionSetGroupComponent", "MutingPermissionSet",
      "TwoFactorMethodsInfo", "ProfileSessionSetting", "UserLogin", "PermissionSetLicenseAssign",
    ] {
      found.append(about(kind, problems(kind, isNeeded: false)))
    }
    for (kind, columns) in Self.eventColumns {
      let files = exports.filter { $0.kind == kind }
      let isThin = files.contains { file in columns.contains { !file.text.columns.contains($0) } }
      found.append(about(kind == "LoginEvent" ? kind : "EventLogFile:" + kind, isThin ? 1 : 0))
    }
    return found.compactMap { $0 } + thinLogins
  }

  /// Columns that some file lacks, and logins by OAuth that name no application.
  private var thinLogins: [OracleFinding] {
    let filled = files.filter { $0.last != nil }
    guard let kind = filled.first?.kind else { return [] }
    let lacking = filled.reduce(into: Set<String>()) { $0.formUnion($1.missing) }
    let isNameless =
      kind == "LoginHistory" && filled.contains { !$0.missing.contains("Application") }
      && wholeLogins.contains {
        ["Remote Access 2.0", "Remote Access Client"].contains($0.type) && $0.application == ""
      }
    let problems = lacking.count + (isNameless ? 1 : 0)
    guard problems > 0 else { return [] }
    return [
      OracleFinding(
        rule: "DATA-002", account: "", discriminator: [kind], status: "info", severity: "info"
      ).counting(["problems": problems])
    ]
  }

  /// Any of the columns of an entry will do.
  private func userColumns(_ hasProfiles: Bool, _ inline: [String]) -> [String] {
    ["username", "name", "isactive", "usertype"]
      + (hasProfiles ? inline : ["profileid|profile.name"])
  }

  private func files(_ kind: String) -> [ExportFile] { exports.filter { $0.kind == kind } }

  private func newestColumns(_ kind: String) -> Set<String> {
    let newest = files(kind).compactMap(\.date).max()
    return files(kind).filter { $0.date == newest }.reduce(into: []) {
      $0.formUnion($1.text.columns)
    }
  }

  private func problems(_ kind: String, isNeeded: Bool, columns: [String] = []) -> Int {
    let files = files(kind)
    guard !files.isEmpty else { return isNeeded ? 1 : 0 }
    var problems = 0
    let dates = Set(files.map(\.date))
    if dates.count > 1, dates.contains(nil) { problems += 1 }
    if let date = files.compactMap(\.date).max(), let first = logins.first?.time,
      let last = logins.last?.time, max(first - date, date - last) > 30 * 86_400_000
    {
      problems += 1
    }
    let given = newestColumns(kind)
    let isThin = columns.contains { entry in
      !entry.split(separator: "|").contains { given.contains(String($0)) }
    }
    if isThin { problems += 1 }
    let contradict = dates.contains { date in
      let rows = files.filter { $0.date == date }.flatMap(\.text.records)
      let groups = Dictionary(grouping: rows) { row in
        (Self.keys[kind] ?? ["id"]).map { People.short(row[$0]) }
      }
      return groups.values.contains { Set($0.map(\.fields)).count > 1 }
    }
    return problems + (contradict ? 1 : 0)
  }
}
