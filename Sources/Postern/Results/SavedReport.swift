import Accounts
import Findings
import Platform
package import Reports
import Results
import SalesforceExports
import Synchronization

/// `report`: saved results in other forms.
package struct SavedReport {
  private let path: String
  private let baselinePath: String?
  private let outputs: [OutputTarget<OutputFormat>]
  private let usesColor: Bool
  private let marksTables: Bool
  private let threads: Int

  /// Asks for a report.
  ///
  /// - Parameters:
  ///   - path: The results; `-` is standard input.
  ///   - baselinePath: Earlier results, to mark what is new and list what is gone.
  ///   - outputs: None means text on standard output.
  ///   - usesColor: Whether text on standard output may be coloured.
  ///   - marksTables: Whether tables begin with a byte order mark.
  ///   - threads: Workers.
  package init(
    path: String, baselinePath: String?, outputs: [OutputTarget<OutputFormat>], usesColor: Bool,
    marksTables: Bool, threads: Int
  ) {
    self.path = path
    self.baselinePath = baselinePath
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.usesColor = usesColor
    self.marksTables = marksTables
    self.threads = threads
  }

  /// Reads the results and writes all outputs; files appear when all results were found sound.
  ///
  /// - Throws: ``UsageError`` when two outputs are one file, or one is read, `ResultsError` when results cannot be
  ///   used; ``OutputError`` when an output could not be written.
  package func write() throws {
    try OutputCheck.check(outputs.map(\.path), sparing: [path, baselinePath].compactMap(\.self))
    let folder = TemporaryFolder(besides: outputs.map(\.path))
    let (source, name) = try ResultsFile.open(path, keeping: folder)
    let reader = try ResultsReader(source, name: name)
    let baseline = try baselinePath.map { path in
      let (source, name) = try ResultsFile.open(path, keeping: folder)
      return try FindingsBaseline(source, name: name, threads: threads)
    }
    var run = reader.run
    if let baseline { run.baselineTime = baseline.run.evaluationTime }
    let writer = try ResultsWriter(
      outputs, ReportSubject(run), usesColor: usesColor, marksTables: marksTables)
    let blockCount = Atomic<Int>(0)
    let time = run.evaluationTime
    let detail = baseline == nil ? writer.detail : writer.detail.union(.activity)
    let result = try reader.read(detail: detail, threads: threads) {
      Part(lanes: writer.makeLanes())
    } more: { part, group in
      part.lanes.detail(of: group)
    } _: { part, _, group in
      if let baseline {
        guard group.subject != .gone else { return }
        part.note(&group, baseline, at: time)
      }
      part.lanes.render(&group)
    } blockEnd: { part, block in
      try Cancelled.check()
      blockCount.add(1, ordering: .relaxed)
      try writer.add(part.lanes, unit: block)
    }
    var end = result.end
    let rest = writer.makeLanes()
    if let baseline {
      let keys = result.parts.reduce(into: Set<FindingKey>()) { $0.formUnion($1.keys) }
      let presences = result.parts.map(\.presences).reduce(into: [:]) {
        $0.merge($1) { one, _ in one }
      }
      var gone: [FindingChange: Int] = [:]
      try baseline.forEachGoneFinding(
        found: keys, EvaluationCheck(run, end: end, accounts: presences)
      ) { finding in
        if let change = finding.lifecycle?.change { gone[change, default: 0] += 1 }
        var group = ResultsGroup(.gone, finding)
        rest.render(&group)
      }
      end.gone = gone
    }
    try writer.add(rest, unit: blockCount.load(ordering: .relaxed))
    for part in result.parts { part.lanes.finish() }
    rest.finish()
    try writer.close(end)
  }

  /// What a worker keeps.
  private struct Part: Sendable {
    let lanes: FormLanes
    /// What a baseline is asked with: findings, and accounts of which it has more.
    var keys: Set<FindingKey> = []
    var presences: [ExactText: AccountPresence] = [:]

    init(lanes: FormLanes) { self.lanes = lanes }

    mutating func note(
      _ group: inout ResultsGroup, _ baseline: FindingsBaseline, at time: Instant
    ) {
      if baseline.hasMore(about: group.account.key, than: group.findings) {
        presences[ExactText(group.account.key)] = AccountPresence(group.account)
      }
      for position in group.findings.indices {
        let finding = group.findings[position]
        group.findings[position].lifecycle = baseline.lifecycle(finding, at: time)
        if let key = FindingKey(finding.id) { keys.insert(key) }
      }
    }
  }
}
