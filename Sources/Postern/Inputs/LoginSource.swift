/// Which files give the logins of a run.
package enum LoginSource: String, Sendable, CaseIterable {
  /// `LoginHistory` exports.
  case loginHistory = "login-history"
  /// Event log files `Login`.
  case eventLog = "event-log"
}
