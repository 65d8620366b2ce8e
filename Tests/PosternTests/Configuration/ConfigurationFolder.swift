import TestSupport

@testable import Configuration

/// A folder of its own for the files of one test, removed with the value.
final class ConfigurationFolder {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  func path(_ name: String) -> String { folder.path(name) }

  /// What the paths of all files in the folder begin with.
  var prefix: String { folder.path("") }

  func write(_ text: String, to name: String) throws { try folder.write(name, text) }

  func write(_ bytes: [UInt8], to name: String) throws { try folder.write(name, bytes) }

  func makeFolder(_ name: String) throws { try folder.makeFolder(name) }

  /// Loads `config.yaml` with small tables of names.
  func load(_ name: String = "config.yaml") throws(ConfigurationError) -> Configuration {
    try Configuration.load(
      path: path(name),
      thresholdNames: [
        ThresholdName(
          name: "spray_accounts", default: 10, isInteger: true, minimum: 2, maximum: 1_000,
          description: "Accounts that failed from one address."),
        ThresholdName(
          name: "api_share", default: 0.95, isInteger: false, minimum: 0, maximum: 1,
          description: "Share of API logins."),
      ],
      calendarNames: ["soap_login_retirement", "api_30_retirement"],
      ruleIDs: ["PST-MFA-001", "PST-INT-005"],
      permissionNames: ["ModifyAllData", "ViewAllData", "ManageUsers"])
  }

  /// Writes `config.yaml` and loads it.
  func load(text: String) throws -> Configuration {
    try write(text, to: "config.yaml")
    return try load()
  }

  /// The message for a configuration, with the folder left out of paths; empty when it is fine.
  func message(_ text: String) throws -> String {
    try write(text, to: "config.yaml")
    do throws(ConfigurationError) {
      _ = try load()
      return ""
    } catch {
      return error.description.replacing(prefix, with: "")
    }
  }
}
