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

  /// Name of the calendar entry for the end of the MFA roll-out for all employees.
  package var employeesCalendar: String { "mfa_employees_" + rawValue }

  /// Name of the calendar entry for the end of the roll-out for privileged users.
  package var enforcementCalendar: String { "mfa_enforcement_" + rawValue }
}
