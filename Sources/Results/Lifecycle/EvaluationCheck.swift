import Accounts
import Findings
package import SalesforceExports

/// Between which times an account logged in.
package struct AccountReach: Sendable {
  let first: Instant
  let last: Instant

  /// Makes a reach.
  package init(first: Instant, last: Instant) {
    self.first = first
    self.last = last
  }
}

/// Whether a run had all that would have shown a finding of an earlier one.
///
/// A finding that is gone is resolved only if the data that showed it was there again and the rule
/// ran over it; else nobody knows, and it is not evaluated. What is asked, in this order:
///
/// 1. the new run is complete;
/// 2. the rule ran, in the same major version;
/// 3. exports of each kind that the rule or the class of accounts needs, and that the old run had,
///    are there;
/// 4. the new window holds the whole time of the finding, `first_seen` to `last_seen`, and nothing of
///    that time was forgotten;
/// 5. the logins of the account reach over the rows that the finding names;
/// 6. the verification export reaches over those of these rows whose verdict rests on it.
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
  private let verificationReach: AccountReach?
  private let accounts: [String: AccountReach]

  /// - Parameters:
  ///   - new: The later run.
  ///   - end: How it ended.
  ///   - accounts: When accounts of the new run logged in, by key.
  package init(_ new: RunRecord, end: EndRecord, accounts: [String: AccountReach]) {
    run = new
    isComplete = end.isComplete
    self.accounts = accounts
    states = Dictionary(end.rules.map { ($0.id, $0) }) { first, _ in first }
    given = Set(new.snapshots.map(\.kind))
    let verifications = new.inputs.filter { $0.kind == .verificationHistory }
    if let first = verifications.compactMap(\.first).min(),
      let last = verifications.compactMap(\.last).max()
    {
      verificationReach = AccountReach(first: first, last: last)
    } else {
      verificationReach = nil
    }
  }

  /// What was lacking to show the finding; empty when nothing was.
  ///
  /// - Parameter kinds: Kinds of tables that the last run that had it was given.
  func lacking(_ finding: FindingRecord, detectedWith kinds: Set<FileKind>) -> [String] {
    var reasons: [String] = []
    if !isComplete { reasons.append("the new run is incomplete") }
    reasons.append(contentsOf: rule(finding))
    reasons.append(contentsOf: missing(kinds, finding))
    reasons.append(contentsOf: window(finding))
    reasons.append(contentsOf: rows(finding))
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

  private func missing(_ kinds: Set<FileKind>, _ finding: FindingRecord) -> [String] {
    let needs = Catalogue.rule(finding.ruleID)?.description.needs ?? []
    let rests = finding.evidence.contains { $0.mfa != nil }
    let missing = kinds.subtracting(given).sorted { $0.rawValue < $1.rawValue }.filter { kind in
      if finding.account != nil, Self.accountKinds.contains(kind) { return true }
      if kind == .verificationHistory, rests { return true }
      return needs.contains { $0.kinds.contains(kind) }
    }
    return missing.map { "no \($0.rawValue) export" }
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

  private func rows(_ finding: FindingRecord) -> [String] {
    guard let first = finding.evidence.map(\.time).min(),
      let last = finding.evidence.map(\.time).max()
    else { return [] }
    var reasons: [String] = []
    if let key = finding.account?.key {
      if let reach = accounts[key] {
        if reach.first > first || reach.last < last {
          reasons.append("the new run lacks rows of the account that showed it")
        }
      } else {
        reasons.append("the new run has no rows of the account")
      }
    }
    let joined = finding.evidence.filter { $0.basis.map(Self.verificationBases.contains) ?? false }
      .map(\.time)
    let isCovered = joined.allSatisfy { time in
      guard let reach = verificationReach, reach.first <= time, time <= reach.last else {
        return false
      }
      return !run.verificationHoles.contains { $0.from < time && time < $0.until }
    }
    // A missing export is told already, by its kind or by the rule that did not run.
    if !isCovered, verificationReach != nil {
      reasons.append("the new VerificationHistory does not cover rows that showed it")
    }
    return reasons
  }
}
