import Results
import SalesforceExports

extension FindingRecord {
  /// What a finding is about beside its account, in words: `application Loader, API version 31.0`.
  ///
  /// Empty where its rule has one finding for each account. The name that tells it from others
  /// (``discriminator``) stays in the forms that programs read.
  package var shownSubject: String {
    switch (ruleID, discriminator) {
    case (_, ""): return ""
    case ("PST-API-003", _): return "API version \(discriminator)"
    case ("PST-API-012", "retired_version"): return "requests of a retired API version"
    case ("PST-API-012", "busy_day"): return "far more requests than on its other days"
    case ("PST-INT-012", _): return "administrator \(discriminator)"
    default: break
    }
    guard let (name, rest) = Self.halves(discriminator[...], at: "=") else { return discriminator }
    switch name {
    case "application":
      if let (name, version) = Self.halves(rest, at: "&api_version=") {
        return "application \(name), API version \(version)"
      }
      if let (name, network) = Self.halves(rest, at: "&network=") {
        return "application \(name), network \(network)"
      }
      return "application \(rest)"
    case "address", "indicator", "network": return "\(name) \(rest)"
    case "tls": return String(rest)
    case "permission": return PermissionName.spelt(String(rest))
    case "from": return "from \(rest)"
    case "column":
      guard let (column, value) = Self.halves(rest, at: "&value=") else { return discriminator }
      return "\(column): \(value)"
    case "file":
      guard let (file, reason) = Self.halves(rest, at: "&reason=") else { return discriminator }
      return "\(file): \(reason.replacing("_", with: " "))"
    default: return discriminator
    }
  }

  private static func halves(
    _ text: Substring, at separator: String
  ) -> (Substring, Substring)? {
    guard let range = text.firstRange(of: separator) else { return nil }
    return (text[..<range.lowerBound], text[range.upperBound...])
  }
}
