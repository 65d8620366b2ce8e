import Platform
import SalesforceExports
import Yams

extension ConfigurationReader {
  /// Text that is not blank.
  mutating func text(_ node: Node, _ path: String) -> String? {
    guard case .scalar(let scalar) = node, !isNull(node) else {
      report(.wrongType, node, path, "expected text, found \(found(node))")
      return nil
    }
    guard !scalar.string.trimmed.isEmpty else {
      report(.invalidValue, node, path, "the text is empty")
      return nil
    }
    return scalar.string
  }

  /// A list of texts.
  mutating func texts(_ node: Node, _ path: String) -> [String] {
    var result: [String] = []
    for item in items(node, path) {
      if let value = text(item.node, item.path) { result.append(value) }
    }
    return result
  }

  /// `true` or `false`, and none of the other words that YAML 1.1 takes for them.
  mutating func flag(_ node: Node, _ path: String) -> Bool? {
    if case .scalar(let scalar) = node, scalar.style == .plain {
      if scalar.string == "true" { return true }
      if scalar.string == "false" { return false }
    }
    var help: String?
    if case .scalar(let scalar) = node {
      switch scalar.string.lowercased() {
      case "true", "yes", "on", "y": help = "write `true`, in lower case and without quotes"
      case "false", "no", "off", "n": help = "write `false`, in lower case and without quotes"
      default: break
      }
    }
    report(.wrongType, node, path, "expected true or false, found \(found(node))", help: help)
    return nil
  }

  /// A decimal number.
  mutating func number(_ node: Node, _ path: String, isInteger: Bool) -> Double? {
    let expected = isInteger ? "expected a whole number" : "expected a number"
    guard case .scalar(let scalar) = node, scalar.style == .plain,
      // Other signs would let hexadecimal numbers, infinities and NaN through.
      scalar.string.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
      let number = Double(scalar.string), number.isFinite,
      !isInteger || number.rounded() == number
    else {
      var help: String?
      if case .scalar(let scalar) = node, scalar.style != .plain, Double(scalar.string) != nil {
        help = "write the number without quotes"
      }
      report(.wrongType, node, path, "\(expected), found \(found(node))", help: help)
      return nil
    }
    return number
  }

  /// A whole number of at least 1.
  mutating func count(_ node: Node, _ path: String) -> Int? {
    guard let value = number(node, path, isInteger: true) else { return nil }
    guard value >= 1, let count = Int(exactly: value) else {
      report(
        .outOfRange, node, path,
        "expected a whole number of at least 1, found \(found(node))")
      return nil
    }
    return count
  }

  /// A number of bytes, such as `65536` or `64KiB`.
  mutating func byteCount(_ node: Node, _ path: String, atMost bound: Int = .max) -> Int? {
    guard let value = text(node, path) else { return nil }
    do throws(QuantityTextError) {
      let size = try ByteSize.parse(value)
      if size <= bound { return size }
      report(
        .outOfRange, node, path,
        "expected a size of at most \(bound.counted("byte")), found \(value.quotedForMessage)")
    } catch {
      let code: ConfigurationProblem.Code = error.code == .outOfRange ? .outOfRange : .invalidValue
      report(code, node, path, "\(value.quotedForMessage): \(error.detail)")
    }
    return nil
  }

  /// A date or date-time, in milliseconds since 1970 UTC.
  mutating func instant(_ node: Node, _ path: String) -> Int64? {
    guard let value = text(node, path) else { return nil }
    do throws(InstantTextError) {
      return try InstantText.parse(value)
    } catch {
      report(.invalidValue, node, path, "\(value.quotedForMessage): \(error.detail)")
      return nil
    }
  }

  /// One of a few words.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ node: Node, _ path: String, _ type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    let all = Choice.allCases.map(\.rawValue)
    guard case .scalar(let scalar) = node, let choice = Choice(rawValue: scalar.string) else {
      var help: String?
      if case .scalar(let scalar) = node {
        help = NameSuggestion.nearest(to: scalar.string, among: all)
          .map { "did you mean `\($0)`?" }
      }
      report(
        .invalidValue, node, path,
        "expected one of \(all.joined(separator: ", ")), found \(found(node))", help: help)
      return nil
    }
    return choice
  }

  /// A list of account patterns.
  mutating func accounts(_ node: Node, _ path: String) -> AccountPatternList {
    var patterns: [AccountPattern] = []
    for item in items(node, path) {
      if let pattern = account(item.node, item.path) { patterns.append(pattern) }
    }
    return AccountPatternList(patterns)
  }

  /// An account pattern.
  mutating func account(_ node: Node, _ path: String) -> AccountPattern? {
    if case .mapping(let mapping) = node, mapping.count == 1,
      let key = mapping.first?.key.string, ["profile", "username"].contains(key)
    {
      report(
        .wrongType, node, path, "expected text, found keys with values",
        help: "write `\(key):NAME` without a blank after the colon")
      return nil
    }
    guard let value = text(node, path) else { return nil }
    return account(value, node, path)
  }

  /// The account pattern that a text is.
  mutating func account(_ text: String, _ node: Node, _ path: String) -> AccountPattern? {
    do throws(AccountPatternError) {
      return try AccountPattern(text)
    } catch {
      report(.invalidValue, node, path, "\(text.quotedForMessage): \(error.detail)")
      return nil
    }
  }

  /// A network or address.
  mutating func network(_ node: Node, _ path: String) -> NetworkPrefix? {
    guard let value = text(node, path) else { return nil }
    do throws(NetworkPrefixError) {
      return try NetworkPrefix(value)
    } catch {
      report(
        .invalidValue, node, path, "\(value.quotedForMessage): \(error.detail)",
        help: error.help)
      return nil
    }
  }

  /// A name of a table.
  mutating func name(
    _ node: Node, _ path: String, among names: [String], noun: String
  ) -> String? {
    guard let value = text(node, path) else { return nil }
    if names.contains(value) { return value }
    report(
      .unknownName, node, path, "there is no \(noun) \(value.quotedForMessage)",
      help: NameSuggestion.help(for: value, among: names)
        ?? (noun == "rule" ? "`postern rules` prints the rules" : nil))
    return nil
  }
}

extension NetworkPrefixError {
  /// The network that was probably meant.
  var help: String? {
    network.map { "write `\($0)` for the network, or the address alone" }
  }
}
