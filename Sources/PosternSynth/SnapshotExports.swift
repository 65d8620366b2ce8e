/// The exports of users, profiles and permissions of a synthetic org.
struct SnapshotExports {
  let organization: SyntheticOrganization
  let created: String

  private static let apiOnlySet = 1
  private static let powerSet = 2
  private static let waiverSet = 3
  private static let groupAggregate = 4
  private static let groupMember = 5
  private static let profileSetBase = 100

  private func profileID(_ index: Int) -> String {
    SyntheticID.text(prefix: "00e", index + 1)
  }

  private func setID(_ number: Int) -> String { SyntheticID.text(prefix: "0PS", number) }

  private var groupID: String { SyntheticID.text(prefix: "0PG", 1) }

  private var mutingID: String { SyntheticID.text(prefix: "0QM", 1) }

  private func booleans(_ granted: Set<String>) -> [String] {
    SyntheticProfile.permissionNames.map { granted.contains($0) ? "true" : "false" }
  }

  private var permissionColumns: [String] {
    SyntheticProfile.permissionNames.map { "Permissions" + $0 }
  }

  /// Rows of `User`, the header first.
  var users: [[String]] {
    var rows = [
      [
        "Id", "Username", "Name", "IsActive", "UserType", "ProfileId", "Profile.Name",
        "Profile.UserLicense.Name", "ContactId", "CreatedDate", "LastPasswordChangeDate",
      ]
    ]
    for account in organization.accounts where account.kind != .stranger {
      let type =
        switch account.kind {
        case .external: "CspLitePortal"
        case .automatedProcess: "AutomatedProcess"
        default: "Standard"
        }
      let profile = SyntheticProfile.all[account.profile]
      rows.append([
        account.id, account.username, account.name, account.kind == .inactive ? "false" : "true",
        type, profileID(account.profile), profile.name, profile.license,
        account.kind == .external ? SyntheticID.text(prefix: "003", account.number + 1) : "",
        created, created,
      ])
    }
    return rows
  }

  /// Rows of `Profile`.
  var profiles: [[String]] {
    [["Id", "Name", "UserLicense.Name"] + permissionColumns]
      + SyntheticProfile.all.enumerated().map { index, profile in
        [profileID(index), profile.name, profile.license] + booleans(profile.permissions)
      }
  }

  /// Rows of `PermissionSet`, those that profiles own included.
  var permissionSets: [[String]] {
    var rows = [
      ["Id", "Label", "Name", "IsOwnedByProfile", "ProfileId", "Type", "PermissionSetGroupId"]
        + permissionColumns
    ]
    func add(
      _ number: Int, _ label: String, type: String = "Regular", profile: Int? = nil,
      group: String = "", _ granted: Set<String>
    ) {
      rows.append(
        [
          setID(number), label, label.split(separator: " ").joined(separator: "_"),
          profile == nil ? "false" : "true", profile.map(profileID) ?? "", type, group,
        ] + booleans(granted))
    }
    add(Self.apiOnlySet, "API Only Access", ["ApiUserOnly", "ApiEnabled"])
    add(Self.powerSet, "Data Stewards", ["ModifyAllData", "ViewAllData"])
    add(Self.waiverSet, "MFA Waiver", ["BypassMFAForUiLogins"])
    add(
      Self.groupAggregate, "Connector Group", type: "Group", group: groupID,
      ["ApiUserOnly", "ForceTwoFactor"])
    add(Self.groupMember, "Connector Base", ["ApiUserOnly", "ForceTwoFactor", "ViewAllData"])
    for (index, profile) in SyntheticProfile.all.enumerated() {
      add(
        Self.profileSetBase + index, "00ex\(index)", type: "Profile", profile: index,
        profile.permissions)
    }
    return rows
  }

  /// Rows of `PermissionSetAssignment`.
  var assignments: [[String]] {
    var rows = [
      ["Id", "AssigneeId", "PermissionSetId", "PermissionSetGroupId", "ExpirationDate", "IsActive"]
    ]
    func add(_ account: SyntheticAccount, _ set: Int, group: String = "", expires: String = "") {
      rows.append([
        SyntheticID.text(prefix: "0Pa", rows.count), account.id, setID(set), group, expires, "true",
      ])
    }
    for account in organization.accounts where account.kind != .stranger {
      add(account, Self.profileSetBase + account.profile)
      switch account.kind {
      case .integrationBySet: add(account, Self.apiOnlySet)
      case .integrationByGroup: add(account, Self.groupAggregate, group: groupID)
      case .powerUser: add(account, Self.powerSet)
      case .employee where account.isWaived: add(account, Self.waiverSet)
      case .employee where account.number % 10 == 1:
        // A grant that ended long ago gives nothing.
        add(account, Self.powerSet, expires: "2020-01-01T00:00:00.000Z")
      default: break
      }
    }
    return rows
  }

  /// Rows of `PermissionSetGroup`, its components and what is muted.
  var groups: [[String]] {
    [["Id", "DeveloperName", "MasterLabel", "Status"], [groupID, "Connectors", "Connectors", "Updated"]]
  }

  var components: [[String]] {
    [
      ["Id", "PermissionSetGroupId", "PermissionSetId"],
      [SyntheticID.text(prefix: "0PC", 1), groupID, setID(Self.groupMember)],
      [SyntheticID.text(prefix: "0PC", 2), groupID, mutingID],
    ]
  }

  var mutings: [[String]] {
    [
      ["Id", "DeveloperName", "MasterLabel"] + permissionColumns,
      [mutingID, "Muting", "Muting"] + booleans(["ViewAllData"]),
    ]
  }

  /// Rows of `TwoFactorMethodsInfo`.
  var methods: [[String]] {
    [["UserId", "HasTotp", "HasU2F", "HasBuiltInAuthenticator", "HasSalesforceAuthenticator"]]
      + organization.accounts.filter { $0.kind == .administrator || $0.kind == .employee }.map {
        [$0.id, "true", $0.number % 4 == 0 ? "true" : "false", "false", "false"]
      }
  }

  /// Rows of `ProfileSessionSetting`.
  var sessionLevels: [[String]] {
    [["Profile", "RequiredSessionLevel"]]
      + SyntheticProfile.all.map { [$0.name, "STANDARD"] }
  }
}
