/// Where Setup has what several rules send people to (docs/salesforce.md#applications).
enum SetupPath {
  /// Tokens of one application, revoked.
  static let revokingTokens =
    "Setup > Connected Apps OAuth Usage > Revoke; for an External Client App, Setup > External Client "
    + "App Manager"
  /// One application, blocked for all users.
  static let blockingApplication =
    "Setup > Connected Apps OAuth Usage > Block; for an External Client App, Setup > External Client "
    + "App Manager > its policies"
}
