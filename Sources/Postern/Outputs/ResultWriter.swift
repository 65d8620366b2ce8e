import Findings
import Reports

/// Writes a run's results in all forms that were asked for.
struct ResultWriter {
  let outputs: [OutputRequest]
  let usesColor: Bool

  /// Writes everything; files appear when all outputs are complete.
  func write(
    run: RunRecord, accounts: TemporarySpool?, findings: [Finding], totals: ResultTotals,
    end: EndRecord, inputNames: [String]
  ) throws {
    let records = ResultRecords(inputs: run.inputs)
    var files: [OutputFile] = []
    for output in outputs {
      let file = try OutputFile(path: output.path)
      switch output.format {
      case .jsonl:
        try file.writeLine(records.line(run))
        try accounts?.forEachPiece { try file.write($0) }
        for finding in findings { try file.writeLine(records.line(finding)) }
        try file.writeLine(records.line(end))
      case .text:
        let report = TextReport(
          run: run, end: end, totals: totals, findings: findings, inputNames: inputNames,
          usesColor: usesColor && output.path == nil)
        try file.write(Array(report.text.utf8))
      }
      files.append(file)
    }
    for file in files { try file.finish() }
  }
}
