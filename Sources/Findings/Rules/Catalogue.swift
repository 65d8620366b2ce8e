import Crypto
import Platform

/// All rules.
package enum Catalogue {
  /// The rules in the order of their ids.
  package static let rules: [any Rule] = [
    UISessionWithoutMFAOnIntegrationAccount(), UISessionWithoutMFAOnPrivilegedAccount(),
    UISessionWithoutMFA(), UndecidableMFA(), IdentityConfirmedOnly(),
    PhishableMFAOnEnforcementSet(), WaiverOnHumanAccount(), TemporaryCodeOnIntegrationAccount(),
    HumanUseOfIntegrationAccount(), RefusedUILogin(), UILoginDespiteAPIOnly(),
    IntegrationAccountNotAPIOnly(), IntegrationAccountWithoutRequirement(),
    HighAssuranceOnIntegrationProfile(), APILoginsAskedForCode(), PrivilegedIntegrationAccount(),
    DormantIntegrationAccount(), IntegrationAccountSharedByHumans(), UnclaimedMFARegistration(),
    LoginRate(), SOAPLoginInUse(), RetiringAPIVersion(), PasswordFlowInUse(), LoginBurst(),
    NewNetwork(), NewApplication(), FailingAPIClient(), ConsentToNewApplication(), OldTLS(),
    IndicatorMatched(), HiddenConsents(), ImpersonatedIntegrationAccount(), UnusualAPIRequests(),
    SharedApplicationFromNewNetwork(), WokenApplication(),
    AttemptsOnInactiveAccount(), AccountInNoSnapshot(), PasswordGuessed(), CountriesAtOnce(),
    BreakGlassAccountUsed(), PasswordSpray(),
    DirectLoginDespiteSingleSignOn(), PersonInNewPlace(), UnapprovedApplicationsAllowed(),
    MethodRegisteredFromNewNetwork(), UnusedOAuthToken(), PagesWithoutLogin(),
    HistoryGap(), SnapshotQuality(), RejectedRows(), UnknownValues(), OverlappingFiles(),
    TruncatedExport(), ContradictoryLogins(), VerificationsEnd(),
  ].sorted { $0.description.id < $1.description.id }

  /// The rule about SOAP `login()`, whose findings say whom its retirement concerns.
  package static var soapLogin: RuleDescription { SOAPLoginInUse.description }

  /// Ids of the rules whose rows are people's logins to an integration account.
  package static let entryRuleIDs: Set<String> = [
    UISessionWithoutMFAOnIntegrationAccount.description.id,
    HumanUseOfIntegrationAccount.description.id, UILoginDespiteAPIOnly.description.id,
    UndecidableMFA.description.id,
  ]

  /// Ids of the rules that say what exports lack, so that less is known than it looks.
  package static let shortfallRuleIDs: Set<String> = [
    HistoryGap.description.id, SnapshotQuality.description.id, OverlappingFiles.description.id,
    TruncatedExport.description.id, VerificationsEnd.description.id,
    ContradictoryLogins.description.id,
  ]

  /// The rule with this id, written with or without `PST-`, in any case.
  package static func rule(_ id: String) -> (any Rule)? {
    let wanted = id.uppercased()
    return rules.first { $0.description.id == wanted || $0.description.id == "PST-" + wanted }
  }

  /// All thresholds of rules and engine, by name.
  package static var thresholds: [RuleThreshold] {
    var seen: Set<String> = []
    return (rules.flatMap(\.description.thresholds) + [RuleEngine.staleSnapshot] + classThresholds)
      .filter { seen.insert($0.name).inserted }.sorted { $0.name < $1.name }
  }

  /// Share of the users with direct logins of whom a verification export must have rows (docs/judgement.md).
  package static let coverageShare = RuleThreshold(
    "coverage_share", 25,
    "percent of the users with direct logins of whom a verification export must have rows to cover "
      + "them")
  /// Share of rows without a class from which a run is incomplete (docs/judgement.md).
  package static let unclassifiedShare = RuleThreshold(
    "unclassified_share", 10,
    "percent of a file's logins that may be unclassed before the run is incomplete")

  /// Numbers that decide on the class of an account, and on what exports can tell (docs/judgement.md).
  package static let classThresholds = [
    coverageShare, unclassifiedShare,
    RuleThreshold(
      "integration_name_api_share", 80,
      "percent of API logins from which an integration word in a name decides"),
    RuleThreshold(
      "integration_behaviour_api_share", 95,
      "percent of API logins from which behaviour alone decides"),
    RuleThreshold(
      "integration_behaviour_logins", 100, "API logins from which behaviour alone decides"),
    RuleThreshold(
      "integration_behaviour_days", 7, "days with API logins from which behaviour alone decides"),
    RuleThreshold(
      "integration_human_days", 2,
      "days in any 30 on which people may use an account that its profile's name or behaviour makes "
        + "an integration account"),
  ]

  /// SHA-256 over ids, versions and texts: tells results of different catalogues apart.
  package static var digest: String {
    var hash = SHA256()
    for rule in rules.map(\.description) {
      for text in [
        rule.id, String(rule.version), rule.title, rule.severity.name, rule.condition,
        rule.onePer,
      ] + rule.thresholds.map({ "\($0.name)=\($0.standard)" }) {
        hash.update(data: Array(text.utf8) + [0])
      }
    }
    return Hexadecimal.text(hash.finalize())
  }
}

extension RuleEngine {
  /// Makes an engine of all rules of the catalogue.
  ///
  /// - Parameters:
  ///   - context: What rules know.
  ///   - organizationID: The org's id from the configuration; empty when not told.
  ///   - suppressions: All suppressions, expired ones included; of those that hold the first that
  ///     is meant for a finding applies.
  ///   - keepsEvidence: Whether somebody will see the rows that findings about accounts rest on.
  ///   - earlierRows: Rows that an earlier run had of a finding.
  package init(
    context: RuleContext, organizationID: String, suppressions: [SuppressionRule] = [],
    keepsEvidence: Bool = true, earlierRows: (@Sendable (_ id: String) -> EarlierRows?)? = nil
  ) {
    self.init(
      rules: Catalogue.rules, context: context, organizationID: organizationID,
      suppressions: suppressions, keepsEvidence: keepsEvidence, earlierRows: earlierRows)
  }
}
