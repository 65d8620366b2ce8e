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

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard let latest = facts.latestNewApplication, let first = facts.firstSeen else { return [] }
    let start = context.history(from: first, telling: ["Application"])
    let border = start.minute + Int64(context.value(of: Self.days) * 1_440)
    guard latest.minute >= border else { return [] }
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
    var found: [(name: ExactText, number: UInt32)] = []
    for position in firsts.entries.indices where firsts.entries[position].value >= border {
      let number = firsts.entries[position].key
      let name = judgement.numbers.applicationTexts[Int(number)]
      if let earlier = facts.past?.applications[name], earlier.minute < border { continue }
      found.append((ExactText(name), number))
    }
    guard !found.isEmpty else { return [] }
    if found.count > 1 { found.sort { $0.name < $1.name } }
    // Once for all of them: somebody who guesses names makes as many as rows.
    var places = FewKeys<UInt32, [Int]>()
    for (_, number) in found { places.update(number, from: []) { _ in } }
    for place in facts.shapes.indices where facts.shapes[place].use.count > 0 {
      let code = facts.shapes[place].code
      let number = judgement.numbers.applications[Int(code)]
      guard judgement.traits(ofShape: code).signs.contains(.application), places.contains(number)
      else { continue }
      places.update(number, from: []) { $0.append(place) }
    }
    return found.map { name, number in
      draft(name.string, facts, shapesAt: places[number] ?? [], since: start, context)
    }
  }

  /// The finding about an application.
  ///
  /// - Parameter places: Those of its shapes among the account's.
  private func draft(
    _ application: String, _ facts: AccountFacts, shapesAt places: [Int], since start: Instant,
    _ context: RuleContext
  ) -> FindingDraft {
    var outcomes = OutcomeCounts()
    for place in places {
      outcomes.add(
        context.judgement.traits(ofShape: facts.shapes[place].code).outcome,
        facts.shapes[place].use.count)
    }
    var draft = FindingDraft()
    draft.discriminator = "application=" + application
    if outcomes.succeeded == 0 { draft.steps.append((-2, "attempts only, none succeeded")) }
    draft.cite(facts, shapesAt: places, "new application", context)
    guard context.describes, let first = draft.firstSeen else { return draft }
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
