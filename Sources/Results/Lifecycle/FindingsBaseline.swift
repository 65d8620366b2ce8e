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
    let byteOffset: Int
    let byteCount: Int
    let wasGone: Bool

    init(_ finding: FindingRecord, detected: Instant, byteOffset: Int, byteCount: Int) {
      status = finding.status
      severity = finding.severity
      confidence = finding.confidence
      isSuppressed = finding.suppression != nil
      rows = EarlierRows(count: finding.evidenceTotal, last: finding.lastSeen)
      firstDetected = finding.lifecycle?.firstDetected ?? detected
      wasGone = finding.isGone
      self.byteOffset = byteOffset
      self.byteCount = byteCount
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
  }

  /// What the earlier run was, and how it ended.
  package let run: RunRecord
  package let end: EndRecord
  private let entries: [FindingKey: Entry]
  private let source: any ResultsSource
  private let name: String

  /// Reads the findings of earlier results.
  ///
  /// Those that the run had, and those that it could not look for. What lies before all that the run
  /// knows is reported once, and not handed on.
  ///
  /// - Throws: ``ResultsError`` when they cannot be used.
  /// - Complexity: O(*n*) in the bytes; holds some 100 bytes a finding.
  package init(_ source: any ResultsSource, name: String, threads: Int) throws {
    let reader = try ResultsReader(source, name: name)
    let run = reader.run
    let result = try reader.read(detail: [], threads: threads) {
      [(FindingKey, Entry)]()
    } _: { part, block, group in
      for (number, finding) in group.findings.enumerated() {
        if finding.isGone {
          guard finding.lifecycle?.change == .notEvaluated, !run.hasLeftBehind(finding) else {
            continue
          }
        }
        guard let key = FindingKey(finding.id) else { continue }
        let line = group.lines[number]
        part.append(
          (
            key,
            Entry(
              finding, detected: run.evaluationTime, byteOffset: block.byteOffset + line.lowerBound,
              byteCount: line.count)
          ))
      }
    }
    self.run = run
    end = result.end
    entries = Dictionary(result.parts.joined()) { first, second in
      first.wasGone ? second : first
    }
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
    } else {
      lifecycle.change = old.differences(from: finding).isEmpty ? .persisting : .changed
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
      .sorted { $0.byteOffset < $1.byteOffset }
    for entry in gone {
      var finding = try line(entry)
      let kinds = run.kinds(of: finding)
      let reasons = check.lacking(finding, detectedWith: kinds)
      var lifecycle = FindingLifecycle()
      lifecycle.change = reasons.isEmpty ? .resolved : .notEvaluated
      lifecycle.firstDetected = entry.firstDetected
      lifecycle.lastDetected = finding.lifecycle?.lastDetected ?? run.evaluationTime
      lifecycle.reasons = reasons
      lifecycle.detectedWith = kinds.map(\.rawValue).sorted()
      finding.lifecycle = lifecycle
      try body(finding)
    }
  }

  private func line(_ entry: Entry) throws -> FindingRecord {
    var bytes: [UInt8] = []
    while bytes.count < entry.byteCount {
      let more = try source.bytes(
        at: entry.byteOffset + bytes.count, count: entry.byteCount - bytes.count)
      guard !more.isEmpty else { throw changed }
      bytes += more
    }
    var finding = FindingRecord()
    var reader = LineReader(bytes, 0..<bytes.count)
    do throws(LineDefect) {
      try reader.line(schema: entry.wasGone ? FindingRecord.goneSchema : FindingRecord.schema) {
        finding.code(&$0)
      }
    } catch {
      throw changed
    }
    return finding
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

  /// Kinds of tables that the last run that had a finding was given: this one, unless this one could
  /// not look for it.
  func kinds(of finding: FindingRecord) -> Set<FileKind> {
    guard let lifecycle = finding.lifecycle, lifecycle.change.isGone else {
      return Set(snapshots.map(\.kind))
    }
    return Set(lifecycle.detectedWith.compactMap { FileKind(rawValue: $0) })
  }
}
