/// Records that belong together: an account with its findings, or a finding that has no account
/// before it.
package struct ResultsGroup: Sendable {
  /// What the group is about.
  package enum Subject: Sendable, Equatable {
    case account
    /// A finding about the org.
    case organization
    /// A finding of an earlier run that this one does not have.
    case gone
  }

  package var subject: Subject
  /// The account; blank where the group is about none.
  package var account: AccountRecord
  /// The account's findings by rule and discriminator, or the one finding.
  package var findings: [FindingRecord]
  /// Of findings that were read, where the line of each lies in its block.
  package var lines: [Range<Int>] = []

  /// Groups an account with its findings.
  package init(_ account: AccountRecord, _ findings: [FindingRecord]) {
    subject = .account
    self.account = account
    self.findings = findings
  }

  /// Makes a group of one finding.
  package init(_ subject: Subject, _ finding: FindingRecord) {
    self.subject = subject
    account = AccountRecord()
    findings = [finding]
  }
}
