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
  /// - Complexity: O(*c* · (log *s* + *p*)) with *s* dates of snapshots, *c* of them at which something of the
  ///   user may have changed, and *p* rows about the user's permissions; O(1) with one snapshot of each kind.
  func changes(of id: SalesforceID) -> [SnapshotChange] {
    guard !hasSingleSnapshots, let number = users.history.number(of: id) else { return [] }
    var result: [SnapshotChange] = []
    // Between these dates all is as it was.
    var coming = permissionChangeDates(of: id)[...]
    var isThere = false
    var before: (date: Instant?, user: UserRow, permissions: EffectivePermissions)?
    var place = 0
    while place < dates.count {
      let date = dates[place]
      let time = date ?? Instant(milliseconds: .min)
      if isThere { before?.date = dates[place - 1] }
      coming = coming.drop { $0 <= time }
      let row = users.row(ofNumber: number, at: time)
      isThere = row != nil
      if let user = row {
        let permissions = EffectivePermissions(of: user, in: self, at: time, expiryTime: time)
        if let before, let date {
          var change = SnapshotChange(from: before.date, to: date)
          change.compare(before.permissions, permissions)
          change.compare(before.user.isActive, user.isActive)
          if !change.isEmpty { result.append(change) }
        }
        before = (date, user, permissions)
      }
      guard let next = coming.first else { break }
      place = firstDate(from: next, behind: place)
    }
    return result
  }

  /// The place of the first date that is not before a time, among those behind a place.
  private func firstDate(from time: Instant, behind place: Int) -> Int {
    var (low, high) = (place + 1, dates.count)
    while low < high {
      let middle = (low + high) / 2
      if (dates[middle] ?? Instant(milliseconds: .min)) < time {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

extension SnapshotChange {
  fileprivate mutating func compare(_ before: EffectivePermissions, _ now: EffectivePermissions) {
    if before.grants != now.grants {
      let old = Set(before.grants)
      let new = Set(now.grants)
      gained = now.grants.filter { !old.contains($0) }
      lost = before.grants.filter { !new.contains($0) }
    }
    if !before.profileName.hasBytes(of: now.profileName) {
      profile = (before.profileName, now.profileName)
    }
  }

  fileprivate mutating func compare(_ before: Bool?, _ now: Bool?) {
    if let before, let now, before != now { isActive = (before, now) }
  }
}
