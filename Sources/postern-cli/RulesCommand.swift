import ArgumentParser
import Findings
import Postern
import SalesforceExports

/// `postern rules`.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Print the catalogue of rules, or one rule whole.",
    discussion: """
      EXAMPLES
        postern rules
        postern rules PST-MFA-001
        postern rules --config postern.yaml
      """)

  @Argument(help: ArgumentHelp("Id of a rule, with or without PST-.", valueName: "id"))
  var id: String?

  @Option(
    help: ArgumentHelp("Settings in YAML; their thresholds and dates are shown.", valueName: "file")
  )
  var config: String?

  func run() throws {
    do {
      let configuration = try config.map { try ConfigurationFile.load($0) } ?? Configuration()
      let catalogue = CatalogueText(
        thresholds: configuration.thresholds,
        dates: configuration.calendars.mapValues { Instant(milliseconds: $0) })
      guard let id else {
        print(catalogue.list, terminator: "")
        return
      }
      guard let rule = Catalogue.rule(id) else {
        throw UsageError("no rule \(id); postern rules lists them")
      }
      print(catalogue.page(rule.description), terminator: "")
    } catch let error as UsageError {
      throw Terminal.failure(error.description, code: 64)
    }
  }
}
