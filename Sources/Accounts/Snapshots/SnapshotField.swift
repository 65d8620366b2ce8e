/// What rows of snapshots are asked for.
enum SnapshotField: Int, CaseIterable {
  case id, userID, userOrOwnID, profileOrOwnID
  case username, name, label, masterLabel, developerName, type, userType
  case profile, profileID, profileName, license, profileLicense, contactID, usersLicense
  case created, lastPasswordChange, lastUsed, expires
  case isActive, isFrozen, isFrozenOrLoginIsFrozen, isRevoked, isOwnedByProfile
  case hasActivationRequired
  case assigneeID, permissionSetID, permissionSetGroupID, ownPermissionSetID, ownGroupID
  case setLabel, setType, setIsOwnedByProfile, setProfileName, setLicense, setActivationRequired
  case groupLabel, groupActivationRequired
  case hasTotp, hasU2F, hasSecurityKey, hasBuiltInAuthenticator, hasSalesforceAuthenticator
  case requiredSessionLevel, applicationName, useCount
  case licenseDeveloperName, licenseMasterLabel, licenseID

  /// Folded names of the columns that hold it; the first that a file has counts.
  var names: [String] {
    switch self {
    case .id: ["id"]
    case .userID: ["userid"]
    case .userOrOwnID: ["id", "userid"]
    case .profileOrOwnID: ["id", "profileid"]
    case .username: ["username"]
    case .name: ["name"]
    case .label: ["label"]
    case .masterLabel: ["masterlabel"]
    case .developerName: ["developername"]
    case .type: ["type"]
    case .userType: ["usertype"]
    case .profile: ["profile", "fullname"]
    case .profileID: ["profileid", "profile.id"]
    case .profileName: ["profile.name"]
    case .license: ["license.name", "license.masterlabel", "license.developername"]
    case .profileLicense: ["userlicense.name"]
    case .contactID: ["contactid"]
    case .usersLicense: ["profile.userlicense.name", "userlicense.name", "license"]
    case .created: ["createddate"]
    case .lastPasswordChange: ["lastpasswordchangedate"]
    case .lastUsed: ["lastuseddate"]
    case .expires: ["expirationdate"]
    case .isActive: ["isactive"]
    case .isFrozen: ["isfrozen"]
    case .isFrozenOrLoginIsFrozen: ["isfrozen", "userlogin.isfrozen"]
    case .isRevoked: ["isrevoked"]
    case .isOwnedByProfile: ["isownedbyprofile"]
    case .hasActivationRequired: ["hasactivationrequired"]
    case .assigneeID: ["assigneeid", "assignee.id"]
    case .permissionSetID: ["permissionsetid", "permissionset.id"]
    case .permissionSetGroupID: ["permissionsetgroupid", "permissionsetgroup.id"]
    case .ownPermissionSetID: ["permissionsetid"]
    case .ownGroupID: ["permissionsetgroupid"]
    case .setLabel: ["permissionset.label", "permissionset.name"]
    case .setType: ["permissionset.type"]
    case .setIsOwnedByProfile: ["permissionset.isownedbyprofile"]
    case .setProfileName: ["permissionset.profile.name"]
    case .setLicense:
      [
        "permissionset.license.name", "permissionset.license.masterlabel",
        "permissionset.license.developername",
      ]
    case .setActivationRequired: ["permissionset.hasactivationrequired"]
    case .groupLabel: ["permissionsetgroup.masterlabel", "permissionsetgroup.developername"]
    case .groupActivationRequired: ["permissionsetgroup.hasactivationrequired"]
    case .hasTotp: ["hastotp"]
    case .hasU2F: ["hasu2f"]
    case .hasSecurityKey: ["hassecuritykey"]
    case .hasBuiltInAuthenticator: ["hasbuiltinauthenticator"]
    case .hasSalesforceAuthenticator: ["hassalesforceauthenticator"]
    case .requiredSessionLevel: ["requiredsessionlevel"]
    case .applicationName: ["appname"]
    case .useCount: ["usecount"]
    case .licenseDeveloperName: ["permissionsetlicense.developername"]
    case .licenseMasterLabel: ["permissionsetlicense.masterlabel"]
    case .licenseID: ["permissionsetlicenseid"]
    }
  }
}
