import Accounts
import Results
import SalesforceExports

extension LoginLayout {
  /// A row as a line of `postern.event/1`.
  package static var jsonLines: LoginLayout {
    LoginLayout([
      .text(#"{"schema":"postern.event/1","account":{"#),
      .account { account in
        "\"class\":\(json(account.accountClass.rawValue)),\"id\":\(json(account.id)),"
          + "\"key\":\(json(account.key.text)),\"username\":\(json(account.username))},"
      },
      .shape { shape in
        "\"api_type\":\(json(shape.apiType)),\"api_version\":\(json(shape.apiVersion)),"
          + "\"application\":\(json(shape.application)),"
      },
      .verdict { "\"basis\":\(json($0?.basis.rawValue))," },
      .shape { "\"browser\":\(json($0.browser))," },
      .verdict { "\"confidence\":\(json($0?.confidence?.rawValue))," },
      .shape { "\"country\":\(json($0.country))," },
      .file { "\"file\":\(json($0))," },
      .verdict { "\"grade\":\(json($0.flatMap { $0.grade.name.isEmpty ? nil : $0.grade.name }))," },
      .shape { "\"kind\":\(json($0.door.name)),\"line\":" },
      .row { login, bytes in login.writeLine(to: &bytes) },
      .shape {
        ",\"login_sub_type\":\(json($0.subType)),\"login_type\":\(json($0.type)),\"mfa\":"
      },
      .verdict { json($0?.state.rawValue) },
      .shape { shape in
        ",\"outcome\":\(json(shape.outcome.name)),\"platform\":\(json(shape.platform)),"
          + "\"record_id\":\""
      },
      .row { login, bytes in login.writeID(to: &bytes) },
      .address { "\",\"source_ip\":\(json($0))," },
      .shape { "\"status\":\(json($0.status)),\"time\":\"" },
      .row { login, bytes in login.time.write(to: &bytes) },
      .shape { "\",\"tls\":\(json($0.tls))}" },
    ])
  }

  /// A JSON string, or null.
  static func json(_ text: String?) -> String {
    self.text(JSONValue(text))
  }

  /// The text of a JSON value.
  static func text(_ value: JSONValue) -> String {
    var text = ByteText()
    value.write(to: &text)
    return String(decoding: text.array, as: UTF8.self)
  }

  /// A member of an object and a comma; nothing where the text is empty.
  static func member(_ name: String, _ text: String?) -> String {
    guard let text, !text.isEmpty else { return "" }
    return "\"\(name)\":\(json(text)),"
  }
}
