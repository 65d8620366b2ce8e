import Decompression
import Delimited
import Reports
import SalesforceExports

/// All inputs of a run, recognised and set in order.
struct InputSet {
  /// Inputs that are read, in the order of their names; a file's number is its position.
  private(set) var inputs: [ProbedInput] = []
  /// Files that were found and are not read.
  private(set) var ignored: [IgnoredRecord] = []
  /// What makes the run incomplete, by the name of the input.
  private(set) var problems: [InputProblem] = []

  /// Finds and recognises the files that `paths` stand for.
  init(_ paths: [String], limits: InflateLimits, recordLimits: RecordLimits) {
    let finder = InputFinder(paths)
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
        case .ignored(let reason):
          ignored.append(IgnoredRecord(name: candidate.name, reason: reason))
        }
      }
    }
    for input in paths where input != "-" && !isMentioned(input) {
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

  /// Whether anything was found below an input that the user named.
  private func isMentioned(_ input: String) -> Bool {
    let folder = input.hasSuffix("/") ? input : input + "/"
    func belongs(_ name: String) -> Bool {
      name == input || name.hasPrefix(folder) || name.hasPrefix(input + "!")
    }
    return inputs.contains { belongs($0.candidate.name) }
      || problems.contains { belongs($0.name) }
      || ignored.contains { $0.name == input }
  }

  private mutating func sortIgnored() {
    ignored.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Chooses the files that give the logins; those of the other kind are listed as ignored.
  mutating func chooseLogins(_ source: LoginSource?) {
    let hasHistory = inputs.contains { $0.kind == .loginHistory }
    let chosen: FileKind
    switch source {
    case .loginHistory?: chosen = .loginHistory
    case .eventLog?: chosen = .eventLogLogin
    case nil: chosen = hasHistory ? .loginHistory : .eventLogLogin
    }
    for input in inputs where input.kind.holdsLogins && input.kind != chosen {
      ignored.append(
        IgnoredRecord(
          name: input.candidate.name,
          reason: chosen == .loginHistory
            ? "login histories give the logins of this run; --logins event-log takes event logs"
            : "event logs give the logins of this run; --logins login-history takes histories"))
    }
    inputs.removeAll { $0.kind.holdsLogins && $0.kind != chosen }
    sortIgnored()
  }
}
