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
  private let forgottenAccounts: [String]
  private let outputs: [OutputTarget<OutputFormat>]
  private let usesColor: Bool
  private let marksTables: Bool
  private let threads: Int

  /// Asks for a report.
  ///
  /// - Parameters:
  ///   - path: The results; `-` is standard input.
  ///   - baselinePath: Earlier results, to mark what is new and list what is gone.
  ///   - forgottenAccounts: Accounts that are left out, by id or username.
  ///   - outputs: None means text on standard output.
  ///   - usesColor: Whether text on standard output may be coloured.
  ///   - marksTables: Whether tables begin with a byte order mark.
  ///   - threads: Workers.
  package init(
    path: String, baselinePath: String?, forgottenAccounts: [String],
    outputs: [OutputTarget<OutputFormat>], usesColor: Bool, marksTables: Bool, threads: Int
  ) {
    self.path = path
    self.baselinePath = baselinePath
    self.forgottenAccounts = forgottenAccounts
    self.outputs = outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
    self.usesColor = usesColor
    self.marksTables = marksTables
    self.threads = threads
  }

  /// Reads the results and writes all outputs; files appear when all results were found sound.
  ///
  /// - Returns: What the user should know.
  /// - Throws: ``UsageError`` when two outputs are one file, or one is read, or the results do not have an
  ///   account that is to be left out; `ResultsError` when results cannot be used; ``OutputError`` when an
  ///   output could not be written.
  package func write() throws -> [String] {
    try OutputCheck.check(outputs.map(\.path), sparing: [path, baselinePath].compactMap(\.self))
    let folder = TemporaryFolder(besides: outputs.map(\.path))
    let (source, name) = try ResultsFile.open(path, keeping: folder)
    let reader = try ResultsReader(source, name: name)
    let baseline = try baselinePath.map { path in
      let (source, name) = try ResultsFile.open(path, keeping: folder)
      return try FindingsBaseline(source, name: name, threads: threads)
    }
    let forgotten = try forgottenNames(reader)
    var run = reader.run
    if !forgotten.isEmpty { forgotten.remove(from: &run) }
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
      guard part.keeps(&group, forgotten) else { return }
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
    for part in result.parts { part.leftOut.subtract(from: &end) }
    if !forgotten.isEmpty { forgotten.remove(from: &end) }
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
        if forgotten.contains(finding.account) { return }
        var finding = finding
        if !forgotten.isEmpty { forgotten.remove(from: &finding) }
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
    return forgotten.isEmpty ? [] : [Self.remains]
  }

  /// What is left of accounts that are left out.
  private static let remains =
    "--forget-account: the account, its findings and its name elsewhere are left out. Sums that the run "
    + "counted it in stay: rows, logins of applications, counts in findings about the org"

  /// Names of the accounts that are left out, as the results have them.
  private func forgottenNames(_ reader: ResultsReader) throws -> ForgottenNames {
    guard !forgottenAccounts.isEmpty else { return ForgottenNames([]) }
    var all: [String] = []
    for who in forgottenAccounts {
      let asked = ForgottenNames(Self.texts(of: who))
      let parts = try reader.read(detail: [], threads: threads) {
        [String]()
      } _: { found, _, group in
        if group.subject == .account,
          asked.contains(
            key: group.account.key, id: group.account.id, username: group.account.username)
        {
          found += Self.texts(of: group.account.key) + [group.account.username]
        }
        for finding in group.findings where asked.contains(finding.account) {
          found +=
            Self.texts(of: finding.account?.key ?? "")
            + [finding.account?.username ?? ""]
        }
      }.parts
      let found = parts.flatMap(\.self)
      guard !found.isEmpty else {
        throw UsageError("--forget-account \(who): the results have no such account")
      }
      all += Self.texts(of: who) + found
    }
    return ForgottenNames(all)
  }

  /// The texts by which a key, an id or a username can stand in results.
  private static func texts(of who: String) -> [String] {
    if let id = SalesforceID(who) { return [id.text18, id.text15] }
    return [who.hasPrefix("username:") ? String(who.dropFirst(9)) : who]
  }

  /// What is left out, as the end record counts it.
  private struct LeftOut: Sendable {
    var accounts = 0
    var bySeverity: [Severity: Int] = [:]
    var byStatus: [FindingStatus: Int] = [:]
    var suppressed = 0
    var gone: [FindingChange: Int] = [:]

    func subtract(from end: inout EndRecord) {
      end.accounts -= accounts
      for (severity, count) in bySeverity { end.bySeverity[severity, default: 0] -= count }
      for (status, count) in byStatus { end.byStatus[status, default: 0] -= count }
      end.suppressed -= suppressed
      for (change, count) in gone { end.gone?[change, default: 0] -= count }
    }
  }

  /// What a worker keeps.
  private struct Part: Sendable {
    let lanes: FormLanes
    /// What a baseline is asked with: findings, and accounts of which it has more.
    var keys: Set<FindingKey> = []
    var presences: [ExactText: AccountPresence] = [:]
    var leftOut = LeftOut()

    /// Whether a group stays, without the names of those who are forgotten.
    mutating func keeps(_ group: inout ResultsGroup, _ forgotten: ForgottenNames) -> Bool {
      if forgotten.isEmpty { return true }
      let isAbout =
        group.subject == .account
        ? forgotten.contains(
          key: group.account.key, id: group.account.id, username: group.account.username)
        : group.findings.contains { forgotten.contains($0.account) }
      guard isAbout else {
        forgotten.remove(from: &group)
        return true
      }
      if group.subject == .account { leftOut.accounts += 1 }
      for finding in group.findings {
        if group.subject == .gone {
          leftOut.gone[finding.lifecycle?.change ?? .resolved, default: 0] += 1
          continue
        }
        leftOut.bySeverity[finding.severity, default: 0] += 1
        leftOut.byStatus[finding.status, default: 0] += 1
        if finding.suppression != nil { leftOut.suppressed += 1 }
      }
      return false
    }

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
