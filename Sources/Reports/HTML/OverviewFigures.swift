import Accounts
import Platform
import Results

/// The figures of the whole run that stand on top: verdict and tiles.
struct OverviewFigures: Sendable {
  var totals = ResultTotals()
  var opening = Opening()
  var privileged = 0
  var privilegedAbsent = 0
  var privilegedUnknown = 0
  var byBasis: [ExactText: Int] = [:]
  var byAPIType: [ExactText: Int] = [:]
  var byAPIVersion: [ExactText: Int] = [:]
  var byApplication: [ExactText: Int] = [:]

  /// Adds an account with its findings.
  mutating func add(_ account: AccountRecord, _ findings: [FindingRecord]) {
    totals.add(account)
    opening.add(account, findings)
    if account.isPrivileged {
      privileged += 1
      if account.logins.absent > 0 {
        privilegedAbsent += 1
      } else if account.logins.unknown > 0 {
        privilegedUnknown += 1
      }
    }
    Self.add(account.logins.byBasis, to: &byBasis)
    Self.add(account.traffic.byAPIType, to: &byAPIType)
    Self.add(account.traffic.byAPIVersion, to: &byAPIVersion)
    Self.add(account.traffic.byApplication, to: &byApplication)
  }

  private static func add(_ counts: NamedCounts, to sum: inout [ExactText: Int]) {
    for (name, count) in counts.entries { sum[ExactText(name), default: 0] += count }
  }

  /// Adds other figures.
  mutating func add(_ other: OverviewFigures) {
    totals.add(other.totals)
    opening.add(other.opening)
    privileged += other.privileged
    privilegedAbsent += other.privilegedAbsent
    privilegedUnknown += other.privilegedUnknown
    byBasis.merge(other.byBasis, uniquingKeysWith: +)
    byAPIType.merge(other.byAPIType, uniquingKeysWith: +)
    byAPIVersion.merge(other.byAPIVersion, uniquingKeysWith: +)
    byApplication.merge(other.byApplication, uniquingKeysWith: +)
  }
}
