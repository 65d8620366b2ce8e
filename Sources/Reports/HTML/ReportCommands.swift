import Platform
import Results

/// The commands and places that a report names.
struct ReportCommands: Sendable {
  private let replay: ReplayCommand
  /// Names of files without their folders, where these tell them apart.
  private let shortNames: [ExactText: String]
  /// Whether the run read a verification export.
  let hasVerifications: Bool

  /// Takes the inputs of a run as the user named them.
  init(_ run: RunRecord) {
    var byShort: [ExactText: [String]] = [:]
    for name in run.inputs.map(\.name) {
      byShort[name.split(separator: "/").last.map(String.init) ?? name, default: []].append(name)
    }
    shortNames = Dictionary(
      byShort.flatMap { short, names in
        names.map { (ExactText($0), names.count == 1 ? short.string : $0) }
      }, uniquingKeysWith: { first, _ in first })
    replay = ReplayCommand(run)
    hasVerifications = run.hasVerifications
  }

  /// Everything about one account.
  func account(_ key: String) -> String { SafeText.terminal(replay.account(key)) }

  /// The rows of one account.
  func events(_ key: String, _ conditions: [String] = []) -> String {
    SafeText.terminal(replay.events(ofAccount: key, conditions))
  }

  /// File and line of a row.
  func place(_ row: EvidenceRecord) -> Markup {
    "\(shortNames[row.file] ?? row.file):\(plain: row.line)"
  }

  /// One finding in words.
  func explain(_ id: String) -> String { "postern explain \(SafeText.shell(id)) results.jsonl" }
}
