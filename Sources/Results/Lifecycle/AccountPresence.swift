package import Accounts

/// What a run has of an account: whether that would have shown a finding of an earlier run.
package struct AccountPresence: Sendable {
  /// Whether it is in a `User` export.
  let isInSnapshot: Bool
  /// Whether it logged in at all.
  let hasLogins: Bool
  let logins: LoginDays
  /// Logins of people of which it is told whether they used MFA.
  let told: LoginDays

  /// Takes it from a record, with its activity.
  package init(_ account: AccountRecord) {
    isInSnapshot = account.isInSnapshot
    hasLogins = account.firstLogin != nil
    logins = LoginDays(account.activity)
    told = LoginDays(told: account.activity)
  }

  /// Takes it from an account that was judged.
  package init(_ facts: AccountFacts) {
    isInSnapshot = facts.user != nil
    hasLogins = facts.firstLogin != nil
    let activity = ActivityRecord(facts.activity)
    logins = LoginDays(activity)
    told = LoginDays(told: activity)
  }
}
