import Crypto
import Findings
import Platform

/// Reads results back and refuses what is not whole, not of this major version, or not as it was
/// written.
///
/// One pass over the bytes checks every line: its JSON, its members, its place in the order run,
/// accounts by key, findings by id, gone findings by id, end; that accounts and findings name each
/// other; and that the
/// end record counts what was read. Memory: 16 bytes a line, and the ids of findings.
package struct ResultsReader {
  /// The longest line that is read; evidence that is not capped stays far below.
  static let lineLimit = 1 << 28

  private let name: String
  private let source: any ResultsSource
  private var line = 0
  private var run: RunRecord?
  private var end: EndRecord?
  private var accountLines: [ResultsDocument.Line] = []
  private var findingLines: [ResultsDocument.Line] = []
  private var goneLines: [ResultsDocument.Line] = []
  private var lastAccount: String?
  private var lastFinding: String?
  private var lastGone: String?
  /// Findings that accounts announced, with the key of the account and its line.
  private var announced: [String: (key: String, line: Int)] = [:]
  private var counted = EndRecord()
  private var digest = SHA256()

  /// Reads everything once.
  ///
  /// - Parameters:
  ///   - source: The bytes.
  ///   - name: The file as the user named it, for errors.
  /// - Throws: ``ResultsError`` with line and reason.
  /// - Complexity: O(*n*), where *n* is the number of bytes.
  package static func read(_ source: any ResultsSource, name: String) throws -> ResultsDocument {
    var reader = ResultsReader(name: name, source: source)
    return try reader.document()
  }

  private init(name: String, source: any ResultsSource) {
    self.name = name
    self.source = source
  }

  private func error(_ detail: String) -> ResultsError {
    ResultsError(name: name, line: line, detail: detail)
  }

  private mutating func document() throws -> ResultsDocument {
    var pending: [UInt8] = []
    var position = 0
    var start = 0
    while true {
      let piece = try source.bytes(at: position, count: 1 << 18)
      if piece.isEmpty { break }
      position += piece.count
      var taken = 0
      while let newline = piece[taken...].firstIndex(of: UInt8(ascii: "\n")) {
        pending.append(contentsOf: piece[taken..<newline])
        try take(pending, at: start)
        start += pending.count + 1
        pending.removeAll(keepingCapacity: true)
        taken = newline + 1
      }
      pending.append(contentsOf: piece[taken...])
      guard pending.count <= Self.lineLimit else {
        line += 1
        throw error("is longer than \(Self.lineLimit >> 20) MiB: no line of results")
      }
    }
    line += 1
    guard pending.isEmpty else {
      if line == 1 { throw error("no results: \(ResultsLine.shown(pending))") }
      throw error("the file was cut: this line has no end")
    }
    guard let run, let end else {
      throw error(
        line == 1
          ? "the file is empty" : "the file was cut: it lacks its end record, postern.end/1")
    }
    return ResultsDocument(
      name: name, run: run, end: end, source: source, accountLines: accountLines,
      findingLines: findingLines, goneLines: goneLines, byteCount: position)
  }

  // MARK: Lines

  private mutating func take(_ bytes: [UInt8], at byteOffset: Int) throws {
    line += 1
    guard end == nil else { throw error("stands after the end record: the file was edited") }
    let place = ResultsDocument.Line(byteOffset: byteOffset, byteCount: bytes.count)
    let reader = ResultsLine(name: name, line: line)
    switch try reader.schema(bytes) {
    case RunRecord.schema:
      guard line == 1 else { throw error("a second run record: the file was joined or edited") }
      run = try reader.run(bytes)
    case _ where line == 1:
      throw error("results begin with \(RunRecord.schema)")
    case AccountRecord.schema:
      try takeAccount(bytes, reader)
      accountLines.append(place)
    case FindingRecord.schema:
      try takeFinding(bytes, reader)
      findingLines.append(place)
    case FindingRecord.goneSchema:
      try takeGone(bytes, reader)
      goneLines.append(place)
    default:
      let end = try reader.end(bytes)
      try check(end)
      self.end = end
      return
    }
    if line > 1 {
      digest.update(data: bytes)
      digest.update(data: [UInt8(ascii: "\n")])
    }
  }

  private mutating func takeAccount(_ bytes: [UInt8], _ reader: ResultsLine) throws {
    guard findingLines.isEmpty, goneLines.isEmpty else {
      throw error("an account after findings: the file was edited")
    }
    let account = try reader.account(bytes, includingActivity: true)
    if let lastAccount, !lastAccount.utf8.lexicographicallyPrecedes(account.key.utf8) {
      throw error("accounts are not in the order of their keys: the file was edited")
    }
    lastAccount = account.key
    for id in account.findings {
      guard announced.updateValue((account.key, line), forKey: id) == nil else {
        throw error("finding \(id) is named twice: the file was edited")
      }
    }
    counted.accounts += 1
  }

  private mutating func takeGone(_ bytes: [UInt8], _ reader: ResultsLine) throws {
    let finding = try reader.finding(bytes, includingEvidence: true)
    if let lastGone, !lastGone.utf8.lexicographicallyPrecedes(finding.id.utf8) {
      throw error("gone findings are not in the order of their ids: the file was edited")
    }
    lastGone = finding.id
    if let change = finding.lifecycle?.change {
      counted.gone = (counted.gone ?? [:]).merging([change: 1], uniquingKeysWith: +)
    }
  }

  private mutating func takeFinding(_ bytes: [UInt8], _ reader: ResultsLine) throws {
    guard goneLines.isEmpty else {
      throw error("a finding after those that are gone: the file was edited")
    }
    let finding = try reader.finding(bytes, includingEvidence: true)
    if let lastFinding, !lastFinding.utf8.lexicographicallyPrecedes(finding.id.utf8) {
      throw error("findings are not in the order of their ids: the file was edited")
    }
    lastFinding = finding.id
    let announcement = announced.removeValue(forKey: finding.id)
    guard announcement?.key == finding.account?.key else {
      throw error(
        "\(finding.id) and the record of its account do not name each other: the file was edited")
    }
    counted.bySeverity[finding.severity, default: 0] += 1
    counted.byStatus[finding.status, default: 0] += 1
    if finding.suppression != nil { counted.suppressed += 1 }
  }

  // MARK: End

  private mutating func check(_ end: EndRecord) throws {
    func equal(_ what: String, _ told: Int?, _ found: Int?) throws {
      guard told ?? 0 != found ?? 0 else { return }
      throw error(
        "the end record tells of \(told ?? 0) \(what), the file holds \(found ?? 0): it was cut or "
          + "edited")
    }
    if let missing = announced.min(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) }) {
      throw ResultsError(
        name: name, line: missing.value.line,
        detail: "finding \(missing.key) of this account is not in the file: it was edited")
    }
    try equal("accounts", end.accounts, counted.accounts)
    try equal("findings", end.byStatus.values.reduce(0, +), findingLines.count)
    for severity in Severity.allCases {
      try equal(
        "findings of severity \(severity.name)", end.bySeverity[severity],
        counted.bySeverity[severity])
    }
    for status in FindingStatus.allCases {
      try equal(
        "findings of status \(status.rawValue)", end.byStatus[status], counted.byStatus[status])
    }
    try equal("suppressed findings", end.suppressed, counted.suppressed)
    for change in [FindingChange.resolved, .notEvaluated] {
      try equal(
        "findings with the change \(change.rawValue)", end.gone?[change], counted.gone?[change])
    }
    if let told = end.recordsDigest {
      let found = Hexadecimal.text(digest.finalize())
      guard told == found else {
        throw error(
          "records_sha256 does not fit the accounts and findings before it: the file was edited")
      }
    }
  }
}
