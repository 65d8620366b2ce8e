/// A form of results.
package enum OutputFormat: String, Sendable, CaseIterable {
  /// The summary that a person reads.
  case text
  /// All of it, a record a line.
  case jsonl
  /// Findings.
  case csv
  /// Accounts.
  case csvAccounts = "csv-accounts"
  /// Findings for a SIEM.
  case ocsf
  /// All of it for a browser, in one file.
  case html
  /// Counts for monitoring.
  case prometheus

  /// Whether it holds counts alone, which other users may read: a collector runs as its own.
  package var isPublic: Bool { self == .prometheus }
}

/// Writes results in any form; a scan and `report` both go through here, so that they give the
/// same bytes.
package struct ResultsRenderer {
  private let document: ResultsDocument

  /// Makes a renderer.
  package init(_ document: ResultsDocument) { self.document = document }

  /// Gives the results to `write`, piece by piece.
  ///
  /// - Parameters:
  ///   - usesColor: Whether text goes to a terminal that knows colours.
  ///   - before: What is replaced, where the form goes on from it; empty for nothing.
  /// - Throws: ``ResultsError`` when the results cannot be read; what `write` throws.
  package func render(
    _ format: OutputFormat, usesColor: Bool = false, replacing before: String = "",
    to write: ([UInt8]) throws -> Void
  ) throws {
    switch format {
    case .text:
      let report = TextReport(
        run: document.run, end: document.end, totals: try document.totals(),
        findings: try document.findings(includingEvidence: false).map { ListedFinding($0) },
        gone: try document.goneFindings(), usesColor: usesColor)
      try write(Array(report.text.utf8))
    case .jsonl: try document.forEachPiece(write)
    case .csv: try FindingsTable(document).write(to: write)
    case .csvAccounts: try AccountsTable(document).write(to: write)
    case .html: try write(try HTMLReport(document).bytes())
    case .prometheus:
      try write(Array(try PrometheusText(document, before: before).text.utf8))
    case .ocsf: try OCSFFindings(document).write(to: write)
    }
  }
}
