import Dispatch
package import SalesforceExports
import Synchronization

/// Joins a ledger with snapshots and verifications, and gives the facts account by account.
package struct Judgement: Sendable {
  /// The history.
  package let ledger: AccountLedger
  /// Users, profiles and permissions.
  package let snapshots: Snapshots
  /// Verifications; `nil` when no export was given.
  package let verifications: VerificationTable?
  private let statements: AccountStatements
  private let evaluationTime: Instant

  /// What the whole org did.
  package let history: OrgHistory

  /// Final accounts in the order of their keys, with their numbers in the ledger.
  private let accounts: [(key: AccountKey, numbers: [UInt32])]
  private let shapeUses: EntriesByAccount
  /// Place of each shape in the order of shapes.
  private let shapeRanks: [Int]
  private let shapeTraits: [ShapeTraits]
  private let addressUses: EntriesByAccount

  /// Makes a judgement.
  ///
  /// - Parameters:
  ///   - ledger: The whole history of the run.
  ///   - snapshots: Closed snapshots.
  ///   - verifications: A closed table.
  ///   - statements: What the user states about accounts.
  ///   - evaluationTime: `--now`: assignments that ended before are left out of records.
  package init(
    ledger: AccountLedger, snapshots: Snapshots, verifications: VerificationTable?,
    statements: AccountStatements, evaluationTime: Instant
  ) {
    self.ledger = ledger
    self.snapshots = snapshots
    self.verifications = verifications
    self.statements = statements
    self.evaluationTime = evaluationTime
    let names = ledger.accounts
    var ranks = [Int](repeating: 0, count: ledger.shapes.count)
    let order = ledger.shapes.indices.sorted { ledger.shapes[$0] < ledger.shapes[$1] }
    for (rank, code) in order.enumerated() { ranks[code] = rank }
    shapeRanks = ranks
    shapeTraits = ledger.shapes.map { ShapeTraits($0) }
    shapeUses = EntriesByAccount(keys: ledger.shapeUses.keys, accountCount: names.count)
    addressUses = EntriesByAccount(keys: ledger.addressUses.keys, accountCount: names.count)
    var numbers: [AccountKey: [UInt32]] = [:]
    for (number, key) in names.enumerated() {
      let hasRows = shapeUses.entries(of: UInt32(number)).contains {
        ledger.shapeUses.values[$0].count > 0
      }
      guard hasRows else { continue }
      var key = key
      if case .username(let name) = key, let id = snapshots.userID(named: name) { key = .id(id) }
      numbers[key, default: []].append(UInt32(number))
    }
    for id in Self.usersWithoutLogins(snapshots) where numbers[.id(id)] == nil {
      numbers[.id(id)] = []
    }
    accounts = numbers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    history = OrgHistory(ledger)
  }

  /// Number of accounts that are judged: those with rows, and users that could be more than users.
  package var accountCount: Int { accounts.count }

  /// Users of the newest snapshot that are judged though they have no rows: active ones inside the
  /// company. Customers, partners and Salesforce's own users, who are many, have no rule that
  /// speaks about an account without logins.
  private static func usersWithoutLogins(_ snapshots: Snapshots) -> [SalesforceID] {
    guard let table = snapshots.users.newest else { return [] }
    return table.rows.compactMap { id, user in
      user.isActive != false && !user.hasContact && !AccountClassifier.isOutsideOrSystem(user)
        ? id : nil
    }
  }

  /// Rows that are taken out of the packed log at a time, at least.
  private static let batchRowCount = 1 << 18

  /// Gives what `transform` makes of every account's facts, in the order of keys.
  ///
  /// The packed log is unpacked for a range of accounts at a time, so that memory does not grow to
  /// the size of the unpacked log. Accounts do not depend on each other, so those of a range are
  /// judged side by side; `body` is called by one thread.
  ///
  /// - Parameters:
  ///   - threads: How many accounts are judged at a time.
  ///   - isIncluded: Which accounts; the others cost nothing but this question.
  ///   - transform: Is called on several threads.
  ///   - body: Receives the results in order.
  package func forEachAccount<Result: Sendable>(
    threads: Int, where isIncluded: ((AccountKey) -> Bool)? = nil,
    transform: @Sendable (AccountFacts) -> Result, _ body: (Result) throws -> Void
  ) rethrows {
    let accounts = isIncluded.map { test in self.accounts.filter { test($0.key) } } ?? self.accounts
    let batchSize = max(Self.batchRowCount, ledger.log.count / 16)
    var start = 0
    while start < accounts.count {
      var end = start
      var rows = 0
      while end < accounts.count, (rows < batchSize && end - start < 2_048) || end == start {
        rows += loggedRowCount(accounts[end].numbers)
        end += 1
      }
      let logged = loggedRows(of: accounts[start..<end])
      // Small strides, since busy accounts stand together and would keep one thread alone busy.
      let stride = 16
      let pieceCount = (end - start + stride - 1) / stride
      let pieces = Mutex([[Result]](repeating: [], count: pieceCount))
      let next = Atomic<Int>(0)
      let first = start
      let last = end
      DispatchQueue.concurrentPerform(iterations: max(1, min(threads, pieceCount))) { _ in
        while true {
          let piece = next.add(1, ordering: .relaxed).oldValue
          guard piece < pieceCount else { return }
          let from = first + piece * stride
          let results = (from..<min(from + stride, last)).map { position in
            transform(facts(accounts[position], rows: logged[position - first]))
          }
          pieces.withLock { $0[piece] = results }
        }
      }
      for results in pieces.withLock({ $0 }) {
        for result in results { try body(result) }
      }
      start = end
    }
  }

  private func loggedRowCount(_ numbers: [UInt32]) -> Int {
    var count = 0
    for number in numbers {
      for entry in shapeUses.entries(of: number) {
        let shape = ledger.shapes[Int(ledger.shapeUses.second(entry))]
        if shape.door != .api || shape.outcome != .succeeded {
          count += ledger.shapeUses.values[entry].count
        }
      }
    }
    return count
  }

  private func loggedRows(
    of range: ArraySlice<(key: AccountKey, numbers: [UInt32])>
  ) -> [[LoggedLogin]] {
    var positions: [UInt32: Int] = [:]
    for (position, account) in range.enumerated() {
      for number in account.numbers { positions[number] = position }
    }
    var result = [[LoggedLogin]](repeating: [], count: range.count)
    let buckets = Set(positions.keys.map { Int($0) % LoginLog.bucketCount })
    for bucket in buckets.sorted() {
      for login in ledger.log.rows(inBucket: bucket) {
        if let position = positions[login.account] { result[position].append(login) }
      }
    }
    return result
  }

  // MARK: One account

  private func facts(
    _ account: (key: AccountKey, numbers: [UInt32]), rows: [LoggedLogin]
  ) -> AccountFacts {
    var facts = AccountFacts(key: account.key)
    let rows = LoginSequence.ordered(rows, ledger: ledger)
    facts.shapes = shapes(of: account.numbers)
    facts.addresses = addresses(of: account.numbers)
    facts.apiMinutes = minutes(of: account.numbers)
    facts.countShapes()
    for entry in facts.shapes.indices where facts.shapes[entry].use.count > 0 {
      let traits = shapeTraits[Int(facts.shapes[entry].code)]
      facts.signs.formUnion(traits.signs)
      if traits.status != .other { facts.statuses.insert(traits.status) }
    }
    let identity = identity(of: account.key)
    facts.user = identity.user
    facts.username = identity.username
    facts.profile = identity.profile
    facts.license = identity.license
    facts.permissions = identity.permissions
    if let id = facts.id { facts.changes = snapshots.changes(of: id) }
    facts.isAutomation =
      statements.automation(
        facts.id?.text18, identity.username.isEmpty ? nil : identity.username,
        identity.profile.isEmpty ? nil : identity.profile) != nil
    facts.classification = AccountClassifier(statements: statements).classify(
      id: facts.id, username: facts.username, user: facts.user,
      profile: facts.profile.isEmpty ? nil : facts.profile,
      license: facts.license.isEmpty ? nil : facts.license, permissions: facts.permissions,
      behaviour: behaviour(facts, rows: rows))
    facts.logins = judged(rows, facts)
    for login in facts.logins {
      guard let verdict = login.verdict else { continue }
      facts.verdicts[verdict.basis, default: 0] += 1
      facts.verdictStates[verdict.state, default: 0] += 1
    }
    facts.countTimes(shapes: ledger.shapes)
    return facts
  }

  /// Who an account is, as the newest snapshots say.
  private struct Identity {
    var user: UserRow?
    var username = ""
    var profile = ""
    var license = ""
    var permissions: EffectivePermissions?
  }

  private func identity(of key: AccountKey) -> Identity {
    switch key {
    case .username(let name): return Identity(username: name)
    case .id(let id):
      guard let user = snapshots.user(id) else { return Identity() }
      let profile = snapshots.profile(id: user.profileID, name: user.profileName, at: nil)
      return Identity(
        user: user, username: user.username, profile: profile?.name ?? user.profileName ?? "",
        license: user.license ?? profile?.license ?? "",
        permissions: EffectivePermissions(
          of: user, in: snapshots, at: nil, expiryTime: evaluationTime))
    }
  }

  private func behaviour(_ facts: AccountFacts, rows: [LoggedLogin]) -> AccountBehaviour {
    let consented = Set(
      facts.shapes.filter {
        $0.use.count > 0 && $0.shape.marks.contains(.interactiveConsent)
          && $0.shape.outcome == .succeeded && !$0.shape.application.isEmpty
      }.map(\.shape.application))
    var behaviour = AccountBehaviour()
    for entry in facts.shapes where entry.shape.outcome == .succeeded {
      if entry.shape.door == .api {
        let application = entry.shape.application
        if consented.contains(application) || statements.isUserFacingClient(application) {
          continue
        }
        behaviour.systemSuccesses += entry.use.count
      }
      behaviour.comparedSuccesses += entry.use.count
    }
    guard behaviour.systemSuccesses > 0 else { return behaviour }
    var days: [Int64: Int] = [:]
    for (minute, count) in facts.apiMinutes {
      days[floorDivide(minute, 1_440), default: 0] += count
    }
    for login in rows
    where login.standing == .counted && ledger.shapes[Int(login.shape)].door == .api {
      days[login.row.time.day, default: 0] -= 1
    }
    behaviour.apiDays = days.values.count { $0 > 0 }
    return behaviour
  }

  private func judged(_ rows: [LoggedLogin], _ facts: AccountFacts) -> [JudgedLogin] {
    let judge = VerdictJudge(
      verifications: verifications, joinedLogins: ledger.joinedLogins,
      statedCoverage: statements.covers)
    let isExternal = facts.accountClass == .external
    let nearby = NearbyProofs(rows: rows, ledger: ledger, verifications: verifications)
    return rows.enumerated().compactMap { index, login in
      guard login.standing == .counted else { return nil }
      let code = Int(login.shape)
      let traits = shapeTraits[code]
      let verdict =
        traits.isHumanSuccess
        ? judge.verdict(
          of: login, shape: ledger.shapes[code], user: facts.id,
          address: ledger.addresses[Int(login.row.address)], isExternal: isExternal,
          nearby: nearby.proof(ofRow: index)) : nil
      return JudgedLogin(row: login.row, shape: login.shape, traits: traits, verdict: verdict)
    }
  }

  // MARK: Figures of the ledger

  private func shapes(
    of numbers: [UInt32]
  ) -> [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
    var result: [UInt32: AccountLedger.ShapeUse] = [:]
    for number in numbers {
      for entry in shapeUses.entries(of: number) {
        let use = ledger.shapeUses.values[entry]
        guard use.count > 0 else { continue }
        let code = ledger.shapeUses.second(entry)
        guard var known = result[code] else {
          result[code] = use
          continue
        }
        known.count += use.count
        if use.first.isBefore(known.first, addressOrder: addressOrder) { known.first = use.first }
        if known.last.isBefore(use.last, addressOrder: addressOrder) { known.last = use.last }
        result[code] = known
      }
    }
    return result.sorted { shapeRanks[Int($0.key)] < shapeRanks[Int($1.key)] }
      .map { ($0.key, ledger.shapes[Int($0.key)], $0.value) }
  }

  private func addressOrder(_ one: UInt32, _ other: UInt32) -> Bool {
    ledger.addresses[Int(one)].utf8.lexicographicallyPrecedes(ledger.addresses[Int(other)].utf8)
  }

  private func addresses(of numbers: [UInt32]) -> [AddressFacts] {
    var result: [UInt32: AddressFacts] = [:]
    for number in numbers {
      for entry in addressUses.entries(of: number) {
        let code = ledger.addressUses.second(entry)
        let use = ledger.addressUses.values[entry]
        var known =
          result[code]
          ?? AddressFacts(
            use: ValueUse(
              value: ledger.addresses[Int(code)], count: 0, first: use.first, last: use.last))
        known.use.count += use.count
        known.use.first = min(known.use.first, use.first)
        known.use.last = max(known.use.last, use.last)
        known.apiSuccesses += use.apiSuccesses
        if let first = use.firstAPISuccess,
          known.firstAPISuccess.map({ precedes(first, $0) }) ?? true
        {
          known.firstAPISuccess = first
        }
        if let last = use.lastAPISuccess, known.lastAPISuccess.map({ precedes($0, last) }) ?? true {
          known.lastAPISuccess = last
        }
        result[code] = known
      }
    }
    return result.values.sorted { ValueUse.ranks($0.use, before: $1.use) }
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

  private func minutes(of numbers: [UInt32]) -> [(minute: Int64, count: Int)] {
    var sum = MinuteCounts()
    for number in numbers where Int(number) < ledger.apiMinutes.count {
      if sum.isEmpty {
        sum = ledger.apiMinutes[Int(number)]
      } else {
        sum.merge(ledger.apiMinutes[Int(number)])
      }
    }
    return sum.counts
  }
}

/// Indices of a pair table's entries, grouped by account.
struct EntriesByAccount: Sendable {
  private var order: [UInt32]
  private var starts: [UInt32]

  /// Groups entries by the upper half of their keys.
  ///
  /// - Complexity: O(*n*).
  init(keys: [UInt64], accountCount: Int) {
    starts = [UInt32](repeating: 0, count: accountCount + 1)
    for key in keys { starts[Int(key >> 32) + 1] += 1 }
    for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
    var next = starts
    order = [UInt32](repeating: 0, count: keys.count)
    for (entry, key) in keys.enumerated() {
      let account = Int(key >> 32)
      order[Int(next[account])] = UInt32(entry)
      next[account] += 1
    }
  }

  /// Entries of one account.
  func entries(of account: UInt32) -> [Int] {
    order[Int(starts[Int(account)])..<Int(starts[Int(account) + 1])].map(Int.init)
  }
}
