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
    abstract: "Show or count login rows, with class and MFA verdict.",
    discussion: """
      Every condition must hold; of one that is given several times, or with several values, one \
      must. --id and --at together name rows; --at also shows a row of an event log, or of any other \
      export, as it stands there. Verdicts and classes rest on all rows of the inputs, \
      whatever is shown. Rows that overlapping exports hold more than once are shown once. A value \
      that no login of the inputs has is answered with the nearest that one has.

      Rows come in the order of time. --by counts them instead: rows, successes, accounts, first and \
      last for each combination of the fields account, class, kind, outcome, status, mfa, basis, ip, \
      network, country, application, browser, platform, login-type, sub-type, api-type, api-version, \
      tls, day, hour and file.

      EXAMPLES
        postern events exports/ --account etl@example.com --kind human
        postern events exports/ --mfa no,unknown --since 2026-08-01 --until 2026-09-01
        postern events exports/ --ip 203.0.113.0/24 --by account,application
        postern events exports/ --class integration --country DE,FR --since 7d --reverse --limit 20
        postern events exports/ --finding pf1:0603e799 --results results.jsonl
        postern events exports/ --id 0YaHn0000000001AAA
        postern events exports/ -o csv:logins.csv -o timesketch:logins.jsonl

      EXIT CODES
        0 complete   2 incomplete, or a value that no login has   64 usage
        66 no login rows could be read   70 internal fault   71 out of memory
        74 output not written
      """)

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "Accounts by id, username (* stands for any characters) or profile:NAME; repeatable.",
      valueName: "account"))
  var account: [String] = []

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "Classes of accounts: integration, human, break_glass, external, system, unknown.",
      valueName: "class,…"))
  var accountClass: [String] = []

  @Flag(help: "Rows of privileged accounts alone.")
  var privileged = false

  @Option(
    help: ArgumentHelp("Source addresses or networks; repeatable.", valueName: "cidr"))
  var ip: [String] = []

  @Option(
    help: ArgumentHelp("Countries, by code or English name; repeatable.", valueName: "country,…"))
  var country: [String] = []

  @Option(
    help: ArgumentHelp(
      "Applications, with or without their version; * stands for any characters; repeatable.",
      valueName: "name"))
  var application: [String] = []

  @Option(
    help: ArgumentHelp("Browsers; * stands for any characters; repeatable.", valueName: "name"))
  var browser: [String] = []

  @Option(
    help: ArgumentHelp("Platforms; * stands for any characters; repeatable.", valueName: "name"))
  var platform: [String] = []

  @Option(
    help: ArgumentHelp("Login types; * stands for any characters; repeatable.", valueName: "type"))
  var loginType: [String] = []

  @Option(
    help: ArgumentHelp(
      "Login sub-types; * stands for any characters; repeatable.", valueName: "type"))
  var subType: [String] = []

  @Option(
    help: ArgumentHelp(
      "Statuses (* stands for any characters), or succeeded, failed, pending; repeatable.",
      valueName: "status"),
    completion: .list(["succeeded", "failed", "pending"]))
  var status: [String] = []

  @Option(
    help: ArgumentHelp(
      "With MFA: yes, no, unknown, or a basis such as idp_silent (postern rules mapping).",
      valueName: "verdict,…"),
    completion: .list(["yes", "no", "unknown"] + VerdictBasis.allCases.map(\.rawValue)))
  var mfa: [String] = []

  @Option(
    help: ArgumentHelp("Doors: human, api, unclassified.", valueName: "kind,…"),
    completion: .list(["human", "api", "unclassified"]))
  var kind: [String] = []

  @Option(help: ArgumentHelp("Logins by Id of 15 or 18 characters; repeatable.", valueName: "id"))
  var id: [String] = []

  @Option(
    help: ArgumentHelp(
      "Rows by their place, of which the end of the path is enough; repeatable.",
      valueName: "file:line"), completion: .file())
  var at: [String] = []

  @Option(
    help: ArgumentHelp(
      "All rows of a finding, judged anew from the inputs and options of its scan.", valueName: "id"
    ))
  var finding: String?

  @Option(
    help: ArgumentHelp(
      "Saved results (scan -o jsonl) that hold the finding, whose window and --now are taken.",
      valueName: "file"))
  var results: String?

  @Option(help: ArgumentHelp("Count the rows by these fields.", valueName: "field,…"))
  var by: String?

  @Option(help: ArgumentHelp("Show so many rows, or counts, at the most.", valueName: "n"))
  var limit: Int?

  @Flag(help: "Show the last first.")
  var reverse = false

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Rows as table, csv, jsonl, ocsf or timesketch, to a path or standard output; repeatable.",
      valueName: "format[:path]"),
    completion: .list(["table", "csv", "jsonl", "ocsf", "timesketch"]))
  var output: [String] = []

  @OptionGroup(title: "Tables") var tables: TableOptions

  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    try terminal.run {
      var options = try input.scanOptions()
      terminal.complete(&options)
      let outputs = try OutputTarget<EventFormat>.all(output)
      var query = try query()
      if let finding {
        query.finding = try AskedFinding(finding, in: results, threads: options.threads)
        if let run = query.finding?.run, input.now == nil { options.now = run.evaluationTime }
      } else if results != nil {
        throw UsageError("--results: --finding says which finding of them is meant")
      }
      let outcome = try Events(
        options, query: query, outputs: outputs, try presentation()
      ).run()
      let exit = terminal.tell(outcome.reading, remark: remark(outcome))
      if !outcome.omittedColumns.isEmpty {
        terminal.hint(
          "no room for \(outcome.omittedColumns.joined(separator: ", ")): -o csv has everything")
      }
      return exit
    }
  }

  private func remark(_ outcome: EventsOutcome) -> String {
    let more = outcome.hasMore ? ", and there are more" : ""
    return by == nil
      ? "; \(outcome.shown) shown\(more)"
      : "; \(outcome.counted) counted, \(outcome.shown.counted("line"))\(more)"
  }

  private func presentation() throws(UsageError) -> EventPresentation {
    var presentation = EventPresentation()
    for word in (by ?? "").split(separator: ",", omittingEmptySubsequences: by == nil) {
      guard let field = LoginField(named: String(word)) else {
        let names = LoginField.allCases.map(\.rawValue)
        throw UsageError(
          "--by \(by ?? ""): \(word.isEmpty ? "an empty name" : String(word)) is not one of "
            + names.joined(separator: ", ")
            + (NameSuggestion.nearest(to: String(word), among: names).map {
              "; did you mean \($0)?"
            } ?? ""))
      }
      if !presentation.fields.contains(field) { presentation.fields.append(field) }
    }
    if let limit {
      guard limit > 0 else { throw UsageError("--limit \(limit): expected 1 or more") }
      presentation.limit = limit
    }
    presentation.isReversed = reverse
    presentation.marksCSV = tables.csvBom
    presentation.tableWidth = Terminal.width
    return presentation
  }

  private func query() throws(UsageError) -> EventQuery {
    var query = EventQuery()
    for text in account { try query.addAccount(text) }
    for text in accountClass { try query.addClasses(text) }
    query.isPrivileged = privileged
    for text in ip { try query.addNetwork(text) }
    for text in country.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      query.addCountry(String(text))
    }
    query.applications = application.map { NamePattern($0) }
    query.browsers = browser.map { NamePattern($0) }
    query.platforms = platform.map { NamePattern($0) }
    for text in loginType { query.addType(text) }
    for text in subType { query.addSubType(text) }
    for text in status { query.addStatus(text) }
    for text in mfa { try query.addVerdicts(text) }
    for text in kind { try query.addKinds(text) }
    for text in id { try query.addID(text) }
    for text in at { try query.addPlace(text) }
    return query
  }
}
