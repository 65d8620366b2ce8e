package import Accounts
package import SalesforceExports

/// One login row as Authentication (class 3002) of the Open Cybersecurity Schema Framework.
package struct OCSFAuthentication: Sendable {
  package var time = Instant(milliseconds: 0)
  /// Id of the login; empty where the export has none.
  package var recordID = ""
  /// 18-character id of the user, and its username; at least one is known.
  package var userID = ""
  package var username = ""
  package var sourceIP = ""
  package var country = ""
  package var loginType = ""
  package var loginSubType = ""
  package var application = ""
  package var browser = ""
  package var apiType = ""
  package var apiVersion = ""
  package var tls = ""
  /// The status as the export has it, and what it comes to.
  package var status = ""
  package var outcome = LoginOutcome.failed
  /// `human`, `api` or `unclassified`.
  package var door = ""
  /// Verdict of a successful human login; `nil` for all other rows.
  package var mfa: VerdictState?
  package var basis: String?
  package var grade: String?
  /// Where the row stands.
  package var file = ""
  package var line = 0
  /// Version of the program.
  package var productVersion = ""

  /// Makes an empty row.
  package init() {}

  /// The event.
  ///
  /// `is_mfa` is left out unless MFA is proven or absent; a pending step is neither success nor
  /// failure.
  package var json: JSONValue {
    let outcome = outcomeNames
    return OCSF.object([
      "activity_id": .int(1), "activity_name": .string("Logon"),
      "category_uid": .int(3), "category_name": .string("Identity & Access Management"),
      "class_uid": .int(3002), "class_name": .string("Authentication"),
      "type_uid": .int(300_201), "type_name": .string("Authentication: Logon"),
      "time": OCSF.time(time),
      "severity_id": .int(1), "severity": .string("Informational"),
      "status_id": .int(outcome.id), "status": .string(outcome.name),
      "status_detail": .string(status),
      "is_mfa": mfa == .proven ? .bool(true) : mfa == .absent ? .bool(false) : nil,
      "is_remote": .bool(true),
      "logon_type_id": .int(logonType.id), "logon_type": .string(logonType.name),
      "auth_protocol_id": authenticationProtocol.map { .int($0.id) },
      "auth_protocol": authenticationProtocol.map { .string($0.name) },
      "user": OCSF.user(id: userID, username: username)
        ?? OCSF.object(["name": .string("unknown")]),
      "service": OCSF.object(["name": .string("Salesforce")]),
      "src_endpoint": OCSF.source(address: sourceIP, country: country),
      "http_request": browser.isEmpty ? nil : OCSF.object(["user_agent": .string(browser)]),
      "metadata": OCSF.object([
        "version": .string(OCSF.version), "product": OCSF.product(version: productVersion),
        "uid": .string(recordID), "original_time": .string(time.text),
      ]),
      "message": .string(
        "\(loginType.isEmpty ? "login" : loginType) of \(username.isEmpty ? userID : username): "
          + (status.isEmpty ? outcome.name : status)),
      "unmapped": OCSF.object([
        "class": .string(door), "mfa": JSONValue(mfa?.rawValue), "mfa_basis": JSONValue(basis),
        "mfa_grade": JSONValue(grade), "login_type": .string(loginType),
        "login_sub_type": .string(loginSubType), "application": .string(application),
        "api_type": .string(apiType), "api_version": .string(apiVersion), "tls": .string(tls),
        "file": .string(file), "line": line > 0 ? .int(line) : nil,
      ]),
    ])
  }

  private var outcomeNames: (id: Int, name: String) {
    switch outcome {
    case .succeeded: (1, "Success")
    case .failed: (2, "Failure")
    case .pending: (99, "Pending")
    }
  }

  private var logonType: (id: Int, name: String) {
    switch door {
    case "human": (2, "Interactive")
    case "api": (3, "Network")
    default: (0, "Unknown")
    }
  }

  /// Named by the login type where that names a protocol.
  private var authenticationProtocol: (id: Int, name: String)? {
    let type = loginType.lowercased()
    if type.contains("saml") { return (5, "SAML") }
    if type.hasPrefix("remote access") { return (6, "OAUTH 2.0") }
    return nil
  }
}
