package import Findings
package import Platform
import SalesforceExports

/// What the user states about the org and wants judged differently: the content of `--config`.
///
/// Every key is optional; a value that is not given is `nil`, empty, or the default named here.
/// ``load(path:thresholdNames:calendarNames:ruleIDs:permissionNames:)`` reads a file and refuses
/// everything that it does not understand.
package struct Configuration: Hashable, Sendable {
  /// `org`: which org the exports come from.
  package var organization = Organization()
  /// `mfa`: settings of the org that no export tells.
  package var mfa = MFASettings()
  /// `session_levels`: Session Security Level Required at Login, by name of the profile.
  package var sessionLevels: [ExactText: SessionLevel] = [:]
  /// `integration_accounts`: accounts to be taken as integration accounts.
  package var integrationAccounts = AccountPatternList()
  /// `break_glass_accounts`: emergency accounts, every use of which is a finding.
  package var breakGlassAccounts = AccountPatternList()
  /// `human_accounts`: accounts to be taken as people's.
  package var humanAccounts = AccountPatternList()
  /// `ui_automation_accounts`: test automation and RPA, exempt from the MFA rules.
  package var uiAutomationAccounts = AccountPatternList()
  /// `user_facing_clients`: applications whose API logins are a person's; a given list replaces
  /// ``defaultUserFacingClients``.
  package var userFacingClients = Configuration.defaultUserFacingClients
  /// `trusted_networks`: networks that lower the severity of what comes from them alone.
  package var trustedNetworks = NetworkPrefixList()
  /// `indicators`: signs of an attack, those of named files included, in the order of writing.
  package var indicators: [Indicator] = []
  /// `allowed_privileges`: privileges that accounts may hold, in the order of writing.
  package var allowedPrivileges: [AllowedPrivileges] = []
  /// `coverage`: the time that exports are stated to hold completely.
  package var coverage = Coverage()
  /// `thresholds`: the numbers that differ from the table's defaults, by name.
  package var thresholds: [String: Double] = [:]
  /// `integration_words`: whole words in a name that speak for an integration account, lower-cased;
  /// a given list replaces ``defaultIntegrationWords``.
  package var integrationWords = Configuration.defaultIntegrationWords
  /// `limits`: bounds on what an input may demand.
  package var limits = Limits()
  /// `calendars`: retirement and enforcement dates that differ from the tables, by name, in
  /// milliseconds since 1970 UTC.
  package var calendars: [String: Int64] = [:]
  /// `suppressions`: findings that somebody has accepted for a time.
  package var suppressions: [SuppressionEntry] = []
  /// The files read, the configuration first, for the digest of the run record.
  package var sources: [SourceFile] = []

  /// A configuration in which nothing is stated: what an empty file gives.
  package init() {}

  /// The session level that the configuration states for a profile, compared without regard to
  /// case, or `nil`.
  package func sessionLevel(ofProfile profile: String) -> SessionLevel? {
    if sessionLevels.isEmpty { return nil }
    let folded = profile.asciiLowercased
    return sessionLevels.first { $0.key.string.asciiLowercased.hasBytes(of: folded) }?.value
  }

  /// The privileges that the configuration allows to an account: of all entries that match it.
  ///
  /// - Parameters:
  ///   - id15or18: The account's id in either form.
  ///   - username: The name it logs in with.
  ///   - profile: The name of its profile.
  package func allowedPrivileges(
    id15or18: String?, username: String?, profile: String?
  ) -> Set<String> {
    allowedPrivileges.reduce(into: []) { result, entry in
      if entry.account.matches(id15or18: id15or18, username: username, profile: profile) {
        result.formUnion(entry.permissions)
      }
    }
  }

  /// Words that speak for an integration account (docs/judgement.md).
  package static let defaultIntegrationWords = [
    "integration", "api", "svc", "service", "bot", "automation", "etl", "sync",
  ]

  /// Applications through which people use the API (docs/judgement.md).
  package static let defaultUserFacingClients = [
    "Salesforce for iOS", "Salesforce for Android", "Outlook", "Gmail", "Salesforce for Outlook",
    "Salesforce CLI", "Data Loader", "Dataloader Partner", "Dataloader Bulk",
    // Of Data Loader's own names those of its command line are a system's
    // (docs/salesforce.md#data-loader).
    "DataLoaderPartnerUI*", "DataLoaderBulkUI*", "Workbench", "Salesforce Inspector*",
    "Chatter Desktop", "Chatter Mobile for BlackBerry", "SalesforceA", "Salesforce Authenticator",
    "Salesforce Files", "Salesforce Touch", "Salesforce1*",
  ].map { NamePattern($0) }
}

extension Configuration {
  /// `org`: which org the exports come from.
  package struct Organization: Hashable, Sendable {
    /// The org's id as it was written, 15 or 18 characters.
    package var id: String?
    /// A name for people.
    package var name: String?
    /// The kind of org; enforcement dates differ by it.
    package var type: OrganizationType?
  }

  /// `mfa`: settings of the org that no export tells.
  package struct MFASettings: Hashable, Sendable {
    /// `required_for_direct_ui_logins`: the org-wide switch; `nil` when not told.
    package var requiredForDirectUILogins: Bool?
  }

  /// Session Security Level Required at Login, as a profile's settings state it.
  package enum SessionLevel: String, Hashable, Sendable, CaseIterable {
    /// High assurance.
    case highAssurance = "HIGH_ASSURANCE"
    /// Standard.
    case standard = "STANDARD"
    /// Low.
    case low = "LOW"
    /// No level required.
    case none = "NONE"
  }

  /// One entry of `allowed_privileges`.
  package struct AllowedPrivileges: Hashable, Sendable {
    /// Whom the entry is about.
    package var account: AccountPattern
    /// API names of permissions without the prefix `Permissions`, such as `ModifyAllData`.
    package var permissions: [String]
  }

  /// `coverage`: the time that exports are stated to hold completely.
  package struct Coverage: Hashable, Sendable {
    /// `verification_history`; `nil` when not told.
    package var verificationHistory: InstantRange?
  }

  /// A stretch of time; an end that is not given is open.
  package struct InstantRange: Hashable, Sendable {
    /// The first millisecond since 1970 UTC, or `nil`.
    package var from: Int64?
    /// The first millisecond after the stretch, or `nil`.
    package var until: Int64?

    /// Whether `instant`, in milliseconds since 1970 UTC, lies in the stretch.
    package func contains(_ instant: Int64) -> Bool {
      (from.map { $0 <= instant } ?? true) && (until.map { instant < $0 } ?? true)
    }
  }

  /// `limits`: bounds on what an input may demand; `nil` leaves the program's own.
  package struct Limits: Hashable, Sendable {
    /// `field_bytes`: the longest field of a record.
    package var fieldBytes: Int?
    /// `columns`: the most columns of a file.
    package var columns: Int?
    /// `expansion_ratio`: the most bytes that one compressed byte may become.
    package var expansionRatio: Int?
    /// `expanded_bytes`: the most bytes that one compressed file may become.
    package var expandedBytes: Int?
  }

  /// One entry of `suppressions`: findings that somebody has accepted for a time.
  package struct SuppressionEntry: Hashable, Sendable {
    /// Id of the rule.
    package var rule: String
    /// The accounts concerned; `*` includes findings about the whole org.
    package var account: AccountPattern
    /// Who accepted it.
    package var owner: String
    /// Why.
    package var reason: String
    /// From when it no longer holds, in milliseconds since 1970 UTC.
    package var expires: Int64
    /// The line of the configuration on which the entry begins, 1-based.
    package var line: Int

    /// Whether the entry no longer holds at `instant`, in milliseconds since 1970 UTC.
    package func isExpired(at instant: Int64) -> Bool { expires <= instant }
  }

  /// A file that was read for the configuration.
  package struct SourceFile: Hashable, Sendable {
    /// Where it was read from.
    package var path: String
    /// Its whole content.
    package var bytes: [UInt8]
  }
}
