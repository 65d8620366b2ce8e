import Accounts
import Configuration
package import Platform
import Reports
import Results
import SalesforceExports

/// What `postern inspect` says.
package struct Inspection {
  /// The text and the exit code.
  package struct Outcome: Sendable {
    /// The whole text.
    package let text: String
    /// As for a scan; rejected rows are not weighed.
    package let exit: ExitCode
  }

  private let options: ScanOptions

  /// Makes an inspection.
  package init(_ options: ScanOptions) { self.options = options }

  /// Reads the inputs and describes them.
  ///
  /// - Throws: ``UsageError``, ``OutputError``, ``Cancelled``.
  package func run() throws -> Outcome {
    var plan = try RunPlan(options)
    let tables = try RunTables(plan)
    let logins = try RunLogins(&plan, tables)
    let accounting = RunAccounting(plan, tables, logins)
    let inputs = accounting.inputs
    var lines: [String] = []
    for (number, record) in inputs.records.enumerated() {
      lines.append(contentsOf: describe(record, inputs.rejects(number)))
      lines.append("")
    }
    for ignored in plan.ignored {
      lines.append(SafeText.terminal("ignored: \(ignored.name): \(ignored.reason)"))
    }
    for reason in accounting.problems { lines.append(SafeText.terminal("problem: " + reason)) }
    for gap in ActivityGaps.find(in: logins.ledger) {
      lines.append("gap: no login rows from \(gap.from.text) to \(gap.until.text)")
    }
    options.progress?(.finished)
    try inputs.writeRejects(options)
    let rows = accounting.rows
    lines.append(
      "login rows: \(rows.read) read = \(rows.analysed) analysed + \(rows.duplicate) duplicate + "
        + "\(rows.filtered) filtered + \(rows.rejected) rejected")
    let exit = ExitCode.deciding([
      .internalFault: !rows.isBalanced, .nothingAnalysed: inputs.records.isEmpty,
      .incomplete: !accounting.problems.isEmpty,
    ])
    return Outcome(text: lines.joined(separator: "\n") + "\n", exit: exit)
  }

  private func describe(_ record: InputRecord, _ rejects: [RejectReason: Int]) -> [String] {
    func list(_ names: [String]) -> String {
      names.isEmpty ? "none" : SafeText.terminal(names.joined(separator: ", "))
    }
    let delimiter = record.delimiter == "\t" ? "tab" : record.delimiter
    var lines = [
      SafeText.terminal(record.name),
      "  kind             \(record.kind?.rawValue ?? "unknown")",
      "  stored           \(record.byteCount.counted("byte")), \(record.compression), delimiter \(delimiter)",
      "  sha256           \(record.sha256)",
      "  rows             \(record.read) read, \(record.filtered) filtered, \(record.rejected) rejected",
    ]
    if let first = record.first, let last = record.last {
      lines.append("  time range       \(first.text) to \(last.text)")
    }
    if let date = record.date {
      lines.append("  snapshot date    \(CivilDate(day: date.day).text)")
    }
    lines.append("  columns used     \(list(record.columnsUsed))")
    lines.append("  columns ignored  \(list(record.columnsIgnored))")
    if record.kind?.holdsLogins == true || !record.columnsMissing.isEmpty {
      lines.append("  columns missing  \(list(record.columnsMissing))")
    }
    for (reason, count) in rejects.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      lines.append("  rejected         \(count.counted("row")): \(reason.rawValue)")
    }
    if let problem = record.problem {
      lines.append("  problem          \(SafeText.terminal(problem))")
    }
    return lines
  }
}
