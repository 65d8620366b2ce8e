package import Results
package import SalesforceExports

/// The commands that results show, so that whoever reads them can look closer.
///
/// Every word is quoted for a POSIX shell. What comes out is not yet safe to print: a name may hold
/// what a terminal obeys, so a text passes it through ``SafeText/terminal(_:)``.
package struct ReplayCommand: Sendable {
  /// Inputs that are written out where brevity counts.
  private static let inputLimit = 8
  /// Inputs of one folder that are named one by one.
  private static let siblingLimit = 8

  private let inputs: [String]
  private let options: [String]
  private let window: [String]
  /// What each command that shows rows begins with; empty where the inputs cannot be read again.
  private let eventsOfInputs: String

  /// Takes what a run was given.
  package init(_ run: RunRecord) {
    self.init(inputs: run.arguments, options: run.options, since: run.since, until: run.until)
  }

  /// Takes what a run was given.
  ///
  /// - Parameters:
  ///   - inputs: Inputs as the user named them.
  ///   - options: Options that decide how they are read and judged, words as in `argv`.
  package init(inputs: [String], options: [String], since: Instant? = nil, until: Instant? = nil) {
    // In one order, so that results do not depend on the one in which files were named.
    self.inputs = Self.gathered(inputs).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.options = options
    window = Self.window(since: since, until: until)
    // A pipe gave its rows once; a command that waits for it would be no help.
    eventsOfInputs =
      inputs.isEmpty || inputs.contains("-")
      ? "" : Self.line(["postern", "events"] + self.inputs.map(Self.path) + options)
  }

  /// Inputs with a folder in the place of many that lie in it: a state knows those of every night, and a
  /// command that names them all would be long, and fail as soon as one is deleted.
  private static func gathered(_ inputs: [String]) -> [String] {
    func name(_ input: String) -> Substring { input.hasSuffix("/") ? input.dropLast() : input[...] }
    func folder(_ input: String) -> String? {
      let name = name(input)
      guard let slash = name.lastIndex(of: "/"), slash > name.startIndex else { return nil }
      return String(name[..<slash])
    }
    var counts: [String: Int] = [:]
    for input in inputs { if let folder = folder(input) { counts[folder, default: 0] += 1 } }
    let crowded = Set(counts.filter { $0.value > siblingLimit }.keys)
    if crowded.isEmpty { return inputs }
    let others = inputs.filter { input in
      if let folder = folder(input), crowded.contains(folder) { return false }
      return !crowded.contains(String(name(input)))
    }
    return others + crowded
  }

  /// A window as options, words as in `argv`.
  package static func window(since: Instant?, until: Instant?) -> [String] {
    (since.map { ["--since", $0.text] } ?? []) + (until.map { ["--until", $0.text] } ?? [])
  }

  /// The rows that conditions choose; empty where the inputs cannot be read again.
  ///
  /// - Parameter conditions: Options of `postern events`, words as in `argv`.
  package func events(_ conditions: [String]) -> String {
    if eventsOfInputs.isEmpty || conditions.isEmpty { return eventsOfInputs }
    // A large org has hundreds of thousands of these.
    var command = ByteText(capacity: eventsOfInputs.utf8.count + conditions.count * 20)
    command.append(eventsOfInputs)
    for word in conditions {
      command.append(UInt8(ascii: " "))
      command.append(SafeText.shell(word))
    }
    return command.string
  }

  /// The dossier of an account, of the window of the run.
  ///
  /// Many inputs are abbreviated, since the command is for people.
  package func account(_ key: String) -> String {
    "postern account \(SafeText.shell(key)) " + shortInputs + suffix(window)
  }

  /// The rows of an account, for people.
  package func events(ofAccount key: String, _ conditions: [String] = []) -> String {
    "postern events \(shortInputs)"
      + suffix(["--account", key] + conditions + window)
  }

  private var shortInputs: String {
    inputs.isEmpty || inputs.count > Self.inputLimit
      ? "INPUT…" : inputs.map { SafeText.shell(Self.path($0)) }.joined(separator: " ")
  }

  private func suffix(_ more: [String]) -> String {
    (options + more).map { " " + SafeText.shell($0) }.joined()
  }

  private static func line(_ words: [String]) -> String {
    words.map(SafeText.shell).joined(separator: " ")
  }

  /// A path that cannot be taken for an option.
  private static func path(_ name: String) -> String {
    name.hasPrefix("-") && name != "-" ? "./" + name : name
  }
}
