import Configuration
import Decompression
import Delimited
import Reports
import Results
import SalesforceExports

/// All inputs of a run, recognised and set in order.
struct InputSet {
  /// Inputs that are read, in the order of their names; a file's number is its position.
  private(set) var inputs: [ProbedInput] = []
  /// Files that were found and are not read.
  private(set) var ignored: [IgnoredRecord] = []
  /// Ledgers, in the order of their names.
  private(set) var ledgers: [LedgerInput] = []
  /// What makes the run incomplete, by the name of the input.
  private(set) var problems: [InputProblem] = []

  /// Kind of the files that give the logins; `nil` when there are none.
  private(set) var loginKind: FileKind?
  /// Whether login files of the other kind are not used.
  private(set) var leavesOutLogins = false

  /// Notes an input that cannot be used.
  mutating func note(_ problem: InputProblem) { problems.append(problem) }

  /// Finds and recognises the files that `paths` stand for.
  init(_ paths: [String], limits: InflateLimits, recordLimits: RecordLimits) {
    let finder = InputFinder(paths, limits: limits)
    ignored = finder.ignored.map { IgnoredRecord(name: $0.name, reason: $0.reason) }
    problems = finder.problems
    let probe = InputProbe(limits: limits, recordLimits: recordLimits)
    for candidate in finder.candidates {
      do throws(ProbeFailure) {
        let input = try probe.probe(candidate)
        if input.kind == .otherEvents {
          ignored.append(IgnoredRecord(name: candidate.name, reason: Self.unread(input)))
        } else {
          inputs.append(input)
        }
      } catch {
        switch error {
        case .problem(let detail):
          problems.append(InputProblem(name: candidate.name, detail: detail))
        case .ledger(let ledger): ledgers.append(ledger)
        case .ignored(let reason):
          ignored.append(IgnoredRecord(name: candidate.name, reason: reason))
        }
      }
    }
    let mentioned = MentionedNames(self)
    for input in paths where input != "-" && !mentioned.contains(below: input) {
      problems.append(InputProblem(name: input, detail: "holds no export that is known"))
    }
    sortIgnored()
  }

  /// Why a file of events is not read.
  private static func unread(_ input: ProbedInput) -> String {
    let use =
      "Postern reads the event logs Login, Logout, LoginAs, ApiTotalUsage, API, RestApi, BulkApi, "
      + "BulkApi2, BulkApiRequest and MetadataApiOperation, and the events LoginEvent and "
      + "LoginAsEvent"
    guard input.header.hasAny(["eventtype"]) else {
      return "a real-time event other than LoginEvent and LoginAsEvent; " + use
    }
    guard !input.eventType.isEmpty else { return "an event log without rows that could be read" }
    let name = input.eventType.quotedForMessage
    return FileKind.allCases.contains { $0.eventType == input.eventType }
      ? "the event log \(name) without the columns that it is known by"
      : "the event log \(name), which is not read; " + use
  }

  /// Names of all that was found, for the question whether an input that the user named gave any.
  private struct MentionedNames {
    private let ignored: Set<String>
    private let others: [[UInt8]]

    init(_ set: InputSet) {
      ignored = Set(set.ignored.map(\.name))
      others =
        (set.inputs.map(\.candidate.name) + set.ledgers.map(\.candidate.name)
        + set.problems.map(\.name)).map { Array($0.utf8) }
        .sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// - Complexity: O(log *n*) in the number of names.
    func contains(below input: String) -> Bool {
      if ignored.contains(input) || hasPrefix(input) { return true }
      return hasPrefix(input.hasSuffix("/") ? input : input + "/")
    }

    /// Whether a name is `text`, or begins with it and goes on as a name below it does.
    private func hasPrefix(_ text: String) -> Bool {
      let prefix = Array(text.utf8)
      let isFolder = prefix.last == UInt8(ascii: "/")
      for wanted in isFolder ? [prefix] : [prefix, prefix + [UInt8(ascii: "!")]] {
        var (low, high) = (0, others.count)
        while low < high {
          let middle = (low + high) / 2
          if others[middle].lexicographicallyPrecedes(wanted) {
            low = middle + 1
          } else {
            high = middle
          }
        }
        guard low < others.count else { continue }
        let isWhole = !isFolder && wanted.count == prefix.count
        if isWhole ? others[low] == wanted : others[low].starts(with: wanted) { return true }
      }
      return false
    }
  }

  private mutating func sortIgnored() {
    ignored.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Chooses the kind of the files that give the logins; those of the other kind are listed as ignored.
  ///
  /// - Parameters:
  ///   - source: What the user states.
  ///   - ledgerKinds: Kinds of the files that gave the logins of ledgers.
  /// - Returns: The kind, also when there is no such file.
  mutating func chooseLogins(_ source: LoginSource?, ledgerKinds: [FileKind]) -> FileKind {
    let hasHistory =
      inputs.contains { $0.kind == .loginHistory } || ledgerKinds.contains(.loginHistory)
    let chosen: FileKind
    switch source {
    case .loginHistory?: chosen = .loginHistory
    case .eventLog?: chosen = .eventLogLogin
    case nil: chosen = hasHistory ? .loginHistory : .eventLogLogin
    }
    for input in inputs where input.kind.holdsLogins && input.kind != chosen {
      leaveOutLogins(of: input.candidate.name, since: chosen)
    }
    loginKind =
      inputs.contains { $0.kind == chosen } || ledgerKinds.contains(chosen) ? chosen : nil
    inputs.removeAll { $0.kind.holdsLogins && $0.kind != chosen }
    return chosen
  }

  /// Lists a file of logins as ignored.
  ///
  /// - Parameter chosen: The kind that gives the logins instead.
  mutating func leaveOutLogins(of name: String, since chosen: FileKind) {
    leavesOutLogins = true
    ignored.append(
      IgnoredRecord(
        name: name,
        reason: chosen == .loginHistory
          ? "login histories give the logins of this run; --logins event-log takes event logs"
          : "event logs give the logins of this run; --logins login-history takes histories"))
    sortIgnored()
  }
}
