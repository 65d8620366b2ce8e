package import Accounts
import Platform
import SalesforceExports

extension AccountRecord {
  /// Fills a blank record in with an account that was judged, without its findings.
  ///
  /// - Parameter detail: Members that are wanted; the others stay blank.
  package mutating func fill(_ facts: borrowing AccountFacts, _ detail: RecordDetail) {
    key = facts.keyText
    id = facts.id == nil ? "" : key
    username = facts.username
    name = facts.user?.name ?? ""
    isActive = facts.user?.isActive
    userType = facts.user?.userType ?? ""
    license = facts.license
    profile = facts.profile
    isInSnapshot = facts.user != nil
    accountClass = facts.accountClass
    classConfidence = facts.classification.confidence
    classReasons = facts.classification.reasons
    privileges = (facts.permissions?.grants ?? []).map {
      PrivilegeRecord(name: $0.permission.rawValue, via: $0.via)
    }
    firstLogin = facts.firstLogin == nil ? nil : facts.firstSeen
    lastLogin = facts.lastLogin == nil ? nil : facts.lastSeen
    logins = LoginCountsRecord(facts)
    requests = facts.requests.map(RequestsRecord.init)
    changes = facts.changes.map(ChangeRecord.init)
    if detail.contains(.activity) { activity = ActivityRecord(facts.activity) }
    if detail.contains(.figures) {
      traffic = TrafficRecord(facts)
      distinctIPs = facts.addresses.count
      let used = facts.usedShapes { _ in true }
      byCountry = NamedCounts(of: used, count: \.count, by: \.shape.country)
      byStatus = NamedCounts(of: used, count: \.count, by: \.shape.status)
    }
    if detail.contains(.values) { values = ValuesRecord(facts) }
  }
}

extension AccountFacts {
  /// The shapes of the account's rows that meet a condition, each with the number of its rows.
  fileprivate func usedShapes(
    _ isWanted: (LoginShape) -> Bool
  ) -> [(shape: LoginShape, count: Int)] {
    var result: [(shape: LoginShape, count: Int)] = []
    result.reserveCapacity(shapes.count)
    // A use holds two rows, and is not copied for its count.
    for position in shapes.indices {
      let count = shapes[position].use.count
      guard count > 0, isWanted(shapes[position].shape) else { continue }
      result.append((shapes[position].shape, count))
    }
    return result
  }
}

extension LoginCountsRecord {
  init(_ facts: borrowing AccountFacts) {
    self.init()
    human = facts.human
    api = facts.api
    unclassified = facts.unclassified
    proven = facts.verdicts[.proven]
    absent = facts.verdicts[.absent]
    unknown = facts.verdicts[.unknown]
    byBasis.reserveCapacity(4)
    facts.verdicts.forEachBasis { byBasis.append($0.rawValue, $1) }
    // Hardly any account has labels.
    let labelled = facts.maintenance.counts
    maintenance = labelled.isEmpty ? Self.noMaintenance : Self.maintenance(labelled)
    apiSubTypeUnknown = facts.openSubTypes
    lastHuman = LastHumanRecord.last(of: facts)
  }
}

extension LoginCountsRecord {
  private static let noMaintenance = maintenance([:])

  /// Each label with its count, zeros too.
  private static func maintenance(_ counts: [MaintenanceLabel: Int]) -> NamedCounts {
    var result = NamedCounts()
    result.reserveCapacity(MaintenanceLabel.byText.count)
    for label in MaintenanceLabel.byText { result.append(label.rawValue, counts[label] ?? 0) }
    return result
  }
}

extension LastHumanRecord {
  /// The last of an account's successful human logins; `nil` without any.
  ///
  /// Of several at one moment it is the one whose address, country and verdict come last by their
  /// bytes, so that it does not depend on files.
  fileprivate static func last(of facts: AccountFacts) -> LastHumanRecord? {
    guard let index = facts.logins.lastIndex(where: { $0.verdict != nil }) else { return nil }
    let end = facts.logins[index].row.time
    if index == 0 || facts.logins[index - 1].row.time < end,
      let verdict = facts.logins[index].verdict
    {
      let (address, shape) = (facts.logins[index].row.address, facts.logins[index].shape)
      var record = LastHumanRecord()
      record.time = end
      record.mfa = verdict.state
      // An entry is large, and only the one that is meant is looked at.
      let place = facts.addresses.indices.first { facts.addresses[$0].code == address }
      record.sourceIP = place.map { facts.addresses[$0].use.value } ?? ""
      let kind = facts.shapes.indices.first { facts.shapes[$0].code == shape }
      record.country = kind.map { facts.shapes[$0].shape.country } ?? ""
      return record
    }
    let logins = facts.logins.reversed().prefix { $0.row.time >= end }
    // There may be thousands at one moment, each from another address.
    var (addresses, countries): ([UInt32: String?], [UInt32: String?]) = ([:], [:])
    for login in logins {
      addresses[login.row.address] = .some(nil)
      countries[login.shape] = .some(nil)
    }
    for address in facts.addresses where addresses[address.code] != nil {
      addresses[address.code] = address.use.value
    }
    for entry in facts.shapes where countries[entry.code] != nil {
      countries[entry.code] = entry.shape.country
    }
    var last: LastHumanRecord?
    for login in logins {
      guard let verdict = login.verdict else { continue }
      var record = LastHumanRecord()
      record.time = login.row.time
      record.mfa = verdict.state
      record.sourceIP = (addresses[login.row.address] ?? nil) ?? ""
      record.country = (countries[login.shape] ?? nil) ?? ""
      if last.map({ $0.order < record.order }) ?? true { last = record }
    }
    return last
  }

  private var order: String { [sourceIP, country, mfa.rawValue].joined(separator: " ") }
}

extension ChangeRecord {
  init(_ change: SnapshotChange) {
    self.init()
    func texts(_ grants: [PermissionGrant]) -> [String] {
      grants.map { "\($0.permission.rawValue) via \($0.via)" }
    }
    from = change.from.map { CivilDate(day: $0.day).text }
    to = CivilDate(day: change.to.day).text
    gained = texts(change.gained)
    lost = texts(change.lost)
    if let difference = change.profile { profile = [difference.before, difference.after] }
    if let difference = change.isActive { isActive = [difference.before, difference.after] }
  }
}

extension ActivityRecord {
  init(_ activity: AccountActivity) {
    self.init()
    hourOfWeek = activity.hoursOfWeek
    guard let first = activity.days.first?.day else { return }
    from = first
    let count = activity.days.count
    days.reserveCapacity(count)
    humanProven.reserveCapacity(count)
    humanAbsent.reserveCapacity(count)
    humanUnknown.reserveCapacity(count)
    api.reserveCapacity(count)
    failed.reserveCapacity(count)
    for (day, counts) in activity.days {
      days.append(Int(day - first))
      humanProven.append(counts.humanProven)
      humanAbsent.append(counts.humanAbsent)
      humanUnknown.append(counts.humanUnknown)
      api.append(counts.api)
      failed.append(counts.failed)
    }
  }
}

extension TrafficRecord {
  init(_ facts: borrowing AccountFacts) {
    self.init()
    let used = facts.usedShapes { $0.door == .api }
    byAPIType = NamedCounts(of: used, count: \.count, by: \.shape.apiType)
    byAPIVersion = NamedCounts(of: used, count: \.count, by: \.shape.apiVersion)
    byApplication = NamedCounts(of: used, count: \.count, by: \.shape.application)
    byLoginType = NamedCounts(of: used, count: \.count, by: \.shape.type)
    byTLS = NamedCounts(of: used, count: \.count, by: \.shape.tls)
    (peakHour, peakMinute) = facts.peaks
  }
}

extension RequestsRecord {
  init(_ requests: APIRequestFacts) {
    self.init()
    byApplication = NamedCounts(requests.counts(by: \.application))
    byFamily = NamedCounts(requests.counts(by: \.family))
    byVersion = NamedCounts(requests.counts(by: \.version))
    byStatus = NamedCounts(requests.counts(by: \.status))
    bySource = NamedCounts(
      Dictionary(requests.bySource.map { ($0.key.eventType ?? "", $0.value) }, uniquingKeysWith: +))
    let shares = requests.counts { $0.limitShare.rawValue }
    for share in APIRequestShape.LimitShare.allCases {
      countsAgainstLimit.add(shares[share.rawValue] ?? 0, to: share.rawValue)
    }
    total = requests.total
    guard let first = requests.days.first?.day else { return }
    from = first
    for (day, use) in requests.days {
      days.append(Int(day - first))
      self.requests.append(use.count)
    }
  }
}

extension ValuesRecord {
  init(_ facts: borrowing AccountFacts) {
    self.init()
    addresses = ColumnValuesRecord.addresses(of: facts)
    apiVersions = ColumnValuesRecord(facts, by: \.apiVersion)
    applications = ColumnValuesRecord(facts, by: \.application)
  }
}

extension ValueRecord {
  init(_ use: ValueUse) {
    self.init()
    value = use.value
    count = use.count
    first = use.first
    last = use.last
  }

  /// Notes attempts of one shape.
  fileprivate mutating func note(_ door: LoginDoor, _ outcome: LoginOutcome, _ count: Int) {
    switch door {
    case .human: human += count
    case .api: api += count
    case .unclassified: break
    }
    if outcome == .failed { failed += count }
  }
}

extension ColumnValuesRecord {
  /// The values of a column that belongs to the shape of rows, blanks left out.
  init(_ facts: borrowing AccountFacts, by value: (LoginShape) -> String) {
    self.init()
    let listed = facts.uses(of: value)
    uses = listed.prefix(Self.limit).map(ValueRecord.init)
    others = listed.dropFirst(Self.limit).reduce(0) { $0 + $1.count }
    for place in facts.shapes.indices {
      let count = facts.shapes[place].use.count
      let shape = facts.shapes[place].shape
      let text = value(shape)
      guard count > 0, !text.isEmpty,
        let position = uses.indices.first(where: { uses[$0].value.hasBytes(of: text) })
      else { continue }
      uses[position].note(shape.door, shape.outcome, count)
    }
  }

  /// The addresses: rows other than successful API logins are at hand, and of the others their
  /// number is known.
  fileprivate static func addresses(of facts: AccountFacts) -> ColumnValuesRecord {
    var record = ColumnValuesRecord()
    var uses = facts.addresses.prefix(Self.limit).map { ValueRecord($0.use) }
    record.others = facts.addresses.dropFirst(Self.limit).reduce(0) { $0 + $1.use.count }
    guard !uses.isEmpty else { return record }
    // Places among addresses, of which an account has few.
    var positions = FewKeys<UInt32, Int>()
    var latest = LatestCountries(count: uses.count)
    // Taken out once: to look at what all workers share with each row costs more than the rest.
    let countries = facts.countryNumbers
    func note(_ shape: UInt32, _ time: Instant, _ position: Int, _ latest: inout LatestCountries) {
      latest.note(countries[Int(shape)], at: time, position) { facts.country($0) }
    }
    for position in uses.indices {
      let address = facts.addresses[position]
      positions.update(address.code, from: position) { _ in }
      uses[position].api = address.apiSuccesses
      for case let row? in [address.firstAPISuccess, address.lastAPISuccess] {
        note(row.shape, row.row.time, position, &latest)
      }
    }
    for login in facts.logins {
      guard let position = positions[login.row.address] else { continue }
      uses[position].note(login.traits.door, login.traits.outcome, 1)
      note(login.shape, login.row.time, position, &latest)
    }
    for position in uses.indices {
      uses[position].country = facts.country(latest.countries[position])
    }
    record.uses = uses
    return record
  }
}

/// The country that the latest row from each address names, of several at one moment the first by its
/// bytes.
private struct LatestCountries {
  /// Numbers of countries; 0 for none.
  private(set) var countries: [UInt32]
  private var times: [Instant]

  /// Knows nothing of some addresses.
  init(count: Int) {
    countries = Array(repeating: 0, count: count)
    times = Array(repeating: Instant(milliseconds: .min), count: count)
  }

  /// Notes what a row from the address at a position names; a row without a country says nothing.
  ///
  /// - Parameter text: The country with a number.
  mutating func note(
    _ country: UInt32, at time: Instant, _ position: Int, _ text: (UInt32) -> String
  ) {
    guard country != 0, time >= times[position] else { return }
    // Numbers tell most of them apart without looking at texts.
    let known = countries[position]
    if known != 0, known != country, time == times[position], !text(country).precedes(text(known)) {
      return
    }
    times[position] = time
    countries[position] = country
  }
}
