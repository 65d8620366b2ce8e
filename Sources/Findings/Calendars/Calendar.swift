package import SalesforceExports

/// A date of Salesforce's that rules compare with.
package struct CalendarEntry: Sendable {
  /// Name in the configuration.
  package let name: String
  /// The date where the configuration says nothing; ``Instant/never`` where there is none.
  package let date: Instant
  /// What happens then.
  package let summary: String
  /// Where that is stated.
  package let source: String

  /// All dates.
  ///
  /// Release names are taken as the first of June of their year.
  package static let all: [CalendarEntry] = [
    entry(
      "soap_login_retirement", 2027, 6, 1, "SOAP login() is retired (Summer '27)",
      Reference.soapLogin),
    entry(
      "api_7_to_20_retirement", 2022, 6, 1, "API versions 7.0 to 20.0 are retired (Summer '22)",
      Reference.endOfLifePolicy),
    entry(
      "api_21_to_30_retirement", 2025, 6, 1, "API versions 21.0 to 30.0 are retired (Summer '25)",
      Reference.endOfLifePolicy),
    entry(
      "api_31_to_40_retirement", 2028, 6, 1, "API versions 31.0 to 40.0 are retired (Summer '28)",
      Reference.versionRetirement),
    entry(
      "mfa_enforcement_production", 2026, 9, 3,
      "end of the roll-out of phishing-resistant MFA for privileged users in production",
      Reference.privilegedUsers),
    entry(
      "mfa_enforcement_sandbox", 2026, 7, 17,
      "end of the roll-out of phishing-resistant MFA for privileged users in sandboxes",
      Reference.privilegedUsers),
    entry(
      "mfa_employees_production", 2026, 8, 4,
      "end of the roll-out of MFA for all employees in production", Reference.employeeUsers),
    entry(
      "mfa_employees_sandbox", 2026, 7, 8,
      "end of the roll-out of MFA for all employees in sandboxes", Reference.employeeUsers),
    CalendarEntry(
      name: "mfa_enforcement_developer", date: .never,
      summary: "Developer Edition orgs are exempt", source: Reference.multiFactorFAQ),
    CalendarEntry(
      name: "mfa_enforcement_scratch", date: .never, summary: "scratch orgs are exempt",
      source: Reference.multiFactorFAQ),
    CalendarEntry(
      name: "mfa_employees_developer", date: .never,
      summary: "Developer Edition orgs are exempt", source: Reference.multiFactorFAQ),
    CalendarEntry(
      name: "mfa_employees_scratch", date: .never, summary: "scratch orgs are exempt",
      source: Reference.multiFactorFAQ),
  ]

  private static func entry(
    _ name: String, _ year: Int64, _ month: Int64, _ day: Int64, _ summary: String,
    _ source: String
  ) -> CalendarEntry {
    let date = CivilDate(year: year, month: month, dayOfMonth: day)
    return CalendarEntry(
      name: name, date: Instant(milliseconds: (date?.day ?? 0) * Instant.dayMilliseconds),
      summary: summary, source: source)
  }

  /// Name of the entry that retires an API version; `nil` for versions without a date.
  package static func retirement(ofVersion version: Int) -> String? {
    switch version {
    case ...20: "api_7_to_20_retirement"
    case 21...30: "api_21_to_30_retirement"
    case 31...40: "api_31_to_40_retirement"
    default: nil
    }
  }
}

extension Instant {
  /// A date that does not come.
  package static let never = Instant(milliseconds: .max)
}
