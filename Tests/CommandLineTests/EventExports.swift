/// Real-time events and event logs written by hand for one purpose each.
extension Exports {
  /// One row of `LoginEvent`.
  struct Event {
    var login = Exports.loginID(1)
    var key = "AAAAAAAAAAAAAAA1"
    var user = Exports.one
    var type = "Application"
    var outcome = "NoAction"
    var level = "STANDARD"
    var time = "2026-08-03T10:00:00.000Z"
  }

  static func loginEvents(_ rows: [Event]) -> String {
    "EventIdentifier,EventDate,LoginHistoryId,LoginKey,UserId,LoginType,PolicyOutcome,SessionLevel\n"
      + rows.enumerated().map { index, row in
        "event-\(index),\(row.time),\(row.login),\(row.key),\(row.user),\(row.type),\(row.outcome),"
          + "\(row.level)\n"
      }.joined()
  }

  /// One line of the event log `Logout`.
  struct Logout {
    var key = "AAAAAAAAAAAAAAA1"
    var level = "10"
    var session = "U"
    var user = String(Exports.one.prefix(15))
    var time = "2026-08-03T11:00:00.000Z"
  }

  static func logouts(_ rows: [Logout]) -> String {
    "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,SESSION_TYPE,SESSION_LEVEL,LOGIN_KEY,TIMESTAMP_DERIVED\n"
      + rows.enumerated().map { index, row in
        "Logout,20260803110000.000,r\(index),\(row.user),\(row.session),\(quoted(row.level)),"
          + "\(row.key),\(row.time)\n"
      }.joined()
  }

  private static func quoted(_ text: String) -> String {
    text.contains(",") ? "\"\(text)\"" : text
  }

  /// One line of the event log `Login`.
  struct LoggedLogin {
    var key = "AAAAAAAAAAAAAAA1"
    var user = Exports.one
    var type = "A"
    var status = "LOGIN_NO_ERROR"
    var time = "2026-08-03T10:00:00.000Z"
  }

  static func eventLogLogins(_ rows: [LoggedLogin]) -> String {
    "EVENT_TYPE,TIMESTAMP,REQUEST_ID,LOGIN_KEY,LOGIN_TYPE,LOGIN_STATUS,SOURCE_IP,TIMESTAMP_DERIVED,"
      + "USER_ID_DERIVED\n"
      + rows.enumerated().map { index, row in
        "Login,20260803100000.000,r\(index),\(row.key),\(row.type),\(row.status),192.0.2.10,"
          + "\(row.time),\(row.user)\n"
      }.joined()
  }

  /// The event log `LoginAs`: account, administrator and time of each line.
  static func loginAs(
    _ rows: [(account: String, admin: String, time: String)]
  ) -> String {
    "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,DELEGATED_USER_NAME,DELEGATED_USER_ID,TIMESTAMP_DERIVED,"
      + "USER_ID_DERIVED,CLIENT_IP,DELEGATED_USER_ID_DERIVED\n"
      + rows.enumerated().map { index, row in
        "LoginAs,20260803100000.000,r\(index),\(row.account.prefix(15)),admin@example.com,"
          + "\(row.admin.prefix(15)),\(row.time),\(row.account),192.0.2.77,\(row.admin)\n"
      }.joined()
  }

  /// `LoginAsEvent`: account and the administrator's username of each row.
  static func loginAsEvents(_ rows: [(account: String, admin: String)]) -> String {
    "EventIdentifier,EventDate,UserId,DelegatedUsername,LoginAsCategory,SourceIp,Application\n"
      + rows.enumerated().map { index, row in
        "event-\(index),2026-08-04T09:00:00.000Z,\(row.account),\(row.admin),OrgAdmin,192.0.2.78,"
          + "Browser\n"
      }.joined()
  }

  /// One line of the event log `ApiTotalUsage`.
  struct Request {
    var user = Exports.one
    var time = "2026-08-03T10:00:00.000Z"
    var family = "REST"
    var version = "60.0"
    var resource = "/v60.0/query"
    var client = ""
    var limited = "1"
    var status = "200"
    var app = "Pump"
    var address = "192.0.2.60"
  }

  static func requests(_ rows: [Request]) -> String {
    "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,API_FAMILY,API_VERSION,API_RESOURCE,CLIENT_NAME,"
      + "COUNTS_AGAINST_API_LIMIT,STATUS_CODE,CONNECTED_APP_NAME,CLIENT_IP,TIMESTAMP_DERIVED\n"
      + rows.enumerated().map { index, row in
        "ApiTotalUsage,20260803100000.000,r\(index),\(row.user.prefix(15)),\(row.family),"
          + "\(row.version),\(row.resource),\(row.client),\(row.limited),\(row.status),\(row.app),"
          + "\(row.address),\(row.time)\n"
      }.joined()
  }
}
