package import Configuration
package import Findings
package import Platform
package import Reports
import Results
package import SalesforceExports

/// What a run is asked to do.
package struct ScanOptions: Sendable {
  /// Files, folders and `-`.
  package var inputs: [String] = []
  /// What the user states about the org.
  package var configuration = Configuration()
  /// First instant of the window, and the end of it (exclusive).
  package var since: Instant?
  package var until: Instant?
  /// Results to write; none means text on standard output.
  package var outputs: [OutputTarget<OutputFormat>] = []
  /// Whether anything is judged; if not there are no results, and the run is for its ledger.
  package var judges = true
  /// Where results go in the place of these, of verbs with forms of their own.
  var otherOutputs: [String?]?
  /// Severity from which findings count for the exit code.
  package var failOn: Severity?
  /// Earlier results, to say of each finding how it stands to them.
  package var baselinePath: String?
  /// Severity from which new and changed findings count for the exit code.
  package var failOnNew: Severity?
  /// File that receives rejected rows.
  package var rejectsPath: String?
  /// Rejected rows that are tolerated.
  package var rejectLimit = RejectLimit.none
  /// Inputs that must be there.
  package var required = RequiredKinds()
  /// Evaluation time of calendars.
  package var now = Instant(milliseconds: 0)
  /// Zone of local times.
  package var timeZone: LocalTimeZone?
  /// Order of slash dates.
  package var dateOrder: DateOrder?
  /// Dates of snapshots by file as the user names it.
  package var snapshotTimes: [ExactText: Instant] = [:]
  /// Files that give the logins; `nil` takes login histories, else event logs.
  package var loginSource: LoginSource?
  /// Whether rows with a login Id seen before are dropped.
  package var dropsDuplicates = true
  /// Ledger to write.
  package var ledgerPath: String?
  /// Time before which detail is dropped from it.
  package var forgetBefore: Instant?
  /// People who are forgotten, by id or username.
  package var forgottenAccounts: [String] = []
  /// File that receives the Ids of the ledger's rows.
  package var idsPath: String?
  /// File with the Ids of rows that other parts of the history hold: here they are copies.
  package var knownIDsPath: String?
  /// Files that options name and that are read beside these: lists of indicators.
  package var otherFiles: [String] = []
  /// Workers.
  package var threads = 1
  /// Bytes of login files that a worker takes at a time, 64 at least.
  ///
  /// No result depends on it; small blocks let a test put a border at every place of a small file.
  package var loginBlockByteCount = 512 << 10
  /// Whether standard output may be coloured.
  package var usesColor = false
  /// Whether tables (CSV) begin with a byte order mark.
  package var marksTables = false
  /// The options among these that decide how inputs are read and judged, words as in `argv`; for
  /// commands that are shown.
  package var readingArguments: [String] = []
  /// Version of the program.
  package var version = ""
  /// Is told of progress; `nil` for silence.
  package var progress: (@Sendable (ScanProgress) -> Void)?

  /// Makes options with the defaults.
  package init() {}

  /// Id of the org with 18 characters, as the configuration states it; empty where it does not.
  var organizationID: String {
    configuration.organization.id.map(OrganizationIdentity.canonical) ?? ""
  }

  /// The same for a verb whose outputs have forms of their own.
  func writing(_ files: [String?]) -> ScanOptions {
    var options = self
    options.otherOutputs = files
    return options
  }

  /// The files that the run writes.
  var outputFiles: [String] {
    ((otherOutputs ?? outputs.map(\.path)) + [rejectsPath, ledgerPath, idsPath]).compactMap(\.self)
      .filter { $0 != "-" }
  }

  /// Files that options name to be read, the inputs left out.
  var namedFiles: [String] {
    otherFiles + configuration.sources.map(\.path)
      + [baselinePath, knownIDsPath].compactMap(\.self).filter { $0 != "-" }
  }

  /// Results to write.
  var resultOutputs: [OutputTarget<OutputFormat>] {
    guard judges else { return [] }
    return outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs
  }

  /// Results to write where no input could be read.
  ///
  /// A page about nothing would hide, from somebody at a terminal, why there is nothing. Files and machines get
  /// what they wait for.
  var outputsOfNothing: [OutputTarget<OutputFormat>] {
    resultOutputs.filter { $0.path != nil || ($0.format != .text && $0.format != .brief) }
  }

  /// The earlier run that findings are compared with; `nil` when none was asked for.
  ///
  /// - Throws: `ResultsError` when its results cannot be used.
  func baseline() throws -> FindingsBaseline? {
    try baselinePath.map { path in
      let (source, name) = try ResultsFile.open(path, keeping: temporaryFolder)
      return try FindingsBaseline(source, name: name, threads: threads)
    }
  }

  /// Whether results go to standard output.
  var writesToStandardOutput: Bool {
    let places = otherOutputs ?? outputs.map(\.path)
    return judges && (places.isEmpty || places.contains(nil))
  }

  /// Where the run keeps what does not fit into memory.
  var temporaryFolder: TemporaryFolder {
    TemporaryFolder(besides: outputFiles)
  }
}
