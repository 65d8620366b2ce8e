/// The snapshot exports of an org: who exists and what they may do.
struct SnapshotTables {
  /// The org.
  let organization: Organization
  /// The options of the run.
  let options: SynthOptions

  private func identifier(_ prefix: KeyPrefix, _ number: Int) -> String {
    SalesforceIdentifier(prefix: prefix, number: UInt64(number)).text
  }

  private func profileIdentifier(_ index: Int) -> String { identifier(.profile, 100 + index) }

  private func setIdentifier(_ name: String) -> String {
    identifier(.permissionSet, 500 + (Organization.sets.firstIndex { $0.name == name } ?? 99))
  }

  private func groupIndex(_ name: String) -> Int {
    Organization.groups.firstIndex { $0.name == name } ?? 99
  }

  private func flags(_ permissions: [String]) -> [String] {
    Organization.permissionColumns.map { permissions.contains($0) ? "true" : "false" }
  }

  private var permissionHeader: [String] {
    Organization.permissionColumns.map { "Permissions" + $0 }
  }

  /// All tables by name of object, each with its header first.
  func tables(at snapshot: EpochSeconds) -> [(object: String, rows: [[String]])] {
    [
      ("User", users(at: snapshot)), ("Profile", profiles), ("PermissionSet", permissionSets),
      ("PermissionSetAssignment", assignments), ("PermissionSetGroup", groups),
      ("PermissionSetGroupComponent", components), ("MutingPermissionSet", mutings),
      ("TwoFactorMethodsInfo", methods), ("ProfileSessionSetting", sessionSettings),
    ]
  }

  private var present: [(offset: Int, element: Account)] {
    organization.accounts.enumerated().filter { $0.element.persona != .missing }
  }

  private func users(at snapshot: EpochSeconds) -> [[String]] {
    let dialect = Dialect(options: options)
    let header = [
      "Id", "Username", "Name", "Alias", "Email", "IsActive", "UserType", "ProfileId",
      "Profile.Name", "Profile.UserLicense.Name", "UserRoleId", "LastLoginDate",
      "LastPasswordChangeDate", "NumberOfFailedLogins", "CreatedDate", "ContactId",
      "FederationIdentifier",
    ]
    return [header]
      + present.map { index, account in
        let profile = Organization.profiles[account.profile]
        let created = options.firstSecond - (400 + index % 900) * 86_400
        return [
          account.identifier, account.username, account.name, "u\(index)",
          "user.\(index)@example.net", account.persona == .inactive ? "false" : "true",
          Self.userType(account.persona), profileIdentifier(account.profile), profile.name,
          profile.licence, "", account.persona == .guest ? "" : dialect.time(snapshot - 60),
          dialect.time(created + 86_400), index % 5 == 0 ? "3" : "0", dialect.time(created),
          account.persona == .external ? identifier(.contact, 900 + index) : "",
          account.persona == .sso ? "idp-\(index)" : "",
        ]
      }
  }

  private static func userType(_ persona: Persona) -> String {
    switch persona {
    case .external: "CspLitePortal"
    case .automatedProcess: "AutomatedProcess"
    case .guest: "Guest"
    default: "Standard"
    }
  }

  private var profiles: [[String]] {
    [["Id", "Name", "UserLicense.Name"] + permissionHeader]
      + Organization.profiles.enumerated().map { index, profile in
        [profileIdentifier(index), profile.name, profile.licence] + flags(profile.permissions)
      }
  }

  private var permissionSets: [[String]] {
    let header =
      [
        "Id", "Label", "Name", "IsOwnedByProfile", "ProfileId", "Type", "PermissionSetGroupId",
        "License.Name",
      ] + permissionHeader
    let owned = Organization.profiles.enumerated().map { index, profile in
      [
        identifier(.permissionSet, 300 + index), profile.name, "X00e\(index)", "true",
        profileIdentifier(index), "Profile", "", profile.licence,
      ] + flags(profile.permissions)
    }
    let plain = Organization.sets.map { set in
      [
        setIdentifier(set.name), set.name.split(separator: "_").joined(separator: " "), set.name,
        "false", "", "Regular", "", set.licence,
      ] + flags(set.permissions)
    }
    let aggregates = Organization.groups.enumerated().map { index, group in
      let permissions = Organization.sets.filter { group.sets.contains($0.name) }
        .flatMap(\.permissions).filter { !group.muted.contains($0) }
      return [
        identifier(.permissionSet, 700 + index), group.name, group.name + "_Aggregate", "false", "",
        "Group", identifier(.permissionSetGroup, index + 1), "",
      ] + flags(permissions)
    }
    return [header] + owned + plain + aggregates
  }

  private var assignments: [[String]] {
    let header = [
      "Id", "AssigneeId", "PermissionSetId", "PermissionSetGroupId", "ExpirationDate", "IsActive",
      "IsRevoked",
    ]
    var rows = [header]
    func add(_ account: Account, _ set: String, group: String = "", expires: String = "") {
      rows.append([
        identifier(.assignment, rows.count), account.identifier, set, group, expires,
        expires.isEmpty ? "true" : "false", "false",
      ])
    }
    for (_, account) in present {
      add(account, identifier(.permissionSet, 300 + account.profile))
      for set in account.sets { add(account, setIdentifier(set)) }
      if let group = account.group {
        let index = groupIndex(group)
        add(
          account, identifier(.permissionSet, 700 + index),
          group: identifier(.permissionSetGroup, index + 1))
      }
      if let expired = account.expiredSet {
        let longAgo = options.firstSecond - 60 * 86_400
        add(account, setIdentifier(expired), expires: Dialect(options: options).time(longAgo))
      }
    }
    return rows
  }

  private var groups: [[String]] {
    [["Id", "DeveloperName", "MasterLabel", "Status"]]
      + Organization.groups.enumerated().map { index, group in
        [
          identifier(.permissionSetGroup, index + 1), group.name,
          group.name.split(separator: "_").joined(separator: " "), "Updated",
        ]
      }
  }

  private var components: [[String]] {
    var rows = [["Id", "PermissionSetGroupId", "PermissionSetId"]]
    for (index, group) in Organization.groups.enumerated() {
      var members = group.sets.map(setIdentifier)
      if !group.muted.isEmpty { members.append(identifier(.mutingSet, index + 1)) }
      for member in members {
        rows.append([
          identifier(.groupComponent, rows.count), identifier(.permissionSetGroup, index + 1),
          member,
        ])
      }
    }
    return rows
  }

  private var mutings: [[String]] {
    [["Id", "DeveloperName", "MasterLabel"] + permissionHeader]
      + Organization.groups.enumerated().filter { !$0.element.muted.isEmpty }.map { index, group in
        [identifier(.mutingSet, index + 1), group.name + "_Muting", group.name + " muting"]
          + flags(group.muted)
      }
  }

  private var methods: [[String]] {
    let header = [
      "UserId", "HasBuiltInAuthenticator", "HasSalesforceAuthenticator", "HasTotp", "HasU2F",
      "HasSecurityKey", "HasTempCode", "HasUserVerifiedEmailAddress", "HasUserVerifiedMobileNumber",
    ]
    return [header]
      + present.map { index, account in
        let has = account.habit == .careful || account.habit == .mixed
        return [
          account.identifier, "\(has && index % 3 == 0)", "\(has)", "\(has && index % 2 == 0)",
          "\(has && index % 5 == 0)", "false", "false", "true", "\(index % 2 == 0)",
        ]
      }
  }

  private var sessionSettings: [[String]] {
    [["Profile", "RequiredSessionLevel"]]
      + Organization.profiles.filter { !$0.sessionLevel.isEmpty }
      .map { [$0.name, $0.sessionLevel] }
  }
}
