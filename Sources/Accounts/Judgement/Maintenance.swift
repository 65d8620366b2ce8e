import SalesforceExports

/// What a person's login to an integration account was for (docs/judgement.md).
package enum MaintenanceLabel: String, Sendable, CaseIterable {
  /// Within seven days of the account's creation.
  case firstSetup = "first_setup"
  /// On a password reset, or within an hour of a change of the password.
  case passwordReset = "password_reset"
  /// Neither.
  case other

  /// All cases in the order of their texts' bytes.
  package static let byText = allCases.sorted {
    $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8)
  }

  /// Place among all cases.
  private var index: Int {
    switch self {
    case .firstSetup: 0
    case .passwordReset: 1
    case .other: 2
    }
  }

  /// Compares cases: the standard comparison of raw values is one of their texts.
  package static func == (left: Self, right: Self) -> Bool { left.index == right.index }

  /// Hashes the case.
  package func hash(into hasher: inout Hasher) { hasher.combine(index) }
}

/// The labels of the human logins of one integration account; empty for other accounts.
package struct Maintenance: Sendable {
  private static let firstSetupMilliseconds = 7 * Instant.dayMilliseconds
  private static let passwordMilliseconds: Int64 = 3_600_000

  private var isLabelling = false
  private var created: Instant?
  /// `LastPasswordChangeDate` of every snapshot.
  private var passwordChanges: [Instant] = []
  /// Codes of the shapes with the sub-type of password resets.
  private var resetShapes: Set<UInt32> = []
  /// Successful human logins by label.
  package private(set) var counts: [MaintenanceLabel: Int] = [:]

  /// Labels nothing.
  package init() {}

  /// Labels the logins of an account whose class and verdicts are settled.
  init(_ facts: borrowing AccountFacts, _ snapshots: borrowing Snapshots) {
    guard facts.accountClass == .integration, facts.human.succeeded > 0 else { return }
    isLabelling = true
    if let id = facts.id {
      snapshots.forEachRow(of: id) { user in
        created = created ?? user.created
        if let change = user.lastPasswordChange { passwordChanges.append(change) }
      }
    }
    for entry in facts.shapes where entry.shape.subType == Self.resetSubType {
      resetShapes.insert(entry.code)
    }
    for login in facts.logins {
      if let label = label(login) { counts[label, default: 0] += 1 }
    }
  }

  /// LoginHistory's label of the sub-type `UiPasswordReset`
  /// (docs/salesforce.md#login-types-and-sub-types).
  private static let resetSubType = "UI Password Reset"

  /// The label of a login; `nil` for rows that are no person's success, and in other accounts.
  package func label(_ login: JudgedLogin) -> MaintenanceLabel? {
    guard isLabelling, login.verdict != nil else { return nil }
    let time = login.row.time.milliseconds
    if let created {
      let age = time - created.milliseconds
      if age >= 0, age <= Self.firstSetupMilliseconds { return .firstSetup }
    }
    let isReset =
      resetShapes.contains(login.shape)
      || passwordChanges.contains {
        abs(time - $0.milliseconds) <= Self.passwordMilliseconds
      }
    return isReset ? .passwordReset : .other
  }
}
