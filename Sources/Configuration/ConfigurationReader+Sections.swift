import Findings
import Platform
import Yams

extension ConfigurationReader {
  /// The keys at the top of a configuration.
  static let keys = [
    "org", "mfa", "session_levels", "integration_accounts", "break_glass_accounts",
    "human_accounts", "ui_automation_accounts", "user_facing_clients", "trusted_networks",
    "indicators", "allowed_privileges", "coverage", "thresholds", "integration_words", "limits",
    "calendars", "suppressions",
  ]

  /// Reads the whole configuration.
  mutating func readRoot(_ root: Node) {
    for member in members(root, "", .fixed(Self.keys)) {
      let (path, value) = (member.path, member.value)
      // A key without a value is the same as none: a list of defaults stays in force.
      if isNull(value) { continue }
      switch member.key {
      case "org": readOrganization(value, path)
      case "mfa": readMFA(value, path)
      case "session_levels": readSessionLevels(value, path)
      case "integration_accounts": configuration.integrationAccounts = accounts(value, path)
      case "break_glass_accounts": configuration.breakGlassAccounts = accounts(value, path)
      case "human_accounts": configuration.humanAccounts = accounts(value, path)
      case "ui_automation_accounts": configuration.uiAutomationAccounts = accounts(value, path)
      case "user_facing_clients":
        configuration.userFacingClients = texts(value, path).map { NamePattern($0) }
      case "trusted_networks": readTrustedNetworks(value, path)
      case "indicators": readIndicators(value, path)
      case "allowed_privileges": readAllowedPrivileges(value, path)
      case "coverage": readCoverage(value, path)
      case "thresholds": readThresholds(value, path)
      case "integration_words":
        configuration.integrationWords = texts(value, path).map { $0.lowercased() }
      case "limits": readLimits(value, path)
      case "calendars": readCalendars(value, path)
      case "suppressions": readSuppressions(value, path)
      default: preconditionFailure("a key that the table has and nobody reads")
      }
    }
  }

  private mutating func readOrganization(_ node: Node, _ path: String) {
    for member in members(node, path, .fixed(["id", "name", "type"])) {
      switch member.key {
      case "id":
        guard let id = text(member.value, member.path) else { continue }
        if AccountPattern.comparableID(id) == nil {
          report(
            .invalidValue, member.value, member.path,
            "expected an id of 15 or 18 letters and digits, found \(id.quotedForMessage)")
        }
        configuration.organization.id = id
      case "name": configuration.organization.name = text(member.value, member.path)
      default:
        configuration.organization.type = choice(
          member.value, member.path, OrganizationType.self)
      }
    }
  }

  private mutating func readMFA(_ node: Node, _ path: String) {
    for member in members(node, path, .fixed(["required_for_direct_ui_logins"])) {
      configuration.mfa.requiredForDirectUILogins = flag(member.value, member.path)
    }
  }

  private mutating func readSessionLevels(_ node: Node, _ path: String) {
    for member in members(node, path, .free(foldsCase: true)) {
      configuration.sessionLevels[member.key] = choice(
        member.value, member.path, Configuration.SessionLevel.self)
    }
  }

  private mutating func readTrustedNetworks(_ node: Node, _ path: String) {
    var prefixes: [NetworkPrefix] = []
    for item in items(node, path) {
      if let prefix = network(item.node, item.path) { prefixes.append(prefix) }
    }
    configuration.trustedNetworks = NetworkPrefixList(prefixes)
  }

  private mutating func readAllowedPrivileges(_ node: Node, _ path: String) {
    for member in members(node, path, .free(foldsCase: false)) {
      let account = account(member.key, member.keyNode, member.path)
      var permissions: [String] = []
      for item in items(member.value, member.path) {
        if let name = permission(item) { permissions.append(name) }
      }
      guard let account else { continue }
      configuration.allowedPrivileges.append(
        Configuration.AllowedPrivileges(account: account, permissions: permissions))
    }
  }

  private mutating func permission(_ item: Item) -> String? {
    // Exports call the column `PermissionsModifyAllData`, so that is what people copy.
    let prefix = "Permissions"
    if case .scalar(let scalar) = item.node, scalar.string.hasPrefix(prefix) {
      let name = String(scalar.string.dropFirst(prefix.count))
      if names.permissions.contains(name) {
        report(
          .unknownName, item.node, item.path,
          "there is no permission \(scalar.string.quotedForMessage)",
          help: "write `\(name)`, without `\(prefix)`")
        return nil
      }
    }
    return name(item.node, item.path, among: names.permissions, noun: "permission")
  }

  private mutating func readCoverage(_ node: Node, _ path: String) {
    for member in members(node, path, .fixed(["verification_history"])) {
      var range = Configuration.InstantRange()
      var until: Member?
      for end in members(member.value, member.path, .fixed(["from", "until"])) {
        let instant = instant(end.value, end.path)
        if end.key == "from" {
          range.from = instant
        } else {
          range.until = instant
          until = end
        }
      }
      if let last = range.until, let first = range.from, let until, first >= last {
        report(.invalidValue, until.value, until.path, "expected a time after `from`")
      }
      // A range without ends would state that the export is complete for all time.
      if range.from != nil || range.until != nil {
        configuration.coverage.verificationHistory = range
      }
    }
  }

  private mutating func readThresholds(_ node: Node, _ path: String) {
    let keys = Keys.table(names.thresholds.map(\.name), noun: "threshold")
    for member in members(node, path, keys) {
      guard let entry = names.thresholds.first(where: { $0.name == member.key }),
        let number = number(member.value, member.path, isInteger: entry.isInteger)
      else { continue }
      guard number >= entry.minimum, number <= entry.maximum else {
        report(
          .outOfRange, member.value, member.path,
          "expected a number from \(entry.minimum.plainText) to \(entry.maximum.plainText), "
            + "found \(found(member.value))",
          help: "the default is \(entry.default.plainText)")
        continue
      }
      configuration.thresholds[member.key] = number
    }
  }

  private mutating func readLimits(_ node: Node, _ path: String) {
    let keys = Keys.fixed(["field_bytes", "columns", "expansion_ratio", "expanded_bytes"])
    for member in members(node, path, keys) {
      switch member.key {
      case "field_bytes":
        // Records are addressed with 32-bit positions.
        configuration.limits.fieldBytes = byteCount(
          member.value, member.path, atMost: 1 << 30)
      case "columns": configuration.limits.columns = count(member.value, member.path)
      case "expansion_ratio":
        configuration.limits.expansionRatio = count(member.value, member.path)
      default: configuration.limits.expandedBytes = byteCount(member.value, member.path)
      }
    }
  }

  private mutating func readCalendars(_ node: Node, _ path: String) {
    for member in members(node, path, .table(names.calendars, noun: "calendar entry")) {
      configuration.calendars[member.key] = instant(member.value, member.path)
    }
  }

  private mutating func readSuppressions(_ node: Node, _ path: String) {
    for item in items(node, path) {
      let required = ["rule", "account", "owner", "reason", "expires"]
      guard case .mapping = item.node else {
        report(
          .wrongType, item.node, item.path,
          "expected the keys \(required.joined(separator: ", ")), found \(found(item.node))")
        continue
      }
      var rule: String?
      var account: AccountPattern?
      var owner: String?
      var reason: String?
      var expires: Int64?
      let given = members(item.node, item.path, .fixed(required))
      for member in given {
        switch member.key {
        case "rule": rule = name(member.value, member.path, among: names.rules, noun: "rule")
        case "account": account = self.account(member.value, member.path)
        case "owner": owner = text(member.value, member.path)
        case "reason": reason = text(member.value, member.path)
        default: expires = instant(member.value, member.path)
        }
      }
      for key in required where !given.contains(where: { $0.key == key }) {
        report(.missingKey, item.node, "\(item.path).\(key)", "this key is required")
      }
      guard let rule, let account, let owner, let reason, let expires else { continue }
      configuration.suppressions.append(
        Configuration.SuppressionEntry(
          rule: rule, account: account, owner: owner, reason: reason, expires: expires,
          line: line(of: item.node)))
    }
  }
}

extension Double {
  /// The number without a fraction where it has none.
  fileprivate var plainText: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
