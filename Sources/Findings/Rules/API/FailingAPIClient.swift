import Accounts
import SalesforceExports

struct FailingAPIClient: Rule {
  private static let failures = RuleThreshold(
    "failing_client_failures", 50, "failed API logins in an hour that make a client a failing one")
  private static let share = RuleThreshold(
    "failing_client_percent", 50, "percent of the hour's API logins that must have failed")

  static let description = RuleDescription(
    id: "PST-API-008", version: 2, title: "failing API client, or one that locked the account out",
    severity: .medium, onePer: "account",
    condition:
      "in a UTC hour at least 50 API attempts failed (with a status that a table knows) and at least 50 % of the hour's API attempts, or "
      + "an API attempt met a password lockout",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the failed API attempts of those hours, and those that met a lockout",
    remediation:
      "Give the client the current credential, or switch it off: it fails with what it has. Unlock "
      + "the user (Setup > Users > the user > Unlock) after that, not before. If nobody knows the "
      + "client, somebody is guessing the password.",
    references: [Reference.loginHistory], attack: ["T1110"], thresholds: [failures, share])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    let least = context.value(of: Self.failures)
    let mayLockOut = facts.statuses.contains(.passwordLockout)
    guard Double(facts.api.failed) >= least || (mayLockOut && facts.api.failed > 0) else {
      return []
    }
    // What a status that no table knows means, nobody can say.
    let failed = facts.logins.filter {
      $0.traits.door == .api && $0.traits.outcome == .failed
        && !$0.traits.marks.contains(.unknownStatus)
    }
    // Logins ascend in time, so those of one hour are neighbours.
    var failuresByHour: [(hour: Int64, count: Int)] = []
    var end = Int64.min
    for position in failed.indices {
      if failed[position].row.time.milliseconds >= end {
        let hour = Self.hour(failed[position])
        end = (hour + 1) * 3_600_000
        failuresByHour.append((hour, 0))
      }
      failuresByHour[failuresByHour.count - 1].count += 1
    }
    var bad: [Int64: (failed: Int, attempted: Int)] = [:]
    if failuresByHour.contains(where: { Double($0.count) >= least }) {
      let share = context.value(of: Self.share)
      var failures = failuresByHour[...]
      for (hour, attempted) in facts.apiHours {
        while let first = failures.first, first.hour < hour { failures.removeFirst() }
        let count = failures.first.map { $0.hour == hour ? $0.count : 0 } ?? 0
        if Double(count) >= least, 100 * Double(count) >= share * Double(attempted) {
          bad[hour] = (count, attempted)
        }
      }
    }
    let lockouts = failed.count { $0.traits.status == .passwordLockout }
    guard !bad.isEmpty || lockouts > 0 else { return [] }
    var draft = FindingDraft()
    let worst = bad.min {
      $0.value.failed != $1.value.failed ? $0.value.failed > $1.value.failed : $0.key < $1.key
    }
    draft.counts = [
      "failing_hours": bad.count, "failed_in_worst_hour": worst?.value.failed ?? 0,
      "lockouts": lockouts, "failed": failed.count,
    ]
    draft.conditions = [
      Condition(
        "failed API attempts in one hour",
        worst.map { hour, counts in
          "\(counts.failed) of \(counts.attempted) from "
            + Instant(milliseconds: hour * 3_600_000).text
        } ?? "fewer in every hour",
        threshold: "\(Int(least)) and \(Int(context.value(of: Self.share))) %", isMet: worst != nil,
        source: "API attempts by UTC hour", wouldChange: "a client that logs in"),
      Condition(
        "API attempts that met a lockout", String(lockouts), threshold: "1 or more",
        isMet: lockouts > 0, source: "Status of the login rows"),
    ]
    draft.cite(
      failed.filter { bad[Self.hour($0)] != nil && $0.traits.status != .passwordLockout },
      "failed API login")
    draft.cite(failed.filter { $0.traits.status == .passwordLockout }, "password lockout")
    return [draft]
  }

  private static func hour(_ login: JudgedLogin) -> Int64 {
    floorDivide(login.row.time.milliseconds, 3_600_000)
  }
}
