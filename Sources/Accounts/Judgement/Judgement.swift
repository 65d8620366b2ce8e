import Platform
package import SalesforceExports
import Synchronization

/// Joins a ledger with snapshots and verifications, and gives the facts account by account.
package final class Judgement: Sendable {
  /// The history.
  package let ledger: AccountLedger
  /// Users, profiles and permissions.
  package let snapshots: Snapshots
  /// Verifications; `nil` when no export was given.
  package let verifications: VerificationTable?
  /// What event logs and real-time events tell beside logins.
  package let events: EventTables
  private let sharedVerifications: SharedVerifications
  private let statements: AccountOverrides
  private let classifier: AccountClassifier
  private let evaluationTime: Instant
  private let exports: ExportTraits
  let past: OrgPast?
  /// What the verification export covers, by all rows that were read.
  let coverage: VerificationCoverage?

  /// What the whole org did.
  package let history: OrgHistory
  /// What it did by all rows that were read, outside the window too.
  package var wholeHistory: OrgHistory { past?.history ?? history }

  /// Final accounts in the order of their keys, with their numbers in the ledger.
  private let accounts: [(key: AccountKey, numbers: [UInt32])]
  /// Place of each shape in the order of shapes.
  private let shapeRanks: [Int]
  let shapeTraits: [ShapeTraits]
  private let verdictTraits: [VerdictTraits]
  /// Applications and countries of shapes as numbers.
  package let numbers: ShapeNumbers
  private let neighbourhoods: Neighbourhoods
  /// When another snapshot that permissions rest on comes into force.
  private let permissionDates: [Instant]

  /// Makes a judgement.
  ///
  /// - Parameters:
  ///   - ledger: The whole history of the run.
  ///   - snapshots: Closed snapshots.
  ///   - verifications: A closed table.
  ///   - events: Closed tables of events.
  ///   - statements: What the user states about accounts.
  ///   - evaluationTime: `--now`: assignments that ended before are left out of records.
  ///   - exports: What is known of the files.
  ///   - past: What all rows say, where the ledger holds those of a window.
  ///   - threads: How many workers there are.
  package init(
    ledger: AccountLedger, snapshots: Snapshots, verifications: VerificationTable?,
    events: EventTables = EventTables(), statements: AccountOverrides, evaluationTime: Instant,
    exports: ExportTraits = ExportTraits(), past: OrgPast? = nil, threads: Int = 1
  ) {
    self.past = past
    self.ledger = ledger
    self.snapshots = snapshots
    self.verifications = verifications
    sharedVerifications = SharedVerifications(
      verifications ?? VerificationTable(keepsPlaces: false))
    self.events = events
    self.statements = statements
    classifier = AccountClassifier(statements: statements)
    self.evaluationTime = evaluationTime
    self.exports = exports
    // Beside all that follows, which does not ask for it.
    let ranks = StartedWork(isConcurrent: threads > 1) { [shapes = ledger.shapes] in
      var ranks = [Int](repeating: 0, count: shapes.count)
      let order = shapes.indices.sorted { shapes[$0] < shapes[$1] }
      for (rank, code) in order.enumerated() { ranks[code] = rank }
      return ranks
    }
    shapeTraits = ledger.shapes.map { ShapeTraits($0) }
    verdictTraits = VerdictTraits.ofShapes(ledger.shapes)
    numbers = ShapeNumbers(ledger.shapes, statements)
    neighbourhoods = Neighbourhoods(ledger.addresses)
    permissionDates = snapshots.permissionDates
    var numbers: [AccountKey: [UInt32]] = [:]
    // Of accounts that only opened pages in the window the rows beside it tell how they came in.
    let pageAccounts = Set(events.pages.accounts)
    for number in ledger.accountNumbers where ledger.hasRows(number) || !pageAccounts.isEmpty {
      var key = ledger.key(of: number)
      if case .username(let name) = key, let id = snapshots.userID(named: name) { key = .id(id) }
      guard ledger.hasRows(number) || pageAccounts.contains(key) else { continue }
      numbers[key, default: []].append(UInt32(number))
    }
    for id in Self.usersWithoutLogins(snapshots) where numbers[.id(id)] == nil {
      numbers[.id(id)] = []
    }
    for key in events.accounts where numbers[key] == nil { numbers[key] = [] }
    accounts = numbers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    history = OrgHistory(ledger)
    if let past {
      coverage = past.coverage
    } else {
      coverage = verifications.map { [accounts, shapeTraits] in
        VerificationCoverage(
          $0, ledger: ledger, traits: shapeTraits, accounts: accounts, exports: exports,
          isStated: statements.covers, threads: threads)
      }
    }
    shapeRanks = ranks.value
  }

  /// Number of accounts that are judged: those with rows, and users that could be more than users.
  package var accountCount: Int { accounts.count }

  /// Users of the newest snapshot that are judged though they have no rows.
  ///
  /// These are active ones inside the company. Customers, partners and Salesforce's own users, who are many, have no rule that
  /// speaks about an account without logins.
  private static func usersWithoutLogins(_ snapshots: Snapshots) -> [SalesforceID] {
    guard let table = snapshots.users.newest else { return [] }
    return table.rows.values.compactMap { user in
      user.isActive != false && user.hasContact != true
        && !AccountClassifier.isOutsideOrSystem(user)
        ? user.key : nil
    }
  }

  /// Gives every account's facts, with the account's place in the order of keys.
  ///
  /// The log is unpacked a unit of neighbouring accounts at a time, so memory does not grow to the
  /// size of the unpacked log. Units are taken in the order of keys, so whoever writes what is found
  /// has to keep little back.
  ///
  /// - Parameters:
  ///   - threads: How many workers there are.
  ///   - isIncluded: Which accounts; the others cost nothing but this question.
  ///   - makePart: Makes the empty part of a worker.
  ///   - add: Receives place and facts of each account; ascending within a unit.
  ///   - unitEnd: Is told when all accounts of a unit were given; units are numbered from 0 without
  ///     gaps.
  /// - Returns: The workers' parts; which units are in which part is not determined.
  /// - Throws: What a closure throws first.
  package func forEachAccount<Part: Sendable>(
    threads: Int, where isIncluded: ((AccountKey) -> Bool)? = nil,
    into makePart: @Sendable () throws -> Part,
    _ add: @Sendable (inout Part, _ place: Int, AccountFacts) throws -> Void,
    unitEnd: @Sendable (inout Part, _ unit: Int) throws -> Void = { _, _ in }
  ) throws -> [Part] {
    let accounts = isIncluded.map { test in self.accounts.filter { test($0.key) } } ?? self.accounts
    let plan = BucketPlan(accounts: accounts, ledger: ledger)
    let ordered = OrderedRows(plan, ledger, threads: threads)
    let next = Atomic<Int>(0)
    let parts = Locked<[Part]>([])
    let failure = Locked<(any Error)?>(nil)
    WorkerThreads.run(max(1, min(threads, plan.units.count))) { _ in
      do {
        var part = try makePart()
        var rows = BucketRows()
        var scratch = Scratch(self)
        while failure.withLock({ $0 == nil }) {
          let unit = next.add(1, ordering: .relaxed).oldValue
          guard unit < plan.units.count else { break }
          rows.load(unit, of: plan, ordered)
          for (position, place) in plan.units[unit].enumerated() {
            var facts = AccountFacts(key: accounts[place].key)
            complete(&facts, accounts[place], rows: rows.rows(of: position), &scratch)
            try add(&part, place, facts)
          }
          try unitEnd(&part, unit)
        }
        parts.withLock { [part] in $0.append(part) }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return parts.withLock { $0 }
  }

  /// Whether some account has a key that meets a condition.
  ///
  /// - Complexity: O(*n*) in the accounts.
  package func hasAccount(where isWanted: (AccountKey) -> Bool) -> Bool {
    accounts.contains { isWanted($0.key) }
  }

  /// What `transform` makes of each account's facts, in the order of keys.
  ///
  /// For results that are small or few; ``forEachAccount(threads:where:into:_:)`` keeps none.
  package func results<Result: Sendable>(
    threads: Int, where isIncluded: ((AccountKey) -> Bool)? = nil,
    _ transform: @Sendable (AccountFacts) -> Result
  ) -> [Result] {
    // Neither closure throws, so there are always parts.
    let parts = try? forEachAccount(threads: threads, where: isIncluded) {
      [(place: Int, result: Result)]()
    } _: { part, place, facts in
      part.append((place, transform(facts)))
    }
    return (parts ?? []).joined().sorted { $0.place < $1.place }.map(\.result)
  }

  /// The network of an address of the ledger; `nil` for text that is no address.
  package func network(ofAddress code: UInt32) -> Neighbourhood? { neighbourhoods[code] }

  /// What a shape says, reduced to what most rules ask.
  package func traits(ofShape code: UInt32) -> ShapeTraits { shapeTraits[Int(code)] }

  /// What identifies the account at a place in the order of keys.
  package func key(atPlace place: Int) -> AccountKey { accounts[place].key }

  /// Uses of addresses by successful API logins of each application, of the account at a place.
  package func apiPlaces(atPlace place: Int) -> [AccountLedger.AddressUse] {
    accounts[place].numbers.flatMap { ledger.addressUses(of: Int($0)) }
      .filter { $0.application > 0 }
  }

  /// Shapes that the account at a place used, with their rows; in the order of shapes.
  package func shapes(
    atPlace place: Int
  ) -> [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
    unitedShapes(of: accounts[place].numbers)
  }

  /// Whether a user's permissions are the same at all times: one snapshot of each kind, and no grant
  /// that ends.
  package func hasConstantPermissions(_ user: SalesforceID) -> Bool {
    permissionDates.isEmpty && snapshots.assignmentEnds(of: user).isEmpty
  }

  /// Rows of which no table tells what they are, by file.
  package struct OpenRows: Sendable {
    /// Those that could not be classed.
    package fileprivate(set) var unclassed: [UInt32: Int] = [:]
    /// Those that do not tell whether they succeeded.
    package fileprivate(set) var withoutOutcome: [UInt32: Int] = [:]
  }

  /// Counts rows of which no table tells what they are.
  ///
  /// - Complexity: O(*n*) in the rows of the log; nothing where all types and statuses are known.
  package func openRows(threads: Int) -> OpenRows {
    let isOpen = shapeTraits.map { traits in
      (traits.door == .unclassified, traits.marks.contains(.unknownStatus))
    }
    guard isOpen.contains(where: { $0.0 || $0.1 }) else { return OpenRows() }
    let workerCount = max(1, threads)
    let result = Locked(OpenRows())
    WorkerThreads.run(workerCount) { worker in
      var own = OpenRows()
      for bucket in stride(from: worker, to: ledger.log.bucketCount, by: workerCount) {
        ledger.log.forEachRow(inBucket: bucket) { login in
          let (isUnclassed, lacksOutcome) = isOpen[Int(login.shape)]
          guard isUnclassed || lacksOutcome, login.disposition == .counted else { return }
          if isUnclassed { own.unclassed[login.row.file, default: 0] += 1 }
          if lacksOutcome { own.withoutOutcome[login.row.file, default: 0] += 1 }
        }
      }
      result.withLock {
        $0.unclassed.merge(own.unclassed, uniquingKeysWith: +)
        $0.withoutOutcome.merge(own.withoutOutcome, uniquingKeysWith: +)
      }
    }
    return result.withLock { $0 }
  }

  // MARK: One account

  /// What a worker uses again for each account.
  private struct Scratch {
    var countries: FirstUses
    var humanCountries: FirstUses
    var applications: FirstUses
    var order: [UInt64] = []
    /// Permissions in the newest snapshots by what they rest on.
    var permissions: [PermissionSources: EffectivePermissions] = [:]
    /// Ways of granting beyond which they are forgotten: an org has a few dozen.
    static let permissionLimit = 4_096

    init(_ judgement: Judgement) {
      countries = FirstUses(valueCount: judgement.numbers.countryTexts.count)
      humanCountries = countries
      applications = FirstUses(valueCount: judgement.numbers.applicationCount)
    }
  }

  /// Completes the facts of an account where they lie: they are large.
  private func complete(
    _ facts: inout AccountFacts, _ account: (key: AccountKey, numbers: [UInt32]),
    rows: [LoggedLogin], _ scratch: inout Scratch
  ) {
    let rows = LoginSequence.ordered(rows, ledger: ledger)
    facts.shapes = shapes(of: account.numbers, &scratch.order)
    let uses =
      account.numbers.count == 1
      ? ledger.addressUses(of: Int(account.numbers[0]))
      : account.numbers.flatMap { ledger.addressUses(of: Int($0)) }
    facts.addresses = addresses(uses)
    facts.apiPlaces = uses.filter { $0.application > 0 }
    facts.source = (self, account.numbers)
    countShapes(&facts, &scratch)
    if facts.api.attempted >= AccountFacts.manyAttempts {
      facts.unpackedMinutes = minutes(of: account.numbers)
    }
    let identity = identity(of: account.key, &scratch)
    facts.user = identity.user
    facts.username = identity.username
    facts.profile = identity.profile
    facts.license = identity.license
    facts.permissions = identity.permissions
    if let id = facts.id {
      facts.changes = snapshots.changes(of: id)
      facts.hasConstantPermissions = hasConstantPermissions(id)
    }
    facts.isAutomation =
      statements.automation(
        facts.id == nil ? nil : facts.keyText, identity.username.isEmpty ? nil : identity.username,
        identity.profile.isEmpty ? nil : identity.profile) != nil
    facts.past = past?.accounts[account.key]
    facts.behaviour = behaviour(facts, rows: rows)
    facts.loginUserTypes = loginUserTypes(facts)
    // Apart from the facts: what an operator may have to look at is captured, and captured facts are copied.
    var known = (behaviour: facts.behaviour, userTypes: facts.loginUserTypes)
    if let past = facts.past { known = (past.behaviour, past.userTypes) }
    facts.classification = classifier.classify(
      id: facts.id == nil ? nil : facts.keyText, username: facts.username, user: facts.user,
      profile: facts.profile.isEmpty ? nil : facts.profile,
      license: facts.license.isEmpty ? nil : facts.license, permissions: facts.permissions,
      behaviour: known.behaviour, loginUserTypes: known.userTypes,
      absence: snapshots.absence(of: facts.id))
    facts.hasExemptLicense = AccountClassifier.isExempt(facts.license, facts.permissions)
    if facts.hasExemptLicense {
      facts.classification.reasons.append("its licences are of those that need no MFA")
    }
    facts.logins = judged(rows, &facts)
    facts.impersonations = events.impersonations.sessions(inside: account.key)
    facts.pages = events.pages.pages(of: account.key)
    if !facts.pages.isEmpty { facts.neighbourEntries = neighbourEntries(rows) }
    facts.requests = events.requests.requests(of: account.key)
    facts.maintenance = Maintenance(facts, snapshots)
    facts.countVerdicts()
  }

  /// Who an account is, as the newest snapshots say.
  private struct Identity {
    var user: UserRow?
    var username = ""
    var profile = ""
    var license = ""
    var permissions: EffectivePermissions?
  }

  private func identity(of key: AccountKey, _ scratch: inout Scratch) -> Identity {
    switch key {
    case .username(let name): return Identity(username: name)
    case .id(let id):
      guard let user = snapshots.user(id) else { return Identity() }
      let permissions = permissions(of: user, &scratch)
      return Identity(
        user: user, username: user.username, profile: permissions.profileName,
        license: user.license ?? permissions.profileLicense ?? "", permissions: permissions)
    }
  }

  private func permissions(
    of user: borrowing UserRow, _ scratch: inout Scratch
  ) -> EffectivePermissions {
    let sources = PermissionSources(
      of: user, in: snapshots, at: nil, expiryTime: evaluationTime)
    if let known = scratch.permissions[sources] { return known }
    let permissions = EffectivePermissions(sources, in: snapshots, at: nil)
    if scratch.permissions.count >= Scratch.permissionLimit { scratch.permissions = [:] }
    scratch.permissions[sources] = permissions
    return permissions
  }

  /// Counts what shapes tell.
  private func countShapes(_ facts: inout AccountFacts, _ scratch: inout Scratch) {
    scratch.countries.clear()
    scratch.humanCountries.clear()
    scratch.applications.clear()
    for position in facts.shapes.indices {
      let code = Int(facts.shapes[position].code)
      let (count, first, last) = (
        facts.shapes[position].use.count, facts.shapes[position].use.first.time,
        facts.shapes[position].use.last.time
      )
      let traits = shapeTraits[code]
      facts.count(traits, count, first: first, last: last)
      if numbers.countries[code] != 0 {
        scratch.countries.note(numbers.countries[code], first)
        if traits.isHumanSuccess { scratch.humanCountries.note(numbers.countries[code], first) }
      }
      if traits.signs.contains(.application) {
        scratch.applications.note(numbers.applications[code], first)
      }
    }
    facts.latestNewCountry = scratch.countries.latest
    facts.latestNewApplication = scratch.applications.latest
    facts.humanCountryCount = scratch.humanCountries.count
  }

  private func behaviour(_ facts: borrowing AccountFacts, rows: [LoggedLogin]) -> AccountBehaviour {
    var consented: Set<UInt32> = []
    for position in facts.shapes.indices {
      let code = Int(facts.shapes[position].code)
      let traits = shapeTraits[code]
      if traits.outcome == .succeeded, traits.marks.contains(.interactiveConsent),
        numbers.applications[code] != 0
      {
        consented.insert(numbers.applications[code])
      }
    }
    var behaviour = AccountBehaviour()
    for position in facts.shapes.indices {
      let code = Int(facts.shapes[position].code)
      let traits = shapeTraits[code]
      guard traits.outcome == .succeeded else { continue }
      let count = facts.shapes[position].use.count
      let isAPI = traits.door == .api
      if isAPI, numbers.isUserFacing[code] { continue }
      behaviour.comparedSuccesses += count
      if isAPI { behaviour.systemSuccesses += count }
      if isAPI, consented.contains(numbers.applications[code]) { continue }
      behaviour.unconsentedComparedSuccesses += count
      if isAPI { behaviour.unconsentedSystemSuccesses += count }
    }
    behaviour.humanDays = facts.human.succeeded > 0 ? mostHumanDays(rows) : 0
    // Days are asked for only where there are enough logins.
    let systems = Double(behaviour.unconsentedSystemSuccesses)
    guard systems > 0, systems >= statements.behaviourLogins,
      100 * systems
        >= statements.behaviourShare * Double(behaviour.unconsentedComparedSuccesses)
    else { return behaviour }
    behaviour.apiDays = daysWithSuccesses(facts.apiMinutes, rows)
    return behaviour
  }

  /// On how many days among any 30 in a row people logged in, at the most.
  private func mostHumanDays(_ rows: [LoggedLogin]) -> Int {
    var days: [Int64] = []
    // Enough for most accounts.
    days.reserveCapacity(min(rows.count, 64))
    let shapeTraits = shapeTraits
    // Rows ascend in time, so a day is worked out once.
    var end = Int64.min
    for login in rows where login.row.time.milliseconds >= end && login.disposition == .counted {
      let traits = shapeTraits[Int(login.shape)]
      guard traits.door == .human, traits.outcome == .succeeded else { continue }
      let day = login.row.time.day
      end = (day + 1) * Instant.dayMilliseconds
      days.append(day)
    }
    var most = 0
    var first = 0
    for last in days.indices {
      while days[last] - days[first] >= 30 { first += 1 }
      most = max(most, last - first + 1)
    }
    return most
  }

  /// Types of the user that event logs name, in the order of shapes.
  private func loginUserTypes(_ facts: borrowing AccountFacts) -> [String] {
    facts.user == nil ? facts.shapes.map(\.shape.userType).filter { !$0.isEmpty } : []
  }

  /// On how many UTC days an API login succeeded.
  ///
  /// Attempts are counted by minute, and those that did not succeed are logged; both ascend.
  private func daysWithSuccesses(
    _ minutes: [(minute: Int64, count: Int)], _ rows: [LoggedLogin]
  ) -> Int {
    var result = 0
    var next = 0
    var position = 0
    while position < minutes.count {
      let day = floorDivide(minutes[position].minute, 1_440)
      let end = (day + 1) * 1_440
      var successes = 0
      while position < minutes.count, minutes[position].minute < end {
        successes += minutes[position].count
        position += 1
      }
      while next < rows.count, rows[next].row.time.minute < end {
        let login = rows[next]
        if login.disposition == .counted, shapeTraits[Int(login.shape)].door == .api,
          login.row.time.minute >= end - 1_440
        {
          successes -= 1
        }
        next += 1
      }
      if successes > 0 { result += 1 }
    }
    return result
  }

  private func neighbourEntries(_ rows: [LoggedLogin]) -> [Instant] {
    rows.filter { login in
      let traits = shapeTraits[Int(login.shape)]
      return login.disposition == .neighbour && traits.outcome == .succeeded
        && traits.door != .api
    }.map(\.row.time)
  }

  private func judged(_ rows: [LoggedLogin], _ facts: inout AccountFacts) -> [JudgedLogin] {
    let isExternal = facts.accountClass == .external
    // Without verifications a demand for MFA still says that nobody knows.
    let joined = AccountVerifications(
      rows: rows, traits: shapeTraits, texts: verdictTraits, shared: sharedVerifications,
      user: facts.id, isExternal: isExternal,
      lacksIDs: { exports.filesWithoutIDs.contains($0.file) },
      address: { ledger.addresses[Int($0)] })
    facts.foreignVerifications = joined.foreign
    let judge = VerdictJudge(
      coverage: coverage, sessions: events.sessions,
      enforcementEnd: statements.enforcementEnd, isExternal: isExternal, verifications: joined)
    var result: [JudgedLogin] = []
    result.reserveCapacity(rows.count)
    for index in rows.indices where rows[index].disposition == .counted {
      let login = rows[index]
      let code = Int(login.shape)
      let traits = shapeTraits[code]
      var verdict: Verdict?
      if traits.isHumanSuccess {
        verdict = judge.verdict(of: login, at: index, traits, verdictTraits[code])
      }
      result.append(
        JudgedLogin(row: login.row, shape: login.shape, traits: traits, verdict: verdict))
    }
    return result
  }

  // MARK: Figures of the ledger

  private func shapes(
    of numbers: [UInt32], _ order: inout [UInt64]
  ) -> [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
    guard numbers.count <= 1 else { return unitedShapes(of: numbers) }
    guard let number = numbers.first else { return [] }
    // Uses are large and few numbers decide their order: those are sorted, and each use moves once.
    order.removeAll(keepingCapacity: true)
    let uses = ledger.shapeUses(of: Int(number))
    for position in uses.indices where uses[position].use.count > 0 {
      order.append(UInt64(shapeRanks[Int(uses[position].code)]) << 32 | UInt64(position))
    }
    order.sort()
    var result: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] = []
    result.reserveCapacity(order.count)
    for word in order {
      let position = Int(word & 0xFFFF_FFFF)
      let code = uses[position].code
      result.append((code, ledger.shapes[Int(code)], uses[position].use))
    }
    return result
  }

  private func unitedShapes(
    of numbers: [UInt32]
  ) -> [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
    var uses = numbers.flatMap { number in
      ledger.shapeUses(of: Int(number)).filter { $0.use.count > 0 }
    }
    uses.sort { shapeRanks[Int($0.code)] < shapeRanks[Int($1.code)] }
    var united: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] = []
    for (code, use) in uses {
      guard let last = united.last, last.code == code else {
        united.append((code, ledger.shapes[Int(code)], use))
        continue
      }
      var known = last.use
      known.count += use.count
      if use.first.isBefore(known.first, addressOrder: addressOrder) { known.first = use.first }
      if use.last.isAfter(known.last, addressOrder: addressOrder) { known.last = use.last }
      united[united.count - 1].use = known
    }
    return united
  }

  private func addressOrder(_ one: UInt32, _ other: UInt32) -> Bool {
    ledger.addresses[Int(one)].precedes(ledger.addresses[Int(other)])
  }

  /// What all uses of each address come to.
  private func addresses(_ uses: [AccountLedger.AddressUse]) -> [AddressFacts] {
    // Uses and facts are large: numbers that stand for them are sorted.
    var places: [UInt64] = []
    places.reserveCapacity(uses.count)
    for place in uses.indices { places.append(UInt64(uses[place].code) << 32 | UInt64(place)) }
    places.sort()
    var result: [AddressFacts] = []
    result.reserveCapacity(places.count)
    for word in places {
      let use = uses[Int(word & 0xFFFF_FFFF)]
      let facts = AddressFacts(
        code: use.code, network: neighbourhoods[use.code],
        use: ValueUse(
          value: ledger.addresses[Int(use.code)], count: use.count, first: use.first,
          last: use.last), apiSuccesses: use.apiSuccesses,
        firstAPISuccess: use.firstAPISuccess, lastAPISuccess: use.lastAPISuccess)
      if let last = result.last, last.code == use.code {
        unite(&result[result.count - 1], facts)
      } else {
        result.append(facts)
      }
    }
    guard result.count > 1 else { return result }
    return result.indices.sorted { ValueUse.ranks(result[$0].use, before: result[$1].use) }
      .map { result[$0] }
  }

  private func unite(_ known: inout AddressFacts, _ other: AddressFacts) {
    known.use.count += other.use.count
    known.use.first = min(known.use.first, other.use.first)
    known.use.last = max(known.use.last, other.use.last)
    known.apiSuccesses += other.apiSuccesses
    if let first = other.firstAPISuccess, known.firstAPISuccess.map({ precedes(first, $0) }) ?? true
    {
      known.firstAPISuccess = first
    }
    if let last = other.lastAPISuccess, known.lastAPISuccess.map({ precedes($0, last) }) ?? true {
      known.lastAPISuccess = last
    }
  }

  private func precedes(
    _ one: AccountLedger.ShapedRow, _ other: AccountLedger.ShapedRow
  ) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    if one.shape != other.shape {
      return shapeRanks[Int(one.shape)] < shapeRanks[Int(other.shape)]
    }
    return one.row.isPlacedBefore(other.row)
  }

  func minutes(of numbers: [UInt32]) -> [(minute: Int64, count: Int)] {
    var result = numbers.first.map { ledger.apiMinutes(of: Int($0)) } ?? []
    for number in numbers.dropFirst() {
      var sums = Dictionary(result.map { ($0.minute, $0.count) }, uniquingKeysWith: +)
      for (minute, count) in ledger.apiMinutes(of: Int(number)) {
        sums[minute, default: 0] += count
      }
      result = sums.map { ($0.key, $0.value) }.sorted { $0.minute < $1.minute }
    }
    return result
  }
}
