import Accounts
import Platform
import SalesforceExports

struct RejectedRows: Rule {
  static let description = RuleDescription(
    id: "PST-DATA-003", title: "rejected rows",
    status: .info, severity: .info, onePer: "org, file, reason",
    condition: "a file has at least one row that cannot be judged",
    evidence: "none: --rejects FILE writes the rows with line, byte offset and reason",
    remediation: "Export the file again; look at the rows with --rejects FILE.")

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    run.inputs.flatMap { input in
      input.rejects.sorted { $0.key.rawValue < $1.key.rawValue }.map { reason, count in
        var draft = FindingDraft()
        draft.discriminator = "file=\(input.name)&reason=\(reason.rawValue)"
        draft.counts = ["rejected": count, "read": input.rowsRead]
        draft.conditions = [
          Condition(
            "rejected rows (\(reason.rawValue))", "\(count) of \(input.rowsRead)",
            threshold: "1 or more", source: input.name, wouldChange: "a sound export")
        ]
        draft.dataQuality = [
          "\(count.counted("row")) of \(input.name) \(count.takes("is", "are")) not in any figure"
        ]
        return draft
      }
    }
  }
}
