import Accounts
import Configuration
import Findings
import Reports
import SalesforceExports

/// What workers gather about accounts that share a value.
// Unchecked: sinks and workers belong to one thread each; those that fold have ended when others judge.
final class PivotGathering: RowObserver, @unchecked Sendable {
  /// An account that shares the value.
  struct Account: Sendable {
    let user: LedgerUser
    let isPrivileged: Bool?
    let privileges: [String]
    let isActive: Bool?
    let around: PivotReport.Around
    /// Successful API logins in the hours around, those with the value included; `nil` where the ledger has
    /// not the minutes of all.
    let apiSuccessesAround: Int?
    let findings: [(finding: Finding, rows: FindingRows)]
  }

  /// An account that came from an address of those that the value is about, in the hours around.
  struct Neighbour: Sendable {
    /// Code of the address.
    let address: UInt32
    let use: PivotReport.Neighbour
  }

  /// Notes in which UTC hours each account has rows, and each address where that matters.
  // Unchecked: as the gathering.
  private final class HourSink: RowSink, @unchecked Sendable {
    var next: (any RowSink)?
    var hours: [LedgerUser: Set<Int32>] = [:]
    var addressHours: [UInt32: Set<Int32>] = [:]
    private let notesAddresses: Bool
    private var last: (user: LedgerUser, hour: Int32)?

    init(notesAddresses: Bool) { self.notesAddresses = notesAddresses }

    func add(_ row: PickedLogin) {
      // Copies are handed on whether they have the value or not.
      guard row.disposition != .copy else {
        next?.add(row)
        return
      }
      let hour = row.row.time.hour
      if notesAddresses { addressHours[row.row.address, default: []].insert(hour) }
      if last.map({ $0.user != row.user || $0.hour != hour }) ?? true {
        hours[row.user, default: []].insert(hour)
        last = (row.user, hour)
      }
      next?.add(row)
    }
  }

  /// What one worker gathers.
  // Unchecked: as the gathering.
  private final class Worker: @unchecked Sendable {
    var accounts: [Account] = []
    var neighbours: [Neighbour] = []
    var summaries: [(place: Int, summary: AccountSummary)] = []
    var applications: ApplicationUses?
  }

  private let reach: Int32
  private let options: ScanOptions
  private let asksNeighbours: Bool
  private let sinks: [HourSink]
  private let workers: [Worker]
  private var judgement: Judgement?
  private var engine: RuleEngine?
  private var run = RunFacts()
  private var selection: EventSelection?
  /// By the code of an address the hours around the rows from there, where neighbours are asked for.
  private var around: [UInt32: Set<Int32>] = [:]

  /// Makes an empty gathering.
  ///
  /// - Parameters:
  ///   - hours: Hours before and after one with the value that are around it.
  ///   - asksNeighbours: Whether other accounts are looked for at the addresses of those with the value.
  init(hours: Int, asksNeighbours: Bool, _ options: ScanOptions) {
    reach = Int32(clamping: hours)
    self.asksNeighbours = asksNeighbours
    self.options = options
    let count = 2 * max(1, options.threads)
    sinks = (0..<count).map { _ in HourSink(notesAddresses: asksNeighbours) }
    workers = (0..<count).map { _ in Worker() }
  }

  func sink(_ number: Int, before sink: any RowSink) -> any RowSink {
    sinks[number].next = sink
    return sinks[number]
  }

  func begin(
    _ judgement: Judgement, _ inputs: InputRecords, _ selection: EventSelection
  ) throws {
    self.judgement = judgement
    self.selection = selection
    if asksNeighbours { try gatherAround(judgement, selection) }
    engine = RuleEngine(
      context: options.ruleContext(judgement, inputs),
      organizationID: options.organizationID,
      suppressions: options.suppressionRules, keepsEvidence: false)
    run = inputs.facts(first: judgement.history.first, last: judgement.history.last)
    for worker in workers { worker.applications = ApplicationUses(judgement) }
  }

  /// Gathers when the accounts that are asked for came from which address, before others are compared.
  private func gatherAround(_ judgement: Judgement, _ selection: EventSelection) throws {
    let isIncluded: (AccountKey) -> Bool = { selection.matches($0) }
    let logged = try judgement.forEachAccount(threads: options.threads, where: isIncluded) {
      [UInt32: Set<Int32>]()
    } _: { part, _, facts in
      try Cancelled.check()
      for login in facts.logins where selection.filter.contains(login.row.time) {
        part[login.row.address, default: []].insert(login.row.time.hour)
      }
    }
    for part in logged + sinks.map(\.addressHours) {
      for (address, hours) in part {
        guard !judgement.ledger.addresses[Int(address)].isEmpty else { continue }
        for hour in hours {
          around[address, default: []].formUnion((hour - reach)...(hour + reach))
        }
      }
    }
  }

  func add(_ facts: AccountFacts, place: Int, rows: [PickedLogin], worker number: Int) {
    guard let judgement, let engine else { return }
    let worker = workers[number]
    worker.applications?.note(facts, place: place, in: judgement)
    if RuleEngine.isReported(facts, []) {
      worker.summaries.append((place, AccountSummary(facts)))
    }
    if asksNeighbours, let selection, !selection.matches(facts.key) {
      worker.neighbours += neighbours(facts)
    }
    let user = judgement.ledger.user(of: facts.key)
    var hours = sinks[number].hours[user] ?? []
    for sink in sinks.prefix(sinks.count / 2) { hours.formUnion(sink.hours[user] ?? []) }
    guard !hours.isEmpty else { return }
    var around: Set<Int32> = []
    for hour in hours { around.formUnion((hour - reach)...(hour + reach)) }
    let permissions = facts.permissions
    worker.accounts.append(
      Account(
        user: user, isPrivileged: Self.isPrivileged(permissions),
        privileges: TrackedPermission.privileged.filter { permissions?.isGranted($0) ?? false }
          .map(\.rawValue),
        isActive: facts.user?.isActive,
        around: self.around(facts, rows, around, judgement.ledger),
        apiSuccessesAround: Self.apiSuccesses(facts, around),
        findings: engine.judgeWithRows(facts)))
  }

  /// What an account did from each of the addresses, in the hours around.
  private func neighbours(_ facts: AccountFacts) -> [Neighbour] {
    var uses: [UInt32: PivotReport.Neighbour] = [:]
    for address in facts.addresses {
      guard let hours = around[address.code] else { continue }
      var use = PivotReport.Neighbour(
        account: LoginAccount(
          key: facts.key, username: facts.username, accountClass: facts.accountClass))
      use.apiSucceededEver = address.apiSuccesses
      use.apiSucceeded = Self.apiSuccesses(address, hours)
      uses[address.code] = use
    }
    guard !uses.isEmpty else { return [] }
    for login in facts.logins {
      guard let hours = around[login.row.address], hours.contains(login.row.time.hour) else {
        continue
      }
      uses[login.row.address]?.add(login.traits.door, login.traits.outcome)
    }
    return uses.compactMap { $0.value.isNothing ? nil : Neighbour(address: $0.key, use: $0.value) }
  }

  /// Successful API logins from an address in some hours; `nil` where the ledger, which has the first and last
  /// of them, does not tell.
  private static func apiSuccesses(_ address: AddressFacts, _ hours: Set<Int32>) -> Int? {
    guard let first = address.firstAPISuccess?.row.time.hour,
      let last = address.lastAPISuccess?.row.time.hour
    else { return address.apiSuccesses == 0 ? 0 : nil }
    switch address.apiSuccesses {
    case 0: return 0
    case 1: return hours.contains(first) ? 1 : 0
    case 2: return (hours.contains(first) ? 1 : 0) + (hours.contains(last) ? 1 : 0)
    default:
      let inside = (first...max(first, last)).count { hours.contains($0) }
      return inside == 0 ? 0 : inside == Int(last - first) + 1 ? address.apiSuccesses : nil
    }
  }

  private static func isPrivileged(_ permissions: EffectivePermissions?) -> Bool? {
    guard let permissions else { return nil }
    if permissions.isPrivileged { return true }
    let isTold = TrackedPermission.privileged.allSatisfy { permissions.state(of: $0) == .denied }
    return isTold ? false : nil
  }

  /// Successful API logins in some hours: all attempts of their minutes but those that are logged.
  private static func apiSuccesses(_ facts: AccountFacts, _ hours: Set<Int32>) -> Int? {
    let minutes = facts.apiMinutes
    guard minutes.reduce(0, { $0 + $1.count }) == facts.api.attempted else { return nil }
    func isAround(_ minute: Int64) -> Bool {
      hours.contains(Int32(clamping: floorDivide(minute, 60)))
    }
    let attempts = minutes.reduce(0) { isAround($1.minute) ? $0 + $1.count : $0 }
    return attempts - facts.logins.count { $0.traits.door == .api && isAround($0.row.time.minute) }
  }

  /// Rows of the account that the ledger logs, in some hours and without the value.
  private func around(
    _ facts: AccountFacts, _ rows: [PickedLogin], _ hours: Set<Int32>, _ ledger: AccountLedger
  ) -> PivotReport.Around {
    var around = PivotReport.Around()
    let own = Set(rows.map(\.row))
    for login in facts.logins
    where hours.contains(login.row.time.hour)
      && !own.contains(login.row)
    {
      let shape = ledger.shapes[Int(login.shape)]
      around.add(shape, address: ledger.addresses[Int(login.row.address)])
    }
    return around
  }

  /// The accounts that share the value.
  var accounts: [Account] { workers.flatMap(\.accounts) }

  /// Accounts that came from the same addresses, in no order.
  var neighbours: [Neighbour] { workers.flatMap(\.neighbours) }

  /// Findings about the org with all rows that each rests on.
  var organizationFindings: [(finding: Finding, rows: FindingRows)] {
    guard let judgement, var engine else { return [] }
    var applications = ApplicationUses(judgement)
    for worker in workers {
      if let uses = worker.applications { applications.formUnion(uses) }
    }
    for entry in workers.flatMap(\.summaries).sorted(by: { $0.place < $1.place }) {
      engine.note(entry.summary)
    }
    var run = run
    run.applications = judgement.applications(applications)
    return engine.judgeWithRows(run)
  }
}

extension Instant {
  /// UTC hours since 1970.
  fileprivate var hour: Int32 { Int32(clamping: floorDivide(minute, 60)) }
}
