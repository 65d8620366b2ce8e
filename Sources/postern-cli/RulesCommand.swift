import ArgumentParser
import Configuration
import Findings
import Platform
import Postern
import Reports
import SalesforceExports

/// `postern rules`.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Print the catalogue of rules, one rule whole, or the tables of types and verdicts.",
    discussion: """
      EXAMPLES
        postern rules
        postern rules PST-MFA-001
        postern rules mapping
        postern rules --config postern.yaml
      """)

  @Argument(
    help: ArgumentHelp(
      "Id of a rule, with or without PST-; or mapping: login types, statuses and verdicts in force.",
      valueName: "rule"),
    completion: .list(ids + ["mapping"]))
  var id: String?

  @Option(
    help: ArgumentHelp(
      "Settings in YAML; their thresholds and dates are shown.", valueName: "file"),
    completion: .file())
  var config: String?

  static let ids = Catalogue.rules.map(\.description.id)

  func run() throws {
    try Terminal.run {
      let configuration = try config.map { try ConfigurationFile.load($0) } ?? Configuration()
      let catalogue = CatalogueText(
        thresholds: configuration.thresholds,
        dates: configuration.calendars.mapValues { Instant(milliseconds: $0) })
      guard let id else {
        try StandardOutput.write(catalogue.list)
        return .complete
      }
      if id == "mapping" {
        try StandardOutput.write(MappingText.text)
        return .complete
      }
      guard let rule = Catalogue.rule(id) else {
        throw UsageError("no rule \(id); postern rules lists them")
      }
      try StandardOutput.write(catalogue.page(rule.description))
      return .complete
    }
  }
}
