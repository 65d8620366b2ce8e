import Accounts
import Results

extension EvidenceRecord {
  /// Whether the login came with MFA and how that is known; empty for rows without a verdict.
  func shownVerdict(hasVerifications: Bool) -> String {
    guard let mfa else { return "" }
    let why = basis.map { VerdictBasis.sentence($0, hasVerifications: hasVerifications) } ?? ""
    let method = mfa == .proven ? grade.map { " (\($0) method)" } ?? "" : ""
    return mfa.answer + (why.isEmpty ? "" : ": " + why) + method
  }

  /// What the row shows beside its verdict; empty for nothing.
  var shownLabel: String {
    // Most labels are one: to search for a separator of two bytes costs more than all else of a row.
    if !label.utf8.contains(UInt8(ascii: ";")) { return shown(label) ?? "" }
    return label.split(separator: "; ").compactMap { shown(String($0)) }.joined(separator: "; ")
  }

  private func shown(_ label: String) -> String? {
    switch label {
    case "maintenance: first_setup": "at the first set-up"
    case "maintenance: password_reset": "after a password reset"
    case "maintenance: other", "identity confirmed only": nil
    case _ where mfa != nil && Self.verdictLabels.contains(where: label.hasPrefix): nil
    default: label
    }
  }

  /// How labels begin that say the verdict.
  private static let verdictLabels = ["without MFA: ", "MFA unknown: ", "MFA proven"]
}
