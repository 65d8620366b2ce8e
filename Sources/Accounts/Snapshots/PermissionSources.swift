import Platform
import SalesforceExports

/// What the rows of one user say about its permissions, in the snapshots in force at one time.
///
/// Users of whom the same is said have the same permissions, which are worked out once: an org has
/// thousands of users and a few dozen ways of granting.
struct PermissionSources: Hashable {
  /// An assignment of a permission set or of a group of them.
  struct Assignment: Equatable {
    let permissionSet: SalesforceID?
    let group: SalesforceID?
    /// Whether it is in force; `nil` where a value that would tell cannot be read.
    let isInForce: Bool?
    /// Whether it is in force only in sessions that activate it; `nil` where the value cannot be read.
    let isSessionActivated: Bool?
    let isOwnedByProfile: Bool?
    let isGroup: Bool
    let permissions: PermissionFlags
    let label: ExactText?
    let groupLabel: ExactText?
    let license: ExactText?

    init(_ row: borrowing AssignmentRow, _ expiryTime: Instant) {
      permissionSet = row.key.permissionSet
      group = row.key.group
      isInForce = row.isInForce(at: expiryTime)
      isSessionActivated = row.isSessionActivated
      isOwnedByProfile = row.isOwnedByProfile
      isGroup = row.isGroup
      permissions = row.permissions
      label = row.label.map { ExactText($0) }
      groupLabel = row.groupLabel.map { ExactText($0) }
      license = row.license.map { ExactText($0) }
    }

    /// The Id of what is assigned.
    var text: ExactText { ExactText((permissionSet ?? group)?.text18 ?? "") }
  }

  /// Hashes what mostly tells users apart: profile and what is assigned.
  func hash(into hasher: inout Hasher) {
    hasher.combine(profileID)
    // An Id tells profiles apart already.
    if profileID == nil { hasher.combine(profileName) }
    for position in assignments.indices {
      hasher.combine(assignments[position].permissionSet)
      hasher.combine(assignments[position].group)
    }
  }

  let profileID: SalesforceID?
  let profileName: ExactText?
  /// What columns of the user's own row say about the profile.
  let profilePermissions: PermissionFlags
  /// Licences of permission sets that the user has.
  let licenses: [ExactText]
  let assignments: [Assignment]

  /// Gathers what is said of a user.
  ///
  /// - Parameters:
  ///   - user: The user's row.
  ///   - snapshots: All snapshots.
  ///   - snapshotTime: Which snapshots are in force; `nil` takes the newest.
  ///   - expiryTime: Assignments that ended before are not in force.
  init(
    of user: borrowing UserRow, in snapshots: borrowing Snapshots, at snapshotTime: Instant?,
    expiryTime: Instant
  ) {
    profileID = user.profileID
    profileName = user.profileName.map { ExactText($0) }
    profilePermissions = user.profilePermissions
    licenses = snapshots.licenses(of: user.key, at: snapshotTime).map { ExactText($0) }
    assignments = snapshots.assignments(of: user.key, at: snapshotTime).map {
      Assignment($0, expiryTime)
    }
  }
}
