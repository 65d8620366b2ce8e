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

/// Whether one of two is true; `nil` where that cannot be told.
private func either(_ one: Bool?, _ other: Bool?) -> Bool? {
  if one == true || other == true { return true }
  return one == nil || other == nil ? nil : false
}

/// A row of `User`: an object, since it is handed on often and holds half a dozen texts.
package final class UserRow: SnapshotRow {
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
    guard let id = record.id(.userOrOwnID) else { return nil }
    key = id
    username = record.text(.username) ?? ""
    name = record.text(.name) ?? ""
    isActive = record.flag(.isActive)
    isFrozen = record.flag(.isFrozenOrLoginIsFrozen)
    userType = record.text(.userType) ?? ""
    profileID = record.id(.profileID)
    profileName = record.value(.profileName)
    license = record.value(.usersLicense)
    // Contacts have the prefix 003; with nothing but zeros behind it, it is the id of none.
    let contact = record.id(.contactID)
    hasContact =
      contact.map { id in
        id.text15.hasPrefix("003") && id.text15.dropFirst(3).contains { $0 != "0" }
      } ?? (record.isFilled(.contactID) ? nil : false)
    created = record.instant(.created, times)
    lastPasswordChange = record.instant(.lastPasswordChange, times)
    profilePermissions = record.permissions(.profile)
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
    id = record.id(.profileOrOwnID)
    name = record.text(.name) ?? ""
    guard id != nil || !name.isEmpty else { return nil }
    key = id?.text15 ?? "name:" + name
    license = record.value(.profileLicense)
    permissions = record.permissions(.own)
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
    guard let id = record.id(.id) else { return nil }
    key = id
    let type = record.text(.type)?.lowercased()
    // The type says that it may be, and only the column that it is.
    let isOfSessions = type == "session" && !record.has(.hasActivationRequired)
    isSessionActivated = isOfSessions ? nil : record.flag(.hasActivationRequired, absent: false)
    label =
      record.value(.label) ?? record.value(.masterLabel) ?? record.value(.name)
      ?? record.value(.developerName) ?? id.text18
    isOwnedByProfile = record.flag(.isOwnedByProfile) == true || type == "profile"
    profileID = record.id(.profileID)
    profileName = record.value(.profileName)
    groupID = record.id(.ownGroupID)
    license = record.value(.license)
    permissions = record.permissions(.own)
  }
}

/// A row of `PermissionSetAssignment`; an object as a row of `User` is.
package final class AssignmentRow: SnapshotRow {
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
    guard let assignee = record.id(.assigneeID) else { return nil }
    // What is assigned must be known whole: a set without its group would be another grant.
    let set = record.idReading(.permissionSetID)
    let group = record.idReading(.permissionSetGroupID)
    if case .unreadable = set { return nil }
    if case .unreadable = group { return nil }
    key = Key(assignee: assignee, permissionSet: record.id(set), group: record.id(group))
    guard key.permissionSet != nil || key.group != nil else { return nil }
    expires = record.instant(.expires, times)
    hasUnreadableExpiry = expires == nil && record.isFilled(.expires)
    isActive = record.flag(.isActive, absent: true)
    isRevoked = record.flag(.isRevoked, absent: false)
    label = record.value(.setLabel)
    let type = record.value(.setType)?.lowercased()
    isOwnedByProfile = record.flag(.setIsOwnedByProfile) ?? type.map { $0 == "profile" }
    profileName = record.value(.setProfileName)
    groupLabel = record.value(.groupLabel)
    isGroup = key.group != nil || type == "group"
    license = record.value(.setLicense)
    permissions = record.permissions(.permissionSet)
    // A grant without a group has no value in the group's column.
    func mark(_ field: SnapshotField) -> Bool? {
      record.value(field) == nil ? false : record.flag(field)
    }
    isSessionActivated =
      type == "session" && !record.has(.setActivationRequired)
      ? nil : either(mark(.setActivationRequired), mark(.groupActivationRequired))
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
    guard let id = record.id(.id) else { return nil }
    key = id
    isSessionActivated = record.flag(.hasActivationRequired, absent: false)
    label = record.value(.masterLabel) ?? record.value(.developerName) ?? id.text18
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
    guard let group = record.id(.ownGroupID), let member = record.id(.ownPermissionSetID)
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
    guard let id = record.id(.userID) else { return nil }
    key = id
    // One column of keys says as much as two.
    let (u2f, securityKey) = (record.flag(.hasU2F), record.flag(.hasSecurityKey))
    let keys = either(u2f ?? securityKey, securityKey ?? u2f)
    let methods = either(keys, record.flag(.hasTotp))
    let authenticators = either(
      record.flag(.hasBuiltInAuthenticator), record.flag(.hasSalesforceAuthenticator))
    hasMethod = either(methods, authenticators)
  }
}

/// A row of `ProfileSessionSetting`.
package struct SessionLevelRow: SnapshotRow {
  /// Name of the profile.
  package let key: String
  /// Value of `RequiredSessionLevel`.
  package let level: String

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let profile = record.value(.profile) else { return nil }
    key = profile
    level = record.text(.requiredSessionLevel) ?? ""
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
    guard let user = record.id(.userID), let name = record.value(.applicationName) else {
      return nil
    }
    let created = record.instant(.created, times)
    let lastUsed = record.instant(.lastUsed, times)
    key = Key(
      user: user, application: LoginShape.applicationName(name), created: created,
      lastUsed: lastUsed, useCount: record.value(.useCount).flatMap { Int($0) },
      hasUnreadableDate: created == nil && record.isFilled(.created)
        || lastUsed == nil && record.isFilled(.lastUsed))
  }
}

/// A row of `UserLogin`.
package struct UserLoginRow: SnapshotRow {
  package let key: SalesforceID
  /// `nil` where the export does not say.
  package let isFrozen: Bool?

  package init?(_ record: SnapshotRecord, times: TimestampReader) {
    guard let user = record.id(.userID) else { return nil }
    key = user
    isFrozen = record.flag(.isFrozen)
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
    guard let assignee = record.id(.assigneeID),
      let license = record.value(.licenseDeveloperName)
        ?? record.value(.licenseMasterLabel)
        ?? record.value(.licenseID)
    else { return nil }
    key = Key(assignee: assignee, license: license)
  }
}
