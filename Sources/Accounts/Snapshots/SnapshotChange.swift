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
  /// Dates of all snapshots that a user's permissions rest on, ascending; undated ones first.
  private var dates: [Instant?] {
    var all: Set<Instant?> = []
    func add<Row>(_ series: SnapshotSeries<Row>) {
      for table in series.tables { all.insert(table.date) }
    }
    add(users)
    add(profiles)
    add(permissionSets)
    add(assignments)
    add(groups)
    add(components)
    add(mutings)
    return all.sorted {
      ($0?.milliseconds ?? .min, 0) < ($1?.milliseconds ?? .min, 0)
    }
  }

  /// What changed about a user from each snapshot to the next; empty with one snapshot of each kind.
  ///
  /// - Complexity: O(*s* · *p*) with *s* dates of snapshots and *p* rows about the user's
  ///   permissions; O(1) with one snapshot of each kind.
  func changes(of id: SalesforceID) -> [SnapshotChange] {
    guard !hasSingleSnapshots else { return [] }
    var result: [SnapshotChange] = []
    var before: (date: Instant?, user: UserRow, permissions: EffectivePermissions)?
    for date in dates {
      let time = date ?? Instant(milliseconds: .min)
      guard let user = users.inForce(at: time)?.rows[id] else { continue }
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
