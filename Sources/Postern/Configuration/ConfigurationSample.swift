import Configuration
import Decompression
import Delimited
import Findings
import SalesforceExports

/// What `postern config sample` prints: every key, commented out, with its default or an example.
///
/// Lines that begin with `# ` are prose; those that begin with `#` and a key, or with `#` and two
/// blanks, become settings when the `#` is taken away.
package enum ConfigurationSample {
  /// The whole file.
  package static var text: String {
    (fixed + [thresholds, words, limits, calendars, suppressions]).joined(separator: "\n\n") + "\n"
  }

  private static var fixed: [String] {
    [
      """
      # Settings of Postern. Every key is optional, and stands here with its default or, where there
      # is none, with an example. Take the # away from what you want to state.
      # postern config check FILE finds mistakes.
      """,
      """
      # Which org the exports come from. No default.
      # type: production, sandbox, developer or scratch; dates of the MFA enforcement differ by it.
      #org: {id: 00D000000000001, name: Acme, type: production}
      """,
      """
      # Whether "Require multi-factor authentication (MFA) for all direct UI logins" is on. No export
      # tells. No default.
      #mfa: {required_for_direct_ui_logins: true}
      """,
      """
      # Session Security Level Required at Login by profile, where no ProfileSessionSetting export is
      # given: HIGH_ASSURANCE, STANDARD, LOW or NONE. No default.
      #session_levels:
      #  Integration User: STANDARD
      """,
      """
      # Accounts whose class you know; the first list that has an account wins. Usernames and
      # profile:NAME may hold *, which stands for any characters; Ids have 15 or 18 characters.
      # Default: none.
      #break_glass_accounts: [emergency@example.com]
      #integration_accounts: [etl@example.com, "svc.*@example.com", "profile:Integration*"]
      #human_accounts: [ada@example.com]
      """,
      """
      # Accounts of test automation and RPA, whom MFA rules leave out. Default: none.
      #ui_automation_accounts: [robot@example.com]
      """,
      """
      # Clients that people use: their API logins say nothing about who an account is. A list given here
      # takes the place of the default:
      #user_facing_clients:
      """
        + Configuration.defaultUserFacingClients.map { "\n#  - \"\($0.text)\"" }.joined(),
      """
      # Networks that lower the severity of what comes from them alone. Default: none.
      #trusted_networks: [192.0.2.0/24, "2001:db8::/32"]
      """,
      """
      # Signs of an attack to look for: addresses and networks, applications, user agents, each with
      # dates and a source if they have some, and lists of such lines (file: PATH, looked for beside this
      # file). Default: none.
      #indicators:
      #  - 203.0.113.66
      #  - {application: "Klue*", from: 2026-06-11, until: 2026-06-14, source: "vendor's notice"}
      #  - user_agent: "python-requests/*"
      """,
      """
      # Privileges that integration accounts may hold without a finding (PST-INT-008), by account. Default:
      # none.
      #allowed_privileges:
      #  etl@example.com: [ViewAllData]
      """,
      """
      # The time that the VerificationHistory export holds completely, where you know it better than the
      # rows tell. No default.
      #coverage:
      #  verification_history: {from: 2026-02-01, until: 2026-08-01}
      """,
    ]
  }

  private static var thresholds: String {
    "# Numbers that rules compare with.\n#thresholds:"
      + Catalogue.thresholds.map { threshold in
        let value = threshold.standard
        let number = Int(exactly: value).map(String.init) ?? "\(value)"
        return "\n#  # \(threshold.summary)\n#  \(threshold.name): \(number)"
      }.joined()
  }

  private static var words: String {
    """
    # Whole words in a username or profile that speak for an integration account. A list given here takes
    # the place of the default:
    #integration_words: [\(Configuration.defaultIntegrationWords.joined(separator: ", "))]
    """
  }

  private static var limits: String {
    let records = RecordLimits()
    let inflate = InflateLimits()
    return """
      # What an input may demand: bytes of a field, columns, bytes that one compressed byte and one
      # compressed file may become. Sizes may have a unit (64KiB, 2GB).
      #limits:
      #  field_bytes: \(records.fieldBytes)
      #  columns: \(records.columns)
      #  expansion_ratio: \(inflate.expansionRatio)
      #  expanded_bytes: \(inflate.expandedBytes)
      """
  }

  private static var calendars: String {
    let dated = CalendarEntry.all.filter { $0.date != .never }
    let others = CalendarEntry.all.filter { $0.date == .never }
    return "# Dates of Salesforce's that rules compare with.\n#calendars:"
      + dated.map { entry in
        "\n#  # \(entry.summary)\n#  \(entry.name): \(CivilDate(day: entry.date.day).text)"
      }.joined()
      + others.map { "\n#  # \($0.name) has no date: \($0.summary)" }.joined()
  }

  private static var suppressions: String {
    """
    # Findings that somebody has accepted for a time; all five are required, and account may be "*".
    # Default: none.
    #suppressions:
    #  - rule: PST-INT-008
    #    account: etl@example.com
    #    owner: security@example.com
    #    reason: reads all data for the warehouse until the rights are split
    #    expires: 2027-03-31
    """
  }
}
