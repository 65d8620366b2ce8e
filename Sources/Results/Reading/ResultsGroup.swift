/// What is wanted of a group beside the members of all groups.
package struct GroupDetail: Sendable {
  /// Members of its records.
  package var members: RecordDetail
  /// Findings whose rows are, by position; `nil` for all.
  package var findingsWithRows: Set<Int>?

  /// Wants members.
  package init(_ members: RecordDetail, findingsWithRows: Set<Int>? = nil) {
    self.members = members
    self.findingsWithRows = findingsWithRows
  }

  /// What this or another one wants.
  package func union(_ other: GroupDetail) -> GroupDetail {
    let rows: Set<Int>?
    if let own = findingsWithRows, let others = other.findingsWithRows {
      rows = own.union(others)
    } else {
      rows = nil
    }
    return GroupDetail(members.union(other.members), findingsWithRows: rows)
  }
}

/// Records that belong together: an account with its findings, an application, or a finding that has
/// no account before it.
package struct ResultsGroup: Sendable {
  /// What the group is about.
  package enum Subject: Sendable, Equatable {
    case account
    /// An application.
    case application
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
  /// The application; `nil` where the group is about none.
  package var application: ApplicationRecord?
  /// Of findings that were read, where the line of each lies in its block.
  package var lines: [Range<Int>] = []
  /// Where the line of an account that was read lies in its block.
  package var accountLine: Range<Int>?

  /// Groups an account with its findings.
  package init(_ account: AccountRecord, _ findings: [FindingRecord]) {
    subject = .account
    self.account = account
    self.findings = findings
  }

  /// Makes a group of an application.
  package init(_ application: ApplicationRecord) {
    subject = .application
    account = AccountRecord()
    findings = []
    self.application = application
  }

  /// Makes a group of one finding.
  package init(_ subject: Subject, _ finding: FindingRecord) {
    self.subject = subject
    account = AccountRecord()
    findings = [finding]
  }
}
