import SalesforceExports

/// Commands that get an export, ready to be pasted; docs/exporting.md has them with their reasons.
enum ExportCommand {
  private static let permissions =
    "PermissionsApiUserOnly, PermissionsForceTwoFactor, PermissionsTwoFactorApi, "
    + "PermissionsManageTwoFactor, PermissionsModifyAllData, PermissionsViewAllData, "
    + "PermissionsCustomizeApplication, PermissionsAuthorApex, PermissionsManageUsers, "
    + "PermissionsApiEnabled, PermissionsViewSetup"

  /// The query of a kind of export, without a condition on time; `nil` for kinds of which the guide
  /// tells more than a query.
  static func query(_ kind: FileKind) -> String? {
    switch kind {
    case .verificationHistory:
      "SELECT Id, LoginHistoryId, UserId, VerificationTime, SourceIp, Policy, Activity, "
        + "VerificationMethod, Status FROM VerificationHistory"
    case .user:
      "SELECT Id, Username, Name, IsActive, UserType, ProfileId, Profile.Name, "
        + "Profile.UserLicense.Name, ContactId, CreatedDate, LastPasswordChangeDate FROM User"
    case .profile: "SELECT Id, Name, UserLicense.Name, \(permissions) FROM Profile"
    case .permissionSet:
      "SELECT Id, Label, Name, IsOwnedByProfile, ProfileId, Type, PermissionSetGroupId, "
        + "License.Name, HasActivationRequired, \(permissions) FROM PermissionSet"
    case .permissionSetAssignment:
      "SELECT Id, AssigneeId, PermissionSetId, PermissionSetGroupId, ExpirationDate, IsActive "
        + "FROM PermissionSetAssignment"
    case .permissionSetGroup:
      "SELECT Id, DeveloperName, MasterLabel, Status, HasActivationRequired "
        + "FROM PermissionSetGroup"
    case .permissionSetGroupComponent:
      "SELECT Id, PermissionSetGroupId, PermissionSetId FROM PermissionSetGroupComponent"
    case .permissionSetLicenseAssign:
      "SELECT Id, AssigneeId, PermissionSetLicense.DeveloperName, "
        + "PermissionSetLicense.MasterLabel FROM PermissionSetLicenseAssign"
    case .userLogin: "SELECT Id, UserId, IsFrozen FROM UserLogin"
    default: nil
    }
  }

  /// The command that gets a kind of export; `nil` where there is none.
  ///
  /// - Parameter first: The first login: verifications are asked for from its day on.
  static func of(_ kind: FileKind, from first: Instant?) -> String? {
    guard var query = query(kind) else { return nil }
    if kind == .verificationHistory, let first {
      query += " WHERE VerificationTime >= \(CivilDate(day: first.day).text)T00:00:00Z"
    }
    return
      "sf data query --result-format csv --output-file \(kind.rawValue).csv --query \"\(query)\""
  }
}
