package import Accounts
import Crypto
import SalesforceExports

/// Whether a rule ran, and what came of it.
package struct RuleState: Sendable, Equatable {
  /// The rule's id and major version.
  package let id: String
  package let version: Int
  /// `found`, `none` or `not_run`.
  package let state: String
  /// Inputs that were missing.
  package let missing: [String]

  /// Makes a state.
  package init(id: String, version: Int, state: String, missing: [String]) {
    self.id = id
    self.version = version
    self.state = state
    self.missing = missing
  }
}

/// A suppression as the engine sees it.
package struct SuppressionRule: Sendable {
  /// Id of the rule.
  package let rule: String
  /// Whether it is meant for an account; the account is `nil` for findings about the org.
  package let matches: @Sendable (AccountReference?, _ profile: String) -> Bool
  /// What is noted in the finding.
  package let suppression: AppliedSuppression
  /// Whether it no longer holds at the evaluation time.
  package let isExpired: Bool

  /// Makes a suppression.
  package init(
    rule: String, suppression: AppliedSuppression, isExpired: Bool,
    matches: @escaping @Sendable (AccountReference?, String) -> Bool
  ) {
    self.rule = rule
    self.suppression = suppression
    self.isExpired = isExpired
    self.matches = matches
  }
}

/// Runs the rules over accounts and the run, and completes what they say to findings.
package struct RuleEngine: Sendable {
  /// Most rows that a finding keeps.
  package static let evidenceLimit = 20
  /// Distance in days from which a snapshot lowers confidence.
  package static let staleSnapshot = RuleThreshold(
    "stale_snapshot_days", 30, "distance of a snapshot from the logins that lowers confidence")

  private let context: RuleContext
  private let organizationID: String
  private let rules: [any Rule]
  private let suppressions: [SuppressionRule]
  /// The rules whose inputs are at hand.
  private let runnable: [any Rule]
  private var foundRules: Set<String> = []
  private var accounts: [AccountSummary] = []

  /// Makes an engine.
  ///
  /// - Parameters:
  ///   - rules: The catalogue.
  ///   - context: What rules know.
  ///   - organizationID: The org's id from the configuration; empty when not told.
  ///   - suppressions: All suppressions, expired ones included; of those that hold the first that
  ///     is meant for a finding applies.
  package init(
    rules: [any Rule] = Catalogue.rules, context: RuleContext, organizationID: String,
    suppressions: [SuppressionRule] = []
  ) {
    self.rules = rules
    self.context = context
    self.organizationID = organizationID
    self.suppressions = suppressions
    runnable = rules.filter { Set($0.description.needs).isSubset(of: context.inputs) }
  }

  /// Findings about one account, in the order of their ids; give them to ``note(_:_:)``.
  package func judge(_ facts: AccountFacts) -> [Finding] {
    var findings: [Finding] = []
    for rule in runnable {
      for draft in rule.findings(for: facts, in: context) {
        findings.append(complete(draft, rule.description, facts))
      }
    }
    return findings.sorted { $0.id < $1.id }
  }

  /// Notes an account that was judged, and what was found about it.
  package mutating func note(_ summary: AccountSummary, _ findings: [Finding]) {
    accounts.append(summary)
    for finding in findings { foundRules.insert(finding.rule.id) }
  }

  /// Findings about the org, after all accounts.
  package mutating func judge(_ run: RunFacts) -> [Finding] {
    var run = run
    run.accounts = accounts
    var findings: [Finding] = []
    for rule in runnable {
      for draft in rule.findings(for: run, in: context) {
        findings.append(complete(draft, rule.description, nil))
        foundRules.insert(rule.description.id)
      }
    }
    return findings.sorted { $0.id < $1.id }
  }

  /// Which rules found something, found nothing, or could not run.
  package var states: [RuleState] {
    rules.map(\.description).sorted { $0.id < $1.id }.map { rule in
      let missing = rule.needs.filter { !context.inputs.contains($0) }.map(\.rawValue)
      let state = !missing.isEmpty ? "not_run" : foundRules.contains(rule.id) ? "found" : "none"
      return RuleState(id: rule.id, version: rule.version, state: state, missing: missing)
    }
  }

  // MARK: Completing

  private func complete(
    _ draft: FindingDraft, _ rule: RuleDescription, _ facts: AccountFacts?
  ) -> Finding {
    var draft = draft
    if let facts { limitByClass(&draft, facts) }
    let status = draft.status ?? rule.status
    let (severity, reasons) = severity(draft, rule, status, facts)
    let reference = facts.map(AccountReference.init)
    var finding = Finding(
      id: Self.id(
        organization: organizationID, rule: rule, account: facts?.key.text ?? "",
        discriminator: draft.discriminator),
      rule: rule, status: status, severity: severity, severityReasons: reasons,
      confidence: draft.confidence, account: reference, discriminator: draft.discriminator,
      firstSeen: draft.firstSeen, lastSeen: draft.lastSeen, counts: draft.counts,
      conditions: draft.conditions, evidence: Self.mostTelling(draft.evidence),
      evidenceTotal: max(draft.evidenceTotal, draft.evidence.count),
      remediation: draft.remediation ?? rule.remediation, dataQuality: draft.dataQuality,
      suppression: nil)
    if !suppressions.isEmpty { suppress(&finding, rule, facts) }
    return finding
  }

  private func suppress(_ finding: inout Finding, _ rule: RuleDescription, _ facts: AccountFacts?) {
    finding.suppressionNumbers = suppressions.indices.filter { number in
      suppressions[number].rule == rule.id
        && suppressions[number].matches(finding.account, facts?.profile ?? "")
    }
    let entries = finding.suppressionNumbers.map { suppressions[$0] }
    finding.suppression = entries.first { !$0.isExpired }?.suppression
    if finding.suppression == nil { finding.expiredSuppression = entries.first?.suppression }
  }

  private func limitByClass(_ draft: inout FindingDraft, _ facts: AccountFacts) {
    if facts.classification.isByBehaviour {
      draft.confidence = .low
      draft.dataQuality.append(
        "behaves like an integration account: its class rests on behaviour alone")
    }
    let limit = context.value(of: Self.staleSnapshot)
    if let date = context.newestSnapshotDate, let first = draft.firstSeen ?? facts.firstLogin,
      let last = draft.lastSeen ?? facts.lastLogin
    {
      let days = RuleContext.days(from: date, to: first, last)
      if days > limit {
        draft.confidence = draft.confidence.lowered
        draft.dataQuality.append(
          "the snapshot of \(CivilDate(day: date.day).text) is \(Int(days)) days from these logins")
      }
    }
  }

  private func severity(
    _ draft: FindingDraft, _ rule: RuleDescription, _ status: FindingStatus,
    _ facts: AccountFacts?
  ) -> (Severity, [String]) {
    guard status == .fail else { return (.info, ["\(status.rawValue): always info"]) }
    let base = draft.base ?? rule.severity
    var severity = base
    var reasons = [
      draft.baseReason.isEmpty ? "base \(base.name)" : "base \(base.name): \(draft.baseReason)"
    ]
    for step in draft.steps {
      severity = severity.stepped(by: step.count)
      reasons.append("\(step.count > 0 ? "+" : "−")\(abs(step.count)): \(step.reason)")
    }
    guard let facts, draft.followsAccount else { return (severity, reasons) }
    if let indicator = indicator(draft, facts) {
      severity = severity.stepped(by: 1)
      reasons.append("+1: used from indicator \(indicator)")
    }
    if let isTrusted = context.isTrusted, severity > .low {
      let sources = sources(draft, facts)
      if !sources.isEmpty, sources.allSatisfy(isTrusted) {
        severity = severity.stepped(by: -1)
        reasons.append("−1: every source is inside trusted_networks")
      }
    }
    return (severity, reasons)
  }

  /// Addresses of the rows that a finding is about; all of the account's when rows are not kept.
  private func sources(_ draft: FindingDraft, _ facts: AccountFacts) -> [String] {
    if draft.evidenceTotal <= draft.evidence.count, !draft.evidence.isEmpty {
      // A row without address could have come from anywhere: an empty text is in no network.
      return Set(draft.evidence.map(\.address)).sorted()
    }
    return facts.addresses.map(\.use.value).sorted()
  }

  private func indicator(_ draft: FindingDraft, _ facts: AccountFacts) -> String? {
    let matches = sources(draft, facts).compactMap { context.indicator($0, "") }
    if let match = matches.first { return match }
    let applications = Set(draft.evidence.map(\.shape.application)).sorted()
    return applications.lazy.compactMap { context.indicator("", $0) }.first
  }

  /// The earliest, the latest, then the most telling rows, in the order of time.
  ///
  /// Rows tell more the rarer their label and address are; ties go by content, so the choice does
  /// not depend on the order of rows.
  private static func mostTelling(_ rows: [EvidenceRow]) -> [EvidenceRow] {
    let sorted = rows.sorted(by: precedes)
    guard sorted.count > evidenceLimit, let first = sorted.first, let last = sorted.last else {
      return sorted
    }
    let traits = sorted.map(Trait.init)
    var frequencies: [Trait: Int] = [:]
    for trait in traits { frequencies[trait, default: 0] += 1 }
    var seen: Set<Trait> = [Trait(first), Trait(last)]
    var fresh: [Int] = []
    var repeated: [Int] = []
    for index in 1..<(sorted.count - 1) {
      if seen.insert(traits[index]).inserted {
        fresh.append(index)
      } else if repeated.count < evidenceLimit {
        repeated.append(index)
      }
    }
    // One row of each combination first, the rarest combinations before the common ones.
    fresh.sort { one, other in
      let (rare, common) = (frequencies[traits[one]] ?? 0, frequencies[traits[other]] ?? 0)
      return rare != common ? rare < common : one < other
    }
    let chosen = (fresh + repeated).prefix(evidenceLimit - 2)
    return ([0] + chosen.sorted() + [sorted.count - 1]).map { sorted[$0] }
  }

  /// What makes a row tell something that others do not.
  private struct Trait: Hashable {
    let label: String
    let address: UInt32
    let application: String
    let basis: VerdictBasis?

    init(_ row: EvidenceRow) {
      label = row.label
      address = row.row.address
      application = row.shape.application
      basis = row.verdict?.basis
    }
  }

  private static func precedes(_ one: EvidenceRow, _ other: EvidenceRow) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    if one.address != other.address {
      return one.address.utf8.lexicographicallyPrecedes(other.address.utf8)
    }
    if one.shape != other.shape { return one.shape < other.shape }
    return one.row.isPlacedBefore(other.row)
  }

  /// `pf1:` and half a SHA-256 over the parts, each with its length before it (PRODUCT.md).
  package static func id(
    organization: String, rule: RuleDescription, account: String, discriminator: String
  ) -> String {
    var hash = SHA256()
    for part in [organization, rule.id, String(rule.version), account, discriminator] {
      let bytes = Array(part.utf8)
      let length = UInt32(bytes.count)
      hash.update(data: (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) })
      hash.update(data: bytes)
    }
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in hash.finalize().prefix(16) {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return "pf1:" + String(decoding: text, as: UTF8.self)
  }
}
