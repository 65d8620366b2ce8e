import ArgumentParser
import Configuration
import Foundation
import Platform
import Postern
import SalesforceExports

/// `postern config`.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Check a configuration, or print one with every key.",
    discussion: """
      EXAMPLES
        postern config sample > postern.yaml
        postern config check postern.yaml
      """,
    subcommands: [CheckCommand.self, SampleCommand.self])

  /// `postern config check`.
  struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Say whether a configuration is sound, and if not, what is wrong in which line.",
      discussion: """
        The file is read as a scan reads it, with the lists of indicators that it names. \
        Suppressions that have expired are named and are no fault.

        EXAMPLES
          postern config check postern.yaml
          postern config check postern.yaml --now 2027-01-01

        EXIT CODES
          0 sound   64 faults, each with its line
        """)

    @Argument(
      help: ArgumentHelp("Settings in YAML.", valueName: "file"), completion: .file())
    var file: String

    @Option(
      help: ArgumentHelp(
        "Time at which suppressions are looked at (default: the clock).", valueName: "date-time"))
    var now: String?

    func run() throws {
      try Terminal.run {
        let instant =
          try now.map { try InputOptions.instant("--now", $0) }
          ?? Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        let configuration = try ConfigurationFile.load(file)
        try StandardOutput.write(
          ConfigurationCheck(configuration, path: file, now: instant).text)
        return .complete
      }
    }
  }

  /// `postern config sample`.
  struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sample",
      abstract: "Print a configuration with every key: its default, or an example.",
      discussion: """
        All of it is commented out, so that it changes nothing until a # is taken away.

        EXAMPLES
          postern config sample > postern.yaml
        """)

    func run() throws {
      try Terminal.run {
        try StandardOutput.write(ConfigurationSample.text)
        return .complete
      }
    }
  }
}
