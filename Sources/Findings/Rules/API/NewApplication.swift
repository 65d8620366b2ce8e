import Accounts
import Platform
import SalesforceExports

struct NewApplication: Rule {
  private static let days = RuleThreshold(
    "new_application_history_days", 14,
    "days of an account's history after which a first application is new")

  static let description = RuleDescription(
    id: "PST-API-007", version: 2, title: "application new to the account",
    severity: .medium, onePer: "account, application", needsColumns: ["Application"],
    condition:
      "the first row of an application on an account comes after at least 14 days of the account's "
      + "history; \u{201C}Browser\u{201D}, which stands for the user interface, and \u{201C}N/A\u{201D} are no "
      + "applications",
    severitySteps: [
      "−2 attempts only, none succeeded", "+1 used from an indicator",
      "−1 every source inside trusted_networks",
    ],
    evidence: "first and last row of each kind of login of the application",
    remediation:
      "Ask the account's owner whether the application is theirs; names can be imitated. If not, "
      + "block it (" + SetupPath.blockingApplication
      + "), revoke its tokens, and let only users that an admin approves use applications.",
    references: [Reference.vishing, Reference.loginHistory], attack: ["T1078.004", "T1550.001"],
    thresholds: [days])

  private typealias Use = (code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard let latest = facts.latestNewApplication, let first = facts.firstSeen else { return [] }
    let start = context.history(from: first, telling: ["Application"])
    let border = start.minute + Int64(context.value(of: Self.days) * 1_440)
    guard latest.minute >= border else { return [] }
    // A use holds two rows and is copied only where its application is new.
    let judgement = context.judgement
    var firsts = FewKeys<UInt32, Int64>()
    for position in facts.shapes.indices where facts.shapes[position].use.count > 0 {
      let code = facts.shapes[position].code
      guard judgement.traits(ofShape: code).signs.contains(.application) else { continue }
      let minute = facts.shapes[position].use.first.time.minute
      firsts.update(judgement.numbers.applications[Int(code)], from: minute) {
        $0 = min($0, minute)
      }
    }
    var uses = FewKeys<UInt32, [Use]>()
    for position in facts.shapes.indices where facts.shapes[position].use.count > 0 {
      let code = facts.shapes[position].code
      let number = judgement.numbers.applications[Int(code)]
      guard let first = firsts[number], first >= border,
        judgement.traits(ofShape: code).signs.contains(.application)
      else { continue }
      uses.update(number, from: []) { $0.append(facts.shapes[position]) }
    }
    let groups = uses.entries.compactMap { _, uses -> (application: ExactText, uses: [Use])? in
      guard let name = uses.first?.shape.applicationName,
        facts.past?.applications[name].map({ $0.minute >= border }) ?? true
      else { return nil }
      return (ExactText(name), uses)
    }
    return groups.sorted { $0.application < $1.application }.compactMap { application, uses in
      guard let first = uses.map(\.use.first.time).min() else { return nil }
      var draft = FindingDraft()
      draft.discriminator = "application=\(application)"
      let outcomes = uses.outcomes
      if outcomes.succeeded == 0 { draft.steps.append((-2, "attempts only, none succeeded")) }
      draft.cite(uses, "new application", context)
      guard context.describes else { return draft }
      draft.counts = ["attempted": outcomes.attempted, "succeeded": outcomes.succeeded]
      let days = (first.minute - start.minute) / 1_440
      draft.conditions = [
        Condition(
          "first row of the application", "\(first.text), after \(days.counted("day")) of history",
          threshold: "after \(Int(context.value(of: Self.days)).counted("day")) or more",
          source: "Application of the login rows",
          wouldChange: "an earlier row of the application")
      ]
      return draft
    }
  }
}
