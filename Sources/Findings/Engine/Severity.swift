/// How bad a finding is.
package enum Severity: Int, Sendable, Comparable, CaseIterable {
  case info, low, medium, high, critical

  /// Name in results and options.
  package var name: String {
    switch self {
    case .info: "info"
    case .low: "low"
    case .medium: "medium"
    case .high: "high"
    case .critical: "critical"
    }
  }

  /// The severity with this name.
  package init?(name: String) {
    guard let match = Self.allCases.first(where: { $0.name == name.lowercased() }) else {
      return nil
    }
    self = match
  }

  /// Orders from info to critical.
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Whether a finding counts at this `--fail-on`: unsuppressed, and of status fail, or info where
  /// info is asked for.
  package func counts(_ status: FindingStatus, _ severity: Severity, isSuppressed: Bool) -> Bool {
    guard !isSuppressed, severity >= self else { return false }
    return status == .fail || (status == .info && self == .info)
  }

  /// The severity some steps up or down, within info and critical.
  package func stepped(by steps: Int) -> Severity {
    Severity(rawValue: min(max(rawValue + steps, 0), Severity.critical.rawValue)) ?? self
  }
}

/// What kind of statement a finding is.
package enum FindingStatus: String, Sendable, CaseIterable {
  /// Something is not as it should be.
  case fail
  /// It cannot be told.
  case unknown
  /// Something worth knowing.
  case info
}
