package import Platform
package import SalesforceExports

/// One permission in force, and through what.
package struct PermissionGrant: Hashable, Sendable, Comparable {
  /// The permission.
  package let permission: TrackedPermission
  /// `profile: NAME`, `permission set: LABEL` or `permission set group: LABEL`.
  package let via: String

  /// Compares the bytes of paths.
  package static func == (left: Self, right: Self) -> Bool {
    left.permission == right.permission && left.via.hasBytes(of: right.via)
  }

  /// Hashes the bytes of the path.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(permission)
    via.hashBytes(into: &hasher)
  }

  /// Orders by name, then by path.
  package static func < (left: Self, right: Self) -> Bool {
    if left.permission != right.permission { return left.permission < right.permission }
    return left.via.precedes(right.via)
  }
}

/// What is known of one permission of one account.
package enum PermissionState: Sendable, Equatable {
  /// In force, through these paths.
  case granted([String])
  /// Not in force.
  case denied
  /// The exports lack the columns that would tell.
  case notAvailable(columns: [String])

  /// Whether the permission is known to be in force.
  package var isGranted: Bool {
    if case .granted = self { true } else { false }
  }
}

/// The permissions of one account: profile, permission sets and groups together (docs/judgement.md).
package struct EffectivePermissions: Sendable {
  /// Grants in order.
  package private(set) var grants: [PermissionGrant] = []
  /// Name of the profile; empty when not known.
  package private(set) var profileName = ""
  /// Licence of the profile; `nil` when not known.
  package private(set) var profileLicense: String?
  /// Licences of the permission sets that are assigned.
  package private(set) var setLicenses: Set<ExactText> = []
  /// Sets and groups that are in force only in sessions that activate them, and so are left out.
  package private(set) var sessionActivated: Set<ExactText> = []
  /// Whether any file told about permissions of this account.
  package private(set) var hasSource = false
  /// What each path says, with the object whose columns say so.
  private var columns: [(flags: PermissionFlags, object: String)] = []
  /// What no export tells about any permission.
  private var missingSources: Set<String> = []
  private(set) var granted = PermissionFlags()

  private static let administratorName = FoldedText("System Administrator")

  /// What is known of a permission.
  package func state(of permission: TrackedPermission) -> PermissionState {
    if granted.isGranted(permission) {
      return .granted(grants.filter { $0.permission == permission }.map(\.via))
    }
    var unavailable = missingSources
    for (flags, object) in columns where flags[permission] == nil {
      unavailable.insert("\(object).Permissions\(permission.rawValue)")
    }
    if !unavailable.isEmpty { return .notAvailable(columns: unavailable.sorted()) }
    return hasSource
      ? .denied : .notAvailable(columns: ["Profile.Permissions" + permission.rawValue])
  }

  /// Whether the account is privileged (docs/judgement.md).
  package var isPrivileged: Bool {
    hasAdministratorProfile || granted.isGranted(anyOf: Self.privileges)
  }

  private static let privileges = PermissionFlags(granting: TrackedPermission.privileged)

  /// Whether the account belongs to those that must use phishing-resistant MFA: privileged without
  /// regard to Manage Users (docs/judgement.md).
  package var isInEnforcementSet: Bool {
    hasAdministratorProfile
      || TrackedPermission.privileged.contains { $0 != .manageUsers && isGranted($0) }
  }

  /// Whether the profile is System Administrator.
  package private(set) var hasAdministratorProfile = false

  /// Whether a permission is known to be in force.
  package func isGranted(_ permission: TrackedPermission) -> Bool {
    granted.isGranted(permission)
  }

  private mutating func unite(_ flags: PermissionFlags, via: String, object: String) {
    hasSource = true
    columns.append((flags, object))
    for permission in flags.grantedPermissions {
      granted.grant(permission)
      grants.append(PermissionGrant(permission: permission, via: via))
    }
  }

  /// Gathers the permissions of a user.
  ///
  /// - Parameters:
  ///   - user: The user's row.
  ///   - snapshots: All snapshots.
  ///   - snapshotTime: Which snapshots are in force; `nil` takes the newest.
  ///   - expiryTime: Assignments that ended before are left out.
  package init(
    of user: borrowing UserRow, in snapshots: borrowing Snapshots, at snapshotTime: Instant?,
    expiryTime: Instant
  ) {
    self.init(
      PermissionSources(of: user, in: snapshots, at: snapshotTime, expiryTime: expiryTime),
      in: snapshots, at: snapshotTime)
  }

  /// Gathers the permissions of all users for whom the same is said.
  ///
  /// - Parameters:
  ///   - sources: What the rows of such a user say.
  ///   - snapshots: All snapshots.
  ///   - snapshotTime: Which snapshots are in force; `nil` takes the newest.
  init(
    _ sources: PermissionSources, in snapshots: borrowing Snapshots, at snapshotTime: Instant?
  ) {
    let profile = snapshots.profile(
      id: sources.profileID, name: sources.profileName?.string, at: snapshotTime)
    profileName = profile?.name ?? sources.profileName?.string ?? ""
    profileLicense = profile?.license
    hasAdministratorProfile = Self.administratorName.equals(profileName)
    let profileVia = "profile: " + profileName
    var profileFlags = profile?.permissions ?? PermissionFlags()
    profileFlags.formUnion(sources.profilePermissions)
    let sets = snapshots.permissionSets.inForce(at: snapshotTime)?.rows
    setLicenses.formUnion(sources.licenses)
    for row in sources.assignments {
      guard let isInForce = row.isInForce else {
        missingSources.insert(
          "whether the assignment of " + (row.label ?? row.groupLabel ?? row.text).string
            + " is in force")
        continue
      }
      guard isInForce else { continue }
      let set = row.permissionSet.flatMap { sets?[$0] }
      var flags = set?.permissions ?? PermissionFlags()
      flags.formUnion(row.permissions)
      if set?.isOwnedByProfile ?? row.isOwnedByProfile ?? false {
        if let license = set?.license.map({ ExactText($0) }) ?? row.license {
          setLicenses.insert(license)
        }
        // The profile's own set repeats the profile: one path, not two.
        profileFlags.formUnion(flags)
        continue
      }
      let group = row.group ?? set?.groupID
      let groupRow = group.flatMap { snapshots.groups.inForce(at: snapshotTime)?.rows[$0] }
      var activation = [row.isSessionActivated]
      if let set { activation.append(set.isSessionActivated) }
      if let groupRow { activation.append(groupRow.isSessionActivated) }
      let label =
        group != nil || row.isGroup
        ? "permission set group: "
          + (groupRow?.label ?? row.groupLabel?.string ?? set?.label ?? group?.text18 ?? "")
        : "permission set: "
          + (set?.label ?? row.label?.string ?? row.permissionSet?.text18 ?? "")
      if activation.contains(true) {
        sessionActivated.insert(label)
        continue
      }
      if activation.contains(nil) {
        missingSources.insert("whether \(label) is in force only in sessions that activate it")
        continue
      }
      if let license = set?.license.map({ ExactText($0) }) ?? row.license {
        setLicenses.insert(license)
      }
      if group != nil || row.isGroup {
        let isTold = uniteGroup(group, aggregate: flags, via: label, snapshots, snapshotTime, sets)
        if !isTold, row.permissionSet != nil, set == nil, !snapshots.permissionSets.isEmpty {
          // Neither the set that stands for the group nor its members.
          missingSources.insert("a row of PermissionSet for \(label)")
        }
      } else if set != nil || !flags.isEmpty {
        unite(flags, via: label, object: "PermissionSet")
      } else if !snapshots.permissionSets.isEmpty {
        // The export was given and lacks this set: that is not "no permissions".
        missingSources.insert("a row of PermissionSet for \(label)")
      }
    }
    if profile != nil || !profileFlags.isEmpty {
      unite(profileFlags, via: profileVia, object: "Profile")
    } else if !snapshots.profiles.isEmpty {
      // The export was given and lacks this profile: that is not "no permissions".
      missingSources.insert(
        "a row of Profile for " + (profileName.isEmpty ? "this user" : profileName))
    }
    guard grants.count > 1 else { return }
    // Two sets with one label are one path.
    grants.sort()
    var kept = 0
    for place in grants.indices.dropFirst() where grants[place] != grants[kept] {
      kept += 1
      if kept != place { grants[kept] = grants[place] }
    }
    grants.removeLast(grants.count - kept - 1)
  }

  /// A group gives what its aggregate set has, or else its members minus what is muted.
  ///
  /// - Returns: Whether some file tells what the group gives, or would if it were whole.
  private mutating func uniteGroup(
    _ group: SalesforceID?, aggregate: PermissionFlags, via: String, _ snapshots: Snapshots,
    _ time: Instant?, _ sets: SnapshotTableRows<PermissionSetRow>?
  ) -> Bool {
    if !aggregate.isEmpty {
      unite(aggregate, via: via, object: "PermissionSet")
      return true
    }
    if let group, let aggregate = snapshots.aggregateSet(of: group, at: time),
      !aggregate.permissions.isEmpty
    {
      unite(aggregate.permissions, via: via, object: "PermissionSet")
      return true
    }
    var flags = PermissionFlags()
    var muted = PermissionFlags()
    var isKnown = false
    var isWhole = true
    let mutings = snapshots.mutings.inForce(at: time)?.rows
    for member in group.map({ snapshots.members(of: $0, at: time) }) ?? [] {
      if let muting = mutings?[member] {
        muted.formUnion(muting.permissions)
      } else if let set = sets?[member] {
        isKnown = true
        flags.formUnion(set.permissions)
      } else if !member.text15.hasPrefix("0QM") {
        isWhole = false
      }
    }
    // Without the file of components, or of sets, rules judge from what there is; with it, a group
    // that it does not resolve is not an empty one.
    let hasComponents = !snapshots.components.isEmpty
    if !isKnown || !isWhole, hasComponents, !snapshots.permissionSets.isEmpty {
      missingSources.insert("the members of \(via)")
    }
    guard isKnown else { return hasComponents }
    flags.subtract(muted)
    unite(flags, via: via, object: "PermissionSet")
    return true
  }
}
