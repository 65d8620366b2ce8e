import Crypto
import Findings
import Foundation
import Platform
import Reports
import Results
import Testing

/// Results in memory.
struct MemoryResults: ResultsSource {
  let all: [UInt8]
  /// Most bytes that one read gives: readers must cope with short ones.
  var pieceLimit = Int.max

  init(_ text: String) { all = Array(text.utf8) }

  init(bytes: [UInt8]) { all = bytes }

  func bytes(at byteOffset: Int, count: Int) throws -> [UInt8] {
    guard byteOffset < all.count else { return [] }
    return Array(all[byteOffset..<min(all.count, byteOffset + min(count, pieceLimit))])
  }
}

/// Results as records.
struct RecordedResults: Sendable {
  var run: RunRecord
  var groups: [ResultsGroup]
  var end: EndRecord

  /// Reads results.
  ///
  /// - Throws: ``ResultsError``.
  init(_ source: MemoryResults, detail: RecordDetail = .all, threads: Int = 1) throws {
    let reader = try ResultsReader(source, name: "results.jsonl")
    let (end, parts) = try reader.read(detail: detail, threads: threads) {
      [(number: Int, group: ResultsGroup)]()
    } _: { part, block, group in
      part.append((block.number, group))
    }
    run = reader.run
    groups = parts.joined().enumerated().sorted {
      ($0.element.number, $0.offset) < ($1.element.number, $1.offset)
    }.map(\.element.group)
    self.end = end
  }

  init(lines: [String], detail: RecordDetail = .all) throws {
    try self.init(MemoryResults(lines.map { $0 + "\n" }.joined()), detail: detail)
  }

  var accounts: [AccountRecord] {
    groups.filter { $0.subject == .account }.map(\.account)
  }

  var findings: [FindingRecord] {
    groups.filter { $0.subject != .gone }.flatMap(\.findings)
  }

  /// What a format makes of them.
  ///
  /// - Parameters:
  ///   - workers: Workers that render groups.
  ///   - isWhole: Whether records hold members that the format did not ask for.
  ///   - deal: Names the worker of a group, for a format whose bytes stand behind all groups in any
  ///     order.
  func bytes(
    _ format: OutputFormat, workers: Int = 1, isWhole: Bool = false,
    deal: (_ group: Int) -> Int = { _ in 0 }
  ) -> [UInt8] {
    let output = format.form(ReportSubject(run), usesColor: false, replacing: "")
    var bytes = output.opening().text.array
    var later: [[UInt8]] = []
    output.note(output.opening().text)
    let lanes = (0..<workers).map { _ in output.makeLane() }
    for (number, group) in groups.enumerated() {
      let lane = lanes[deal(number)]
      let wanted = lane.detail(of: group.reduced(to: output.detail)).members.union(output.detail)
      var group = isWhole ? group : group.reduced(to: wanted)
      lane.render(&group)
      let rendered = lane.take()
      output.note(rendered.text)
      bytes += rendered.text.array
      for (number, stretch) in rendered.later.enumerated() {
        if number == later.count { later.append([]) }
        later[number] += stretch.text.array
      }
      lane.reuse(rendered)
    }
    for lane in lanes { lane.finish() }
    return bytes + later.joined() + output.closing(end).text.array
  }

  func text(_ format: OutputFormat) -> String { String(decoding: bytes(format), as: UTF8.self) }
}

extension ResultsGroup {
  /// The group without members that nobody asked for.
  func reduced(to detail: RecordDetail) -> ResultsGroup {
    // Findings about the org are always whole.
    if subject == .organization { return self }
    var group = self
    if !detail.contains(.figures) {
      group.account.traffic = TrafficRecord()
      group.account.byStatus = NamedCounts()
      group.account.byCountry = NamedCounts()
      group.account.distinctIPs = 0
    }
    if !detail.contains(.activity) { group.account.activity = ActivityRecord() }
    if !detail.contains(.values) { group.account.values = ValuesRecord() }
    for position in group.findings.indices {
      if !detail.contains(.evidence) { group.findings[position].evidence = [] }
      if !detail.contains(.replay) { group.findings[position].replay = "" }
      guard !detail.contains(.reasoning), group.findings[position].account != nil else { continue }
      group.findings[position].attack = []
      group.findings[position].conditions = []
      group.findings[position].counts = NamedCounts()
      group.findings[position].dataQuality = []
      group.findings[position].references = []
      group.findings[position].remediation = ""
      group.findings[position].severityReasons = []
    }
    return group
  }
}

/// The expected results of the samples, and what becomes of them in other hands.
enum SampleResults {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func lines() throws -> [String] {
    let path = root.appending(path: "samples/expected/results.jsonl")
    let text = try String(contentsOf: path, encoding: .utf8)
    return text.split(separator: "\n").map(String.init)
  }

  static func records() throws -> RecordedResults { try RecordedResults(lines: try lines()) }

  /// The lines with the digest of what they say now.
  static func sealed(_ lines: [String]) -> [String] {
    guard let end = lines.last else { return [] }
    func sealed(_ digest: String) -> String {
      end.replacing(/"records_sha256":"[0-9a-f]{64}"/, with: "\"records_sha256\":\"\(digest)\"")
    }
    let text = (lines.dropLast() + [sealed("")]).map { $0 + "\n" }.joined()
    return lines.dropLast() + [sealed(Hexadecimal.text(SHA256.hash(data: Data(text.utf8))))]
  }

  /// What the reader says about the lines; `nil` when it takes them.
  static func refusal(_ lines: [String]) throws -> ResultsError? {
    try refusal(MemoryResults(lines.map { $0 + "\n" }.joined()))
  }

  static func refusal(_ source: MemoryResults) throws -> ResultsError? {
    do {
      _ = try RecordedResults(source)
      return nil
    } catch let error as ResultsError {
      return error
    }
  }
}
