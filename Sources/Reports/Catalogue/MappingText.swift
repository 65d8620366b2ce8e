import Accounts
import SalesforceExports

/// The tables by which logins are judged, printed from the code that judges (`postern rules
/// mapping`).
///
/// Nothing is decided here: values go through the decoder and the proof as rows do, and what comes
/// out is printed.
package enum MappingText {
  /// The whole text.
  package static var text: String {
    let parts = [
      loginTypes, subTypes, addresses, statuses, verdicts, verifications, providerTokens,
    ]
    return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func title(_ text: String) -> String { text.uppercased() }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  // MARK: Doors

  private static func shape(
    type: String = "", subType: String = "", uri: String = "", kind: FileKind = .loginHistory
  ) -> LoginShape {
    var fields = [String?](repeating: nil, count: ShapeField.allCases.count)
    fields[ShapeField.type.rawValue] = type
    fields[ShapeField.subType.rawValue] = subType
    fields[ShapeField.uri.rawValue] = uri
    return LoginShape(fields: fields, kind: kind)
  }

  private static func name(_ door: LoginDoor) -> String {
    switch door {
    case .human: "human"
    case .api: "api"
    case .unclassified: "unclassified"
    }
  }

  private static var loginTypes: [String] {
    var lines = [
      title("Login types"),
      "Label, API value and event-log code are the same value; case and punctuation do not matter.",
      "",
      pad("LABEL", 46) + pad("API VALUE", 31) + pad("CODE", 6) + "CLASS",
    ]
    for type in LoginType.all {
      let door =
        type.role == .oauth ? "by sub-type" : name(shape(type: type.label).door)
      lines.append(
        pad(type.label, 46) + pad(type.apiValue, 31) + pad(type.eventLogCode ?? "-", 6) + door)
    }
    lines.append(
      "unclassified, from old sessions: " + LoginType.legacyLabels.joined(separator: ", "))
    lines.append("any other value: \(name(shape(type: "?").door)), counted and listed")
    return lines
  }

  private static var subTypes: [String] {
    var lines = [
      title("Sub-types of OAuth logins"),
      "They decide the class of the types Remote Access 2.0 and Remote Access Client.", "",
      pad("LABEL", 38) + pad("API VALUE", 38) + "CLASS",
    ]
    let oauth = LoginType.all.first { $0.role == .oauth }?.label ?? ""
    func door(_ subType: String) -> String {
      let shape = shape(type: oauth, subType: subType)
      return name(shape.door)
        + (shape.marks.contains(.openSubType) ? ", counted as subtype_unknown" : "")
        + (shape.marks.contains(.interactiveConsent) ? ", consent" : "")
    }
    for subType in LoginSubType.all {
      lines.append(pad(subType.label, 38) + pad(subType.apiValue, 38) + door(subType.label))
    }
    lines.append(pad("empty, or the column missing", 76) + door(""))
    lines.append(pad("any other value", 76) + door("?"))
    return lines
  }

  private static var addresses: [String] {
    let examples = [
      "/services/oauth2/token", "/services/Soap/u/58.0", "/index.jsp", "/home/home.jsp",
      "/secur/frontdoor.jsp", "/login", "/services/data",
    ]
    return [
      title("Event log rows without a login type: examples of their URI"), "",
      pad("URI", 30) + "CLASS",
    ]
      + examples.map { pad($0, 30) + name(shape(uri: $0, kind: .eventLogLogin).door) }
  }

  private static var statuses: [String] {
    var lines = [title("Statuses"), "Compared trimmed, in any case.", ""]
    for (outcome, word) in [(LoginOutcome.succeeded, "succeeded"), (.pending, "pending")] {
      for status in LoginStatus.known where status.outcome == outcome {
        lines.append(pad(status.label, 46) + word)
      }
    }
    lines.append(pad("any other status", 46) + "failed; those known:")
    for status in LoginStatus.known where status.outcome == .failed {
      lines.append("  " + status.label)
    }
    return lines
  }

  // MARK: Verdicts

  private static var verdicts: [String] {
    [
      title("Verdicts on successful human logins"),
      "In results a verdict is named by its basis. A failed or pending attempt has none.", "",
      pad("BASIS", 25) + pad("MFA", 9) + "SEEN",
    ]
      + VerdictBasis.allCases.map { basis in
        pad(basis.rawValue, 25) + pad(basis.state.rawValue, 9) + basis.seen
      }
  }

  private static let policies = [
    "TwoFactorAuthentication", "ProfilePolicy", "LightningLogin", "PasswordlessPasskeyLogin",
    "DeviceActivation", "HighAssurance", "PageAccess", "CustomApex", "ExtraVerification", "other",
  ]
  private static let methods = [
    "U2F", "BuiltInAuthenticator", "WebAuthnRoamingAuthenticator", "PwlessPasskey", "Totp",
    "SalesforceAuthenticator", "LL", "EnableLL", "TempCode", "Sms", "Email", "CustomOtpDelivery",
    "Password", "other",
  ]

  private static func word(policy: String, method: String) -> String {
    let proof = VerificationProof(
      policy: policy, activity: "Login", method: method, status: "Succeeded")
    if proof.provesMultiFactor(isExternal: false) {
      let grade = proof.grade(isExternal: false).name
      return grade.isEmpty ? "MFA" : "MFA, " + grade
    }
    var words: [String] = []
    if proof.contains(.identityOnly) { words.append("identity only") }
    if proof.provesMultiFactor(isExternal: true) { words.append("MFA of external users") }
    return words.isEmpty ? "proves nothing" : words.joined(separator: "; ")
  }

  /// Policies that judge all methods in the same way share their lines.
  private static var verifications: [String] {
    var lines = [
      title("Verifications that succeeded, at login (VerificationHistory)"),
      "A verification that failed or was not finished proves nothing.",
    ]
    var groups: [(policies: [String], words: [String])] = []
    for policy in policies {
      let words = methods.map { word(policy: policy, method: $0) }
      if let index = groups.firstIndex(where: { $0.words == words }) {
        groups[index].policies.append(policy)
      } else {
        groups.append(([policy], words))
      }
    }
    for group in groups {
      lines.append(contentsOf: ["", "Policy " + group.policies.joined(separator: ", ")])
      if Set(group.words).count == 1 {
        lines.append("  " + pad("any method", 34) + group.words[0])
      } else {
        for (method, word) in zip(methods, group.words) {
          lines.append("  " + pad(method, 34) + word)
        }
      }
    }
    return lines
  }

  private static var providerTokens: [String] {
    var lines = [
      title("Methods that an identity provider names (AMR, ACR)"), "", pad("GRADE", 22) + "TOKENS",
    ]
    for grade in MethodGrade.allCases.reversed() {
      let tokens = MethodGrade.knownTokens.filter { $0.grade == grade }.map(\.token)
      if !tokens.isEmpty { lines.append(pad(grade.name, 22) + tokens.joined(separator: ", ")) }
    }
    lines.append(pad("not known", 22) + "any other: decides nothing, and keeps weak ones from it")
    return lines
  }
}
