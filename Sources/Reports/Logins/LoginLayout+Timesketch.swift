import Accounts
import SalesforceExports

extension LoginLayout {
  /// A row as a line of JSON that Timesketch imports: `message`, `datetime` and `timestamp_desc`, with the
  /// columns of ``csv`` beside them.
  package static var timesketch: LoginLayout {
    LoginLayout([
      .text("{\"message\":\""),
      .account { inString(($0.username.isEmpty ? $0.key.text : $0.username) + ": ") },
      .shape { shape in
        inString(
          [shape.type, shape.subType, shape.application].filter { !$0.isEmpty }
            .joined(separator: ", "))
      },
      .address { $0.isEmpty ? "" : inString(" from \($0)") },
      .shapeWithAddress { $0.country.isEmpty ? "" : inString(" (\($0.country))") },
      .shape { inString(": " + ($0.status.isEmpty ? $0.outcome.name : $0.status)) },
      .verdict { $0.map { inString(", MFA \($0.state.rawValue)") } ?? "" },
      .text("\",\"datetime\":\""),
      .row { login, bytes in
        login.time.write(to: &bytes)
        // The form with an offset is what its importer documents.
        if bytes.last == UInt8(ascii: "Z") { bytes.removeLast() }
        bytes.append(contentsOf: "+00:00\",\"timestamp_desc\":\"Login\",\"record_id\":\"".utf8)
        login.writeID(to: &bytes)
      },
      .account { account in
        "\",\"account_id\":\(json(account.id)),\"username\":\(json(account.username)),"
          + "\"account_class\":\(json(account.accountClass.rawValue)),"
      },
      .shape { shape in
        "\"kind\":\(json(shape.door.name)),\"outcome\":\(json(shape.outcome.name)),"
          + "\"status\":\(json(shape.status)),"
      },
      .verdict { verdict in
        "\"mfa\":\(json(verdict?.state.rawValue ?? "")),"
          + "\"basis\":\(json(verdict?.basis.rawValue ?? "")),"
          + "\"grade\":\(json(verdict?.grade.name ?? "")),"
          + "\"confidence\":\(json(verdict?.confidence?.rawValue ?? "")),"
      },
      .address { "\"source_ip\":\(json($0))," },
      .shape { shape in
        "\"country\":\(json(shape.country)),\"login_type\":\(json(shape.type)),"
          + "\"login_sub_type\":\(json(shape.subType)),\"application\":\(json(shape.application)),"
          + "\"browser\":\(json(shape.browser)),\"platform\":\(json(shape.platform)),"
          + "\"api_type\":\(json(shape.apiType)),\"api_version\":\(json(shape.apiVersion)),"
          + "\"tls\":\(json(shape.tls)),"
      },
      .file { "\"file\":\(json($0)),\"line\":" },
      .row { login, bytes in login.writeLine(to: &bytes) },
      .text("}"),
    ])
  }
}
