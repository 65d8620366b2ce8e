import Foundation
import Yams

extension Configuration {
  private static let keys = [
    "org", "mfa", "session_levels", "integration_accounts", "break_glass_accounts",
    "human_accounts", "ui_automation_accounts", "user_facing_clients", "trusted_networks",
    "indicators", "allowed_privileges", "coverage", "thresholds", "integration_words", "limits",
    "calendars", "suppressions",
  ]
  private static let byteBound = 64 << 20

  /// Reads a configuration file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - thresholdNames: Thresholds that may be set.
  ///   - calendarNames: Dates that may be set.
  ///   - ruleIDs: Rules that may be suppressed.
  ///   - permissionNames: Permissions that may be allowed.
  /// - Throws: ``ConfigurationError`` with all problems of the file.
  package static func load(
    path: String, thresholdNames: [ThresholdName], calendarNames: [String], ruleIDs: [String],
    permissionNames: [String]
  ) throws(ConfigurationError) -> Configuration {
    let names = ConfigurationNames(
      thresholds: thresholdNames, calendars: calendarNames, rules: ruleIDs,
      permissions: permissionNames)
    var reader = ConfigurationReader(file: path, names: names)
    let bytes: [UInt8]
    do throws(ConfigurationProblem) {
      bytes = try wholeFile(path)
    } catch {
      throw ConfigurationError([error])
    }
    reader.configuration.sources = [SourceFile(path: path, bytes: bytes)]
    guard let text = String(validating: bytes, as: UTF8.self) else {
      reader.report(.notText, nil, "", "the file is not text in UTF-8")
      throw ConfigurationError(reader.problems)
    }
    do {
      if let root = try Yams.compose(yaml: text) { reader.readRoot(root, keys: keys) }
    } catch let error as YamlError {
      let (line, detail) = describe(error)
      throw ConfigurationError([
        ConfigurationProblem(
          code: .malformedYAML, file: path, line: line, column: nil, keyPath: "", detail: detail,
          help: nil)
      ])
    } catch {
      reader.report(.malformedYAML, nil, "", "the file is not well-formed YAML")
    }
    guard reader.problems.isEmpty else { throw ConfigurationError(reader.sortedProblems) }
    return reader.configuration
  }

  private static func describe(_ error: YamlError) -> (line: Int?, detail: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, "not well-formed YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      (
        context.mark.line,
        "a key is given twice: "
          + duplicates.map { $0 }.joined(separator: ", ")
      )
    default: (nil, "not well-formed YAML")
    }
  }

  static func wholeFile(_ path: String) throws(ConfigurationProblem) -> [UInt8] {
    func problem(_ detail: String) -> ConfigurationProblem {
      ConfigurationProblem(
        code: .unreadable, file: path, line: nil, column: nil, keyPath: "", detail: detail,
        help: nil)
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw problem(
        FileManager.default.fileExists(atPath: path)
          ? "the file cannot be opened" : "there is no such file")
    }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: byteBound + 1) else {
      // A file of no bytes reads as nothing.
      var isFolder: ObjCBool = false
      _ = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      if isFolder.boolValue { throw problem("it is a folder") }
      return []
    }
    guard data.count <= byteBound else { throw problem("the file is larger than 64 MiB") }
    return [UInt8](data)
  }
}

extension ConfigurationReader {
  mutating func readRoot(_ root: Node, keys: [String]) {
    for (key, _, value) in members(root, "", keys: keys) {
      switch key {
      case "org": readOrganization(value)
      case "mfa":
        for (name, _, node) in members(value, key, keys: ["required_for_direct_ui_logins"]) {
          configuration.mfa.requiredForDirectUILogins = flag(node, join(key, name))
        }
      case "session_levels":
        for (profile, _, node) in members(value, key, keys: nil) {
          if let level = choice(node, join(key, profile), Configuration.SessionLevel.self) {
            configuration.sessionLevels[profile] = level
          }
        }
      case "integration_accounts": configuration.integrationAccounts = accounts(value, key)
      case "break_glass_accounts": configuration.breakGlassAccounts = accounts(value, key)
      case "human_accounts": configuration.humanAccounts = accounts(value, key)
      case "ui_automation_accounts": configuration.uiAutomationAccounts = accounts(value, key)
      case "user_facing_clients":
        configuration.userFacingClients = texts(value, key).map { NamePattern($0) }
      case "trusted_networks": readTrustedNetworks(value, key)
      case "indicators": readIndicators(value, key)
      case "allowed_privileges": readAllowedPrivileges(value, key)
      case "coverage": readCoverage(value, key)
      case "thresholds": readThresholds(value, key)
      case "integration_words":
        configuration.integrationWords = texts(value, key).map { $0.lowercased() }
      case "limits": readLimits(value, key)
      case "calendars": readCalendars(value, key)
      case "suppressions": readSuppressions(value, key)
      default: break
      }
    }
  }

  private mutating func readOrganization(_ node: Node) {
    for (key, _, value) in members(node, "org", keys: ["id", "name", "type"]) {
      let path = join("org", key)
      switch key {
      case "id": configuration.organization.id = text(value, path)
      case "name": configuration.organization.name = text(value, path)
      default:
        configuration.organization.type = choice(
          value, path, Configuration.OrganizationType.self)
      }
    }
  }

  private mutating func readTrustedNetworks(_ node: Node, _ key: String) {
    var prefixes: [NetworkPrefix] = []
    for item in items(node, key) {
      if let prefix = network(item.node, item.path) { prefixes.append(prefix) }
    }
    configuration.trustedNetworks = NetworkPrefixList(prefixes)
  }

  private mutating func readAllowedPrivileges(_ node: Node, _ key: String) {
    for (pattern, keyNode, value) in members(node, key, keys: nil) {
      let path = join(key, pattern)
      guard let account = account(keyNode, path) else { continue }
      var permissions: [String] = []
      for item in items(value, path) {
        guard let name = text(item.node, item.path) else { continue }
        if names.permissions.contains(name) {
          permissions.append(name)
        } else {
          report(
            .unknownName, item.node, item.path,
            "no permission \(name.quotedForMessage) is followed",
            help: Suggestion.help(for: name, among: names.permissions))
        }
      }
      configuration.allowedPrivileges.append(
        Configuration.AllowedPrivileges(account: account, permissions: permissions))
    }
  }

  private mutating func readCoverage(_ node: Node, _ key: String) {
    for (name, keyNode, value) in members(node, key, keys: ["verification_history"]) {
      let path = join(key, name)
      var range = Configuration.InstantRange()
      for (end, _, endNode) in members(value, path, keys: ["from", "until"]) {
        let instant = instant(endNode, join(path, end))
        if end == "from" { range.from = instant } else { range.until = instant }
      }
      if let from = range.from, let until = range.until, from >= until {
        report(.invalidValue, keyNode, path, "from is not before until")
      }
      configuration.coverage.verificationHistory = range
    }
  }

  private mutating func readThresholds(_ node: Node, _ key: String) {
    for (name, _, value) in members(node, key, keys: names.thresholds.map(\.name)) {
      let path = join(key, name)
      guard let entry = names.thresholds.first(where: { $0.name == name }),
        let number = number(value, path)
      else { continue }
      guard number >= entry.minimum, number <= entry.maximum else {
        report(
          .outOfRange, value, path,
          "expected a number from \(entry.minimum) to \(entry.maximum)")
        continue
      }
      configuration.thresholds[name] = number
    }
  }

  private mutating func readLimits(_ node: Node, _ key: String) {
    let keys = ["field_bytes", "columns", "expansion_ratio", "expanded_bytes"]
    for (name, _, value) in members(node, key, keys: keys) {
      let path = join(key, name)
      guard let text = text(value, path) else { continue }
      let number: Int
      do throws(QuantityTextError) {
        number = try ByteSize.parse(text)
      } catch {
        report(.invalidValue, value, path, "\(text.quotedForMessage): \(error.detail)")
        continue
      }
      switch name {
      case "field_bytes": configuration.limits.fieldBytes = min(number, 1 << 30)
      case "columns": configuration.limits.columns = number
      case "expansion_ratio": configuration.limits.expansionRatio = number
      default: configuration.limits.expandedBytes = number
      }
    }
  }

  private mutating func readCalendars(_ node: Node, _ key: String) {
    for (name, _, value) in members(node, key, keys: names.calendars) {
      if let instant = instant(value, join(key, name)) { configuration.calendars[name] = instant }
    }
  }

  private mutating func readSuppressions(_ node: Node, _ key: String) {
    let required = ["rule", "account", "owner", "reason", "expires"]
    for item in items(node, key) {
      let entries = members(item.node, item.path, keys: required)
      var values: [String: Node] = [:]
      for entry in entries { values[entry.key] = entry.value }
      for name in required where values[name] == nil {
        report(.missingKey, item.node, join(item.path, name), "the key is required")
      }
      guard let rule = values["rule"].flatMap({ text($0, join(item.path, "rule")) }),
        let account = values["account"].flatMap({ account($0, join(item.path, "account")) }),
        let owner = values["owner"].flatMap({ text($0, join(item.path, "owner")) }),
        let reason = values["reason"].flatMap({ text($0, join(item.path, "reason")) }),
        let expires = values["expires"].flatMap({ instant($0, join(item.path, "expires")) })
      else { continue }
      guard names.rules.contains(rule) else {
        report(
          .unknownName, values["rule"], join(item.path, "rule"),
          "no rule \(rule.quotedForMessage)",
          help: Suggestion.help(for: rule, among: names.rules))
        continue
      }
      configuration.suppressions.append(
        Configuration.SuppressionEntry(
          rule: rule, account: account, owner: owner, reason: reason, expires: expires,
          line: item.node.mark?.line ?? 0))
    }
  }
}
