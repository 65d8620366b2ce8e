import Accounts
import Findings

extension FindingStatus {
  /// What a finding is, in a word.
  var shownName: String {
    switch self {
    case .fail: "fail"
    case .unknown: "undecided"
    case .info: "info"
    }
  }

  /// What came of looking: in a list of what to do, where `fail` and `info` say little.
  var answer: String {
    switch self {
    case .fail: "found"
    case .unknown: "undecided"
    case .info: "for information"
    }
  }
}

/// Names of the figures of findings, for people.
enum FigureName {
  private static let verdicts = "mfa_"
  private static let bases = "basis_"

  /// The name in words: `mfa_absent` is `MFA: no`.
  ///
  /// - Parameter hasVerifications: Whether a verification export was read.
  static func spelt(_ name: String, hasVerifications: Bool) -> String {
    if name.hasPrefix(verdicts),
      let state = VerdictState(rawValue: String(name.dropFirst(verdicts.count)))
    {
      return "MFA: " + state.answer
    }
    if name.hasPrefix(bases) {
      let code = String(name.dropFirst(bases.count))
      return VerdictBasis.sentence(code, hasVerifications: hasVerifications)
    }
    return name.split(separator: "_", omittingEmptySubsequences: false).map { word in
      switch word {
      case "api": "API"
      case "ids": "Ids"
      case "sso": "SSO"
      case "subtype": "sub-type"
      default: String(word)
      }
    }.joined(separator: " ")
  }
}
