import Crypto
import Findings
import Platform
import Reports

/// Records of accounts and findings as lines, in their orders.
struct ResultLines {
  let accounts: OrderedLines
  let findings: OrderedLines
  /// Findings of earlier runs that this one does not have.
  let gone: OrderedLines
}

/// Writes a scan's results in all forms that were asked for.
struct ResultWriter {
  let outputs: [OutputTarget<OutputFormat>]
  let usesColor: Bool
  let temporary: TemporaryFolder

  /// Writes everything.
  ///
  /// JSON Lines go straight to the only output that wants them. Where several do, or other forms are
  /// rendered from them as `report` does it, they are put into a spool first. Text needs none of this:
  /// its findings are listed.
  ///
  /// - Throws: ``OutputError`` for the first output that could not be written, after all others.
  func write(
    run: RunRecord, lines: ResultLines?, findings: [ListedFinding], gone: [FindingRecord],
    totals: ResultTotals, end: EndRecord
  ) throws {
    let records = ResultRecords(inputs: run.inputs, command: ReplayCommand(run))
    let needsDocument = outputs.contains { $0.format != .text && $0.format != .jsonl }
    let needsSpool = needsDocument || outputs.count { $0.format == .jsonl } > 1
    var spool: TemporarySpool?
    if let lines, needsSpool {
      let filled = TemporarySpool(in: temporary)
      try Self.write(records, run: run, lines, end: end) { try filled.add($0) }
      spool = filled
    }
    let document = try spool.flatMap { spool in
      needsDocument ? try ResultsReader.read(spool, name: "the results of this scan") : nil
    }
    let sink = OutputSet(outputs, usesColor: usesColor) { $0.isPublic }
    try sink.write { output, usesColor, write in
      switch output.format {
      case .jsonl:
        if let spool {
          try spool.forEachPiece(write)
        } else if let lines {
          try Self.write(records, run: run, lines, end: end, to: write)
        }
      case .text:
        let report = TextReport(
          run: run, end: end, totals: totals, findings: findings, gone: gone,
          usesColor: usesColor)
        try write(Array(report.text.utf8))
      default:
        if let document {
          try ResultsRenderer(document).render(
            output.format, replacing: output.replacedText, to: write)
        }
      }
    }
  }

  /// Gives all lines of `-o jsonl` to `write`.
  private static func write(
    _ records: ResultRecords, run: RunRecord, _ lines: ResultLines, end: EndRecord,
    to write: ([UInt8]) throws -> Void
  ) throws {
    var digest = SHA256()
    try write(records.line(run) + [UInt8(ascii: "\n")])
    for part in [lines.accounts, lines.findings, lines.gone] {
      try part.forEachPiece { piece in
        digest.update(data: piece)
        try write(piece)
      }
    }
    var end = end
    end.recordsDigest = Hexadecimal.text(digest.finalize())
    try write(records.line(end) + [UInt8(ascii: "\n")])
  }
}
