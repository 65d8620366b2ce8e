package import SalesforceExports

/// A row that one kind of snapshot file consists of.
package protocol SnapshotRow: Sendable {
  /// What a snapshot holds at most one row for.
  associatedtype Key: Hashable & Sendable
  /// What the row is about.
  var key: Key { get }
  /// Reads a record; `nil` when it lacks the Id that it is about.
  init?(_ record: SnapshotRecord, times: TimestampReader)
}

/// A row of `User`.
package struct UserRow: SnapshotRow {
  package let key: SalesforceID
  package let username: String
  package let name: String
  /// `nil` where the export does not say.
  package let isActive: Bool?
  package let isFrozen: Bool?
  package let userType: String
  package let profileID: SalesforceID?
  package let profileName: String?
  package let license: String?
  /// Whether a contact stands behind the user; `nil` where the value cannot be read.
  package let hasContact: Bool?
  package let created: Instant?
  package let lastPasswordChange: Instant?
  /// Columns such as `Profile.PermissionsApiUserOnly`.
  package let profilePermissions: PermissionFlags

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let id = record.id("id", "userid") else { return nil }
    key = id
    username = record.text("username") ?? ""
    name = record.text("name") ?? ""
    isActive = record.flag("isactive")
    isFrozen = record.flag("isfrozen", "userlogin.isfrozen")
    userType = record.text("usertype") ?? ""
    profileID = record.id("profileid", "profile.id")
    profileName = record.value("profile.name")
    license = record.value("profile.userlicense.name", "userlicense.name", "license")
    // Contacts have the prefix 003; with nothing but zeros behind it, it is the id of none.
    let contact = record.id("contactid")
    hasContact =
      contact.map { id in
        id.text15.hasPrefix("003") && id.text15.dropFirst(3).contains { $0 != "0" }
      } ?? (record.isFilled("contactid") ? nil : false)
    created = record.instant("createddate", times)
    lastPasswordChange = record.instant("lastpasswordchangedate", times)
    profilePermissions = record.permissions(prefix: "profile.")
  }
}

/// A row of `Profile`.
package struct ProfileRow: SnapshotRow {
  /// The id, or the name where the export has none.
  package let key: String
  package let id: SalesforceID?
  package let name: String
  package let license: String?
  package let permissions: PermissionFlags

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    id = record.id("id", "profileid")
    name = record.text("name") ?? ""
    guard id != nil || !name.isEmpty else { return nil }
    key = id?.text15 ?? "name:" + name
    license = record.value("userlicense.name")
    permissions = record.permissions(prefix: "")
  }
}

/// A row of `PermissionSet` or `MutingPermissionSet`.
package struct PermissionSetRow: SnapshotRow {
  package let key: SalesforceID
  package let label: String
  package let isOwnedByProfile: Bool
  package let profileID: SalesforceID?
  package let profileName: String?
  package let groupID: SalesforceID?
  package let license: String?
  package let permissions: PermissionFlags
  /// Whether it is in force only in sessions that activate it; `nil` where the value cannot be read.
  package let isSessionActivated: Bool?

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let id = record.id("id") else { return nil }
    key = id
    isSessionActivated = record.flag("hasactivationrequired", absent: false)
    label =
      record.value("label") ?? record.value("masterlabel") ?? record.value("name")
      ?? record.value("developername") ?? id.text18
    let type = record.text("type")?.lowercased()
    isOwnedByProfile = record.flag("isownedbyprofile") == true || type == "profile"
    profileID = record.id("profileid", "profile.id")
    profileName = record.value("profile.name")
    groupID = record.id("permissionsetgroupid")
    license = record.value("license.name", "license.masterlabel", "license.developername")
    permissions = record.permissions(prefix: "")
  }
}

/// A row of `PermissionSetAssignment`.
package struct AssignmentRow: SnapshotRow {
  /// The whole grant: rows that repeat it are one.
  package struct Key: Hashable, Sendable {
    package let assignee: SalesforceID
    package let permissionSet: SalesforceID?
    package let group: SalesforceID?

    /// The Id of what is assigned.
    package var text: String { (permissionSet ?? group)?.text18 ?? "" }
  }

  package let key: Key
  package let expires: Instant?
  /// Whether an expiry is stated that cannot be read.
  package let hasUnreadableExpiry: Bool
  /// `nil` where the export has a value that cannot be read.
  package let isActive: Bool?
  package let isRevoked: Bool?
  /// What relationship columns say about the permission set.
  package let label: String?
  package let isOwnedByProfile: Bool?
  package let profileName: String?
  package let groupLabel: String?
  package let isGroup: Bool
  package let license: String?
  package let permissions: PermissionFlags
  /// Whether it is in force only in sessions that activate it; `nil` where the value cannot be read.
  package let isSessionActivated: Bool?

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let assignee = record.id("assigneeid", "assignee.id") else { return nil }
    // What is assigned must be known whole: a set without its group would be another grant.
    guard !record.hasUnreadableID("permissionsetid", "permissionset.id"),
      !record.hasUnreadableID("permissionsetgroupid", "permissionsetgroup.id")
    else { return nil }
    key = Key(
      assignee: assignee, permissionSet: record.id("permissionsetid", "permissionset.id"),
      group: record.id("permissionsetgroupid", "permissionsetgroup.id"))
    guard key.permissionSet != nil || key.group != nil else { return nil }
    expires = record.instant("expirationdate", times)
    hasUnreadableExpiry = expires == nil && record.isFilled("expirationdate")
    isActive = record.flag("isactive", absent: true)
    isRevoked = record.flag("isrevoked", absent: false)
    label = record.value("permissionset.label", "permissionset.name")
    let type = record.value("permissionset.type")?.lowercased()
    isOwnedByProfile = record.flag("permissionset.isownedbyprofile") ?? type.map { $0 == "profile" }
    profileName = record.value("permissionset.profile.name")
    groupLabel = record.value("permissionsetgroup.masterlabel", "permissionsetgroup.developername")
    isGroup = key.group != nil || type == "group"
    license = record.value(
      "permissionset.license.name", "permissionset.license.masterlabel",
      "permissionset.license.developername")
    permissions = record.permissions(prefix: "permissionset.")
    // A grant without a group has no value in the group's column.
    let marks = ["permissionset.hasactivationrequired", "permissionsetgroup.hasactivationrequired"]
      .map { record.value($0) == nil ? false : record.flag($0) }
    isSessionActivated = marks.contains(true) ? true : marks.contains(nil) ? nil : false
  }
}

extension AssignmentRow {
  /// Whether the grant is in force at a time; `nil` where a value that would tell cannot be read.
  package func isInForce(at time: Instant) -> Bool? {
    if isActive == false || isRevoked == true { return false }
    if let expires, expires <= time { return false }
    return isActive == nil || isRevoked == nil || hasUnreadableExpiry ? nil : true
  }
}

/// A row of `PermissionSetGroup`.
package struct GroupRow: SnapshotRow {
  package let key: SalesforceID
  package let label: String
  /// Whether it is in force only in sessions that activate it; `nil` where the value cannot be read.
  package let isSessionActivated: Bool?

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let id = record.id("id") else { return nil }
    key = id
    isSessionActivated = record.flag("hasactivationrequired", absent: false)
    label = record.value("masterlabel") ?? record.value("developername") ?? id.text18
  }
}

/// A row of `PermissionSetGroupComponent`.
package struct ComponentRow: SnapshotRow {
  /// Group and member.
  package struct Key: Hashable, Sendable {
    package let group: SalesforceID
    package let member: SalesforceID
  }

  package let key: Key

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let group = record.id("permissionsetgroupid"), let member = record.id("permissionsetid")
    else { return nil }
    key = Key(group: group, member: member)
  }
}

/// A row of `TwoFactorMethodsInfo`.
package struct MethodsRow: SnapshotRow {
  package let key: SalesforceID
  /// Whether a method that counts as MFA is registered; `nil` where columns that could say so are
  /// missing and the others say no.
  package let hasMethod: Bool?

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let id = record.id("userid") else { return nil }
    key = id
    let securityKeys = [record.flag("hasu2f"), record.flag("hassecuritykey")]
    let flags = [
      record.flag("hastotp"), securityKeys[0] ?? securityKeys[1],
      securityKeys[1] ?? securityKeys[0],
      record.flag("hasbuiltinauthenticator"), record.flag("hassalesforceauthenticator"),
    ]
    hasMethod = flags.contains(true) ? true : flags.contains(nil) ? nil : false
  }
}

/// A row of `ProfileSessionSetting`.
package struct SessionLevelRow: SnapshotRow {
  /// Name of the profile.
  package let key: String
  /// Value of `RequiredSessionLevel`.
  package let level: String

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let profile = record.value("profile", "fullname") else { return nil }
    key = profile
    level = record.text("requiredsessionlevel") ?? ""
  }
}

/// A row of `OauthToken`.
package struct OAuthTokenRow: SnapshotRow {
  /// The whole token, since Salesforce gives it no Id: rows that repeat it are one.
  package struct Key: Hashable, Sendable {
    package let user: SalesforceID
    /// The application without the version of its client, as login rows are compared.
    package let application: String
    /// `nil` where the export does not say.
    package let created: Instant?
    package let lastUsed: Instant?
    package let useCount: Int?
    /// Whether a date is stated that cannot be read.
    package let hasUnreadableDate: Bool
  }

  package let key: Key

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let user = record.id("userid"), let name = record.value("appname") else { return nil }
    let (created, lastUsed) = (
      record.instant("createddate", times), record.instant("lastuseddate", times)
    )
    key = Key(
      user: user, application: LoginShape.applicationName(name), created: created,
      lastUsed: lastUsed, useCount: record.value("usecount").flatMap { Int($0) },
      hasUnreadableDate: created == nil && record.isFilled("createddate")
        || lastUsed == nil && record.isFilled("lastuseddate"))
  }
}

/// A row of `UserLogin`.
package struct UserLoginRow: SnapshotRow {
  package let key: SalesforceID
  /// `nil` where the export does not say.
  package let isFrozen: Bool?

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let user = record.id("userid") else { return nil }
    key = user
    isFrozen = record.flag("isfrozen")
  }
}

/// A row of `PermissionSetLicenseAssign`.
package struct LicenseAssignmentRow: SnapshotRow {
  /// The whole grant: rows that repeat it are one.
  package struct Key: Hashable, Sendable {
    package let assignee: SalesforceID
    /// Developer name, label or id of the licence.
    package let license: String
  }

  package let key: Key

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let assignee = record.id("assigneeid", "assignee.id"),
      let license = record.value("permissionsetlicense.developername")
        ?? record.value("permissionsetlicense.masterlabel")
        ?? record.value("permissionsetlicenseid")
    else { return nil }
    key = Key(assignee: assignee, license: license)
  }
}
