import Crypto
import Findings
import Reports

/// Records of accounts and findings as lines, in their orders.
struct ResultLines {
  let accounts: TemporarySpool
  let findings: TemporarySpool
}

/// Writes a scan's results in all forms that were asked for.
struct ResultWriter {
  let outputs: [OutputTarget<OutputFormat>]
  let usesColor: Bool
  let temporary: TemporaryFolder

  /// Writes everything.
  ///
  /// JSON Lines are written once, into a spool; the other forms are rendered from them as `report`
  /// does it. Text alone needs no spool: its records are at hand.
  ///
  /// - Throws: ``OutputError`` for the first output that could not be written, after all others.
  func write(
    run: RunRecord, lines: ResultLines?, findings: [Finding], totals: ResultTotals,
    end: EndRecord
  ) throws {
    let records = ResultRecords(inputs: run.inputs, command: ReplayCommand(run))
    let spool = try lines.map { try self.spool(records, run: run, $0, end: end) }
    let needsDocument = outputs.contains { $0.format != .text && $0.format != .jsonl }
    let document = try spool.flatMap { spool in
      needsDocument ? try ResultsReader.read(spool, name: "the results of this scan") : nil
    }
    let sink = OutputSet(outputs, usesColor: usesColor)
    try sink.write { output, usesColor, write in
      switch output.format {
      case .jsonl: try spool?.forEachPiece(write)
      case .text:
        let report = TextReport(
          run: run, end: end, totals: totals,
          findings: findings.map { records.record($0, includingEvidence: false) },
          usesColor: usesColor)
        try write(Array(report.text.utf8))
      default:
        if let document { try ResultsRenderer(document).render(output.format, to: write) }
      }
    }
  }

  /// All lines of `-o jsonl`.
  private func spool(
    _ records: ResultRecords, run: RunRecord, _ lines: ResultLines, end: EndRecord
  ) throws -> TemporarySpool {
    let spool = TemporarySpool(in: temporary)
    var digest = SHA256()
    try spool.add(records.line(run) + [UInt8(ascii: "\n")])
    for part in [lines.accounts, lines.findings] {
      try part.forEachPiece { piece in
        digest.update(data: piece)
        try spool.add(piece)
      }
    }
    var end = end
    end.recordsDigest = hexadecimal(digest.finalize())
    try spool.add(records.line(end) + [UInt8(ascii: "\n")])
    return spool
  }
}
