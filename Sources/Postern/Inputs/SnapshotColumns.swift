import SalesforceExports

/// The columns of snapshot files that are used, beside permissions; names folded.
enum SnapshotColumns {
  static func used(_ kind: FileKind) -> Set<String> {
    switch kind {
    case .user:
      [
        "id", "username", "name", "isactive", "isfrozen", "userlogin.isfrozen", "usertype",
        "profileid", "profile.id", "profile.name", "profile.userlicense.name", "userlicense.name",
        "contactid", "createddate", "lastpasswordchangedate",
      ]
    case .profile: ["id", "name", "userlicense.name"]
    case .permissionSet, .mutingPermissionSet:
      [
        "id", "label", "masterlabel", "name", "developername", "type", "isownedbyprofile",
        "profileid", "profile.id", "profile.name", "permissionsetgroupid", "license.name",
        "license.masterlabel", "license.developername", "hasactivationrequired",
      ]
    case .permissionSetAssignment:
      [
        "assigneeid", "assignee.id", "permissionsetid", "permissionset.id", "permissionsetgroupid",
        "permissionsetgroup.id", "expirationdate", "isactive", "isrevoked", "permissionset.label",
        "permissionset.name", "permissionset.type", "permissionset.isownedbyprofile",
        "permissionset.profile.name", "permissionsetgroup.masterlabel",
        "permissionsetgroup.developername", "permissionset.license.name",
        "permissionset.hasactivationrequired", "permissionsetgroup.hasactivationrequired",
      ]
    case .permissionSetGroup: ["id", "masterlabel", "developername", "hasactivationrequired"]
    case .permissionSetGroupComponent: ["permissionsetgroupid", "permissionsetid"]
    case .twoFactorMethodsInfo:
      [
        "userid", "hastotp", "hasu2f", "hassecuritykey", "hasbuiltinauthenticator",
        "hassalesforceauthenticator",
      ]
    case .userLogin: ["userid", "isfrozen"]
    case .oauthToken: ["userid", "appname", "createddate", "lastuseddate", "usecount"]
    case .permissionSetLicenseAssign:
      [
        "assigneeid", "assignee.id", "permissionsetlicenseid",
        "permissionsetlicense.developername", "permissionsetlicense.masterlabel",
      ]
    case .profileSessionSetting: ["profile", "fullname", "requiredsessionlevel"]
    default: []
    }
  }
}
