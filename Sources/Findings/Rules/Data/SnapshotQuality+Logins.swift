import Accounts
import Platform
import SalesforceExports

// What login files lack, so that rules see less of them than it looks.
extension SnapshotQuality {
  /// Columns that some rule needs, and login files that lack them; one draft a kind of file.
  static func incompleteLogins(_ context: RuleContext) -> [FindingDraft] {
    let files = Dictionary(grouping: context.loginFiles.filter { $0.last != nil }, by: \.kind)
    return files.sorted { $0.key.rawValue < $1.key.rawValue }.compactMap { kind, files in
      var problems = missingColumns(kind, files, context)
      problems += namelessLogins(kind, files, context)
      guard !problems.isEmpty else { return nil }
      var draft = FindingDraft()
      draft.discriminator = kind.rawValue
      draft.counts = ["problems": problems.count]
      draft.conditions = problems
      draft.dataQuality = problems.map { "\(kind.rawValue): \($0.name) \($0.value)" }
      draft.remediation =
        kind == .eventLogLogin
        ? "Give LoginHistory in place of the event log, or beside it: it has these columns."
        : "Export LoginHistory again with these columns, as the guide to exporting says."
      return draft
    }
  }

  private static func missingColumns(
    _ kind: FileKind, _ files: [LoginFileColumns], _ context: RuleContext
  ) -> [Condition] {
    let needed = Dictionary(
      grouping: Catalogue.rules.map(\.description).flatMap { rule in
        rule.needsColumns.map { (column: $0, rule: rule.id) }
      }, by: \.column)
    return needed.sorted { $0.key < $1.key }.compactMap { column, rules in
      let lacking = files.filter { $0.missing.contains(column) }
      guard !lacking.isEmpty else { return nil }
      let names = rules.map(\.rule).sorted().joined(separator: ", ")
      let isWhole = lacking.count == files.count
      let until = lacking.compactMap(\.last).max().map { CivilDate(day: $0.day).text } ?? ""
      return Condition(
        isWhole
          ? "without the column"
          : "\(lacking.count) of \(files.count.counted("file")) without the column",
        isWhole
          ? "\(column), which \(names) \(rules.count == 1 ? "needs" : "need")"
          : "\(column): what is new by it is told behind \(until) alone (\(names))",
        source: "headers", wouldChange: "an export with this column")
    }
  }

  /// Logins by OAuth always name their application where the column is exported.
  private static func namelessLogins(
    _ kind: FileKind, _ files: [LoginFileColumns], _ context: RuleContext
  ) -> [Condition] {
    guard kind != .eventLogLogin, files.contains(where: { !$0.missing.contains("Application") })
    else { return [] }
    let (nameless, all) = context.judgement.wholeHistory.oauthLogins
    guard nameless > 0 else { return [] }
    return [
      Condition(
        "logins by OAuth that name no application", "\(nameless) of \(all)", threshold: "none",
        source: "Application of the login rows",
        wouldChange: "an export in which these rows have their application")
    ]
  }
}
