package import Accounts
import Platform
package import SalesforceExports

/// What rules ask of the permissions of an account, now and at the time of single logins.
extension RuleContext {
  /// The permissions in force at some time of an account; those of the newest snapshots where the
  /// snapshot in force then does not have the user.
  package func timeline(of facts: AccountFacts) -> AccountPermissions {
    AccountPermissions(facts, judgement)
  }

  /// Whether an account was privileged at the time of one of these logins.
  func wasPrivileged(_ facts: AccountFacts, at logins: [JudgedLogin]) -> Bool {
    guard facts.user != nil, !facts.hasConstantPermissions else { return facts.isPrivileged }
    var permissions = timeline(of: facts)
    if permissions.isConstant { return facts.isPrivileged }
    return logins.contains { permissions.isPrivileged(at: $0.row.time) }
  }

  /// Whether an account was privileged at the time of one of its successful human logins whose verdict
  /// says something.
  func wasPrivileged(_ facts: AccountFacts, atLogins state: VerdictState) -> Bool {
    guard facts.user != nil, !facts.hasConstantPermissions else { return facts.isPrivileged }
    var permissions = timeline(of: facts)
    if permissions.isConstant { return facts.isPrivileged }
    return facts.logins.indices.contains { position in
      facts.logins[position].verdict?.state == state
        && permissions.isPrivileged(at: facts.logins[position].row.time)
    }
  }

  /// Through what an account held a permission at the time of one of these logins; empty when it
  /// did not.
  func paths(
    _ permission: TrackedPermission, _ facts: AccountFacts, at logins: some Sequence<JudgedLogin>
  ) -> [String] {
    var permissions = timeline(of: facts)
    var paths: Set<ExactText> = []
    for login in logins {
      if case .granted(let found)? = permissions.at(login.row.time)?.state(of: permission) {
        for path in found { paths.insert(path) }
      }
      if permissions.isConstant { break }
    }
    return paths.sorted().map(\.string)
  }
}

/// The permissions of one account over time.
package struct AccountPermissions {
  private var timeline: PermissionTimeline?
  private let newest: EffectivePermissions?

  /// Whether they are the same at all times.
  package let isConstant: Bool

  init(_ facts: borrowing AccountFacts, _ judgement: Judgement) {
    newest = facts.permissions
    // Most accounts have nothing that changes, and then no timeline is made.
    if !facts.hasConstantPermissions, facts.user != nil, let user = facts.id {
      timeline = PermissionTimeline(user: user, in: judgement)
    }
    isConstant = timeline?.isConstant ?? true
  }

  /// Whether the account was privileged at a time, as ``at(_:)`` says.
  mutating func isPrivileged(at time: Instant) -> Bool {
    isConstant
      ? newest?.isPrivileged ?? false
      : timeline?.isPrivileged(at: time) ?? newest?.isPrivileged ?? false
  }

  /// The permissions at a time; `nil` for an account in no snapshot.
  package mutating func at(_ time: Instant) -> EffectivePermissions? {
    isConstant ? newest : timeline?.permissions(at: time)?.permissions ?? newest
  }
}

extension Condition {
  /// What the snapshots say about a permission.
  ///
  /// - Parameters:
  ///   - permission: The permission.
  ///   - state: What is known of it.
  ///   - isMet: Whether that is what the rule looks for.
  ///   - wouldChange: What would make it come out otherwise; columns that are missing are named.
  static func permission(
    _ permission: TrackedPermission, _ state: PermissionState, isMet: Bool = true,
    wouldChange: String
  ) -> Condition {
    let source = "profile, permission sets and groups of the snapshots"
    switch state {
    case .granted(let paths):
      return Condition(
        permission.label, "in force through " + paths.joined(separator: ", "), isMet: isMet,
        source: source, wouldChange: wouldChange)
    case .denied:
      return Condition(
        permission.label, "not in force", isMet: isMet, source: source, wouldChange: wouldChange)
    case .notAvailable(let columns):
      return Condition(
        permission.label, "not available", isMet: false, source: source,
        wouldChange: "an export with " + columns.joined(separator: ", "))
    }
  }
}

extension FindingDraft {
  /// Says that the answer depends on columns that no export has.
  mutating func becomeUnknown(_ columns: [String]) {
    status = .unknown
    dataQuality.append("not available: " + columns.joined(separator: ", "))
    remediation =
      "Nothing is to be changed yet: export what would tell, " + columns.joined(separator: ", ")
      + "."
  }
}
