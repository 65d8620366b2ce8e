import Platform
package import SalesforceExports

/// What is different about a user between two moments at which snapshots were made.
package struct SnapshotChange: Sendable, Equatable {
  /// Date of the earlier state; `nil` where its snapshots are undated.
  package let from: Instant?
  /// Date of the later state.
  package let to: Instant
  /// Permissions that came into force, with their paths.
  package var gained: [PermissionGrant] = []
  /// Permissions that went out of force.
  package var lost: [PermissionGrant] = []
  /// The profile before and after, where it changed.
  package var profile: (before: String, after: String)?
  /// Whether the user was active before and after, where that changed.
  package var isActive: (before: Bool, after: Bool)?

  var isEmpty: Bool { gained.isEmpty && lost.isEmpty && profile == nil && isActive == nil }

  /// Compares all parts.
  package static func == (left: Self, right: Self) -> Bool {
    left.from == right.from && left.to == right.to && left.gained == right.gained
      && left.lost == right.lost && left.profile?.before == right.profile?.before
      && left.profile?.after == right.profile?.after
      && left.isActive?.before == right.isActive?.before
      && left.isActive?.after == right.isActive?.after
  }

  /// The change in words.
  package var text: String {
    var parts: [String] = []
    if !gained.isEmpty { parts.append("gained " + Self.list(gained)) }
    if !lost.isEmpty { parts.append("lost " + Self.list(lost)) }
    if let profile { parts.append("profile \(profile.before) became \(profile.after)") }
    if let isActive { parts.append(isActive.after ? "became active" : "became inactive") }
    let start = from.map { CivilDate(day: $0.day).text } ?? "the undated one"
    return "between the snapshots of \(start) and \(CivilDate(day: to.day).text): "
      + parts.joined(separator: "; ")
  }

  private static func list(_ grants: [PermissionGrant]) -> String {
    grants.map { "\($0.permission.rawValue) via \($0.via)" }.joined(separator: ", ")
  }
}

extension Snapshots {
  /// What changed about a user from each snapshot to the next; empty with one snapshot of each kind.
  ///
  /// - Complexity: O(*s* + *c* · *p*) with *s* dates of snapshots, *c* of them at which something of the
  ///   user may have changed, and *p* rows about the user's permissions; O(1) with one snapshot of each kind.
  func changes(of id: SalesforceID) -> [SnapshotChange] {
    guard !hasSingleSnapshots else { return [] }
    var result: [SnapshotChange] = []
    // Between these dates all is as it was.
    var coming = permissionChangeDates(of: id)[...]
    var (isFirst, isThere) = (true, false)
    var before: (date: Instant?, user: UserRow, permissions: EffectivePermissions)?
    for date in dates {
      let time = date ?? Instant(milliseconds: .min)
      let isSame = !isFirst && (coming.first.map { $0 > time } ?? true)
      isFirst = false
      if isSame {
        if isThere { before?.date = date }
        continue
      }
      coming = coming.drop { $0 <= time }
      let row = users.inForce(at: time)?.rows[id]
      isThere = row != nil
      guard let user = row else { continue }
      let permissions = EffectivePermissions(of: user, in: self, at: time, expiryTime: time)
      defer { before = (date, user, permissions) }
      guard let before, let date else { continue }
      var change = SnapshotChange(from: before.date, to: date)
      let old = Set(before.permissions.grants)
      let new = Set(permissions.grants)
      change.gained = permissions.grants.filter { !old.contains($0) }
      change.lost = before.permissions.grants.filter { !new.contains($0) }
      if !before.permissions.profileName.hasBytes(of: permissions.profileName) {
        change.profile = (before.permissions.profileName, permissions.profileName)
      }
      if let was = before.user.isActive, let isNow = user.isActive, was != isNow {
        change.isActive = (was, isNow)
      }
      if !change.isEmpty { result.append(change) }
    }
    return result
  }
}
