package import Configuration
import Reports
package import SalesforceExports

/// What `postern config check` says of a configuration that could be read.
package struct ConfigurationCheck: Sendable {
  private let configuration: Configuration
  private let path: String
  private let now: Instant

  /// Makes the answer.
  ///
  /// - Parameters:
  ///   - path: The file as it was named.
  ///   - now: When suppressions are looked at.
  package init(_ configuration: Configuration, path: String, now: Instant) {
    self.configuration = configuration
    self.path = path
    self.now = now
  }

  /// The lines: that the file is sound, then the suppressions that no longer hold.
  package var text: String {
    let file = SafeText.terminal(path)
    var lines = ["\(file): sound"]
    for entry in configuration.suppressions where entry.isExpired(at: now.milliseconds) {
      let date = CivilDate(day: Instant(milliseconds: entry.expires).day).text
      lines.append(
        "\(file):\(entry.line): the suppression of \(entry.rule) for "
          + "\(SafeText.terminal(entry.account.text)) expired on \(date); extend or remove it")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
