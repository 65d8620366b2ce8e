import Accounts
import Results
import SalesforceExports

extension LoginRecord {
  /// The line of an OCSF Authentication event.
  ///
  /// - Parameter version: Version of the program.
  package func ocsfLine(version: String) -> [UInt8] {
    var event = OCSFAuthentication()
    event.time = time
    event.recordID = recordID
    event.userID = accountID
    if case .username(let name) = account, username.isEmpty {
      event.username = name
    } else {
      event.username = username
    }
    event.sourceIP = address
    event.country = shape.country
    event.loginType = shape.type
    event.loginSubType = shape.subType
    event.application = shape.application
    event.browser = shape.browser
    event.apiType = shape.apiType
    event.apiVersion = shape.apiVersion
    event.tls = shape.tls
    event.status = shape.status
    event.outcome = shape.outcome
    event.door = shape.door.name
    event.mfa = verdict?.state
    event.basis = verdict?.basis.rawValue
    event.grade = verdict.flatMap { $0.grade.name.isEmpty ? nil : $0.grade.name }
    event.file = file
    event.line = Int(line)
    event.productVersion = version
    var text = ByteText(capacity: 1 << 10)
    event.json.write(to: &text)
    return text.array
  }
}
