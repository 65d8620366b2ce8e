import ArgumentParser
import Findings
import Platform
import Postern
import Reports
import Results

/// `postern scan`.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Stream, correlate and judge exports: the main job.",
    discussion: """
      File types are detected from the header row, compression from the first bytes; \
      names do not matter, but a date in a snapshot's name dates it.

      EXAMPLES
        postern scan exports/
        postern scan LoginHistory.csv.gz User.csv VerificationHistory.csv
        zcat LoginHistory.csv.gz | postern scan - User.csv
        postern scan exports/ -o text -o jsonl:results.jsonl --fail-on high
        postern scan Setup.csv --time-zone Europe/Berlin --date-order dmy
        postern scan exports/ --require User,VerificationHistory -o brief

      EXIT CODES
        0 complete   1 complete, with findings at or over --fail-on   2 incomplete
        64 usage   66 nothing could be analysed   70 internal fault   71 out of memory
        74 an output could not be written
      """)

  /// Value of `-o` with which nothing is judged.
  private static let noResults = "none"

  @OptionGroup var input: InputOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      OutputArguments.help + " With none nothing is judged: for a ledger alone.",
      valueName: "format[:path]"),
    completion: .list(OutputArguments.formats + [ScanCommand.noResults]))
  var output: [String] = []

  @Option(
    help: ArgumentHelp(
      "Kinds of input that must be there and reach to within a day of the logins; else incomplete.",
      valueName: "kind[,kind]"),
    completion: .list(InputOptions.kinds))
  var require: String?

  @Option(
    help: ArgumentHelp("Severity from which findings make exit code 1.", valueName: "severity"),
    completion: .list(OutputArguments.severities))
  var failOn: String?

  @Option(
    help: ArgumentHelp(
      "Earlier results: marks findings as new, recurred or persisting, and lists those that are gone.",
      valueName: "old"),
    completion: .file())
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Severity from which new, changed and recurred findings make exit code 1; needs --baseline.",
      valueName: "severity"),
    completion: .list(OutputArguments.severities))
  var failOnNew: String?

  @Option(
    help: ArgumentHelp(
      "Write what a later run needs to go on from here; may be a ledger that is read.",
      valueName: "file"),
    completion: .file())
  var ledger: String?

  @Option(
    help: ArgumentHelp("Drop detail before this date from the ledger.", valueName: "date"))
  var forgetBefore: String?

  @Option(
    help: ArgumentHelp(
      "Take a person out of the ledger, by id or username; repeatable.", valueName: "who"))
  var forgetAccount: [String] = []

  @Option(
    help: ArgumentHelp(
      "Write the login Ids of the ledger's rows, as text; needs --ledger.", valueName: "file"),
    completion: .file())
  var ids: String?

  @Option(
    help: ArgumentHelp(
      "Login Ids of rows that other parts hold, as --ids writes them: they count as copies; needs "
        + "--ledger.", valueName: "file"),
    completion: .file())
  var knownIds: String?

  @OptionGroup var tables: TableOptions

  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    try terminal.run {
      var options = try input.scanOptions()
      try complete(&options)
      let outcome = try outcome(of: Scan(options))
      LastMemory.keep(outcome.memory)
      Terminal.clearProgress()
      for detail in outcome.details { terminal.detail(detail) }
      for message in outcome.messages { terminal.note(message) }
      for reason in outcome.end.incompleteReasons { Terminal.warn("incomplete: " + reason) }
      if output.isEmpty, outcome.end.accounts > 0 {
        terminal.hint("-o jsonl:results.jsonl keeps the results, to compare the next ones with")
      }
      return outcome.exit
    }
  }

  private func outcome(of scan: Scan) throws -> ScanOutcome {
    do {
      return try scan.run()
    } catch let error as ResultsError where error.name != baseline {
      // These are the scan's own results, read back for the other forms.
      throw InternalFault("\(error)")
    }
  }

  private func complete(_ options: inout ScanOptions) throws(UsageError) {
    if output.contains(Self.noResults) {
      guard output.count == 1 else {
        throw UsageError("-o none writes no results: leave every other -o out")
      }
      guard baseline == nil, failOn == nil, failOnNew == nil else {
        throw UsageError(
          "-o none judges nothing: leave --baseline, --fail-on and --fail-on-new out")
      }
      options.judges = false
    } else {
      options.outputs = try OutputTarget.all(output)
    }
    options.marksTables = tables.csvBom
    if let require { options.required = try RequiredKinds(require) }
    options.ledgerPath = ledger
    options.baselinePath = baseline
    if failOnNew != nil, baseline == nil {
      throw UsageError("--fail-on-new needs --baseline")
    }
    options.failOnNew = try FailOn.severity(failOnNew, option: "--fail-on-new")
    if let forgetBefore {
      guard ledger != nil else {
        throw UsageError("--forget-before drops detail from a ledger: state --ledger too")
      }
      options.forgetBefore = try InputOptions.instant("--forget-before", forgetBefore)
    }
    if !forgetAccount.isEmpty, ledger == nil {
      throw UsageError(
        "--forget-account takes people out of a ledger: state --ledger too; report --forget-account "
          + "takes them out of saved results")
    }
    options.forgottenAccounts = forgetAccount
    if ids != nil || knownIds != nil, ledger == nil {
      throw UsageError(
        "\(ids != nil ? "--ids" : "--known-ids") is for parts of a history that are brought together "
          + "as ledgers: state --ledger too")
    }
    options.idsPath = ids
    options.knownIDsPath = knownIds
    if ledger != nil, input.countsDuplicates {
      throw UsageError("--ledger keeps the Ids that were seen: leave --no-duplicate-check out")
    }
    options.failOn = try FailOn.severity(failOn)
    terminal.complete(&options)
  }
}
