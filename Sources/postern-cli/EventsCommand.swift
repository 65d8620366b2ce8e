import Accounts
import ArgumentParser
import Configuration
import Platform
import Postern
import Reports
import Results
import Synchronization

/// `postern events`.
struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Show login rows with class and MFA verdict, in the order of time.",
    discussion: """
      Every condition must hold; of one that is given several times, or with several values, one \
      must. --id and --at together name rows. Verdicts and classes rest on all rows of the inputs, \
      whatever is shown. Rows that overlapping exports hold more than once are shown once.

      EXAMPLES
        postern events exports/ --account etl@example.com --kind human
        postern events exports/ --mfa absent,unknown --since 2026-08-01 --until 2026-09-01
        postern events exports/ --ip 203.0.113.0/24 --status failed
        postern events exports/ --id 0YaHn0000000001AAA
        postern events exports/ -o csv:logins.csv -o jsonl:logins.jsonl

      EXIT CODES
        0 complete   2 incomplete   64 usage   66 no login rows could be read
        70 internal fault   71 out of memory   74 output not written
      """)

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "Accounts by id, username (* stands for any characters) or profile:NAME; repeatable.",
      valueName: "account"))
  var account: [String] = []

  @Option(
    help: ArgumentHelp("Source addresses or networks; repeatable.", valueName: "cidr"))
  var ip: [String] = []

  @Option(
    help: ArgumentHelp("Applications; * stands for any characters; repeatable.", valueName: "name"))
  var application: [String] = []

  @Option(
    help: ArgumentHelp(
      "Statuses (* stands for any characters), or succeeded, failed, pending; repeatable.",
      valueName: "status"),
    completion: .list(["succeeded", "failed", "pending"]))
  var status: [String] = []

  @Option(
    help: ArgumentHelp(
      "Verdicts: proven, absent, unknown, or a basis such as idp_silent.", valueName: "verdict,…"),
    completion: .list(["proven", "absent", "unknown"] + VerdictBasis.allCases.map(\.rawValue)))
  var mfa: [String] = []

  @Option(
    help: ArgumentHelp("Doors: human, api, unclassified.", valueName: "kind,…"),
    completion: .list(["human", "api", "unclassified"]))
  var kind: [String] = []

  @Option(help: ArgumentHelp("Logins by Id of 15 or 18 characters; repeatable.", valueName: "id"))
  var id: [String] = []

  @Option(
    help: ArgumentHelp("Rows by their place; repeatable.", valueName: "file:line"),
    completion: .file())
  var at: [String] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Rows as table, csv, jsonl or ocsf, to a path or standard output; repeatable.",
      valueName: "format[:path]"),
    completion: .list(["table", "csv", "jsonl", "ocsf"]))
  var output: [String] = []

  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    try terminal.run {
      var options = try input.scanOptions()
      terminal.complete(&options)
      let outputs = try OutputTarget<EventFormat>.all(output)
      let outcome = try Events(
        options, query: try query(), outputs: outputs, tableWidth: Terminal.width
      ).run()
      let exit = terminal.tell(outcome.reading, remark: "; \(outcome.shown) shown")
      if !outcome.omittedColumns.isEmpty {
        terminal.hint(
          "no room for \(outcome.omittedColumns.joined(separator: ", ")): -o csv has everything")
      }
      return exit
    }
  }

  private func query() throws(UsageError) -> EventQuery {
    var query = EventQuery()
    for text in account { try query.addAccount(text) }
    for text in ip { try query.addNetwork(text) }
    query.applications = application.map { NamePattern($0) }
    for text in status { query.addStatus(text) }
    for text in mfa { try query.addVerdicts(text) }
    for text in kind { try query.addKinds(text) }
    for text in id { try query.addID(text) }
    for text in at { try query.addPlace(text) }
    return query
  }
}
