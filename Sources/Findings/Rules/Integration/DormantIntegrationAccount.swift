import Accounts
import Platform
import SalesforceExports

struct DormantIntegrationAccount: Rule {
  private static let days = RuleThreshold(
    "dormant_days", 30, "consecutive covered days without a login that make an account dormant")

  static let description = RuleDescription(
    id: "PST-INT-009", title: "integration account that is dormant, or woke up",
    severity: .low, onePer: "account", needs: [.users],
    condition:
      "an active integration account had no login, not even an attempt, on the last 30 covered days "
      + "(low), or one came after 30 covered days without any (medium). A covered day is a day with "
      + "rows of the org; days before the account was created do not count, nor, where its creation "
      + "is not known, do those before its first login. IsActive missing: undecided. Low confidence where no "
      + "API login of anybody is known in that time",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the logins of the day on which it woke up, where rows are kept",
    remediation:
      "Dormant: ask the integration's owner, then deactivate the user (Setup > Users > the user > "
      + "Edit > Active) or freeze it first. Woke up: check what changed in the client, and from "
      + "where it logs in; treat an unexplained return as a stolen credential.",
    references: [Reference.guidance, Reference.loginHistory], attack: ["T1078.004"],
    thresholds: [days])

  /// What makes a silence doubtful: exports leave API logins out where nobody asks for them.
  static let lacksAPILogins =
    "no API login of anybody is known in that time: an export without them (Setup's download holds them "
    + "with All Logins alone) or of one user shows every integration as silent; make sure before you act"

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.accountClass == .integration, let user = facts.user else { return [] }
    let limit = Int(context.value(of: Self.days))
    let covered = context.judgement.history.coveredDays
    guard limit > 0, covered.count >= limit else { return [] }
    let start = covered.firstIndex { day in user.created.map { day >= $0.day } ?? true }
    let used = Self.loginDays(facts)
    var next = 0
    // Covered days without a login before each covered day on which there was one.
    var idle = 0
    var idleStart: Int64 = 0
    // Days before its first login count where its creation is told: it could have been used then.
    var isKnown = user.created != nil
    var wakings: [(day: Int64, idle: Int)] = []
    // Of those and of the dormancy at the end the covered days without a login.
    var stretches: [ClosedRange<Int64>] = []
    for day in covered[(start ?? covered.count)...] {
      while next < used.count, used[next] < day { next += 1 }
      if next < used.count, used[next] == day {
        if idle >= limit, isKnown {
          wakings.append((day, idle))
          stretches.append(idleStart...day - 1)
        }
        idle = 0
        isKnown = true
      } else {
        if idle == 0 { idleStart = day }
        idle += 1
      }
    }
    let isDormant = idle >= limit && user.isActive != false
    guard isDormant || !wakings.isEmpty else { return [] }
    var draft = FindingDraft()
    draft.counts = [
      "covered_days": covered.count, "idle_days_at_end": idle, "woke_up": wakings.count,
    ]
    draft.conditions = [
      Condition(
        "covered days without a login up to the end", String(idle), threshold: "\(limit) or more",
        isMet: isDormant, source: "login rows", wouldChange: "a login, or an inactive user"),
      Condition(
        "logins after \(Int(limit).counted("covered day")) without one",
        wakings.isEmpty
          ? "none"
          : wakings.map { "\(CivilDate(day: $0.day).text) after \($0.idle.counted("day"))" }
            .joined(separator: ", "), threshold: "1 or more", isMet: !wakings.isEmpty,
        source: "login rows", wouldChange: "regular logins"),
      Condition(
        "active", user.isActive.map(String.init) ?? "not available", threshold: "true",
        isMet: user.isActive == true, source: "User.IsActive",
        wouldChange: user.isActive == nil ? "a User export with IsActive" : "deactivating the user"),
      HumanLogins.classCondition(facts),
    ]
    if !wakings.isEmpty {
      draft.base = .medium
      draft.baseReason = "it woke up"
      let days = Set(wakings.map(\.day))
      draft.cite(
        facts.logins.filter { days.contains($0.row.time.day) },
        "the day it woke up")
    } else if user.isActive == nil {
      draft.becomeUnknown(["User.IsActive"])
    }
    if isDormant, let last = covered.last { stretches.append(idleStart...last) }
    if stretches.allSatisfy({ !context.judgement.history.hasAPILogins($0) }) {
      draft.confidence = .low
      draft.dataQuality.append(Self.lacksAPILogins)
    }
    if isDormant, let requests = facts.requests {
      draft.dataQuality.append(
        "no login, but the API event logs hold \(requests.total.counted("request")) of the account: a session "
          + "or token of an earlier login may still be in use")
    }
    draft.firstSeen = draft.firstSeen ?? facts.firstLogin
    draft.lastSeen = draft.lastSeen ?? facts.lastLogin
    return [draft]
  }

  /// UTC days with a row of the account, ascending.
  private static func loginDays(_ facts: AccountFacts) -> [Int64] {
    // Hours and rows ascend, so a day is worked out once.
    var apiDays: [Int64] = []
    var end = Int64.min
    for (hour, _) in facts.apiHours where hour >= end {
      apiDays.append(floorDivide(hour, 24))
      end = (apiDays[apiDays.count - 1] + 1) * 24
    }
    var days: [Int64] = []
    days.reserveCapacity(apiDays.count)
    var next = 0
    end = .min
    for position in facts.logins.indices where facts.logins[position].row.time.milliseconds >= end {
      let day = facts.logins[position].row.time.day
      end = (day + 1) * Instant.dayMilliseconds
      while next < apiDays.count, apiDays[next] < day {
        days.append(apiDays[next])
        next += 1
      }
      if next < apiDays.count, apiDays[next] == day { next += 1 }
      days.append(day)
    }
    days += apiDays[next...]
    return days
  }
}
