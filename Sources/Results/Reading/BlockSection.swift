import Findings
import Platform

/// What is wrong with a line of a block.
struct BlockDefect: Error {
  /// Where the line begins in its block.
  let lineOffset: Int
  let detail: String
}

/// What a block holds, for the checks over all blocks.
struct BlockSummary: Sendable {
  /// First and last kind of line.
  var first: LineKind?
  var last: LineKind?
  var firstAccount: String?
  var lastAccount: String?
  var end: EndRecord?
  var firstApplication: String?
  var lastApplication: String?
  var accounts = 0
  var applications = 0
  var bySeverity: [Severity: Int] = [:]
  var byStatus: [FindingStatus: Int] = [:]
  var suppressed = 0
  var gone: [FindingChange: Int] = [:]
  /// The sum of all counts that were read: no sum that is made of them is more.
  var countSum = 0

  mutating func add(_ other: BlockSummary) {
    end = end ?? other.end
    accounts += other.accounts
    applications += other.applications
    bySeverity.merge(other.bySeverity, uniquingKeysWith: +)
    byStatus.merge(other.byStatus, uniquingKeysWith: +)
    suppressed += other.suppressed
    gone.merge(other.gone, uniquingKeysWith: +)
    countSum += other.countSum
  }

  /// What the end record counts otherwise; `nil` when it counts the same.
  func difference(from end: EndRecord) -> String? {
    func differs(_ what: String, _ told: Int, _ found: Int) -> String? {
      told == found ? nil : "the end record counts \(told) \(what), the file holds \(found)"
    }
    if let text = differs("accounts", end.accounts, accounts) { return text }
    if let text = differs("applications", end.applications, applications) { return text }
    for severity in Severity.allCases {
      let (told, found) = (end.bySeverity[severity] ?? 0, bySeverity[severity] ?? 0)
      if let text = differs("findings of severity \(severity.name)", told, found) { return text }
    }
    for status in FindingStatus.allCases {
      let (told, found) = (end.byStatus[status] ?? 0, byStatus[status] ?? 0)
      if let text = differs("findings of status \(status.rawValue)", told, found) { return text }
    }
    if let text = differs("suppressed findings", end.suppressed, suppressed) { return text }
    for change in [FindingChange.resolved, .notEvaluated] {
      let (told, found) = (end.gone?[change] ?? 0, gone[change] ?? 0)
      if let text = differs("\(change.rawValue) findings", told, found) { return text }
    }
    return nil
  }
}

/// Reads the lines of one block as groups.
struct BlockSection {
  /// An account whose findings are being read.
  private struct OpenGroup {
    var group: ResultsGroup
    let line: Range<Int>
  }

  private let block: ResultsBlock
  private let detail: RecordDetail
  private let name: String
  private(set) var summary = BlockSummary()

  init(_ block: ResultsBlock, detail: RecordDetail, name: String) {
    self.block = block
    self.detail = detail
    self.name = name
  }

  /// Gives all groups in their order.
  ///
  /// - Parameter more: Says which members are wanted of a group of which those of all were read.
  /// - Throws: ``BlockDefect``; what `body` throws.
  mutating func forEachGroup(
    more: (ResultsGroup) -> GroupDetail, _ body: (inout ResultsGroup) throws -> Void
  ) throws {
    var open: OpenGroup?
    var start = 0
    func flush() throws {
      guard let closed = open.take() else { return }
      var group = closed.group
      let ids = group.findings.map(\.id)
      guard ids.elementsEqual(group.account.findings, by: { $0.hasBytes(of: $1) }) else {
        throw BlockDefect(
          lineOffset: closed.line.lowerBound,
          detail: "findings: are not those that stand behind the account")
      }
      let whole = more(group)
      let wanted = detail.union(whole.members)
      if wanted != detail {
        group.account = try account(closed.line, wanted)
        // An account may have thousands, whose rows take most of what they do.
        let other = wanted.subtracting(.evidence).union(detail)
        for (position, line) in group.lines.enumerated() {
          let hasRows = whole.findingsWithRows?.contains(position) ?? true
          group.findings[position] = try finding(
            line, FindingRecord.schema, hasRows ? wanted : other)
        }
      }
      try body(&group)
    }
    while start < block.bytes.count {
      let range = start..<ResultsBlock.lineEnd(block.bytes, from: start)
      guard let kind = LineKind(block.bytes, at: start) else { throw unknown(range) }
      if let last = summary.last, kind < last, !(kind == .account && last == .accountFinding) {
        throw BlockDefect(lineOffset: start, detail: "stands behind records that come after it")
      }
      summary.first = summary.first ?? kind
      summary.last = kind
      switch kind {
      case .run: throw BlockDefect(lineOffset: start, detail: "a second run record")
      case .account:
        try flush()
        let account = try account(range, detail)
        try note(account, range)
        var group = ResultsGroup(account, [])
        group.accountLine = range
        open = OpenGroup(group: group, line: range)
      case .accountFinding:
        let finding = try finding(range, FindingRecord.schema, detail)
        guard let key = finding.account?.key, open?.group.account.key.hasBytes(of: key) ?? false
        else {
          throw BlockDefect(lineOffset: start, detail: "account: is not the one before it")
        }
        open?.group.findings.append(finding)
        open?.group.lines.append(range)
        count(finding)
      case .application:
        try flush()
        var application = ApplicationRecord()
        try read(range, ApplicationRecord.schema, .all) { application.code(&$0) }
        try note(application, range)
        var group = ResultsGroup(application)
        group.lines = [range]
        try body(&group)
      case .organizationFinding:
        try flush()
        // They are few, and every form shows what they rest on.
        let finding = try finding(range, FindingRecord.schema, .all)
        count(finding)
        var group = ResultsGroup(.organization, finding)
        group.lines = [range]
        try body(&group)
      case .goneFinding:
        try flush()
        let finding = try finding(range, FindingRecord.goneSchema, detail)
        guard let change = finding.lifecycle?.change, change.isGone else {
          throw BlockDefect(lineOffset: start, detail: "lifecycle: does not fit the schema")
        }
        summary.gone[change, default: 0] += 1
        var group = ResultsGroup(.gone, finding)
        group.lines = [range]
        try body(&group)
      case .end:
        try flush()
        var end = EndRecord()
        try read(range, EndRecord.schema, .all) { end.code(&$0) }
        summary.end = end
      }
      start = range.upperBound + 1
    }
    try flush()
  }

  private func unknown(_ range: Range<Int>) -> BlockDefect {
    let start = String(decoding: block.bytes[range].prefix(40), as: UTF8.self)
    let shown = String(
      start.unicodeScalars.map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" })
    var detail = "no record of results: it begins with \(shown)"
    if range.isEmpty { detail = "an empty line" }
    if shown.hasPrefix("{\"schema\":\"postern.") {
      detail += "; the members of a record of this release are expected, in their order"
    }
    return BlockDefect(lineOffset: range.lowerBound, detail: detail)
  }

  private mutating func count(_ finding: FindingRecord) {
    summary.bySeverity[finding.severity, default: 0] += 1
    summary.byStatus[finding.status, default: 0] += 1
    if finding.suppression != nil { summary.suppressed += 1 }
  }

  private mutating func note(
    _ account: AccountRecord, _ range: Range<Int>
  ) throws(BlockDefect) {
    summary.accounts += 1
    if let last = summary.lastAccount, !last.precedes(account.key) {
      throw BlockDefect(
        lineOffset: range.lowerBound, detail: "account.key: accounts are not in the order of keys")
    }
    summary.firstAccount = summary.firstAccount ?? account.key
    summary.lastAccount = account.key
  }

  private mutating func note(
    _ application: ApplicationRecord, _ range: Range<Int>
  ) throws(BlockDefect) {
    summary.applications += 1
    if let last = summary.lastApplication,
      !last.precedes(application.name)
    {
      throw BlockDefect(
        lineOffset: range.lowerBound, detail: "name: applications are not in the order of names")
    }
    summary.firstApplication = summary.firstApplication ?? application.name
    summary.lastApplication = application.name
  }

  private mutating func account(
    _ range: Range<Int>, _ detail: RecordDetail
  ) throws(BlockDefect) -> AccountRecord {
    var account = AccountRecord()
    try read(range, AccountRecord.schema, detail) { account.code(&$0) }
    return account
  }

  private mutating func finding(
    _ range: Range<Int>, _ schema: String, _ detail: RecordDetail
  ) throws(BlockDefect) -> FindingRecord {
    var finding = FindingRecord()
    try read(range, schema, detail) { finding.code(&$0) }
    return finding
  }

  /// The most that the counts of a block may sum up to: with those of as many blocks as are read at once
  /// the sum fits its type.
  private static let countLimit = 1 << 52

  private mutating func read(
    _ range: Range<Int>, _ schema: String, _ detail: RecordDetail,
    _ body: (inout LineReader) -> Void
  ) throws(BlockDefect) {
    var reader = LineReader(block.bytes, range, detail: detail)
    do throws(LineDefect) { try reader.line(schema: schema, body) } catch {
      throw BlockDefect(
        lineOffset: range.lowerBound, detail: "byte \(error.byteOffset + 1): \(error.detail)")
    }
    summary.countSum += reader.countSum
    guard summary.countSum < Self.countLimit else {
      throw BlockDefect(lineOffset: range.lowerBound, detail: Self.countsTooMuch)
    }
  }

  fileprivate static let countsTooMuch = "counts more than any org has"
}

/// Puts what blocks hold together in their order, however they come.
struct SectionOrder {
  /// The most that all counts of a file may sum up to.
  private static let countLimit = 1 << 60
  private(set) var whole = BlockSummary()
  private var waiting: [Int: BlockSummary] = [:]
  private var next = 0
  private var lastKind: LineKind?
  private var lastAccount: String?
  private var lastApplication: String?

  /// Adds a block.
  ///
  /// - Returns: What is wrong with the order of blocks; `nil` when nothing is.
  mutating func add(_ summary: BlockSummary, _ number: Int) -> String? {
    waiting[number] = summary
    while let block = waiting.removeValue(forKey: next) {
      next += 1
      if let last = lastKind, let first = block.first, first < last,
        !(first == .account && last == .accountFinding)
      {
        return "records are not in the order in which they were written"
      }
      if let last = lastAccount, let first = block.firstAccount,
        !last.precedes(first)
      {
        return "accounts are not in the order of keys: \(first)"
      }
      if let last = lastApplication, let first = block.firstApplication,
        !last.precedes(first)
      {
        return "applications are not in the order of names: \(first)"
      }
      lastApplication = block.lastApplication ?? lastApplication
      lastKind = block.last ?? lastKind
      lastAccount = block.lastAccount ?? lastAccount
      whole.add(block)
      if whole.countSum >= Self.countLimit { return BlockSection.countsTooMuch }
    }
    return nil
  }
}
