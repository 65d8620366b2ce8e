import Accounts
import Platform
import SalesforceExports

struct OverlappingFiles: Rule {
  static let description = RuleDescription(
    id: "PST-DATA-005", title: "login files without Ids overlap in time: rows may count twice",
    status: .info, severity: .info, onePer: "org",
    condition:
      "two login files, at least one of them without Ids, or two event logs of the same API requests "
      + "reach over a common time",
    evidence: "none: the finding names the files",
    remediation:
      "Export LoginHistory with Id, or give files that do not overlap: without Ids a copy of a row "
      + "cannot be told from a second login. Of API event logs give either the daily or the hourly "
      + "files.")

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    let files = run.inputs.filter {
      ($0.kind.holdsLogins || $0.kind.holdsRequests) && $0.first != nil
    }
    .sorted { ($0.first?.milliseconds ?? 0) < ($1.first?.milliseconds ?? 0) }
    var names: Set<ExactText> = []
    var overlaps = 0
    // Few files are compared pair by pair; each pair needs one without Ids.
    for (index, one) in files.enumerated() {
      for other in files[(index + 1)...] {
        guard let end = one.last, let start = other.first, start <= end else { break }
        guard !one.hasIDs || !other.hasIDs,
          one.kind == other.kind || (one.kind.holdsLogins && other.kind.holdsLogins)
        else { continue }
        overlaps += 1
        names.insert(one.name)
        names.insert(other.name)
      }
    }
    guard overlaps > 0 else { return [] }
    var draft = FindingDraft()
    draft.counts = ["overlapping_pairs": overlaps]
    draft.conditions = [
      Condition(
        "files that overlap in time without Ids",
        names.sorted().map(\.string).joined(separator: ", "),
        source: "time range of each file", wouldChange: "exports with Id")
    ]
    draft.dataQuality = ["figures may be too high where these files overlap"]
    return [draft]
  }
}
