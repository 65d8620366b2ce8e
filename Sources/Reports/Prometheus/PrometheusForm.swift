import Accounts
import Findings
import Results
import SalesforceExports

/// `-o prometheus`: a heartbeat for monitoring, in the text format that the textfile collector of the
/// Prometheus node exporter reads.
struct PrometheusForm: ReportForm {
  /// What is counted of findings.
  struct Part: Sendable {
    /// By severity and state.
    var findings: [String: Int] = [:]
    /// By what became of them.
    var changes: [FindingChange: Int] = [:]
  }

  private let subject: ReportSubject
  private let replaced: String

  /// - Parameter replaced: The text that is replaced, which knows the last complete run when this one
  ///   is not complete; empty where there is none.
  init(_ subject: ReportSubject, replacing replaced: String) {
    self.subject = subject
    self.replaced = replaced
  }

  var detail: RecordDetail { [] }

  func makePart() -> Part { Part() }

  func render(_ group: inout ResultsGroup, _ part: inout Part, into text: inout ByteText) {
    for place in group.findings.indices {
      let change = group.findings[place].lifecycle?.change
      if let change { part.changes[change, default: 0] += 1 }
      guard group.subject != .gone else { continue }
      let isSuppressed = group.findings[place].suppression != nil
      let state = isSuppressed ? "suppressed" : group.findings[place].status.rawValue
      part.findings["\(group.findings[place].severity.name) \(state)", default: 0] += 1
    }
  }

  func close(_ parts: [Part], _ end: EndRecord, into text: inout ByteText) {
    var sum = Part()
    for part in parts {
      sum.findings.merge(part.findings, uniquingKeysWith: +)
      sum.changes.merge(part.changes, uniquingKeysWith: +)
    }
    text.append(
      PrometheusText(
        run: subject.run, end: end, counts: sum, isCompared: subject.isCompared, before: replaced
      ).text)
  }
}

/// The metrics of one run.
private struct PrometheusText {
  /// Name of the metric that outlives an incomplete run.
  private static let lastComplete = "postern_last_complete_run_timestamp_seconds"

  private let run: RunRecord
  private let end: EndRecord
  private let findings: [String: Int]
  private let changes: [FindingChange: Int]
  private let isCompared: Bool
  private let lastCompleteRun: String?
  /// The label that tells the org, `org="00D…"`; `nil` where it is not known.
  private let organization: String?

  init(
    run: RunRecord, end: EndRecord, counts: PrometheusForm.Part, isCompared: Bool, before: String
  ) {
    self.run = run
    self.end = end
    self.isCompared = isCompared
    findings = counts.findings
    changes = counts.changes
    // Of 15 or 18 letters and digits, so that nothing has to be escaped.
    let organization = SalesforceID(run.organizationID).map { "org=\"\($0.text18)\"" }
    self.organization = organization
    let ownLastComplete = Self.series(Self.lastComplete, "", organization)
    lastCompleteRun =
      end.isComplete
      ? Self.seconds(run.evaluationTime)
      : before.split(separator: "\n").lazy.compactMap { line -> String? in
        let parts = line.split(separator: " ")
        guard parts.count == 2, parts[0] == ownLastComplete, let value = Double(parts[1]),
          value.isFinite
        else { return nil }
        return String(parts[1])
      }.first
  }

  /// A metric's name with its labels, that of the org first.
  ///
  /// - Parameter labels: In braces; empty where there are none.
  private static func series(
    _ name: String, _ labels: String, _ organization: String?
  ) -> String {
    guard let organization else { return name + labels }
    return name + (labels.isEmpty ? "{\(organization)}" : "{\(organization)," + labels.dropFirst())
  }

  private static func seconds(_ time: Instant) -> String {
    let milliseconds = time.milliseconds
    let sign = milliseconds < 0 ? "-" : ""
    let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1_000)
    return rest == 0
      ? "\(sign)\(whole)" : "\(sign)\(whole)." + String(String(1_000 + rest).dropFirst())
  }

  /// The whole text; nothing in it comes from an export.
  var text: String {
    var lines: [String] = []
    func metric(_ name: String, _ help: String, _ samples: [(labels: String, value: String)]) {
      lines.append("# HELP \(name) \(help)")
      lines.append("# TYPE \(name) gauge")
      for (labels, value) in samples {
        lines.append("\(Self.series(name, labels, organization)) \(value)")
      }
    }
    metric(
      "postern_findings", "Findings of the last run by severity and state.",
      Severity.allCases.flatMap { severity in
        (FindingStatus.allCases.map(\.rawValue) + ["suppressed"]).map { state in
          (
            "{severity=\"\(severity.name)\",state=\"\(state)\"}",
            "\(findings["\(severity.name) \(state)"] ?? 0)"
          )
        }
      })
    if isCompared {
      metric(
        "postern_finding_changes", "Findings by what became of them since the baseline.",
        FindingChange.allCases.map { change in
          ("{change=\"\(change.rawValue)\"}", "\(changes[change] ?? 0)")
        })
    }
    metric(
      "postern_rows", "Login rows of the last run by what became of them.",
      [
        ("analysed", end.rows.analysed), ("duplicate", end.rows.duplicate),
        ("filtered", end.rows.filtered), ("rejected", end.rows.rejected),
      ].map { ("{end=\"\($0.0)\"}", "\($0.1)") })
    metric(
      "postern_accounts", "Accounts with a record in the last run.", [("", "\(end.accounts)")])
    metric(
      "postern_complete", "Whether the last run read everything: 1 or 0.",
      [("", end.isComplete ? "1" : "0")])
    metric("postern_exit_code", "Exit code of the last run.", [("", "\(end.exit)")])
    metric(
      "postern_run_timestamp_seconds", "Evaluation time of the last run.",
      [("", Self.seconds(run.evaluationTime))])
    if let last = run.last {
      metric(
        "postern_newest_row_timestamp_seconds", "Time of the newest login row.",
        [("", Self.seconds(last))])
      metric(
        "postern_newest_row_age_seconds", "Age of the newest login row at the evaluation time.",
        [
          (
            "",
            Self.seconds(
              Instant(
                milliseconds: run.evaluationTime.milliseconds &- last.milliseconds))
          )
        ])
    }
    // A source that stopped coming is seen by its age.
    let newest = run.inputs.reduce(into: [String: Instant]()) { newest, input in
      guard let kind = input.kind, let time = [input.last, input.date].compactMap(\.self).max()
      else { return }
      newest[kind.rawValue] = max(newest[kind.rawValue] ?? time, time)
    }
    if !newest.isEmpty {
      metric(
        "postern_source_newest_timestamp_seconds",
        "Time of the newest row, or date of the newest snapshot, of each kind of export.",
        newest.sorted { $0.key < $1.key }.map { ("{kind=\"\($0.key)\"}", Self.seconds($0.value)) })
    }
    if let lastCompleteRun {
      metric(
        Self.lastComplete, "Evaluation time of the last run that read everything.",
        [("", lastCompleteRun)])
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
