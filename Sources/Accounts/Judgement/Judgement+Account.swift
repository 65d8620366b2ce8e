import SalesforceExports

// How the facts of one account are completed.
extension Judgement {
  /// What a worker uses again for each account.
  struct Scratch {
    var countries: FirstUses
    var humanCountries: FirstUses
    var applications: FirstUses
    var order: [UInt64] = []
    var hours = HourSequences()
    var judge: VerdictJudge
    /// Permissions in the newest snapshots by what they rest on.
    var permissions: [PermissionSources: EffectivePermissions] = [:]
    /// Ways of granting beyond which they are forgotten: an org has a few dozen.
    fileprivate static let permissionLimit = 4_096

    init(_ judgement: Judgement) {
      countries = FirstUses(valueCount: judgement.numbers.countryTexts.count)
      humanCountries = countries
      applications = FirstUses(valueCount: judgement.numbers.applicationCount)
      judge = VerdictJudge(
        coverage: judgement.coverage, sessions: judgement.events.sessions,
        enforcementEnd: judgement.statements.enforcementEnd,
        verifications: AccountVerifications(
          traits: judgement.shapeTraits, texts: judgement.verdictTraits,
          shared: judgement.sharedVerifications, isOwnAlone: judgement.isVerifiedByOwnAlone))
    }
  }

  /// Makes the facts of the accounts of a unit, a step for all of them at a time.
  func facts(
    of accounts: ArraySlice<(key: AccountKey, numbers: [UInt32])>, _ rows: inout UnitRows,
    _ scratch: inout Scratch
  ) -> [PlacedAccount] {
    // Facts are large, and completed where they lie.
    var facts: [AccountFacts] = []
    facts.reserveCapacity(accounts.count)
    for account in accounts { facts.append(AccountFacts(key: account.key)) }
    let first = accounts.startIndex
    for position in facts.indices {
      noteUses(&facts[position], of: accounts[first + position].numbers, &scratch)
    }
    for position in facts.indices { identify(&facts[position], &scratch) }
    for position in facts.indices {
      rows.order(position, ledger)
      classify(&facts[position], rows: rows.rows(of: position))
    }
    for position in facts.indices {
      facts[position].logins = judged(
        rows.rows(of: position), &facts[position], by: &scratch.judge)
    }
    for position in facts.indices {
      noteEvents(&facts[position], rows: rows.rows(of: position))
    }
    var result: [PlacedAccount] = []
    result.reserveCapacity(facts.count)
    // From the end, where they are taken out without a copy.
    for position in facts.indices.reversed() {
      result.append(PlacedAccount(place: first + position, facts.removeLast()))
    }
    result.reverse()
    return result
  }

  /// Notes what the ledger counted.
  private func noteUses(
    _ facts: inout AccountFacts, of numbers: [UInt32], _ scratch: inout Scratch
  ) {
    facts.shapes = shapes(of: numbers, &scratch.order)
    let uses =
      numbers.count == 1
      ? ledger.addressUses(of: Int(numbers[0]))
      : numbers.flatMap { ledger.addressUses(of: Int($0)) }
    facts.addresses = addresses(uses)
    facts.apiPlaces = uses.filter { $0.application > 0 }
    facts.source = (self, numbers)
    countShapes(&facts, &scratch)
    if facts.api.attempted >= AccountFacts.manyAttempts {
      facts.sumsOfHours = hours(of: numbers, &scratch.hours)
    }
  }

  /// Notes who it is.
  private func identify(_ facts: inout AccountFacts, _ scratch: inout Scratch) {
    switch facts.key {
    case .username(let name): facts.username = name
    case .id(let id):
      if let user = snapshots.user(id) {
        facts.username = user.username
        let permissions = permissions(of: user, &scratch)
        facts.profile = permissions.profileName
        facts.license = user.license ?? permissions.profileLicense ?? ""
        facts.permissions = consume permissions
        facts.user = consume user
      }
    }
    if let id = facts.id {
      facts.changes = snapshots.changes(of: id)
      facts.hasConstantPermissions = hasConstantPermissions(id)
    }
    facts.isAutomation =
      statements.automation(
        facts.id == nil ? nil : facts.keyText, facts.username.isEmpty ? nil : facts.username,
        facts.profile.isEmpty ? nil : facts.profile) != nil
    facts.past = past?.accounts[facts.key]
  }

  /// Notes what it is for.
  private func classify(_ facts: inout AccountFacts, rows: [LoggedLogin]) {
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
  }

  /// Notes what other exports say, and sums up.
  private func noteEvents(_ facts: inout AccountFacts, rows: [LoggedLogin]) {
    facts.impersonations = events.impersonations.sessions(inside: facts.key)
    facts.pages = events.pages.pages(of: facts.key)
    if !facts.pages.isEmpty { facts.neighbourEntries = neighbourEntries(rows) }
    facts.requests = events.requests.requests(of: facts.key)
    facts.maintenance = Maintenance(facts, snapshots)
    facts.countVerdicts()
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
    behaviour.apiDays = daysWithSuccesses(facts.apiHours, rows)
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
  /// Attempts are counted by time, and those that did not succeed are logged; both ascend.
  private func daysWithSuccesses(
    _ hours: [(hour: Int64, count: Int)], _ rows: [LoggedLogin]
  ) -> Int {
    var result = 0
    var next = 0
    var position = 0
    while position < hours.count {
      let day = floorDivide(hours[position].hour, 24)
      let end = (day + 1) * 1_440
      var successes = 0
      while position < hours.count, hours[position].hour < (day + 1) * 24 {
        successes += hours[position].count
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

  private func judged(
    _ rows: [LoggedLogin], _ facts: inout AccountFacts, by judge: inout VerdictJudge
  ) -> [JudgedLogin] {
    judge.isExternal = facts.accountClass == .external
    // Without verifications a demand for MFA still says that nobody knows.
    judge.verifications.join(
      rows, of: facts.id, isExternal: judge.isExternal,
      lacksIDs: { exports.filesWithoutIDs.contains($0.file) },
      address: { ledger.addresses[Int($0)] })
    facts.foreignVerifications = judge.verifications.foreign
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
}
