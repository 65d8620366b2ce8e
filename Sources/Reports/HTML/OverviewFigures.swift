import Accounts
import Results

/// The figures of the whole run that stand on top: verdict and tiles.
struct OverviewFigures: Sendable {
  var totals = ResultTotals()
  var integrationAccounts = 0
  var integrationWithHumans = 0
  var integrationAbsent = 0
  var privileged = 0
  var privilegedAbsent = 0
  var privilegedUnknown = 0
  var outsideSnapshot = 0
  var byBasis: [String: Int] = [:]
  var byAPIType: [String: Int] = [:]
  var byAPIVersion: [String: Int] = [:]
  var byApplication: [String: Int] = [:]

  /// Adds an account.
  mutating func add(_ account: AccountRecord) {
    totals.add(account)
    let isUsed = account.logins.human.succeeded > 0
    if account.accountClass == .integration {
      integrationAccounts += 1
      if isUsed { integrationWithHumans += 1 }
      if account.logins.absent > 0 { integrationAbsent += 1 }
    }
    if account.isPrivileged {
      privileged += 1
      if account.logins.absent > 0 {
        privilegedAbsent += 1
      } else if account.logins.unknown > 0 {
        privilegedUnknown += 1
      }
    }
    if !account.isInSnapshot { outsideSnapshot += 1 }
    Self.add(account.logins.byBasis, to: &byBasis)
    Self.add(account.traffic.byAPIType, to: &byAPIType)
    Self.add(account.traffic.byAPIVersion, to: &byAPIVersion)
    Self.add(account.traffic.byApplication, to: &byApplication)
  }

  private static func add(_ counts: NamedCounts, to sum: inout [String: Int]) {
    for (name, count) in counts.entries { sum[name, default: 0] += count }
  }

  /// Adds other figures.
  mutating func add(_ other: OverviewFigures) {
    totals.add(other.totals)
    integrationAccounts += other.integrationAccounts
    integrationWithHumans += other.integrationWithHumans
    integrationAbsent += other.integrationAbsent
    privileged += other.privileged
    privilegedAbsent += other.privilegedAbsent
    privilegedUnknown += other.privilegedUnknown
    outsideSnapshot += other.outsideSnapshot
    byBasis.merge(other.byBasis, uniquingKeysWith: +)
    byAPIType.merge(other.byAPIType, uniquingKeysWith: +)
    byAPIVersion.merge(other.byAPIVersion, uniquingKeysWith: +)
    byApplication.merge(other.byApplication, uniquingKeysWith: +)
  }
}
