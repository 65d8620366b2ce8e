import Accounts
import SalesforceExports

package struct TruncatedExport: Rule {
  package static let description = RuleDescription(
    id: "PST-DATA-006", title: "file with exactly as many rows as an export limit allows",
    status: .info, severity: .info, onePer: "org, file",
    condition: "a file has exactly 2,000, 10,000, 20,000, 50,000 or 1,048,575 rows",
    evidence: "none: the finding names the file",
    remediation:
      "Check whether the export was cut: a query through the command line warns only on the "
      + "terminal, and the Login History page shows 20,000 rows at most. Export with Bulk API 2.0 "
      + "or the Setup download of all logins.",
    references: [Reference.loginHistory])

  /// Limits of queries, of the Login History page, and of a worksheet (its rows less the header).
  package static let limits: Set<Int> = [2_000, 10_000, 20_000, 50_000, 1_048_575]

  package func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    run.inputs.filter { Self.limits.contains($0.rowsRead) }.map { input in
      var draft = FindingDraft()
      draft.discriminator = input.name
      draft.firstSeen = input.first
      draft.lastSeen = input.last
      draft.counts = ["rows": input.rowsRead]
      draft.conditions = [
        Condition(
          "rows of the file", String(input.rowsRead),
          threshold: "2,000, 10,000, 20,000, 50,000 or 1,048,575", source: input.name,
          wouldChange: "an export without a limit")
      ]
      draft.dataQuality = ["\(input.name) looks cut by an export limit"]
      return draft
    }
  }
}
