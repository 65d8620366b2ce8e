import Accounts

/// Saved results: all that the formats other than JSON Lines show.
///
/// Run and end are held; accounts and findings stay where they are stored and are decoded one at a
/// time when they are asked for, so that memory does not grow with them.
package struct ResultsDocument: Sendable {
  /// Where a line stands.
  struct Line: Sendable {
    var byteOffset: Int
    var byteCount: Int
  }

  /// The file as the user named it.
  package let name: String
  /// What the run was.
  package let run: RunRecord
  /// How it ended.
  package private(set) var end: EndRecord
  private let source: any ResultsSource
  private let accountLines: [Line]
  private let findingLines: [Line]
  private let goneLines: [Line]
  private let byteCount: Int
  /// What the findings are compared with; `nil` leaves what the file says.
  private var baseline: ResultsBaseline?
  private var gone: [FindingRecord]?

  init(
    name: String, run: RunRecord, end: EndRecord, source: any ResultsSource,
    accountLines: [Line], findingLines: [Line], goneLines: [Line], byteCount: Int
  ) {
    self.name = name
    self.run = run
    self.end = end
    self.source = source
    self.accountLines = accountLines
    self.findingLines = findingLines
    self.goneLines = goneLines
    self.byteCount = byteCount
  }

  /// Number of accounts and of findings.
  package var accountCount: Int { accountLines.count }
  package var findingCount: Int { findingLines.count }

  // MARK: Accounts

  /// Gives each account to `body`, in the order of their keys.
  ///
  /// - Parameter includingActivity: Whether days and hours are wanted; they are most of the size.
  /// - Throws: ``ResultsError`` when a line is not what it was; what `body` throws.
  /// - Complexity: O(*n*) in the bytes of the accounts; holds one at a time.
  package func forEachAccount(
    includingActivity: Bool = true, _ body: (AccountRecord) throws -> Void
  ) throws {
    for index in accountLines.indices {
      try body(try account(at: index, includingActivity: includingActivity))
    }
  }

  /// The account at a position in the order of keys.
  package func account(at index: Int, includingActivity: Bool = true) throws -> AccountRecord {
    // Line 1 is the run.
    let reader = ResultsLine(name: name, line: 2 + index)
    return try reader.account(try bytes(accountLines[index]), includingActivity: includingActivity)
  }

  // MARK: Findings

  /// Gives each finding to `body`, in the order of their ids.
  ///
  /// - Parameter includingEvidence: Whether rows are wanted; they are most of the size.
  /// - Throws: ``ResultsError`` when a line is not what it was; what `body` throws.
  /// - Complexity: O(*n*) in the bytes of the findings; holds one at a time.
  package func forEachFinding(
    includingEvidence: Bool = true, _ body: (FindingRecord) throws -> Void
  ) throws {
    for index in findingLines.indices {
      try body(try finding(at: index, includingEvidence: includingEvidence))
    }
  }

  /// The finding at a position in the order of ids.
  package func finding(at index: Int, includingEvidence: Bool = true) throws -> FindingRecord {
    let reader = ResultsLine(name: name, line: 2 + accountLines.count + index)
    var finding = try reader.finding(
      try bytes(findingLines[index]), includingEvidence: includingEvidence)
    if let baseline { finding.lifecycle = baseline.lifecycle(finding, at: run.evaluationTime) }
    return finding
  }

  /// All findings, in the order of their ids.
  ///
  /// - Parameter includingEvidence: Whether rows are wanted; without them a finding takes a
  ///   kilobyte or two.
  package func findings(includingEvidence: Bool) throws -> [FindingRecord] {
    var findings: [FindingRecord] = []
    findings.reserveCapacity(findingLines.count)
    try forEachFinding(includingEvidence: includingEvidence) { findings.append($0) }
    return findings
  }

  // MARK: Earlier findings

  /// Whether findings were compared with those of an earlier run, and say how they stand to it.
  package var isCompared: Bool { end.gone != nil }

  /// Findings of earlier runs that this one does not have, without their rows, by id.
  package func goneFindings() throws -> [FindingRecord] {
    try gone ?? goneLines.indices.map { try goneFinding(at: $0, includingEvidence: false) }
  }

  private func goneFinding(at index: Int, includingEvidence: Bool) throws -> FindingRecord {
    let reader = ResultsLine(
      name: name, line: 2 + accountLines.count + findingLines.count + index)
    return try reader.finding(try bytes(goneLines[index]), includingEvidence: includingEvidence)
  }

  /// Gives each finding that the run had, and each that it could not look for, by id: what a later
  /// run is compared with.
  ///
  /// What lies before all that the run knows is told once, and not handed on.
  package func forEachKnownFinding(
    includingEvidence: Bool = true, _ body: (FindingRecord) throws -> Void
  ) throws {
    var next = 0
    func unevaluated() throws -> FindingRecord? {
      while next < goneLines.count {
        let finding = try goneFinding(at: next, includingEvidence: includingEvidence)
        next += 1
        if finding.lifecycle?.change == .notEvaluated, !run.hasLeftBehind(finding) {
          return finding
        }
      }
      return nil
    }
    var waiting = try unevaluated()
    try forEachFinding(includingEvidence: includingEvidence) { finding in
      while let earlier = waiting, earlier.id.utf8.lexicographicallyPrecedes(finding.id.utf8) {
        try body(earlier)
        waiting = try unevaluated()
      }
      try body(finding)
    }
    while let earlier = waiting {
      try body(earlier)
      waiting = try unevaluated()
    }
  }

  /// When the accounts with logins had them, by key.
  func reaches() throws -> [String: AccountReach] {
    var reaches: [String: AccountReach] = [:]
    try forEachAccount(includingActivity: false) { account in
      guard let first = account.firstLogin, let last = account.lastLogin else { return }
      reaches[account.key] = AccountReach(first: first, last: last)
    }
    return reaches
  }

  /// The same results with findings that say how they stand to an earlier run.
  ///
  /// - Complexity: O(*n*) in the bytes of both; holds the findings that are gone without their rows.
  package func compared(to baseline: ResultsBaseline) throws -> ResultsDocument {
    var ids: Set<String> = []
    try forEachFinding(includingEvidence: false) { ids.insert($0.id) }
    var result = self
    var gone: [FindingRecord] = []
    try baseline.forEachGoneFinding(run: run, end: end, accounts: try reaches(), found: ids) {
      gone.append($0.withoutRows)
    }
    result.baseline = baseline
    result.gone = gone
    result.end.gone = FindingChange.counts(gone)
    return result
  }

  // MARK: Totals and bytes

  /// Totals over all accounts.
  package func totals() throws -> ResultTotals {
    var totals = ResultTotals()
    try forEachAccount(includingActivity: false) { totals.add($0) }
    totals.first = run.first
    totals.last = run.last
    return totals
  }

  /// Gives the results byte for byte, members that this release does not know included.
  package func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    var position = 0
    while position < byteCount {
      let piece = try source.bytes(at: position, count: min(1 << 20, byteCount - position))
      guard !piece.isEmpty else {
        throw ResultsError(name: name, line: nil, detail: "the file was changed while it was read")
      }
      position += piece.count
      try body(piece)
    }
  }

  private func bytes(_ line: Line) throws -> [UInt8] {
    var bytes = try source.bytes(at: line.byteOffset, count: line.byteCount)
    while bytes.count < line.byteCount {
      let more = try source.bytes(
        at: line.byteOffset + bytes.count, count: line.byteCount - bytes.count)
      guard !more.isEmpty else {
        throw ResultsError(name: name, line: nil, detail: "the file was changed while it was read")
      }
      bytes.append(contentsOf: more)
    }
    return bytes
  }
}

extension ResultTotals {
  /// Adds an account.
  mutating func add(_ account: AccountRecord) {
    accounts += 1
    byClass[account.accountClass, default: 0] += 1
    human.add(account.human)
    api.add(account.api)
    unclassified.add(account.unclassified)
    if let requests = account.requests {
      self.requests += requests.total
      requestingAccounts += 1
      requestsByFamily.merge(requests.byFamily, uniquingKeysWith: +)
      requestsAgainstLimit += requests.countsAgainstLimit["yes"] ?? 0
    }
    let verdicts = account.verdicts.filter { $0.value > 0 }
    if !verdicts.isEmpty {
      self.verdicts[account.accountClass, default: [:]].merge(verdicts, uniquingKeysWith: +)
    }
  }
}
