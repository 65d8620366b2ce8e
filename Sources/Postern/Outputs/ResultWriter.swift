import Crypto
import Findings
import Reports

/// Writes a scan's results in all forms that were asked for.
struct ResultWriter {
  let outputs: [OutputRequest]
  let usesColor: Bool

  /// Writes everything; files appear when all outputs are complete.
  func write(
    run: RunRecord, accounts: TemporarySpool?, findings: [Finding], totals: ResultTotals,
    end: EndRecord
  ) throws {
    let records = ResultRecords(inputs: run.inputs, command: ReplayCommand(run))
    var files: [OutputFile] = []
    for output in outputs {
      let file = try OutputFile(path: output.path)
      switch output.format {
      case .jsonl:
        var end = end
        var digest = SHA256()
        func write(_ bytes: [UInt8]) throws {
          digest.update(data: bytes)
          try file.write(bytes)
        }
        try file.writeLine(records.line(run))
        try accounts?.forEachPiece { try write($0) }
        for finding in findings { try write(records.line(finding) + [UInt8(ascii: "\n")]) }
        end.recordsDigest = hexadecimal(digest.finalize())
        try file.writeLine(records.line(end))
      case .text:
        let report = TextReport(
          run: run, end: end, totals: totals,
          findings: findings.map { records.record($0, includingEvidence: false) },
          usesColor: usesColor && output.path == nil)
        try file.write(Array(report.text.utf8))
      }
      files.append(file)
    }
    for file in files { try file.finish() }
  }
}
