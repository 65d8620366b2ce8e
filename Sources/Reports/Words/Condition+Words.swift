import Accounts
import Findings
import SalesforceExports

extension Condition {
  /// What was asked and found, in words; codes become sentences.
  ///
  /// - Parameter hasVerifications: Whether a verification export was read.
  func sentence(hasVerifications: Bool) -> String {
    let basis = "human logins with basis "
    switch name {
    case "snapshot" where value == "undated":
      return "the User file has no date in its name, and is taken as valid at all times"
    case "snapshot" where value == "missing": return "no such export was given"
    case "snapshot": return "the User export: \(value)"
    case "org-wide switch" where value == "not told":
      return "state mfa.required_for_direct_ui_logins in the configuration"
    case "class of the account": return "the account: \(Self.classInWords(value))"
    case _ where name.hasPrefix(basis):
      let code = String(name.dropFirst(basis.count))
      return "\(value) of its logins: "
        + VerdictBasis.sentence(code, hasVerifications: hasVerifications)
    case _ where value == "not told": return "\(name): cannot be told"
    default: return "\(name): \(value)"
    }
  }

  /// The threshold where it says more than that something was found.
  var shownThreshold: String { threshold == "1 or more" ? "" : threshold }

  /// `integration (medium): why` as `integration, medium confidence: why`.
  private static func classInWords(_ value: String) -> String {
    guard let open = value.firstIndex(of: "("), let close = value.firstIndex(of: ")"), open < close,
      let accountClass = AccountClass(rawValue: String(value[..<open].dropLast()))
    else { return value }
    let confidence = value[value.index(after: open)..<close]
    return
      "\(accountClass.shownName), \(confidence) confidence\(value[value.index(after: close)...])"
  }
}
