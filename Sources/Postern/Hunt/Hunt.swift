import Accounts
package import Configuration
import Findings
import Platform
import Reports
import Results
import SalesforceExports

/// A form of what a hunt found.
package enum HuntFormat: String, Sendable, CaseIterable {
  case text
  case jsonl
  case csv
}

/// Looks for indicators in a saved history, login by login.
///
/// A ledger knows of successful API logins little more than first and last, so a scan can say only
/// what that tells about dates. A hunt picks every row out that some indicator matches, whatever its
/// dates, as they are folded, and compares its own time.
package struct Hunt {
  private var options: ScanOptions
  private let since: Instant?
  private let until: Instant?
  private let indicators: [Indicator]
  private let outputs: [OutputTarget<HuntFormat>]
  private let failsOnMatch: Bool

  /// Makes a run.
  ///
  /// - Parameters:
  ///   - indicators: What to look for; `nil` for those of the configuration.
  ///   - outputs: Forms with paths; `nil` is standard output.
  ///   - failsOnMatch: Whether a match makes exit code 1.
  /// - Throws: ``UsageError`` when there is nothing to look for.
  package init(
    _ options: ScanOptions, indicators: [Indicator]?, outputs: [OutputTarget<HuntFormat>],
    failsOnMatch: Bool
  ) throws(UsageError) {
    self.indicators = indicators ?? options.configuration.indicators
    guard !self.indicators.isEmpty else {
      throw UsageError(
        indicators == nil
          ? "nothing to look for: --indicators FILE names a list"
          : "nothing to look for: the list holds no indicator")
    }
    self.options = options.writing(outputs.map(\.path))
    since = options.since
    until = options.until
    self.options.since = nil
    self.options.until = nil
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.failsOnMatch = failsOnMatch
  }

  /// Does the whole job.
  ///
  /// - Throws: ``UsageError``, ``OutputError``, ``Cancelled``.
  package func run() throws -> ReadingOutcome {
    if let since, let until, since >= until {
      throw UsageError("--since \(since.text) is not before --until \(until.text)")
    }
    let indicators = indicators
    let queried = try QueriedRows(
      options, since: since, until: until, notesValues: false
    ) { kind in
      var query = EventQuery()
      query.indicators = IndicatorTable(indicators, hasUserAgents: kind == .eventLogLogin)
      return query
    }
    var tally = HuntTally(
      IndicatorTable(indicators, hasUserAgents: queried.loginKind == .eventLogLogin),
      queried.rows.texts)
    while let rows = try queried.rows.next() {
      try Cancelled.check()
      for login in rows { tally.add(login) }
    }
    let outcome = outcome(queried, hasMatch: tally.hasMatch)
    let report = HuntReport(
      indicators.indices.map { hunted($0, tally, queried) }, rows: queried.accounting.analysed,
      reach: reach(queried), gaps: gaps(queried, from: since, until: until),
      incomplete: outcome.incompleteReasons)
    try OutputSet(outputs, usesColor: options.usesColor).write { output, usesColor, file in
      switch output.format {
      case .text: try file.write(report.text(usesColor: usesColor).utf8)
      case .jsonl: try file.write(report.jsonLines)
      case .csv:
        if options.marksTables { try file.writeByteOrderMark() }
        try file.write(report.csv)
      }
    }
    try queried.files.inputs.writeRejects(options)
    return outcome
  }

  // MARK: One indicator

  private func hunted(_ entry: Int, _ tally: HuntTally, _ queried: QueriedRows) -> HuntedIndicator {
    let indicator = indicators[entry]
    let from = indicator.dates.from.map { Instant(milliseconds: $0) }
    let until = indicator.dates.until.map { Instant(milliseconds: $0) }
    var hunted = HuntedIndicator(
      text: indicator.text, list: indicator.file, listLine: indicator.line, from: from,
      until: until, source: indicator.source)
    tally.describe(&hunted, entry)
    let obstacle =
      queried.files.inputs.rowsInLedgersAlone.isEmpty
      ? obstacle(to: indicator, queried) : "rows that a ledger alone has were not looked at"
    let uncovered = uncovered(from, until, queried)
    hunted.note = obstacle ?? (uncovered.isEmpty ? unread(queried) : uncovered)
    if hunted.rows > 0 {
      hunted.state = .matched
      hunted.command = command(indicator, from, until)
    } else if !hunted.note.isEmpty {
      // What nobody looked at is not "not met".
      hunted.state = .unknown
    }
    return hunted
  }

  /// Why no login of these exports could show an indicator; `nil` where one could.
  private func obstacle(to indicator: Indicator, _ queried: QueriedRows) -> String? {
    switch indicator.subject {
    case .network:
      return queried.files.inputs.lacking("SourceIp")
        ?? (queried.hasAddresses ? nil : "no row that was read has an address")
    case .application:
      return queried.files.inputs.lacking("Application") ?? nameless(queried)
    case .userAgent:
      guard queried.loginKind == .eventLogLogin else {
        return "LoginHistory has no user agents; event log files of type Login have them"
          + (queried.files.leftOutLogins == nil ? "" : ": --logins event-log takes those given")
      }
      return queried.files.inputs.lacking("Browser").map {
        $0.replacing("column Browser", with: "column BROWSER_TYPE")
      } ?? (queried.hasBrowsers ? nil : "no row that was read has a value in BROWSER_TYPE")
    }
  }

  /// What of the login files could not be read; empty for nothing.
  private func unread(_ queried: QueriedRows) -> String {
    let files = queried.files.inputs.records.filter { $0.kind?.holdsLogins == true }
    let rejected = files.reduce(0) { $0 + $1.rejected }
    if let cut = files.first(where: { $0.problem != nil }) {
      return "\(cut.name) could not be read to its end"
    }
    if let problem = queried.files.problems.first { return problem }
    return rejected == 0
      ? ""
      : "\(rejected.counted("login row")) could not be read, which may be one that is looked for"
  }

  private func nameless(_ queried: QueriedRows) -> String? {
    let (nameless, all) = queried.history.oauthLogins
    return nameless == 0
      ? nil
      : "\(nameless) of \(all.counted("login")) by OAuth \(nameless.takes("names", "name")) no application"
  }

  /// Time that was looked through: that of the rows, within the window.
  private func reach(_ queried: QueriedRows) -> (first: Instant, last: Instant)? {
    guard let first = queried.first, let last = queried.last else { return nil }
    return (max(first, since ?? first), until.map { min(last, $0) } ?? last)
  }

  private func isReached(_ from: Instant?, _ until: Instant?, _ queried: QueriedRows) -> Bool {
    guard let reach = reach(queried) else { return false }
    return (from.map { $0 <= reach.last } ?? true) && (until.map { reach.first < $0 } ?? true)
  }

  /// What part of an indicator's dates lies outside the history; empty for none.
  private func uncovered(_ from: Instant?, _ until: Instant?, _ queried: QueriedRows) -> String {
    guard let reach = reach(queried) else { return "no logins were read" }
    guard isReached(from, until, queried) else {
      return "its dates lie outside the logins that were read, "
        + "\(reach.first.text) to \(reach.last.text)"
    }
    var parts: [String] = []
    if let from, from < reach.first { parts.append("begin at \(reach.first.text)") }
    if let until, until > reach.last { parts.append("end at \(reach.last.text)") }
    if !parts.isEmpty {
      return "the logins that were read \(parts.joined(separator: " and ")): its dates are longer"
    }
    // An entry without dates looks for no time in particular; the report names the gaps.
    guard from != nil || until != nil,
      let gap = gaps(queried, from: from, until: until).first
    else { return "" }
    return "no logins were read from \(gap.from.text) to \(gap.until.text), within its dates"
  }

  /// Stretches of a time in which the org is usually busy and no login was read.
  private func gaps(
    _ queried: QueriedRows, from: Instant?, until: Instant?
  ) -> [ActivityGaps.Gap] {
    queried.history.gaps(ActivityGaps.Measure()).filter { gap in
      (until.map { gap.from < $0 } ?? true) && (from.map { $0 < gap.until } ?? true)
    }
  }

  private func command(_ indicator: Indicator, _ from: Instant?, _ until: Instant?) -> String {
    let condition: [String]
    switch indicator.subject {
    case .network(let prefix): condition = ["--ip", prefix.description]
    case .application(let pattern): condition = ["--application", pattern.text]
    case .userAgent: return ""
    }
    let starts = [from, since].compactMap { $0 }
    let ends = [until, self.until].compactMap { $0 }
    return ReplayCommand(inputs: options.inputs, options: options.readingArguments).events(
      condition + ReplayCommand.window(since: starts.max(), until: ends.min()))
  }

  // MARK: The end

  private func outcome(_ queried: QueriedRows, hasMatch: Bool) -> ReadingOutcome {
    var outcome = ReadingOutcome(
      queried.files,
      incomplete: queried.files.inputs.unshownLedgerRows)
    outcome.rows = queried.accounting
    if outcome.rows.analysed == 0, queried.files.rows.analysed > 0 {
      outcome.incompleteReasons.append("no login rows to look at, or none in the window")
    }
    outcome.decide(queried.files, isOverThreshold: failsOnMatch && hasMatch)
    return outcome
  }
}
