/// How bad a finding is.
public enum Severity: Int, Sendable, Comparable, CaseIterable {
  case info, low, medium, high, critical

  /// Name in results and options.
  public var name: String {
    switch self {
    case .info: "info"
    case .low: "low"
    case .medium: "medium"
    case .high: "high"
    case .critical: "critical"
    }
  }

  /// The severity with this name.
  public init?(name: String) {
    guard let match = Self.allCases.first(where: { $0.name == name.lowercased() }) else {
      return nil
    }
    self = match
  }

  /// Orders from info to critical.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Whether a finding counts at this `--fail-on`: unsuppressed, and of status fail, or info where
  /// info is asked for.
  public func counts(_ status: FindingStatus, _ severity: Severity, isSuppressed: Bool) -> Bool {
    guard !isSuppressed, severity >= self else { return false }
    return status == .fail || (status == .info && self == .info)
  }

  /// The severity some steps up or down, within info and critical.
  public func stepped(by steps: Int) -> Severity {
    Severity(rawValue: min(max(rawValue + steps, 0), Severity.critical.rawValue)) ?? self
  }
}

/// What kind of statement a finding is.
public enum FindingStatus: String, Sendable, CaseIterable {
  /// Something is not as it should be.
  case fail
  /// It cannot be told.
  case unknown
  /// Something worth knowing.
  case info

  /// Place among all cases.
  private var index: Int {
    switch self {
    case .fail: 0
    case .unknown: 1
    case .info: 2
    }
  }

  /// Compares cases: the standard comparison of raw values is one of their texts.
  public static func == (left: Self, right: Self) -> Bool { left.index == right.index }

  /// Hashes the case.
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }
}
