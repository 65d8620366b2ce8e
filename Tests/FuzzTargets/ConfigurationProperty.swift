import Configuration

/// A configuration is read the same twice, or refused with words; what was read can be used.
enum ConfigurationProperty {
  private static let folder = SharedFolder()
  /// Between the configuration and the file of indicators `indicators.txt` beside it.
  private static let separator: UInt8 = 0x1C

  static func check(_ input: inout FuzzInput) throws {
    let parts = input.rest().split(
      separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
    let path = folder.folder.write("config.yaml", Array(parts[0]))
    folder.folder.write("indicators.txt", parts.count == 2 ? Array(parts[1]) : [])
    let first = try load(path)
    let second = try load(path)
    try FuzzFailure.unless(first == second, "two readings differ")
    switch first {
    case .success(let configuration): use(configuration)
    case .failure(let refusal):
      try FuzzFailure.unless(!refusal.text.isEmpty, "refused without a word")
      try FuzzFailure.unless(
        refusal.text.contains(folder.folder.path), "refused without the file: \(refusal.text)")
    }
  }

  private struct Refusal: Error, Equatable {
    let text: String
  }

  private static func load(_ path: String) throws -> Result<Configuration, Refusal> {
    do throws(ConfigurationError) {
      return .success(try ConfigurationFile.load(path))
    } catch {
      return .failure(Refusal(text: error.description))
    }
  }

  private static func use(_ configuration: Configuration) {
    let lists = [
      configuration.integrationAccounts, configuration.breakGlassAccounts,
      configuration.humanAccounts, configuration.uiAutomationAccounts,
    ]
    for list in lists {
      _ = list.matches(
        id15or18: "005Hn00000007qoIAA", username: "user.26@example.com", profile: "Standard User")
      _ = list.matches(id15or18: nil, username: nil, profile: nil)
    }
    for address in ["203.0.113.7", "2001:db8::4", "", "Salesforce.com IP"] {
      _ = configuration.trustedNetworks.contains(address)
    }
    _ = configuration.sessionLevel(ofProfile: "Standard User")
  }
}

/// A folder of the process, made with its first use.
struct SharedFolder: @unchecked Sendable {
  // Unchecked: targets run one after the other; a test that replays them is serialized.
  let folder = ScratchFolder()
}
