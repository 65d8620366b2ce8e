package import Accounts
package import Findings
import Platform
package import SalesforceExports

/// The findings of an earlier run: how those of a later run stand to them, and which are gone.
///
/// Of each finding it holds what decides a change, and where its line lies; the line of one that is
/// gone is read again.
package final class FindingsBaseline: Sendable {
  /// What an earlier run said of a finding.
  package struct Entry: Sendable {
    package let status: FindingStatus
    package let severity: Severity
    package let confidence: Confidence?
    package let isSuppressed: Bool
    /// Number of its rows, and the last of them.
    package let rows: EarlierRows
    let firstDetected: Instant
    /// Where its line lies, and whether it was gone by then.
    let line: Range<Int>
    let wasGone: Bool
    /// Where the line of its account lies; `nil` without one, and when it was gone.
    let accountLine: Range<Int>?

    init(
      _ finding: FindingRecord, detected: Instant, line: Range<Int>, accountLine: Range<Int>?
    ) {
      status = finding.status
      severity = finding.severity
      confidence = finding.confidence
      isSuppressed = finding.suppression != nil
      rows = EarlierRows(count: finding.evidenceTotal, last: finding.lastSeen)
      firstDetected = finding.lifecycle?.firstDetected ?? detected
      wasGone = finding.isGone
      self.line = line
      self.accountLine = accountLine
    }

    /// What differs, in words; empty when nothing does.
    package func differences(from finding: FindingRecord) -> [String] {
      var differences: [String] = []
      func compare(_ name: String, _ before: String?, _ after: String?) {
        if before != after {
          differences.append("\(name) \(before ?? "none") → \(after ?? "none")")
        }
      }
      compare("status", status.rawValue, finding.status.rawValue)
      compare("severity", severity.name, finding.severity.name)
      compare("confidence", confidence?.rawValue, finding.confidence?.rawValue)
      return differences
    }

    /// Whether a later run says something worse.
    ///
    /// What could not be told, or was about the data, is a fail, or the severity is higher. How sure it
    /// is makes nothing worse.
    func isBetter(than finding: FindingRecord) -> Bool {
      let (before, after) = (Self.weight(status), Self.weight(finding.status))
      return after != before ? after > before : finding.severity > severity
    }

    private static func weight(_ status: FindingStatus) -> Int {
      switch status {
      case .fail: 2
      case .unknown: 1
      case .info: 0
      }
    }
  }

  /// What the earlier run was, and how it ended.
  package let run: RunRecord
  package let end: EndRecord
  private let entries: [FindingKey: Entry]
  /// Findings of each account.
  private let accounts: [ExactText: [FindingKey]]
  /// Hashes of the keys of all accounts.
  private let accountHashes: Set<Int>
  private let source: any ResultsSource
  /// The file as the user named it.
  package let name: String

  /// What one worker reads.
  private struct Part: Sendable {
    var findings: [(key: FindingKey, account: String?, entry: Entry)] = []
    var accounts: Set<Int> = []
  }

  /// Reads the findings of earlier results.
  ///
  /// Those that the run had, and those that it could not look for. What lies before all that the run
  /// knows is reported once, and not handed on.
  ///
  /// - Throws: ``ResultsError`` when they cannot be used.
  /// - Complexity: O(*n*) in the bytes; holds some 100 bytes a finding, and 16 an account.
  package init(_ source: any ResultsSource, name: String, threads: Int) throws {
    let reader = try ResultsReader(source, name: name)
    let run = reader.run
    let result = try reader.read(detail: [], threads: threads) {
      Part()
    } _: { part, block, group in
      if group.subject == .account { part.accounts.insert(ExactText(group.account.key).hashValue) }
      for (number, finding) in group.findings.enumerated() {
        if finding.isGone {
          guard finding.lifecycle?.change == .notEvaluated, !run.hasLeftBehind(finding) else {
            continue
          }
        }
        guard let key = FindingKey(finding.id) else { continue }
        func place(_ line: Range<Int>) -> Range<Int> {
          block.byteOffset + line.lowerBound..<block.byteOffset + line.upperBound
        }
        part.findings.append(
          (
            key, finding.account?.key,
            Entry(
              finding, detected: run.evaluationTime, line: place(group.lines[number]),
              accountLine: group.accountLine.map(place))
          ))
      }
    }
    self.run = run
    end = result.end
    accountHashes = result.parts.reduce(into: []) { $0.formUnion($1.accounts) }
    let found = result.parts.map(\.findings).joined()
    entries = Dictionary(found.lazy.map { ($0.key, $0.entry) }) { first, second in
      first.wasGone ? second : first
    }
    accounts = Dictionary(
      grouping: found.lazy.filter { $0.account != nil }, by: { ExactText($0.account ?? "") }
    ).mapValues { $0.map(\.key) }
    self.source = source
    self.name = name
  }

  /// What the earlier run said of a finding; `nil` when it did not have it.
  package func entry(_ id: String) -> Entry? { FindingKey(id).flatMap { entries[$0] } }

  /// Rows that the earlier run had of a finding; `nil` when it did not have the finding.
  package func rows(_ id: String) -> EarlierRows? { entry(id)?.rows }

  /// How a finding of a run stands to the earlier one.
  ///
  /// - Parameters:
  ///   - isEvent: Whether each new row of the rule matters.
  ///   - newRows: Rows of it that the earlier run did not have.
  ///   - time: Evaluation time of the run.
  package func lifecycle(
    _ finding: FindingRecord, isEvent: Bool, newRows: Int, at time: Instant
  ) -> FindingLifecycle {
    var lifecycle = FindingLifecycle()
    lifecycle.lastDetected = time
    lifecycle.firstDetected = time
    guard let old = entry(finding.id) else { return lifecycle }
    lifecycle.firstDetected = old.firstDetected
    if isEvent, newRows > 0 {
      lifecycle.change = .recurred
      lifecycle.newRows = newRows
    } else if old.isSuppressed, finding.suppression == nil {
      // Nobody was to be woken by it, and somebody is from this run on.
      lifecycle.change = .new
    } else if old.differences(from: finding).isEmpty {
      lifecycle.change = .persisting
    } else {
      lifecycle.change = .changed
      lifecycle.isWorse = old.isBetter(than: finding)
    }
    return lifecycle
  }

  /// How a finding of saved results stands to the earlier ones.
  ///
  /// Its rows are known as far as they are evidence, so the number of new ones is at least what it
  /// says.
  package func lifecycle(_ finding: FindingRecord, at time: Instant) -> FindingLifecycle {
    let isEvent = Catalogue.rule(finding.ruleID)?.description.isEvent ?? false
    return lifecycle(
      finding, isEvent: isEvent, newRows: rows(finding.id)?.newRows(of: finding) ?? 0, at: time)
  }

  /// Number of accounts that it has records of.
  package var accountCount: Int { accountHashes.count }

  /// Whether it has a record of an account.
  ///
  /// One that it does not have passes once in 2⁶⁴ times.
  package func hasAccount(_ key: String) -> Bool {
    accountHashes.contains(ExactText(key).hashValue)
  }

  /// Whether the earlier run had findings about an account that a later one does not have.
  ///
  /// - Parameters:
  ///   - key: The account.
  ///   - found: Its findings in the later run.
  package func hasMore(about key: String, than found: [FindingRecord]) -> Bool {
    guard let keys = accounts[ExactText(key)] else { return false }
    let found = Set(found.compactMap { FindingKey($0.id) })
    return !found.isSuperset(of: keys)
  }

  /// Gives each finding of the earlier run that a later one does not have, with its rows and with
  /// what became of it, in the order of the earlier results.
  ///
  /// - Parameters:
  ///   - found: Findings of the later run.
  ///   - check: Whether that could have shown a finding.
  /// - Throws: ``ResultsError`` when the earlier results cannot be read; what `body` throws.
  package func forEachGoneFinding(
    found: Set<FindingKey>, _ check: EvaluationCheck, _ body: (FindingRecord) throws -> Void
  ) throws {
    let gone = entries.filter { !found.contains($0.key) }.map(\.value)
      .sorted { $0.line.lowerBound < $1.line.lowerBound }
    for entry in gone {
      var finding = FindingRecord()
      try read(
        entry.line, entry.wasGone ? FindingRecord.goneSchema : FindingRecord.schema, detail: .all
      ) { finding.code(&$0) }
      let detection = try detection(of: finding, entry)
      let reasons = check.lacking(finding, detection)
      var lifecycle = FindingLifecycle()
      lifecycle.change = reasons.isEmpty ? .resolved : .notEvaluated
      lifecycle.firstDetected = entry.firstDetected
      lifecycle.lastDetected = finding.lifecycle?.lastDetected ?? run.evaluationTime
      lifecycle.reasons = reasons
      lifecycle.detection = detection
      finding.lifecycle = lifecycle
      try body(finding)
    }
  }

  /// What the last run that had a finding knew: this one, unless this one could not look for it.
  private func detection(of finding: FindingRecord, _ entry: Entry) throws -> FindingDetection {
    if entry.wasGone { return finding.lifecycle?.detection ?? FindingDetection() }
    var detection = FindingDetection()
    detection.kinds = Set(run.snapshots.map(\.kind))
    detection.columns = run.columnsInForce
    guard let line = entry.accountLine else { return detection }
    var account = AccountRecord()
    try read(line, AccountRecord.schema, detail: .activity) { account.code(&$0) }
    detection.isInSnapshot = account.isInSnapshot
    if let days = finding.days {
      detection.logins = LoginDays(account.activity).within(days)
      if finding.restsOnVerdicts {
        detection.told = LoginDays(told: account.activity).within(days)
      }
    }
    return detection
  }

  /// Reads a line of the earlier results again.
  private func read(
    _ line: Range<Int>, _ schema: String, detail: RecordDetail, _ body: (inout LineReader) -> Void
  ) throws {
    var bytes: [UInt8] = []
    while bytes.count < line.count {
      let more = try source.bytes(
        at: line.lowerBound + bytes.count, count: line.count - bytes.count)
      guard !more.isEmpty else { throw changed }
      bytes += more
    }
    var reader = LineReader(bytes, 0..<bytes.count, detail: detail)
    do throws(LineDefect) { try reader.line(schema: schema, body) } catch { throw changed }
  }

  private var changed: ResultsError {
    ResultsError(name: name, line: nil, detail: "the file was changed while it was read")
  }
}

extension EarlierRows {
  /// Rows of a saved finding that an earlier run did not have, as far as its evidence shows: at
  /// least so many.
  package func newRows(of finding: FindingRecord) -> Int {
    var result = max(0, finding.evidenceTotal - count)
    guard let last else { return result }
    result = max(result, finding.evidence.count { $0.time > last })
    if let latest = finding.lastSeen, latest > last { result = max(result, 1) }
    return result
  }
}

extension RunRecord {
  /// Whether all of a finding's time lies before what a run still knows: it was forgotten, or the
  /// exports do not reach back to it any more, though nobody asked for less than all of them.
  func hasLeftBehind(_ finding: FindingRecord) -> Bool {
    guard let end = finding.lastSeen else { return false }
    if let forgottenBefore, end < forgottenBefore { return true }
    guard since == nil, let first else { return false }
    return end < first
  }

  /// Columns that all files in force of a kind have, as `Kind.column` with the name folded: of snapshots
  /// the newest files are in force, of other kinds all.
  var columnsInForce: Set<String> {
    var newest: [FileKind: Instant] = [:]
    for input in inputs {
      if let kind = input.kind, let date = input.date {
        newest[kind] = max(newest[kind] ?? date, date)
      }
    }
    var columns: [FileKind: Set<String>] = [:]
    for input in inputs {
      guard let kind = input.kind, input.date == nil || input.date == newest[kind] else { continue }
      let own = Set(input.columnsUsed.map(ColumnNames.fold))
      columns[kind] = columns[kind]?.intersection(own) ?? own
    }
    return columns.reduce(into: []) { result, entry in
      for column in entry.value { result.insert("\(entry.key.rawValue).\(column)") }
    }
  }
}

extension FindingRecord {
  /// The UTC days in which its rows lie; `nil` for one without rows.
  fileprivate var days: ClosedRange<Int64>? {
    guard let first = firstSeen, let last = lastSeen, first <= last else { return nil }
    return first.day...last.day
  }
}
