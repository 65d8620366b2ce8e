import Foundation
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
struct ConfigurationReader {
  let file: String
  let names: ConfigurationNames
  private(set) var problems: [ConfigurationProblem] = []
  var configuration = Configuration()

  init(file: String, names: ConfigurationNames) {
    self.file = file
    self.names = names
  }

  // MARK: Problems

  mutating func report(
    _ code: ConfigurationProblem.Code, _ node: Node?, _ path: String, _ detail: String,
    help: String? = nil
  ) {
    problems.append(
      ConfigurationProblem(
        code: code, file: file, line: node?.mark?.line, column: node?.mark?.column, keyPath: path,
        detail: detail, help: help))
  }

  /// All problems in the order of their places.
  var sortedProblems: [ConfigurationProblem] {
    problems.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
  }

  // MARK: Nodes

  /// The members of a mapping; unknown and repeated keys are reported.
  ///
  /// - Parameter keys: Keys that the place has; `nil` when any name may stand there.
  mutating func members(
    _ node: Node, _ path: String, keys: [String]?
  ) -> [(key: String, keyNode: Node, value: Node)] {
    if isNull(node) { return [] }
    guard case .mapping(let mapping) = node else {
      report(.wrongType, node, path, "expected keys with values")
      return []
    }
    var seen: Set<String> = []
    var result: [(key: String, keyNode: Node, value: Node)] = []
    for (keyNode, value) in mapping {
      guard case .scalar(let scalar) = keyNode else {
        report(.wrongType, keyNode, path, "expected a name as key")
        continue
      }
      let key = scalar.string
      guard seen.insert(key).inserted else {
        report(.duplicateKey, keyNode, join(path, key), "the key is given twice")
        continue
      }
      if let keys, !keys.contains(key) {
        report(
          .unknownKey, keyNode, join(path, key), "unknown key",
          help: Suggestion.help(for: key, among: keys))
        continue
      }
      result.append((key, keyNode, value))
    }
    return result
  }

  mutating func items(_ node: Node, _ path: String) -> [(node: Node, path: String)] {
    if isNull(node) { return [] }
    guard case .sequence(let sequence) = node else {
      report(.wrongType, node, path, "expected a list")
      return []
    }
    return sequence.enumerated().map { ($1, "\(path)[\($0 + 1)]") }
  }

  mutating func text(_ node: Node, _ path: String) -> String? {
    guard case .scalar(let scalar) = node, !isNull(node) else {
      report(.wrongType, node, path, "expected text")
      return nil
    }
    return scalar.string
  }

  mutating func texts(_ node: Node, _ path: String) -> [String] {
    items(node, path).compactMap { item in
      guard let value = text(item.node, item.path) else { return nil }
      guard !value.withoutSurroundingBlanks.isEmpty else {
        report(.invalidValue, item.node, item.path, "the text is empty")
        return nil
      }
      return value
    }
  }

  mutating func flag(_ node: Node, _ path: String) -> Bool? {
    guard let value = text(node, path) else { return nil }
    switch value {
    case "true": return true
    case "false": return false
    default:
      report(
        .wrongType, node, path, "expected true or false, found \(value.quotedForMessage)")
      return nil
    }
  }

  mutating func number(_ node: Node, _ path: String) -> Double? {
    guard let value = text(node, path) else { return nil }
    guard let number = Double(value), number.isFinite else {
      report(.wrongType, node, path, "expected a number, found \(value.quotedForMessage)")
      return nil
    }
    return number
  }

  mutating func instant(_ node: Node, _ path: String) -> Int64? {
    guard let value = text(node, path) else { return nil }
    do throws(InstantTextError) {
      return try InstantText.parse(value)
    } catch {
      report(.invalidValue, node, path, "\(value.quotedForMessage): \(error.detail)")
      return nil
    }
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ node: Node, _ path: String, _ type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    guard let value = text(node, path) else { return nil }
    if let choice = Choice(rawValue: value) { return choice }
    let all = Choice.allCases.map(\.rawValue)
    report(
      .invalidValue, node, path,
      "expected one of \(all.joined(separator: ", ")), found \(value.quotedForMessage)")
    return nil
  }

  mutating func accounts(_ node: Node, _ path: String) -> AccountPatternList {
    var patterns: [AccountPattern] = []
    for item in items(node, path) {
      if let pattern = account(item.node, item.path) { patterns.append(pattern) }
    }
    return AccountPatternList(patterns)
  }

  mutating func account(_ node: Node, _ path: String) -> AccountPattern? {
    guard let value = text(node, path) else { return nil }
    do throws(AccountPatternError) {
      return try AccountPattern(value)
    } catch {
      report(.invalidValue, node, path, "\(value.quotedForMessage): \(error.detail)")
      return nil
    }
  }

  mutating func network(_ node: Node, _ path: String) -> NetworkPrefix? {
    guard let value = text(node, path) else { return nil }
    do throws(NetworkPrefixError) {
      return try NetworkPrefix(value)
    } catch {
      report(
        .invalidValue, node, path, "\(value.quotedForMessage): \(error.detail)",
        help: error.network.map { "write \($0) for the network that holds it" })
      return nil
    }
  }

  func isNull(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null"].contains(scalar.string)
  }

  func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }
}

/// Names that were probably meant.
enum Suggestion {
  /// Advice to a name that no table has; `nil` when none is near.
  static func help(for name: String, among names: [String]) -> String? {
    let nearest = names.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
      .min { $0.distance < $1.distance }
    if let nearest, nearest.distance <= max(1, name.count / 3) {
      return "did you mean \(nearest.name)?"
    }
    return names.count <= 24 ? "known are " + names.joined(separator: ", ") : nil
  }

  /// Fewest single-character edits between two texts.
  private static func distance(_ one: String, _ other: String) -> Int {
    let (one, other) = (Array(one), Array(other))
    var row = Array(0...other.count)
    for (i, character) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, candidate) in other.enumerated() {
        let substituted = diagonal + (character == candidate ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[other.count]
  }
}
