import Accounts
import SalesforceExports

struct VerificationsEnd: Rule {
  static let description = RuleDescription(
    id: "PST-DATA-008", title: "verifications end before the logins, or begin after them",
    status: .info, severity: .info, onePer: "org", needs: [.verificationHistory],
    condition:
      "the last verification is more than a day before the last login, or the first more than a day "
      + "after the first login",
    evidence: "none: the finding names the two ranges",
    remediation:
      "Look why verifications stopped arriving, and export VerificationHistory for the whole time of "
      + "the logins: without it, MFA of logins outside these times stays undecided.",
    references: [Reference.loginHistory])

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    guard let table = context.judgement.verifications, let first = run.first, let last = run.last,
      let begin = table.first, let end = table.last
    else { return [] }
    var conditions: [Condition] = []
    func look(_ distance: Int64, _ name: String, _ value: String, _ logins: String) {
      guard distance > Instant.dayMilliseconds else { return }
      conditions.append(
        Condition(
          name, value, threshold: "within a day of \(logins)", source: "VerificationHistory",
          wouldChange: "an export that reaches over the whole time of the logins"))
    }
    look(last.milliseconds - end.milliseconds, "last verification", end.text, last.text)
    look(begin.milliseconds - first.milliseconds, "first verification", begin.text, first.text)
    guard !conditions.isEmpty else { return [] }
    var draft = FindingDraft()
    draft.firstSeen = begin
    draft.lastSeen = end
    draft.counts = ["problems": conditions.count]
    draft.conditions = conditions
    draft.dataQuality = conditions.map {
      "VerificationHistory: its \($0.name) is of \($0.value), more than a day from the logins"
    }
    return [draft]
  }
}
