import Accounts
import Platform
import SalesforceExports

struct PasswordGuessed: Rule {
  private static let failures = RuleThreshold(
    "guessing_failures", 10, "password failures before a success that speak for a guessed password")
  private static let minutes = RuleThreshold(
    "guessing_minutes", 20, "minutes in which they are counted, that of the success included")

  static let description = RuleDescription(
    id: "PST-ACC-003", title: "many password failures, then a success",
    severity: .high, onePer: "account", isEvent: true,
    condition:
      "at least 10 attempts with \u{201C}Invalid password\u{201D} or \u{201C}Password lockout\u{201D} in the "
      + "20 UTC minutes up to and including the minute of a successful login through any door",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the failures in these minutes, and the successes that are kept one by one",
    remediation:
      "Ask the person whether both were theirs. If not, freeze the account (Setup > Users > the user "
      + "> Freeze), reset its password and security token, and look at what it did since.",
    references: [Reference.loginHistory, Reference.multiFactorFAQ],
    attack: ["T1110.001", "T1078.004"], thresholds: [failures, minutes])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.statuses.contains(.wrongPassword) || facts.statuses.contains(.passwordLockout)
    else { return [] }
    let least = max(1, Int(context.value(of: Self.failures)))
    guard facts.total.failed >= least, facts.total.succeeded > 0 else { return [] }
    let failed = facts.logins.filter(Self.isPasswordFailure)
    guard failed.count >= least else { return [] }
    let width = Int64(context.value(of: Self.minutes))
    let times = failed.map(\.row.time.minute)
    // Most accounts never have so many failures so close together; the rest is only for those.
    guard (least - 1..<times.count).contains(where: { times[$0] - times[$0 - least + 1] < width })
    else { return [] }
    // Minutes of successes before which enough failures stand, with their number.
    var hits: [(minute: Int64, failures: Int)] = []
    var start = 0
    var end = 0
    for minute in facts.successMinutes {
      while end < times.count, times[end] <= minute { end += 1 }
      while start < end, times[start] <= minute - width { start += 1 }
      if end - start >= least { hits.append((minute, end - start)) }
    }
    guard let first = hits.first else { return [] }
    let worst = hits.reduce(first) { $1.failures > $0.failures ? $1 : $0 }
    let minutes = Set(hits.map(\.minute))
    var draft = FindingDraft()
    var cited: [JudgedLogin] = []
    var next = 0
    for login in failed {
      while next < hits.count, hits[next].minute < login.row.time.minute { next += 1 }
      if next < hits.count, hits[next].minute - login.row.time.minute < width {
        cited.append(login)
      }
    }
    let successes = facts.logins.filter {
      $0.traits.outcome == .succeeded && minutes.contains($0.row.time.minute)
    }
    draft.counts = [
      "most_failures_before_success": worst.failures, "failures": cited.count,
      "minutes_with_success": hits.count,
    ]
    draft.conditions = [
      Condition(
        "password failures before a success",
        "\(worst.failures) up to \(Instant(milliseconds: worst.minute * 60_000).text)",
        threshold: "\(least) or more in \(width.counted("minute"))",
        source: "Status of the login rows",
        wouldChange: "fewer failures, or no success after them")
    ]
    draft.cite(cited, "password failure")
    draft.cite(successes, "success after failures")
    // A successful API login is known by its minute alone.
    let lastMinute = Instant(milliseconds: hits[hits.count - 1].minute * 60_000)
    draft.lastSeen = draft.lastSeen.map { max($0, lastMinute) }
    return [draft]
  }

  static func isPasswordFailure(_ login: JudgedLogin) -> Bool {
    login.traits.status == .wrongPassword || login.traits.status == .passwordLockout
  }
}

extension AccountFacts {
  /// UTC minutes with a successful login through any door, ascending.
  ///
  /// Successful API logins are known as attempts by minute without those that did not succeed.
  ///
  /// - Complexity: O(*m* + *n*) in minutes with API attempts and logged rows.
  var successMinutes: [Int64] {
    var open: [Int64: Int] = [:]
    var minutes: Set<Int64> = []
    for login in logins {
      if login.traits.door == .api {
        open[login.row.time.minute, default: 0] += 1
      } else if login.traits.outcome == .succeeded {
        minutes.insert(login.row.time.minute)
      }
    }
    for (minute, count) in apiMinutes where count > open[minute] ?? 0 { minutes.insert(minute) }
    return minutes.sorted()
  }
}
