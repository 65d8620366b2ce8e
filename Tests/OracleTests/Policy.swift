/// What the configuration says, and the same as YAML for the program.
struct Policy {
  var now = "2026-09-01T00:00:00.000Z"
  var organizationType: String?
  var isSwitchOn: Bool?
  var sessionLevels: [String: String] = [:]
  var integrationAccounts: [String] = []
  var breakGlassAccounts: [String] = []
  var humanAccounts: [String] = []
  var automationAccounts: [String] = []
  var trustedNetworks: [String] = []
  var indicatorAddresses: [String] = []
  var indicatorApplications: [String] = []
  var indicatorUserAgents: [String] = []
  var allowedPrivileges: [String: [String]] = [:]
  /// The range that the configuration says the verification export covers, half-open.
  var coverage: (from: String, until: String)?
  /// The window of the run, half-open, and the zone of local times.
  var since: String?
  var until: String?
  var timeZone: String?

  /// When MFA has been enforced for all employees, and for privileged users.
  var employeesEnforced: Int? {
    switch organizationType ?? "production" {
    case "production": Moment.milliseconds("2026-08-04T00:00:00Z")
    case "sandbox": Moment.milliseconds("2026-07-08T00:00:00Z")
    default: nil
    }
  }
  var privilegedEnforced: Int? {
    switch organizationType ?? "production" {
    case "production": Moment.milliseconds("2026-09-03T00:00:00Z")
    case "sandbox": Moment.milliseconds("2026-07-17T00:00:00Z")
    default: nil
    }
  }

  /// The options of the program that say so.
  var options: [String] {
    [("--since", since), ("--until", until), ("--time-zone", timeZone)].flatMap { name, value in
      value.map { [name, $0] } ?? []
    }
  }

  /// Milliseconds of the window; whatever lies outside is no part of the run.
  var window: Range<Int> {
    (since.flatMap(Moment.milliseconds) ?? .min)..<(until.flatMap(Moment.milliseconds) ?? .max)
  }

  /// The configuration file that says so; empty where there is nothing to say.
  var yaml: String {
    var text = ""
    if let organizationType { text += "org:\n  type: \(organizationType)\n" }
    if let isSwitchOn { text += "mfa:\n  required_for_direct_ui_logins: \(isSwitchOn)\n" }
    if !sessionLevels.isEmpty {
      text += "session_levels:\n"
      for (name, level) in sessionLevels.sorted(by: { $0.key < $1.key }) {
        text += "  \"\(name)\": \(level)\n"
      }
    }
    if let coverage {
      text += "coverage:\n  verification_history:\n"
      text += "    from: \(coverage.from)\n    until: \(coverage.until)\n"
    }
    text += list("integration_accounts", integrationAccounts)
    text += list("break_glass_accounts", breakGlassAccounts)
    text += list("human_accounts", humanAccounts)
    text += list("ui_automation_accounts", automationAccounts)
    text += list("trusted_networks", trustedNetworks)
    let indicators =
      indicatorAddresses.map { "  - \"\($0)\"\n" }
      + indicatorApplications.map { "  - application: \"\($0)\"\n" }
      + indicatorUserAgents.map { "  - user_agent: \"\($0)\"\n" }
    if !indicators.isEmpty { text += "indicators:\n" + indicators.joined() }
    if !allowedPrivileges.isEmpty {
      text += "allowed_privileges:\n"
      for (name, permissions) in allowedPrivileges.sorted(by: { $0.key < $1.key }) {
        text += "  \"\(name)\": [\(permissions.joined(separator: ", "))]\n"
      }
    }
    return text
  }

  private func list(_ name: String, _ items: [String]) -> String {
    items.isEmpty ? "" : "\(name):\n" + items.map { "  - \"\($0)\"\n" }.joined()
  }
}
