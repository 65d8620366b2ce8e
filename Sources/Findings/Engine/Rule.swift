package import Accounts
package import SalesforceExports

/// An input beside login rows that a rule may need.
package enum RuleInput: Sendable, CaseIterable {
  /// A `User` export.
  case users
  /// Permission columns of `Profile`, `PermissionSet` or relationship columns of `User`.
  case permissions
  /// Columns of *Approve Uninstalled Connected Apps* or *Use Any API Client*, which not all orgs have.
  case clientPermissions
  /// A `VerificationHistory` export, or AMR from an identity provider in the logins.
  case verifications
  /// A `VerificationHistory` export.
  case verificationHistory
  /// A `TwoFactorMethodsInfo` export.
  case methods
  /// `session_levels` in the configuration, or a `ProfileSessionSetting` export.
  case sessionLevels
  /// `indicators` in the configuration.
  case indicators
  /// `break_glass_accounts` in the configuration.
  case breakGlassAccounts
  /// Sessions of administrators inside other accounts.
  case impersonations
  /// API requests.
  case apiRequests
  /// Pages of the user interface.
  case pages
  /// An `OauthToken` export.
  case oauthTokens

  /// What to give, in the words of reports and of `missing` in results.
  package var text: String {
    switch self {
    case .users: "User"
    case .permissions: "permissions (Profile, PermissionSet, PermissionSetAssignment)"
    case .clientPermissions:
      "column PermissionsApproveUninstalledConnectedApps or PermissionsUseAnyApiClient of Profile or "
        + "PermissionSet"
    case .verifications: "VerificationHistory, or AuthMethodReference in the login rows"
    case .verificationHistory: "VerificationHistory"
    case .methods: "TwoFactorMethodsInfo"
    case .sessionLevels: "session_levels in the configuration, or ProfileSessionSetting"
    case .indicators: "indicators in the configuration"
    case .breakGlassAccounts: "break_glass_accounts in the configuration"
    case .impersonations: "event log LoginAs, or LoginAsEvent"
    case .apiRequests:
      "API event logs (ApiTotalUsage, API, RestApi, BulkApi, BulkApi2, BulkApiRequest)"
    case .pages: "event log URI, AuraRequest or LightningPageView"
    case .oauthTokens: "OauthToken"
    }
  }

  /// Kinds of files that give it; empty for what the configuration alone gives.
  package var kinds: Set<FileKind> {
    switch self {
    case .users: [.user]
    case .permissions, .clientPermissions: [.profile, .permissionSet, .permissionSetAssignment]
    case .verifications, .verificationHistory: [.verificationHistory]
    case .methods: [.twoFactorMethodsInfo]
    case .sessionLevels: [.profileSessionSetting]
    case .indicators, .breakGlassAccounts: []
    case .impersonations: [.eventLogLoginAs, .loginAsEvent]
    case .apiRequests:
      [.apiTotalUsage, .soapAPI, .restAPI, .bulkAPI, .bulkAPI2, .bulkAPIRequest, .metadataAPI]
    case .pages: [.uri, .auraRequest, .lightningPageView]
    case .oauthTokens: [.oauthToken]
    }
  }
}

/// What rules are about; the letters stand in their ids.
package enum RuleFamily: String, Sendable, CaseIterable {
  case mfa = "MFA"
  case integration = "INT"
  case api = "API"
  case account = "ACC"
  case organization = "ORG"
  case data = "DATA"

  /// The family that an id of the form `PST-INT-001` names; `nil` for other texts.
  init?(ofRule id: String) {
    let parts = id.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "PST", parts[2].utf8.count == 3,
      parts[2].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    self.init(rawValue: String(parts[1]))
  }
}

/// A number that a rule compares with.
package struct RuleThreshold: Sendable, Equatable {
  /// Name in the configuration.
  package let name: String
  /// Value where the configuration says nothing.
  package let standard: Double
  /// What it decides.
  package let summary: String

  /// Makes a threshold.
  package init(_ name: String, _ standard: Double, _ summary: String) {
    self.name = name
    self.standard = standard
    self.summary = summary
  }
}

/// What a rule says about itself: the catalogue is printed from this.
///
/// One object a rule, which all its findings refer to.
package final class RuleDescription: Sendable {
  /// `PST-…`; never used again for another rule.
  package let id: String
  /// What the rule is about.
  package let family: RuleFamily
  /// Major version: raised when the meaning changes.
  package let version: Int
  /// What a finding of the rule says, in half a sentence.
  package let title: String
  /// Kind of its findings.
  package let status: FindingStatus
  /// Severity before the steps.
  package let severity: Severity
  /// What makes a finding beside the account.
  package let onePer: String
  /// Whether each new row matters: a finding with rows that an earlier run did not have is found anew.
  ///
  /// Findings of other rules are states, which persist while they last (docs/judgement.md).
  package let isEvent: Bool
  /// Columns of the login export without which it cannot run, by their names in LoginHistory.
  package let needsColumns: [String]
  /// Inputs without which it cannot run.
  package let needs: [RuleInput]
  /// When it fires.
  package let condition: String
  /// Steps of the severity.
  package let severitySteps: [String]
  /// What its evidence is.
  package let evidence: String
  /// What to do.
  package let remediation: String
  /// Where the duty or the fact is stated.
  package let references: [String]
  /// MITRE ATT&CK techniques.
  package let attack: [String]
  /// Numbers that it compares with.
  package let thresholds: [RuleThreshold]

  /// Makes a description.
  ///
  /// - Precondition: `id` is `PST-`, the letters of a ``RuleFamily``, `-`, and three digits.
  package init(
    id: String, version: Int = 1, title: String, status: FindingStatus = .fail, severity: Severity,
    onePer: String, isEvent: Bool = false, needsColumns: [String] = [], needs: [RuleInput] = [],
    condition: String, severitySteps: [String] = [],
    evidence: String, remediation: String, references: [String] = [], attack: [String] = [],
    thresholds: [RuleThreshold] = []
  ) {
    guard let family = RuleFamily(ofRule: id) else {
      preconditionFailure("\(id) is not PST, a family and three digits")
    }
    self.id = id
    self.family = family
    self.version = version
    self.title = title
    self.status = status
    self.severity = severity
    self.onePer = onePer
    self.isEvent = isEvent
    self.needsColumns = needsColumns
    self.needs = needs
    self.condition = condition
    self.severitySteps = severitySteps
    self.evidence = evidence
    self.remediation = remediation
    self.references = references
    self.attack = attack
    self.thresholds = thresholds
  }

  /// Whether what it says of an account rests on snapshots: by what it needs, or because it asks
  /// for the class of the account, as all rules about MFA and integration accounts do.
  package var restsOnSnapshots: Bool {
    needs.contains(.users) || needs.contains(.permissions) || family == .mfa
      || family == .integration
  }
}

/// A rule: its description beside its condition.
///
/// A rule sees one account after the other, and then the run as a whole.
package protocol Rule: Sendable {
  /// What the rule says about itself.
  static var description: RuleDescription { get }
  /// Findings about one account.
  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft]
  /// Findings about the whole org.
  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft]
  /// Looks at some accounts, one after the other.
  ///
  /// Asked for by rules so that each has a loop of its own, in which nothing stands between it and the facts; none
  /// writes one.
  ///
  /// - Parameter add: Receives the findings about each account that has any, with its position.
  func judge(
    _ accounts: [Judgement.PlacedAccount], in context: RuleContext,
    _ add: (_ position: Int, [FindingDraft]) -> Void)
}

extension RuleDescription {
  /// Whether it finds something about single accounts; the others look at the run alone.
  ///
  /// A test holds what is said of it to the sources.
  var isAboutAccounts: Bool { onePer.hasPrefix("account") }
}

extension Rule {
  /// What the rule says about itself.
  package var description: RuleDescription { Self.description }
  /// No finding about accounts.
  package func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] { [] }
  /// No finding about the org.
  package func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] { [] }
  /// The loop of the rule.
  package func judge(
    _ accounts: [Judgement.PlacedAccount], in context: RuleContext,
    _ add: (_ position: Int, [FindingDraft]) -> Void
  ) {
    for position in accounts.indices {
      let drafts = accounts[position].withFacts { findings(for: $0, in: context) }
      if !drafts.isEmpty { add(position, drafts) }
    }
  }
}
