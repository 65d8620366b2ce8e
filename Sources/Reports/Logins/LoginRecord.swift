package import Accounts
package import SalesforceExports

/// One login row with all that the judgement says about it.
package struct LoginRecord: Sendable {
  package var time: Instant
  /// The row's Id; ``SalesforceID/none`` where the export has none.
  package var id: SalesforceID
  package var account: AccountKey
  /// The name that the account logs in with; empty when not known.
  package var username: String
  package var accountClass: AccountClass
  package var shape: LoginShape
  /// The canonical address; other text verbatim.
  package var address: String
  /// The file that the row stands in, as results name it.
  package var file: String
  /// Line in which the row begins, 1-based.
  package var line: UInt64
  /// The verdict of a successful human login.
  package var verdict: Verdict?

  /// Makes a record.
  package init(
    time: Instant, id: SalesforceID, account: AccountKey, username: String,
    accountClass: AccountClass, shape: LoginShape, address: String, file: String, line: UInt64,
    verdict: Verdict?
  ) {
    self.time = time
    self.id = id
    self.account = account
    self.username = username
    self.accountClass = accountClass
    self.shape = shape
    self.address = address
    self.file = file
    self.line = line
    self.verdict = verdict
  }

  /// The account's 18-character id; empty when only its name is known.
  package var accountID: String {
    if case .id(let id) = account { id.text18 } else { "" }
  }

  /// The 18-character Id; empty for none.
  package var recordID: String { id.isNone ? "" : id.text18 }
}

extension LoginDoor {
  /// Name in results.
  package var name: String {
    switch self {
    case .human: "human"
    case .api: "api"
    case .unclassified: "unclassified"
    }
  }
}

extension LoginOutcome {
  /// Name in results.
  package var name: String {
    switch self {
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .pending: "pending"
    }
  }
}

extension LoginRecord {
  /// The line of `postern.event/1`.
  package var jsonLine: [UInt8] {
    JSONValue.object([
      "account": .object([
        "id": .string(accountID), "key": .string(account.text), "username": .string(username),
        "class": .string(accountClass.rawValue),
      ]),
      "time": .string(time.text), "record_id": .string(recordID), "file": .string(file),
      "line": .int(Int(line)), "kind": .string(shape.door.name),
      "outcome": .string(shape.outcome.name), "status": .string(shape.status),
      "login_type": .string(shape.type), "login_sub_type": .string(shape.subType),
      "source_ip": .string(address), "country": .string(shape.country),
      "application": .string(shape.application), "browser": .string(shape.browser),
      "platform": .string(shape.platform), "api_type": .string(shape.apiType),
      "api_version": .string(shape.apiVersion), "tls": .string(shape.tls),
      "mfa": JSONValue(verdict?.state.rawValue), "basis": JSONValue(verdict?.basis.rawValue),
      "grade": JSONValue(verdict.flatMap { $0.grade.name.isEmpty ? nil : $0.grade.name }),
      "confidence": JSONValue(verdict?.confidence?.rawValue),
    ]).line(schema: "postern.event/1")
  }

  /// Names of the columns of ``csv``.
  package static let csvHeader = [
    "time", "record_id", "account_id", "username", "account_class", "kind", "outcome", "status",
    "mfa", "basis", "grade", "confidence", "source_ip", "country", "login_type", "login_sub_type",
    "application", "browser", "platform", "api_type", "api_version", "tls", "file", "line",
  ]

  /// The values of ``csvHeader``.
  package var csvFields: [String] {
    [
      time.text, recordID, accountID, username, accountClass.rawValue, shape.door.name,
      shape.outcome.name, shape.status, verdict?.state.rawValue ?? "",
      verdict?.basis.rawValue ?? "", verdict?.grade.name ?? "",
      verdict?.confidence?.rawValue ?? "", address, shape.country, shape.type, shape.subType,
      shape.application, shape.browser, shape.platform, shape.apiType, shape.apiVersion, shape.tls,
      file, String(line),
    ]
  }
}
