import Accounts
import Findings
package import Platform
package import SalesforceExports

/// Whether a run had all that would have shown a finding of an earlier one.
///
/// A finding that is gone is resolved only if the data that showed it was there again and the rule
/// ran over it; else nobody knows, and it is not evaluated. What is asked, in this order:
///
/// 1. the new run is complete;
/// 2. the rule ran, in the same major version;
/// 3. exports of each kind that the rule or the class of accounts needs, and that the old run had,
///    are there, with the columns that the old run had;
/// 4. the account is in the `User` export if it was there before;
/// 5. the new window holds the whole time of the finding, `first_seen` to `last_seen`, and nothing of
///    that time was forgotten;
/// 6. the rows of the finding were read: each that it names, where the new run knows the Ids of its
///    rows, and on each day of the finding as many logins of the account as before;
/// 7. the verification export reaches over those of these rows whose verdict rests on it, and on each day of the
///    finding the new run tells of as many logins of the account whether MFA was used.
package struct EvaluationCheck: Sendable {
  /// Kinds that decide on the class and the privileges of every account.
  private static let accountKinds: Set<FileKind> = [
    .user, .profile, .permissionSet, .permissionSetAssignment, .permissionSetGroup,
    .permissionSetGroupComponent, .mutingPermissionSet,
  ]

  /// Bases of verdicts that rest on a verification export, by their names in results.
  private static let verificationBases = Set(
    [VerdictBasis.verification, .verificationNearby, .identityOnly, .noVerification]
      .map(\.rawValue))

  private let run: RunRecord
  private let isComplete: Bool
  private let states: [String: RuleState]
  /// Kinds of tables that the new run was given.
  private let given: Set<FileKind>
  private let columns: Set<String>
  private let verificationReach: ClosedRange<Instant>?
  private let gaps: [ActivityGaps.Gap]
  private let accounts: [ExactText: AccountPresence]
  private let holds: (@Sendable (SalesforceID) -> Bool)?

  /// - Parameters:
  ///   - new: The later run.
  ///   - end: How it ended.
  ///   - accounts: What the new run has of the accounts of findings that it does not have, by key.
  ///   - holds: Whether a login is among the rows of the new run; `nil` where that is not known.
  package init(
    _ new: RunRecord, end: EndRecord, accounts: [ExactText: AccountPresence],
    holds: (@Sendable (SalesforceID) -> Bool)? = nil
  ) {
    run = new
    isComplete = end.isComplete
    gaps = end.gaps
    columns = new.columnsInForce
    self.accounts = accounts
    self.holds = holds
    states = Dictionary(end.rules.map { ($0.id, $0) }) { first, _ in first }
    given = Set(new.snapshots.map(\.kind))
    let verifications = new.inputs.filter { $0.kind == .verificationHistory }
    if let first = verifications.compactMap(\.first).min(),
      let last = verifications.compactMap(\.last).max(), first <= last
    {
      verificationReach = first...last
    } else {
      verificationReach = nil
    }
  }

  /// What was lacking to show the finding; empty when nothing was.
  ///
  /// - Parameter detection: What the last run that had it knew.
  func lacking(_ finding: FindingRecord, _ detection: FindingDetection) -> [String] {
    var reasons: [String] = []
    if !isComplete { reasons.append("the new run is incomplete") }
    reasons.append(contentsOf: rule(finding))
    reasons.append(contentsOf: missing(detection, finding))
    reasons.append(contentsOf: account(detection, finding))
    reasons.append(contentsOf: window(finding))
    reasons.append(contentsOf: rows(finding))
    reasons.append(contentsOf: coverage(finding))
    return reasons
  }

  private func rule(_ finding: FindingRecord) -> [String] {
    guard let state = states[finding.ruleID] else {
      return ["the new run does not know \(finding.ruleID)"]
    }
    if state.version != finding.ruleVersion {
      return [
        "\(finding.ruleID) is now version \(state.version), whose findings have other ids"
      ]
    }
    guard state.state == .notRun else { return [] }
    return ["\(finding.ruleID) did not run: needs \(state.missing.joined(separator: "; "))"]
  }

  private func missing(_ detection: FindingDetection, _ finding: FindingRecord) -> [String] {
    let needs = Catalogue.rule(finding.ruleID)?.description.needs ?? []
    let rests = finding.restsOnVerdicts
    func matters(_ kind: FileKind) -> Bool {
      if finding.account != nil, Self.accountKinds.contains(kind) { return true }
      if kind == .verificationHistory, rests { return true }
      return needs.contains { $0.kinds.contains(kind) }
    }
    let kinds = detection.kinds.subtracting(given).filter(matters).map(\.rawValue).sorted()
    // An export that is not there at all is told by its kind.
    let columns = detection.columns.subtracting(columns).filter { column in
      // A name of a kind has no point, a name of a column may have one.
      guard
        let kind = column.firstIndex(of: ".").flatMap({ FileKind(rawValue: String(column[..<$0])) })
      else { return false }
      return kind.holdsLogins || given.contains(kind) && matters(kind)
    }
    return kinds.map { "no \($0) export" } + columns.sorted().map { "no column \($0)" }
  }

  /// Whether what a finding says of its account could be seen.
  private func account(_ detection: FindingDetection, _ finding: FindingRecord) -> [String] {
    guard let key = finding.account?.key else { return [] }
    let hasRows = !finding.evidence.isEmpty
    guard let presence = accounts[ExactText(key)] else {
      return [hasRows ? "the new run has no rows of the account" : "the new run lacks the account"]
    }
    var reasons: [String] = []
    if detection.isInSnapshot ?? false, !presence.isInSnapshot, given.contains(.user) {
      reasons.append("the account is not in the new User export")
    }
    if hasRows, !presence.hasLogins {
      reasons.append("the new run has no rows of the account")
    } else if let lack = presence.logins.firstLack(of: detection.logins) {
      reasons.append(
        "the new run has \(lack.count) of the \(lack.other.counted("login")) of the account on \(lack.day.text)"
      )
    } else if let lack = presence.told.firstLack(of: detection.told) {
      reasons.append(
        "the new run tells of \(lack.count) of \(lack.other.counted("login")) of the account on "
          + "\(lack.day.text) whether MFA was used")
    }
    return reasons
  }

  private func window(_ finding: FindingRecord) -> [String] {
    guard let first = finding.firstSeen, let last = finding.lastSeen else {
      // Without times it rests on rows of any time, and some of these are not there any more.
      guard finding.account == nil, let forgotten = run.forgottenBefore else { return [] }
      return ["the new run has forgotten detail before \(forgotten.text)"]
    }
    guard let start = run.first, let end = run.last else { return ["no rows in the new window"] }
    if last < start { return ["the new window begins after it, at \(start.text)"] }
    if first > end { return ["the new window ends before it, at \(end.text)"] }
    if let forgotten = run.forgottenBefore, first < forgotten {
      return ["the new run has forgotten detail before \(forgotten.text)"]
    }
    if first < start { return ["the new window begins in its midst, at \(start.text)"] }
    if last > end { return ["the new window ends in its midst, at \(end.text)"] }
    return []
  }

  /// Whether the rows that a finding names were read.
  private func rows(_ finding: FindingRecord) -> [String] {
    let absent = finding.evidence.first { row in
      if gaps.contains(where: { $0.from < row.time && row.time < $0.until }) { return true }
      // Other rows than logins have Ids of other objects.
      guard let holds, row.recordID.hasPrefix(Self.loginPrefix),
        let id = SalesforceID(row.recordID)
      else { return false }
      return !holds(id)
    }
    return absent.map { ["the new run lacks the row of \($0.time.text) that showed it"] } ?? []
  }

  /// Key prefix of `LoginHistory` (docs/salesforce.md, Ids).
  private static let loginPrefix = "0Ya"

  /// Whether the verification export covers the rows whose verdict rests on it.
  private func coverage(_ finding: FindingRecord) -> [String] {
    // A missing export is told already, by its kind or by the rule that did not run.
    guard let reach = verificationReach else { return [] }
    let isCovered = finding.evidence.allSatisfy { row in
      guard row.basis.map(Self.verificationBases.contains) ?? false else { return true }
      return reach.contains(row.time)
        && !run.verificationHoles.contains { $0.from < row.time && row.time < $0.until }
    }
    return isCovered ? [] : ["the new VerificationHistory does not cover rows that showed it"]
  }
}

extension FindingRecord {
  /// Whether it rests on what is known of the MFA of logins.
  var restsOnVerdicts: Bool { evidence.contains { $0.mfa != nil } }
}
