import Accounts
import SalesforceExports

extension LoginLayout {
  /// A row as Authentication (class 3002) of the Open Cybersecurity Schema Framework, a line of JSON.
  ///
  /// `is_mfa` is left out unless MFA is proven or absent; a pending step is neither success nor
  /// failure. A person's login without MFA to an integration account is of high severity.
  ///
  /// - Parameters:
  ///   - version: Version of the program.
  ///   - tenant: Id of the org; empty where it is not known.
  package static func ocsf(version: String, tenant: String) -> LoginLayout {
    LoginLayout([
      .text(#"{"activity_id":1,"activity_name":"Logon","#),
      .shape { shape in
        shape.authenticationProtocol.map {
          "\"auth_protocol\":\(json($0.name)),\"auth_protocol_id\":\($0.id),"
        } ?? ""
      },
      .text(
        #""category_name":"Identity & Access Management","category_uid":3,"#
          + #""class_name":"Authentication","class_uid":3002,"#),
      .shape { shape in
        shape.browser.isEmpty ? "" : "\"http_request\":{\"user_agent\":\(json(shape.browser))},"
      },
      .verdict { verdict in
        switch verdict?.state {
        case .proven: "\"is_mfa\":true,"
        case .absent: "\"is_mfa\":false,"
        case .unknown, nil: ""
        }
      },
      .shape { shape in
        let type = shape.logonType
        return "\"is_remote\":true,\"logon_type\":\(json(type.name)),\"logon_type_id\":\(type.id),"
          + "\"message\":\"" + inString("\(shape.type.isEmpty ? "login" : shape.type) of ")
      },
      .account { inString($0.shownName.isEmpty ? $0.id : $0.shownName) },
      .shape { shape in
        inString(": " + (shape.status.isEmpty ? shape.outcomeName.name : shape.status))
          + "\",\"metadata\":{\"original_time\":\""
      },
      .row { login, bytes in
        login.time.write(to: &bytes)
        bytes.append(contentsOf: "\",\"product\":".utf8)
      },
      .text(
        OCSFWriter.object { OCSF.product(version: version, &$0) } + tail("tenant_uid", tenant)),
      .row { login, bytes in
        if !login.id.isNone {
          bytes.append(contentsOf: ",\"uid\":\"".utf8)
          login.writeID(to: &bytes)
          bytes.append(UInt8(ascii: "\""))
        }
      },
      .text(
        ",\"version\":\"\(OCSF.version)\"},\"observables\":["),
      .address { address in
        guard NetworkAddress(address) != nil else { return "" }
        return OCSFWriter.object {
          OCSF.observable(address: address, at: "src_endpoint.ip", &$0)
        } + ","
      },
      .account { account in
        OCSFWriter.object { OCSF.observable(username: account.shownName, at: "user", &$0) }
          + "],\"service\":{\"name\":\"Salesforce\"},"
      },
      .classAndVerdict { accountClass, verdict in
        accountClass == .integration && verdict?.state == .absent
          ? "\"severity\":\"High\",\"severity_id\":4,"
          : "\"severity\":\"Informational\",\"severity_id\":1,"
      },
      .address { address in
        guard !address.isEmpty else { return "" }
        return "\"src_endpoint\":{" + member("ip", NetworkAddress(address) == nil ? nil : address)
      },
      .shapeWithAddress { shape in
        shape.country.isEmpty ? "" : "\"location\":{\"country\":\(json(shape.country))},"
      },
      .address { $0.isEmpty ? "" : "\"name\":\(json($0))}," },
      .shape { shape in
        let outcome = shape.outcomeName
        return "\"status\":\(json(outcome.name))," + member("status_detail", shape.status)
          + "\"status_id\":\(outcome.id),\"time\":"
      },
      .row { login, bytes in bytes.append(contentsOf: String(login.time.milliseconds).utf8) },
      .shape { shape in
        ",\"type_name\":\"Authentication: Logon\",\"type_uid\":300201,\"unmapped\":{"
      },
      .account { member("account_class", $0.accountClass.rawValue) },
      .shape { shape in
        member("api_type", shape.apiType) + member("api_version", shape.apiVersion)
          + member("application", shape.application)
      },
      .file { member("file", $0) },
      .shape { member("kind", $0.door.name) + "\"line\":" },
      .row { login, bytes in
        login.writeLine(to: &bytes)
        bytes.append(UInt8(ascii: ","))
      },
      .shape { member("login_sub_type", $0.subType) + member("login_type", $0.type) },
      .verdict { verdict in
        member("mfa", verdict?.state.rawValue) + member("mfa_basis", verdict?.basis.rawValue)
          + member("mfa_grade", verdict?.grade.name)
      },
      .shape { member("tls", $0.tls) },
      .endOfMembers,
      .account { account in
        let (id, name) = (account.id, account.shownName)
        let user = OCSFWriter.object { writer in
          if id.isEmpty, name.isEmpty { return writer.string("name", "unknown") }
          OCSF.user(id: id, username: name, account.accountClass, &writer)
        }
        return "},\"user\":\(user)}"
      },
    ])
  }

  /// A comma and a member; nothing where the text is empty.
  private static func tail(_ name: String, _ text: String) -> String {
    text.isEmpty ? "" : ",\"\(name)\":\(json(text))"
  }

  /// What stands for a text inside a JSON string.
  static func inString(_ text: String) -> String {
    String(json(text).dropFirst().dropLast())
  }
}

extension LoginAccount {
  /// The name that events show: also of an account that is known by its name alone.
  fileprivate var shownName: String {
    if case .username(let name) = key, username.isEmpty { return name }
    return username
  }
}

extension LoginShape {
  fileprivate var outcomeName: (id: Int, name: String) {
    switch outcome {
    case .succeeded: (1, "Success")
    case .failed: (2, "Failure")
    case .pending: (99, "Pending")
    }
  }

  fileprivate var logonType: (id: Int, name: String) {
    switch door {
    case .human: (2, "Interactive")
    case .api: (3, "Network")
    case .unclassified: (0, "Unknown")
    }
  }

  /// Named by the login type where that names a protocol.
  fileprivate var authenticationProtocol: (id: Int, name: String)? {
    let type = type.lowercased()
    if type.contains("saml") { return (5, "SAML") }
    if type.hasPrefix("remote access") { return (6, "OAUTH 2.0") }
    return nil
  }
}
