import Accounts
import Configuration
import Findings
package import Reports
import Results
import SalesforceExports

/// A form of what a pivot found.
package enum PivotFormat: String, Sendable, CaseIterable {
  case text
  case jsonl
  case html
}

/// Everything about one address, network, application, country, browser, platform or user: who shares it,
/// what else these did around it, what came with it, and which findings rest on it.
package struct Pivot {
  private var options: ScanOptions
  private let since: Instant?
  private let until: Instant?
  private let field: PivotField
  private let value: String
  private let hours: Int
  private let query: EventQuery
  private let condition: [String]
  private let outputs: [OutputTarget<PivotFormat>]
  private let width: Int?

  /// Makes a run.
  ///
  /// - Parameters:
  ///   - value: The value; names may hold `*`.
  ///   - hours: Hours before and after one with the value that count as around it.
  ///   - outputs: Forms with paths; `nil` is standard output.
  ///   - width: Columns of the terminal; `nil` cuts nothing.
  /// - Throws: ``UsageError`` for a value that the field cannot have.
  package init(
    _ field: PivotField, _ value: String, hours: Int, _ options: ScanOptions,
    outputs: [OutputTarget<PivotFormat>], width: Int?
  ) throws(UsageError) {
    self.field = field
    self.value = value
    self.hours = hours
    self.options = options.writing(outputs.map(\.path))
    since = options.since
    until = options.until
    self.options.since = nil
    self.options.until = nil
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.width = width
    var query = EventQuery()
    switch field {
    case .address, .network: try query.addNetwork(value, of: field.rawValue)
    case .application: query.applications = [NamePattern(value)]
    case .country: query.addCountry(value)
    case .browser: query.browsers = [NamePattern(value)]
    case .platform: query.platforms = [NamePattern(value)]
    case .user: try query.addAccount(value, of: field.rawValue)
    }
    self.query = query
    condition = [field.option, value]
  }

  /// Does the whole job.
  ///
  /// - Throws: ``UsageError``, ``OutputError``, ``Cancelled``.
  package func run() throws -> ReadingOutcome {
    if let since, let until, since >= until {
      throw UsageError("--since \(since.text) is not before --until \(until.text)")
    }
    let query = query
    let gathering = PivotGathering(hours: hours, asksNeighbours: field == .user, options)
    let queried = try QueriedRows(
      options, since: since, until: until, notesValues: false, observer: gathering,
      needsOrder: false
    ) { _ in query }
    let tally = PivotTally(queried.rows, gathering, threads: max(1, options.threads))
    try tally.addAll()
    var outcome = ReadingOutcome(
      queried.files, incomplete: queried.unclassedReasons + queried.gaps.reasons)
    outcome.messages += queried.gaps.messages
    outcome.rows = queried.accounting
    if outcome.rows.analysed == 0, queried.files.rows.analysed > 0 {
      outcome.incompleteReasons.append("no login rows to look at, or none in the window")
    }
    outcome.decide(queried.files)
    var report = tally.report(
      field, value, hours: hours, all: queried.accounting.analysed,
      command: ReplayCommand(inputs: options.inputs, options: options.readingArguments).events(
        condition + ReplayCommand.window(since: since, until: until)),
      incomplete: outcome.incompleteReasons)
    for field in PivotField.allCases {
      report.untold[field] = field.loginColumn.flatMap(queried.files.inputs.lacking)
    }
    let pivot = report
    options.progress?(.finished)
    let width = width
    // Where no input could be used, a page of nothing says less than the reasons that follow it.
    let isAnswer = queried.files.rows.analysed > 0
    try OutputSet(outputs, usesColor: options.usesColor).write { output, usesColor, file in
      switch output.format {
      case .text where !isAnswer: break
      case .text:
        let text = pivot.text(width: output.path == nil ? width : nil, usesColor: usesColor)
        try file.write(text.utf8)
      case .jsonl: try file.write(pivot.jsonLine)
      case .html: try file.write(pivot.page)
      }
    }
    try queried.files.inputs.writeRejects(options)
    return outcome
  }
}
