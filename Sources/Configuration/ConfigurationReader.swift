import Platform
import SalesforceExports
import Yams

/// Names that a configuration may use, from the tables of the release.
struct ConfigurationNames {
  let thresholds: [ThresholdName]
  let calendars: [String]
  let rules: [String]
  let permissions: [String]
}

/// Reads the nodes of a YAML file into a configuration and gathers every problem on the way.
///
/// A method that reads a value returns `nil` after it has reported why there is none, so that
/// callers go on to the next value.
struct ConfigurationReader {
  /// The configuration file, as it was named.
  let file: String
  let names: ConfigurationNames
  /// What has been read so far.
  var configuration = Configuration()

  private let document: YAMLDocument
  private var found: [(place: TextPlace, problem: ConfigurationProblem)] = []

  init(file: String, names: ConfigurationNames, document: YAMLDocument) {
    self.file = file
    self.names = names
    self.document = document
  }

  // MARK: Problems

  /// All problems in the order of their places; those of one place in the order of their finding.
  var problems: [ConfigurationProblem] {
    found.enumerated()
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
      .map(\.element.problem)
  }

  /// Notes a problem of a node.
  mutating func report(
    _ code: ConfigurationProblem.Code, _ node: Node, _ path: String, _ detail: String,
    help: String? = nil
  ) {
    let place = document.place(of: node)
    let problem = ConfigurationProblem(
      code: code, file: file, line: place?.line, column: place?.column, keyPath: path,
      detail: detail, help: help)
    report(problem, at: node)
  }

  /// Notes a problem that has a place of its own, in a file that `node` names.
  mutating func report(_ problem: ConfigurationProblem, at node: Node) {
    found.append((document.place(of: node) ?? TextPlace(line: 0, column: 0), problem))
  }

  /// The line of a node, 1-based.
  func line(of node: Node) -> Int { document.place(of: node)?.line ?? 1 }

  // MARK: Mappings and lists

  /// One key of a mapping and what it is given.
  struct Member {
    let key: String
    let path: String
    let keyNode: Node
    let value: Node
  }

  /// Which keys a mapping may have.
  enum Keys {
    /// These, which this place of a configuration always has.
    case fixed([String])
    /// Names of a table; `noun` says what they name, with its article left out.
    case table([String], noun: String)
    /// Names that the user chooses; `foldsCase` when they count as the same in either case.
    case free(foldsCase: Bool)
  }

  /// The members of a mapping; unknown and repeated keys are reported.
  mutating func members(_ node: Node, _ path: String, _ keys: Keys) -> [Member] {
    if isNull(node) { return [] }
    guard case .mapping(let mapping) = node else {
      report(.wrongType, node, path, "expected keys with values, found \(found(node))")
      return []
    }
    var lines: [ExactText: Int] = [:]
    var result: [Member] = []
    for (keyNode, value) in mapping {
      guard case .scalar(let scalar) = keyNode else {
        report(.wrongType, keyNode, path, "expected a name as key, found \(found(keyNode))")
        continue
      }
      let key = document.text(ofKey: keyNode, scalar)
      let keyPath = path.isEmpty ? key : "\(path).\(key)"
      if key == "<<", scalar.style == .plain {
        report(
          .unknownKey, keyNode, keyPath, "merge keys are not supported",
          help: "write the keys out; aliases of whole values work")
        continue
      }
      guard isKnown(key, keyNode, keyPath, keys) else { continue }
      var identity = key
      if case .free(foldsCase: true) = keys { identity = key.asciiLowercased }
      if let line = lines[identity] {
        report(
          .duplicateKey, keyNode, keyPath, "the key is given twice, first on line \(line)",
          help: "remove one of the two")
        continue
      }
      lines[identity] = line(of: keyNode)
      result.append(Member(key: key, path: keyPath, keyNode: keyNode, value: value))
    }
    return result
  }

  private mutating func isKnown(
    _ key: String, _ node: Node, _ path: String, _ keys: Keys
  ) -> Bool {
    switch keys {
    case .free: return true
    case .fixed(let names):
      if names.contains(key) { return true }
      report(
        .unknownKey, node, path, "unknown key", help: NameSuggestion.help(for: key, among: names))
    case .table(let names, let noun):
      if names.contains(key) { return true }
      report(
        .unknownName, node, path, "there is no \(noun) of this name",
        help: NameSuggestion.help(for: key, among: names)
          ?? "`postern rules` prints the names")
    }
    return false
  }

  /// One entry of a list.
  struct Item {
    let path: String
    let node: Node
  }

  /// The entries of a list.
  mutating func items(_ node: Node, _ path: String) -> [Item] {
    if isNull(node) { return [] }
    guard case .sequence(let sequence) = node else {
      report(
        .wrongType, node, path, "expected a list, found \(found(node))",
        help: "write each entry on a line of its own after `- `")
      return []
    }
    return sequence.enumerated().map { Item(path: "\(path)[\($0 + 1)]", node: $1) }
  }

  /// Whether nothing was given.
  func isNull(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// What a node is, for a message.
  func found(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): isNull(node) ? "nothing" : scalar.string.quotedForMessage
    case .mapping: "keys with values"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}
