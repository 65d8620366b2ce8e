import Results

/// A form of results, as `-o` names it.
package enum OutputFormat: String, Sendable, CaseIterable {
  /// The summary that a person reads.
  case text
  /// What is new and who came in, in at most 40 lines of Markdown.
  case brief
  /// All of it, a record a line.
  case jsonl
  /// Findings.
  case csv
  /// Accounts.
  case csvAccounts = "csv-accounts"
  /// What to do.
  case csvActions = "csv-actions"
  /// Applications.
  case csvApplications = "csv-applications"
  /// Findings for a SIEM.
  case ocsf
  /// All of it for a browser, in one file.
  case html
  /// Counts for monitoring.
  case prometheus

  /// Whether it holds counts alone, which other users may read: a collector runs as its own.
  package var isPublic: Bool { self == .prometheus }

  /// Whether it is a table for spreadsheets, before which a byte order mark may stand.
  package var isTable: Bool {
    switch self {
    case .csv, .csvAccounts, .csvActions, .csvApplications: true
    case .text, .brief, .jsonl, .ocsf, .html, .prometheus: false
    }
  }

  /// Whether it is written as accounts are judged, not when all of them were.
  package var isStreamed: Bool { isTable || self == .jsonl || self == .ocsf }

  /// Makes the form.
  ///
  /// - Parameters:
  ///   - usesColor: Whether text goes to a terminal that knows colours.
  ///   - replaced: The text that is replaced, where the form goes on from it; empty for none.
  package func form(
    _ subject: ReportSubject, usesColor: Bool, replacing replaced: String
  ) -> any FormOutput {
    switch self {
    case .text: FormRun(TextForm(subject, usesColor: usesColor))
    case .brief: FormRun(BriefForm(subject))
    case .jsonl: FormRun(LinesForm(subject))
    case .csv: SeverityFormRun(FindingsTable(subject))
    case .csvAccounts: FormRun(AccountsTable(subject))
    case .csvActions: SeverityFormRun(ActionsTable(subject))
    case .csvApplications: FormRun(ApplicationsTable(organizationID: subject.run.organizationID))
    case .html: FormRun(HTMLForm(subject))
    case .prometheus: FormRun(PrometheusForm(subject, replacing: replaced))
    case .ocsf: FormRun(OCSFForm(subject))
    }
  }
}
