package import Accounts
package import Platform
package import SalesforceExports

/// One condition of a rule, with the value that was found.
package struct Condition: Sendable, Equatable {
  /// What was looked at.
  package var name: String
  /// What was found.
  package var value: String
  /// What it is compared with; empty when there is nothing to compare.
  package var threshold: String
  /// Whether the condition holds.
  package var isMet: Bool
  /// Where the value comes from.
  package var source: String
  /// What would make the condition come out otherwise.
  package var wouldChange: String

  /// Makes a condition that holds.
  package init(
    _ name: String, _ value: String, threshold: String = "", isMet: Bool = true, source: String,
    wouldChange: String = ""
  ) {
    self.name = name
    self.value = value
    self.threshold = threshold
    self.isMet = isMet
    self.source = source
    self.wouldChange = wouldChange
  }
}

/// A row that a finding rests on.
package struct EvidenceRow: Sendable {
  /// The row.
  package var row: RowReference
  /// Its shape.
  package var shape: LoginShape
  /// Its canonical source address.
  package var address: String
  /// Its verdict, if it is a successful human login.
  package var verdict: Verdict?
  /// What it shows.
  package var label: String
}

/// The account of a finding.
package struct AccountReference: Sendable, Equatable {
  package let key: AccountKey
  /// The text of ``key``.
  package let keyText: String
  package let username: String
  package let accountClass: AccountClass

  /// Refers to the account of `facts`.
  package init(_ facts: borrowing AccountFacts) {
    key = facts.key
    keyText = facts.keyText
    username = facts.username
    accountClass = facts.accountClass
  }
}

/// A suppression that applies to a finding.
package struct AppliedSuppression: Sendable, Equatable {
  package let owner: String
  package let reason: String
  package let expires: Instant

  /// Makes a suppression.
  package init(owner: String, reason: String, expires: Instant) {
    self.owner = owner
    self.reason = reason
    self.expires = expires
  }
}

/// What a rule says before the engine completes it.
package struct FindingDraft: Sendable {
  /// Tells findings of one rule and account apart.
  package var discriminator = ""
  /// Kind of statement; `nil` takes the rule's.
  package var status: FindingStatus?
  /// Severity before the steps; `nil` takes the rule's.
  package var base: Severity?
  /// Why the base differs from the rule's.
  package var baseReason = ""
  /// Steps with their reasons, in the order they are taken.
  package var steps: [(count: Int, reason: String)] = []
  /// How sure it is.
  package var confidence = Confidence.high
  /// Time of the first and last thing that the finding is about.
  package var firstSeen: Instant?
  package var lastSeen: Instant?
  /// Figures.
  package var counts: [String: Int] = [:]
  /// Conditions with the values found.
  package var conditions: [Condition] = []
  /// Logins; the engine keeps the most telling ones.
  package var citations: [Citation] = []
  /// Further rows, such as the first and last of a kind; the engine keeps the most telling ones.
  package var evidence: [EvidenceRow] = []
  /// Number of further rows that nobody looks at and that are not kept.
  package var omittedRowCount = 0
  /// Whether the engine may leave out rows.
  package var isEvidenceCapped = true
  /// Number of rows that the finding is about.
  package var evidenceTotal = 0
  /// What limits the statement.
  package var dataQuality: [String] = []
  /// What to do; `nil` takes the rule's.
  package var remediation: String?
  /// Whether an indicator among the sources raises the severity.
  package var followsIndicators = true
  /// Codes of the shapes whose rows it rests on, where not all of these are at hand.
  package var shapes: Set<UInt32> = []
  /// Rows that it rests on and that are not at hand; where there are none, those of ``shapes``.
  package var extents: [RowExtent] = []
  /// From where and by which applications, where neither the rows at hand nor the account's logins
  /// say it all.
  package var origins: (addresses: Set<ExactText>, applications: Set<ExactText>)?

  /// Makes an empty draft.
  package init() {}
}

/// A finding as results hold it.
package struct Finding: Sendable {
  /// What a finding consists of, in one object: findings are many, and they are moved about.
  // Unchecked: written while the engine completes the finding, before anybody else sees it.
  private final class Content: @unchecked Sendable {
    let id: String
    let rule: RuleDescription
    let status: FindingStatus
    let severity: Severity
    let severityReasons: [String]
    let confidence: Confidence
    let account: AccountReference?
    let discriminator: String
    let firstSeen: Instant?
    let lastSeen: Instant?
    let counts: [String: Int]
    let conditions: [Condition]
    let evidence: [EvidenceRow]
    let evidenceTotal: Int
    let remediation: String
    let dataQuality: [String]

    init(
      id: String, rule: RuleDescription, status: FindingStatus, severity: Severity,
      severityReasons: [String], confidence: Confidence, account: AccountReference?,
      discriminator: String, firstSeen: Instant?, lastSeen: Instant?, counts: [String: Int],
      conditions: [Condition], evidence: [EvidenceRow], evidenceTotal: Int, remediation: String,
      dataQuality: [String]
    ) {
      self.id = id
      self.rule = rule
      self.status = status
      self.severity = severity
      self.severityReasons = severityReasons
      self.confidence = confidence
      self.account = account
      self.discriminator = discriminator
      self.firstSeen = firstSeen
      self.lastSeen = lastSeen
      self.counts = counts
      self.conditions = conditions
      self.evidence = evidence
      self.evidenceTotal = evidenceTotal
      self.remediation = remediation
      self.dataQuality = dataQuality
    }
  }

  private let content: Content
  package var suppression: AppliedSuppression?
  /// A suppression that no longer holds and would apply; `nil` while another one does.
  package var expiredSuppression: AppliedSuppression?
  /// Numbers of all suppressions meant for it, expired ones included.
  package var suppressionNumbers: [Int] = []
  /// Rows that an earlier run did not have; 0 where none is compared with.
  package var newRows = 0
  /// Whether a search for it gives more rows than its evidence holds.
  package var hasMoreRows = false

  init(
    id: String, rule: RuleDescription, status: FindingStatus, severity: Severity,
    severityReasons: [String], confidence: Confidence, account: AccountReference?,
    discriminator: String, firstSeen: Instant?, lastSeen: Instant?, counts: [String: Int],
    conditions: [Condition], evidence: [EvidenceRow], evidenceTotal: Int, remediation: String,
    dataQuality: [String], suppression: AppliedSuppression?
  ) {
    content = Content(
      id: id, rule: rule, status: status, severity: severity, severityReasons: severityReasons,
      confidence: confidence, account: account, discriminator: discriminator,
      firstSeen: firstSeen, lastSeen: lastSeen, counts: counts, conditions: conditions,
      evidence: evidence, evidenceTotal: evidenceTotal, remediation: remediation,
      dataQuality: dataQuality)
    self.suppression = suppression
  }

  package var id: String { content.id }
  package var rule: RuleDescription { content.rule }
  package var status: FindingStatus { content.status }
  package var severity: Severity { content.severity }
  package var severityReasons: [String] { content.severityReasons }
  /// What it says, in half a sentence; where that could not be told, that it could not.
  package var title: String {
    status == .unknown && rule.status != .unknown ? "cannot be told: " + rule.title : rule.title
  }
  package var confidence: Confidence { content.confidence }
  package var account: AccountReference? { content.account }
  package var discriminator: String { content.discriminator }
  package var firstSeen: Instant? { content.firstSeen }
  package var lastSeen: Instant? { content.lastSeen }
  package var counts: [String: Int] { content.counts }
  package var conditions: [Condition] { content.conditions }
  package var evidence: [EvidenceRow] { content.evidence }
  package var evidenceTotal: Int { content.evidenceTotal }
  package var remediation: String { content.remediation }
  package var dataQuality: [String] { content.dataQuality }
}
