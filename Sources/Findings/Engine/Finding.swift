package import Accounts
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
  package let username: String
  package let accountClass: AccountClass

  /// Refers to the account of `facts`.
  package init(_ facts: AccountFacts) {
    key = facts.key
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

  /// Makes an empty draft.
  package init() {}
}

/// A finding as results hold it.
package struct Finding: Sendable {
  package let id: String
  package let rule: RuleDescription
  package let status: FindingStatus
  package let severity: Severity
  package private(set) var severityReasons: [String]
  package let confidence: Confidence
  package let account: AccountReference?
  package let discriminator: String
  package let firstSeen: Instant?
  package let lastSeen: Instant?
  package private(set) var counts: [String: Int]
  package private(set) var conditions: [Condition]
  package private(set) var evidence: [EvidenceRow]
  package let evidenceTotal: Int
  package let remediation: String
  package private(set) var dataQuality: [String]
  package var suppression: AppliedSuppression?
  /// A suppression that no longer holds and would apply; `nil` while another one does.
  package var expiredSuppression: AppliedSuppression?
  /// Numbers of all suppressions meant for it, expired ones included.
  package var suppressionNumbers: [Int] = []

  /// The finding without what only its own record shows, for the summaries over all findings.
  package var withoutDetails: Finding {
    var finding = self
    finding.severityReasons = []
    finding.counts = [:]
    finding.conditions = []
    finding.evidence = []
    finding.dataQuality = []
    return finding
  }
}
