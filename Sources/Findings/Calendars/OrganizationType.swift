/// Kinds of org that enforcement dates tell apart.
package enum OrganizationType: String, Hashable, Sendable, CaseIterable {
  /// A production org.
  case production
  /// A sandbox.
  case sandbox
  /// A Developer Edition org.
  case developer
  /// A scratch org.
  case scratch

  /// Name of the calendar entry for the end of the MFA roll-out of this kind.
  package var enforcementCalendar: String { "mfa_enforcement_" + rawValue }
}
