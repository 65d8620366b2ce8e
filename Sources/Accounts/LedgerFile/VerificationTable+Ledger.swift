package import SalesforceExports

extension VerificationTable {
  /// Writes a closed table: the same bytes for equal tables.
  ///
  /// - Parameter forgotten: Rows before this time are left out as far as their time is known;
  ///   the days of a week before stay, since they tell what the first days after are covered by.
  package func write(to writer: inout LedgerWriter, forgettingBefore forgotten: Instant? = nil) {
    func keeps(_ time: Instant) -> Bool { forgotten.map { time >= $0 } ?? true }
    writer.put(rowCount)
    writer.put(entries.count)
    var before = SalesforceID(high: 0, low: 0)
    for entry in entries {
      writer.put(entry.high ^ before.high)
      writer.putSigned(Int64(entry.low) - Int64(before.low))
      writer.put(Int(entry.proof))
      before = SalesforceID(high: entry.high, low: entry.low)
      writer.spill()
    }
    let firstDay = forgotten.map { $0.day - 8 } ?? .min
    let kept = days.filter { $0.key >= firstDay }.sorted { $0.key < $1.key }
    writer.put(kept.count)
    for (day, range) in kept {
      writer.putSigned(day)
      writer.put(range.first)
      writer.put(range.last)
    }
    writer.put(users.count)
    // Of two or more any two were kept, and only their number means something.
    if users.count == 1, let user = users.first { writer.put(user) }
    let generations = codeGenerations.filter { keeps($0.time) }
    writer.put(generations.count)
    for generation in generations {
      writer.put(generation.user)
      writer.put(generation.time)
    }
    let registrations = registrationsByUser.sorted { $0.key < $1.key }
      .flatMap { user, rows in rows.filter { keeps($0.time) }.map { (user, $0) } }
    writer.put(registrations.count)
    for (user, registration) in registrations {
      writer.put(user)
      writer.put(registration.activity)
      writer.put(registration.time)
    }
    let places = placesByUser.sorted { $0.key < $1.key }
      .flatMap { _, places in places.filter { keeps($0.time) } }
    writer.put(places.count)
    for place in places {
      writer.put(place.user)
      writer.put(place.address)
      writer.put(place.time)
      writer.put(Int(place.proof.rawValue))
      writer.spill()
    }
  }

  /// Reads what ``write(to:forgettingBefore:)`` wrote; close the table before it is asked.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    self.init(keepsPlaces: true)
    rowCount = try reader.number()
    var before = SalesforceID(high: 0, low: 0)
    for _ in 0..<(try reader.count()) {
      let high = before.high ^ (try reader.unsigned())
      guard let low = UInt32(exactly: Int64(before.low) &+ (try reader.signed())) else {
        throw .damaged
      }
      before = SalesforceID(high: high, low: low)
      entries.append(
        Entry(high: high, low: low, proof: UInt16(try reader.number(below: 1 << 16))))
    }
    for _ in 0..<(try reader.count()) {
      let day = try reader.minute()
      days[day] = DayRange(first: try reader.instant(), last: try reader.instant())
    }
    let userCount = try reader.number(below: 3)
    if userCount == 1 {
      users = [try reader.id()]
    } else if userCount == 2 {
      users = [SalesforceID(high: 0, low: 0), SalesforceID(high: 0, low: 1)]
    }
    for _ in 0..<(try reader.count()) {
      codeGenerations.append(
        CodeGeneration(user: try reader.id(), time: try reader.instant()))
    }
    for _ in 0..<(try reader.count()) {
      let user = try reader.id()
      registrationsByUser[user, default: []].append(
        Registration(activity: try reader.text(), time: try reader.instant()))
    }
    for _ in 0..<(try reader.count()) {
      let user = try reader.id()
      placesByUser[user, default: []].append(
        Place(
          user: user, address: try reader.text(), time: try reader.instant(),
          proof: VerificationProof(rawValue: UInt16(try reader.number(below: 1 << 16)))))
    }
  }

  /// Adds the rows of another table; close this one before it is asked.
  package mutating func merge(_ other: VerificationTable) {
    rowCount += other.rowCount
    entries.append(contentsOf: other.entries)
    days.merge(other.days) {
      DayRange(first: min($0.first, $1.first), last: max($0.last, $1.last))
    }
    for user in other.users where users.count < 2 { users.insert(user) }
    codeGenerations.append(contentsOf: other.codeGenerations)
    registrationsByUser.merge(other.registrationsByUser) { $0 + $1 }
    if keepsPlaces { placesByUser.merge(other.placesByUser) { $0 + $1 } }
  }

  /// Up to two logins that succeeded verifications name and `isKnown` knows.
  package func joinedLogins(where isKnown: (SalesforceID) -> Bool) -> [SalesforceID] {
    var result: [SalesforceID] = []
    for entry in entries where VerificationProof(rawValue: entry.proof).contains(.succeeded) {
      let login = SalesforceID(high: entry.high, low: entry.low)
      guard isKnown(login) else { continue }
      result.append(login)
      if result.count == 2 { break }
    }
    return result
  }
}
