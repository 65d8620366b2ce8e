/// One login row before it is written in a shape.
struct SyntheticLogin {
  var account = 0
  /// Milliseconds since 1970 UTC.
  var time: Int64 = 0
  var number = 0
  var type = "Application"
  var typeCode = "A"
  var subType = ""
  var subTypeCode = ""
  var status = "Success"
  var statusCode = "LOGIN_NO_ERROR"
  var address = ""
  var application = "Browser"
  var browser = ""
  var platform = ""
  var apiType = "N/A"
  var apiVersion = "N/A"
  var country = ""
  var methods = ""
  var tls = "TLS 1.3"
  var uri = "/index.jsp"
}

/// One verification row.
struct SyntheticVerification {
  var account: Int
  var time: Int64
  /// Number of the login that it names; `nil` for none.
  var login: Int?
  var policy: String
  var activity = "Login"
  var method: String
  var status = "Succeeded"
  var address: String
}

/// What the generator knows of an account's logins, to be compared with results.
struct AccountTruth {
  /// Attempts by door and outcome, such as `human.succeeded`.
  var counts: [String: Int] = [:]
  /// Verdicts by basis.
  var bases: [String: Int] = [:]
  var proven = 0
  var absent = 0
  var unknown = 0
  var systemAPISuccesses = 0
  var apiDays: Set<Int64> = []
  var isRefused = false
  var isRateExceeded = false
  var usesSOAP = false
  var usesRetiredVersion = false
  var inactiveAttempts = 0
  var minutes: [Int64: Int] = [:]
}
