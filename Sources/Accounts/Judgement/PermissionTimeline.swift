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

  /// A permission that was in force at one time.
  package struct Grant: Sendable {
    /// Date of the newest snapshot that it rests on; `nil` when all are undated.
    package let date: Instant?
  }

  /// The questions of yes or no about a state.
  private struct Answer {
    /// Whether a user snapshot in force has the user.
    let isKnown: Bool
    let isPrivileged: Bool
    let granted: PermissionFlags
    let date: Instant?

    init(_ state: State?) {
      isKnown = state != nil
      isPrivileged = state?.permissions.isPrivileged ?? false
      granted = state?.permissions.granted ?? PermissionFlags()
      date = state?.date
    }
  }

  private let user: SalesforceID
  /// The judgement that has the snapshots, which are dozens of references themselves.
  private let judgement: Judgement
  /// Times at which something may change, ascending: dates of snapshots and ends of assignments.
  private let changes: [Instant]
  /// Those of them at which the user's permissions may become others.
  private let permissionChanges: [Instant]
  /// States between two neighbours of ``changes``, and their places by the number of changes before.
  private var states: [State?] = []
  /// What most questions ask of each of them; a state holds lists, which a look at it would count.
  private var answers: [Answer] = []
  private var places: [Int: Int] = [:]
  /// The stretch between two neighbours of ``changes`` that was asked for last, and the place of its state.
  private var last: (from: Int64, until: Int64, place: Int) = (.max, .min, 0)
  /// Permissions between two neighbours of ``permissionChanges``, likewise.
  private var permissions: [Int: EffectivePermissions?] = [:]

  /// Whether nothing changes over time: one snapshot of each kind, and no grant that ends.
  package var isConstant: Bool { changes.isEmpty }

  /// Makes a timeline.
  package init(user: SalesforceID, in judgement: Judgement) {
    self.user = user
    self.judgement = judgement
    let ends = judgement.assignmentEnds(of: user)
    changes =
      ends.isEmpty
      ? judgement.permissionDates : Set(judgement.permissionDates + ends).sorted()
    permissionChanges =
      changes.isEmpty ? [] : judgement.permissionChangeDates(of: user)
  }

  /// The permissions in force at a time; `nil` when no user snapshot in force has the user.
  ///
  /// - Complexity: O(log *c*) in the number of changes, but for the first time between two of them.
  package mutating func permissions(at time: Instant) -> State? { states[place(at: time)] }

  /// Whether a permission was in force at a time, with the date of the newest snapshot that says so; `nil` where
  /// it was not, or nobody knows.
  ///
  /// - Complexity: As ``permissions(at:)``, but nothing is copied.
  package mutating func grant(
    of permission: TrackedPermission, at time: Instant
  ) -> Grant? {
    let place = place(at: time)
    return answers[place].granted.isGranted(permission) ? Grant(date: answers[place].date) : nil
  }

  /// Whether the account was privileged at a time; `nil` where no user snapshot in force has the user.
  package mutating func isPrivileged(at time: Instant) -> Bool? {
    let place = place(at: time)
    return answers[place].isKnown ? answers[place].isPrivileged : nil
  }

  private mutating func place(at time: Instant) -> Int {
    // Logins are asked for one behind the other, and hardly any two of them have a change between them.
    if time.milliseconds >= last.from, time.milliseconds <= last.until { return last.place }
    let number = Self.count(of: changes, until: time)
    let place: Int
    if let known = places[number] {
      place = known
    } else {
      place = states.count
      let state = look(at: time)
      states.append(state)
      answers.append(Answer(state))
      places[number] = place
    }
    last = (
      number == 0 ? .min : changes[number - 1].milliseconds,
      number == changes.count ? .max : changes[number].milliseconds - 1, place
    )
    return place
  }

  /// How many of ascending times are not after another.
  private static func count(of times: [Instant], until time: Instant) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func look(at time: Instant) -> State? {
    let number = Self.count(of: permissionChanges, until: time)
    let found: EffectivePermissions?
    if let known = permissions[number] {
      found = known
    } else {
      found = judgement.permissions(of: user, at: time)
      permissions[number] = .some(found)
    }
    return found.map { State(permissions: $0, date: judgement.snapshotDate(at: time)) }
  }
}

// What a timeline asks: the snapshots are dozens of references, which another type's look at them would count.
extension Judgement {
  fileprivate func assignmentEnds(of user: SalesforceID) -> [Instant] {
    snapshots.assignmentEnds(of: user)
  }

  fileprivate func permissionChangeDates(of user: SalesforceID) -> [Instant] {
    snapshots.permissionChangeDates(of: user)
  }

  /// The permissions in force at a time; `nil` when no user snapshot in force has the user.
  fileprivate func permissions(of user: SalesforceID, at time: Instant) -> EffectivePermissions? {
    snapshots.users.inForce(at: time)?.rows[user].map {
      EffectivePermissions(of: $0, in: snapshots, at: time, expiryTime: time)
    }
  }

  /// Date of the newest snapshot in force at a time that permissions rest on; `nil` when all are undated.
  fileprivate func snapshotDate(at time: Instant) -> Instant? {
    let dates = [
      snapshots.users.inForce(at: time)?.date, snapshots.profiles.inForce(at: time)?.date,
      snapshots.permissionSets.inForce(at: time)?.date,
      snapshots.assignments.inForce(at: time)?.date, snapshots.groups.inForce(at: time)?.date,
      snapshots.components.inForce(at: time)?.date, snapshots.mutings.inForce(at: time)?.date,
    ]
    return dates.compactMap { $0 }.max()
  }
}
