package import SalesforceExports

/// One user's permissions over time, as the snapshots in force say.
package struct PermissionTimeline {
  /// What was in force at one time.
  package struct State: Sendable {
    /// The permissions.
    package let permissions: EffectivePermissions
    /// Date of the newest snapshot that they rest on; `nil` when all are undated.
    package let date: Instant?
  }

  private struct Epoch: Hashable {
    let dates: [Instant?]
    let expired: Int
  }

  private let user: SalesforceID
  private let snapshots: Snapshots
  private var cache: [Epoch: State?] = [:]
  /// Whether nothing changes over time: one snapshot of each kind, and no grant that ends.
  package let isConstant: Bool
  private var constant: State??

  /// Makes a timeline.
  package init(user: SalesforceID, snapshots: Snapshots) {
    self.user = user
    self.snapshots = snapshots
    isConstant =
      snapshots.hasSingleSnapshots
      && snapshots.assignments(of: user, at: nil).allSatisfy { $0.expires == nil }
  }

  /// The permissions in force at a time; `nil` when no user snapshot in force has the user.
  package mutating func permissions(at time: Instant) -> State? {
    if isConstant, let constant { return constant }
    let state = look(at: time)
    if isConstant { constant = .some(state) }
    return state
  }

  private mutating func look(at time: Instant) -> State? {
    let dates = [
      snapshots.users.inForce(at: time)?.date, snapshots.profiles.inForce(at: time)?.date,
      snapshots.permissionSets.inForce(at: time)?.date,
      snapshots.assignments.inForce(at: time)?.date, snapshots.groups.inForce(at: time)?.date,
      snapshots.components.inForce(at: time)?.date, snapshots.mutings.inForce(at: time)?.date,
    ]
    let expired = snapshots.assignments(of: user, at: time).count {
      $0.expires.map { $0 <= time } ?? false
    }
    let epoch = Epoch(dates: dates, expired: expired)
    if let known = cache[epoch] { return known }
    var state: State?
    if let row = snapshots.users.inForce(at: time)?.rows[user] {
      state = State(
        permissions: EffectivePermissions(
          of: row, in: snapshots, at: time, expiryTime: time),
        date: dates.compactMap { $0 }.max())
    }
    cache[epoch] = .some(state)
    return state
  }
}
