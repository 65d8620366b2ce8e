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

  private let user: SalesforceID
  private let snapshots: Snapshots
  /// Times at which something may change, ascending: dates of snapshots and ends of assignments.
  private let changes: [Instant]
  /// States between two neighbours of ``changes``, by the number of changes before.
  private var states: [Int: State?] = [:]

  /// Whether nothing changes over time: one snapshot of each kind, and no grant that ends.
  package var isConstant: Bool { changes.isEmpty }

  /// Makes a timeline.
  package init(user: SalesforceID, snapshots: Snapshots) {
    self.user = user
    self.snapshots = snapshots
    changes = Set(snapshots.permissionDates + snapshots.assignmentEnds(of: user)).sorted()
  }

  /// The permissions in force at a time; `nil` when no user snapshot in force has the user.
  ///
  /// - Complexity: O(log *c*) in the number of changes, but for the first time between two of them.
  package mutating func permissions(at time: Instant) -> State? {
    var (low, high) = (0, changes.count)
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] <= time { low = middle + 1 } else { high = middle }
    }
    if let known = states[low] { return known }
    let state = look(at: time)
    states[low] = .some(state)
    return state
  }

  private func look(at time: Instant) -> State? {
    guard let row = snapshots.users.inForce(at: time)?.rows[user] else { return nil }
    let dates = [
      snapshots.users.inForce(at: time)?.date, snapshots.profiles.inForce(at: time)?.date,
      snapshots.permissionSets.inForce(at: time)?.date,
      snapshots.assignments.inForce(at: time)?.date, snapshots.groups.inForce(at: time)?.date,
      snapshots.components.inForce(at: time)?.date, snapshots.mutings.inForce(at: time)?.date,
    ]
    return State(
      permissions: EffectivePermissions(of: row, in: snapshots, at: time, expiryTime: time),
      date: dates.compactMap { $0 }.max())
  }
}
