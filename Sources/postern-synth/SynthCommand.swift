import ArgumentParser
import Glibc

/// `postern-synth`: writes the exports of a made-up Salesforce org, and the truth about them.
@main
struct SynthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postern-synth",
    abstract: "Write the exports of a made-up Salesforce org, and the truth about them.",
    discussion: """
      Equal options give equal bytes. truth.json says what a reader of the exports must find: \
      counts of logins by account, verdicts on MFA, classes and findings, as of 2026-09-01.

        postern-synth exports --rows 5000000 --compression gzip
        postern-synth exports --shape all --verification holes --faults bad-time,long-row
        postern-synth exports --incident klue --start 2026-04-01
        postern-synth exports --incident drift --application "Quote Bot" --network 198.51.100.0/24
      """)

  @Argument(help: "Folder to write to; made if it does not exist.")
  var directory: String

  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 1
  @Option(help: "Logins, at least 500.")
  var rows = 100_000
  @Option(help: "Accounts, at least 40.")
  var users = 200
  @Option(help: "Length of the window.")
  var days = 90
  @Option(help: ArgumentHelp("First day of the window.", valueName: "YYYY-MM-DD"))
  var start = "2026-03-01"
  @Option(help: "Share of accounts that programs use.")
  var integrationShare = 0.15
  @Option(help: "Form of the login files; all writes each into a folder of its own.")
  var shape = Shape.soql
  @Option(help: "Program that is said to have made the exports.")
  var dialect = ExportTool.bulk
  @Option(help: "Character between fields.")
  var delimiter = Delimiter.comma
  @Option(help: "End of a row (default: crlf for data-loader, else lf).")
  var lineEnd: LineEnd?
  @Flag(name: .customLong("bom"), help: "Begin each file with a byte order mark.")
  var hasByteOrderMark = false
  @Option(help: "Which fields stand in quotes (default: minimal for rest, else always).")
  var quote: Quoting?
  @Option(help: "How login and verification files are packed.")
  var compression = Packing.none
  @Option(help: "Compression level, 1 to 9.")
  var level = 1
  @Option(help: "Login files.")
  var files = 1
  @Option(help: "Order of the logins.")
  var order = RowOrder.time
  @Option(help: "Logins of a file that stand in the next one as well.")
  var overlap = 0
  @Option(help: "Verification history: full, with a hole of nine days, or none.")
  var verification = VerificationExport.full
  @Option(help: "Snapshots; two or more carry dates in their names.")
  var snapshots = 1
  @Option(
    help: ArgumentHelp(
      "Defects, with commas between: \(Fault.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "kinds"))
  var faults = ""
  @Option(
    help: ArgumentHelp(
      """
      Incidents beside the logins of --rows, with commas between, or all: \
      \(Incident.allCases.map(\.rawValue).joined(separator: ", ")).
      """, valueName: "kinds"))
  var incidents = ""
  @Option(
    help: ArgumentHelp(
      """
      Campaign to stage, with indicators.txt as a vendor's notice would list it: \
      \(Campaign.allCases.map(\.rawValue).joined(separator: ", ")).
      """, valueName: "campaign"))
  var incident: Campaign?
  @Option(
    help: ArgumentHelp(
      "When the campaign begins (default: its published day if the window has it, else late).",
      valueName: "YYYY-MM-DD[THH:MM]"))
  var incidentStart: String?
  @Option(help: ArgumentHelp("Name of the campaign's application.", valueName: "name"))
  var application: String?
  @Option(
    help: ArgumentHelp(
      "Network or address that the campaign comes from (default: of a documentation range).",
      valueName: "cidr"))
  var network: String?
  @Option(help: "Accounts that the campaign's application has tokens of, 1 to 12.")
  var incidentAccounts = 4
  @Flag(help: "Stage what comes before the campaign, and not the campaign itself.")
  var historyOnly = false
  @Option(
    help: ArgumentHelp(
      """
      Exports of events beside the logins, with commas between, or all: \
      \(EventExport.allCases.map(\.rawValue).joined(separator: ", ")).
      """, valueName: "kinds"))
  var events = ""
  @Flag(help: "List every successful human login in truth.json, with what really happened.")
  var loginTruth = false
  @Flag(help: "Write a sample postern.yaml.")
  var config = false
  @Flag(help: "Say nothing.")
  var quiet = false

  /// Refuses options that fit no run.
  func validate() throws {
    guard rows >= 500 else { throw ValidationError("--rows \(rows): at least 500") }
    guard users >= 40 else { throw ValidationError("--users \(users): at least 40") }
    guard (1...3_650).contains(days) else { throw ValidationError("--days \(days): 1 to 3650") }
    guard CivilDate(start) != nil else {
      throw ValidationError("--start \(start): expected YYYY-MM-DD")
    }
    guard (0...0.8).contains(integrationShare) else {
      throw ValidationError("--integration-share \(integrationShare): 0 to 0.8")
    }
    guard (1...9).contains(level) else { throw ValidationError("--level \(level): 1 to 9") }
    guard (1...200).contains(files) else { throw ValidationError("--files \(files): 1 to 200") }
    guard (0...rows / files).contains(overlap) else {
      throw ValidationError("--overlap \(overlap): 0 to the rows of a file")
    }
    guard (1...50).contains(snapshots), snapshots <= days else {
      throw ValidationError("--snapshots \(snapshots): 1 to 50, and no more than days")
    }
    if try !Incident.named(incidents).isEmpty, days < IncidentRows.leastDays {
      throw ValidationError("--incidents need --days of at least \(IncidentRows.leastDays)")
    }
    _ = try campaign()
    _ = try eventKinds()
    let kinds = try faultKinds()
    if kinds.contains(.truncatedGzip), compression == .none || compression == .zip {
      throw ValidationError("truncated-gzip needs --compression gzip or gzip-members")
    }
  }

  /// Writes the exports.
  func run() throws {
    try SynthRun(folder: directory, options: try options()).write()
    guard !quiet else { return }
    say("\(directory): \(rows) logins of \(users) accounts, seed \(seed)\n")
  }

  private func options() throws -> SynthOptions {
    var options = SynthOptions()
    options.seed = seed
    options.rows = rows
    options.users = users
    options.days = days
    if let date = CivilDate(start) { options.start = date }
    options.integrationPerMille = Int((integrationShare * 1_000).rounded())
    options.shape = shape
    options.tool = dialect
    options.delimiter = delimiter
    options.lineEnd = lineEnd ?? (dialect == .dataLoader ? .crlf : .lf)
    options.hasByteOrderMark = hasByteOrderMark
    options.quoting = quote ?? (dialect == .rest ? .minimal : .always)
    options.packing = compression
    options.level = level
    options.files = files
    options.order = order
    options.overlap = overlap
    options.verification = verification
    options.snapshots = snapshots
    options.faults = try faultKinds()
    options.incidents = try Incident.named(incidents)
    options.campaign = try campaign()
    options.events = try eventKinds()
    options.tellsLogins = loginTruth
    options.writesConfiguration = config
    return options
  }

  private func campaign() throws -> CampaignOptions? {
    guard let incident else {
      let isGiven = [incidentStart, application, network].contains { $0 != nil } || historyOnly
      guard !isGiven else { throw ValidationError("--incident names the campaign to stage") }
      return nil
    }
    guard days >= incident.leastDays, var staged = CampaignOptions(incident) else {
      throw ValidationError(
        "--incident \(incident.rawValue) needs --days of at least \(incident.leastDays)")
    }
    if let application {
      guard !application.isEmpty, !application.contains(where: \.isNewline) else {
        throw ValidationError("--application: expected a name")
      }
      staged.application = application
    }
    if let network {
      guard let value = StagedNetwork(network) else {
        throw ValidationError("--network \(network): expected such as 203.0.113.0/24")
      }
      staged.network = value
    }
    guard (1...12).contains(incidentAccounts) else {
      throw ValidationError("--incident-accounts \(incidentAccounts): 1 to 12")
    }
    staged.accounts = incidentAccounts
    staged.isHistoryOnly = historyOnly
    if let text = incidentStart { staged.start = try time(text, of: incident) }
    return staged
  }

  /// The time of `--incident-start`, which leaves room for a history before and a day behind.
  private func time(_ text: String, of incident: Campaign) throws -> EpochSeconds {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false).map(String.init)
    let clock = parts.count == 2 ? parts[1].split(separator: ":").map { Int($0) ?? -1 } : [8, 0]
    guard let date = CivilDate(parts[0]), parts.count <= 2, clock.count == 2,
      (0...23).contains(clock[0]), (0...59).contains(clock[1]), let first = CivilDate(start)
    else {
      throw ValidationError("--incident-start \(text): expected YYYY-MM-DD or YYYY-MM-DDTHH:MM")
    }
    let time = date.daysSinceEpoch * 86_400 + clock[0] * 3_600 + clock[1] * 60
    let quiet = incident == .staleToken ? 66 : SynthOptions.historyDays
    let earliest = first.daysSinceEpoch + quiet
    guard date.daysSinceEpoch >= earliest, date.daysSinceEpoch <= first.daysSinceEpoch + days - 2
    else {
      throw ValidationError(
        "--incident-start \(text): at least \(quiet) days into the window, and two before its end")
    }
    return time
  }

  private func eventKinds() throws -> Set<EventExport> {
    if events == "all" { return Set(EventExport.allCases) }
    var kinds: Set<EventExport> = []
    for name in events.split(separator: ",") {
      guard let kind = EventExport(rawValue: String(name)) else {
        throw ValidationError("--events: \(name) is no export of events")
      }
      kinds.insert(kind)
    }
    return kinds
  }

  private func faultKinds() throws -> Set<Fault> {
    var kinds: Set<Fault> = []
    for name in faults.split(separator: ",") {
      guard let kind = Fault(rawValue: String(name)) else {
        throw ValidationError("--faults: \(name) is no kind of defect")
      }
      kinds.insert(kind)
    }
    return kinds
  }

  private func say(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
