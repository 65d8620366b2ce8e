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

  /// Whether it is written as accounts are judged, not when all of them were.
  package var isStreamed: Bool {
    switch self {
    case .jsonl, .csv, .csvAccounts, .csvApplications, .ocsf: true
    case .text, .brief, .html, .prometheus: false
    }
  }

  /// Makes the form.
  ///
  /// - Parameters:
  ///   - usesColor: Whether text goes to a terminal that knows colours.
  ///   - replaced: The text that is replaced, where the form goes on from it; empty for none.
  package func form(
    _ subject: ReportSubject, usesColor: Bool, replacing replaced: String
  ) -> any ReportForm {
    switch self {
    case .text: TextForm(subject, usesColor: usesColor)
    case .brief: BriefForm(subject)
    case .jsonl: LinesForm(subject)
    case .csv: FindingsTable(subject)
    case .csvAccounts: AccountsTable(subject)
    case .csvApplications: ApplicationsTable()
    case .html: HTMLForm(subject)
    case .prometheus: PrometheusForm(subject, replacing: replaced)
    case .ocsf: OCSFForm(subject)
    }
  }
}
