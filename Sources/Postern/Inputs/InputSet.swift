import Configuration
import Decompression
import Delimited
import Platform
import Reports
import Results
import SalesforceExports
import Synchronization

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
  /// Login files of the other kind, which are not used.
  private(set) var leftOutLogins: [IgnoredRecord] = []

  /// Notes an input that cannot be used.
  mutating func note(_ problem: InputProblem) { problems.append(problem) }

  /// Notes what times of inputs count that are numbers, by name of the input.
  mutating func note(_ epochUnits: [ExactText: EpochUnit]) {
    for index in inputs.indices {
      inputs[index].epochUnit = epochUnits[inputs[index].candidate.name]
    }
  }

  /// Finds and recognises the files that `paths` stand for.
  ///
  /// - Parameter threads: How many files are looked at side by side.
  init(
    _ paths: [String], limits: InflateLimits, recordLimits: RecordLimits, threads: Int = 1
  ) {
    let finder = InputFinder(paths, limits: limits)
    ignored = finder.ignored.map { IgnoredRecord(name: $0.name, reason: $0.reason) }
    problems = finder.problems
    let probe = InputProbe(limits: limits, recordLimits: recordLimits)
    var probed = Self.probe(finder.candidates, with: probe, threads: threads)[...]
    while let (candidate, result) = probed.popFirst() {
      switch result {
      case .success(let input) where input.kind == .otherEvents:
        ignored.append(IgnoredRecord(name: candidate.name, reason: Self.unread(input)))
      case .success(let input): inputs.append(input)
      case .failure(.problem(let detail)):
        problems.append(InputProblem(name: candidate.name, detail: detail))
      case .failure(.ledger(let ledger)): ledgers.append(ledger)
      case .failure(.ignored(let reason)):
        ignored.append(IgnoredRecord(name: candidate.name, reason: reason))
      case .failure(.tar):
        let files = files(of: candidate.path, limits)
        probed = Self.probe(Array(files), with: probe, threads: threads) + probed
      }
    }
    inputs.sort { $0.candidate.name.utf8.lexicographicallyPrecedes($1.candidate.name.utf8) }
    leaveOutCopies()
    let mentioned = MentionedNames(self)
    for input in paths where input != "-" && !mentioned.contains(below: input) {
      problems.append(InputProblem(name: input, detail: "holds no export that is known"))
    }
    sortIgnored()
  }

  /// What the beginnings of files say, in the order of the files.
  private static func probe(
    _ candidates: [InputCandidate], with probe: InputProbe, threads: Int
  ) -> [(candidate: InputCandidate, result: Result<ProbedInput, ProbeFailure>)] {
    let results = Locked(
      [Result<ProbedInput, ProbeFailure>?](repeating: nil, count: candidates.count))
    @Sendable func look(at position: Int) {
      let result = Result { () throws(ProbeFailure) in try probe.probe(candidates[position]) }
      results.withLock { $0[position] = result }
    }
    let areReadOnce = candidates.map(\.isReadOnce)
    let files = candidates.indices.filter { !areReadOnce[$0] }
    let next = Atomic<Int>(0)
    WorkerThreads.run(max(1, min(threads, files.count))) { _ in
      while true {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < files.count else { break }
        look(at: files[number])
      }
    }
    // In their order, and when all files have been looked at: two names may be those of one pipe, and whoever
    // writes to one goes on when it is read.
    for position in candidates.indices where areReadOnce[position] { look(at: position) }
    return zip(candidates, results.withLock { $0 }).map { candidate, result in
      guard let result else { preconditionFailure("every file is looked at") }
      return (candidate, result)
    }
  }

  /// The files of a tar archive, as candidates; what is wrong with the archive is noted.
  private mutating func files(
    of path: String, _ limits: InflateLimits
  ) -> ArraySlice<InputCandidate> {
    do throws(DecompressionError) {
      let archive = try TarArchive.read(path: path, limits: limits)
      if let damage = archive.damage {
        problems.append(InputProblem(name: path, detail: damage.placedDetail))
      }
      var result: ArraySlice<InputCandidate> = []
      for entry in archive.entries {
        let name = path + "!" + entry.name
        // macOS puts what it knows of a file beside it.
        if entry.name.split(separator: "/").last?.hasPrefix(".") ?? false {
          ignored.append(IgnoredRecord(name: name, reason: "hidden file"))
        } else {
          result.append(
            InputCandidate(name: name, path: path, entry: .tar(entry), isExplicit: false))
        }
      }
      return result
    } catch {
      problems.append(InputProblem(name: path, detail: error.placedDetail))
      return []
    }
  }

  /// Leaves files out whose bytes are those of another: their rows would count twice where they have no
  /// Ids.
  ///
  /// Snapshots stay, since each says what was so on its day.
  private mutating func leaveOutCopies() {
    let files = inputs.filter {
      !$0.kind.isSnapshot && $0.candidate.entry == nil && $0.stamp?.isRegular == true
    }
    var copies: [ExactText: String] = [:]
    for group in Dictionary(grouping: files, by: { $0.stamp?.byteCount ?? 0 }).values
    where group.count > 1 {
      var first: [String: String] = [:]
      for file in group {
        let digest = FileDigest.sha256(path: file.candidate.path)
        if digest.isEmpty { continue }
        if let original = first[digest] {
          copies[file.candidate.name] = original
        } else {
          first[digest] = file.candidate.name
        }
      }
    }
    guard !copies.isEmpty else { return }
    inputs.removeAll { copies[$0.candidate.name] != nil }
    for (name, original) in copies {
      ignored.append(
        IgnoredRecord(name: name.string, reason: "the same bytes as \(original), which counts once")
      )
    }
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
    private let ignored: Set<ExactText>
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
    let record = IgnoredRecord(
      name: name,
      reason: chosen == .loginHistory
        ? "login histories give the logins of this run; --logins event-log takes event logs"
        : "event logs give the logins of this run; --logins login-history takes histories")
    leftOutLogins.append(record)
    ignored.append(record)
    sortIgnored()
  }
}
