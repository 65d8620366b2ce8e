package import SalesforceExports

extension VerificationTable {
  /// Writes a closed table: the same bytes for equal tables.
  ///
  /// - Parameter forgotten: What is left out: rows of people, and rows before its time as far as theirs is
  ///   known; the days of a week before stay, since they tell what the first days after are covered by.
  package func write(to writer: inout LedgerWriter, forgetting forgotten: Forgotten = Forgotten()) {
    let people = forgotten.people
    func keeps(_ time: Instant) -> Bool { forgotten.keeps(time) }
    writer.put(rowCount)
    let users = userIDs.filter { !people.contains($0) }.sorted()
    writer.put(users.count)
    for user in users {
      writer.put(user)
      writer.spill()
    }
    let numbers = Dictionary(uniqueKeysWithValues: zip(users, 1...))
    // What follows a login within a day may still be asked for.
    let named = allVerifications.filter { entry in
      (forgotten.before.map {
        entry.verification.time.milliseconds >= $0.milliseconds - Instant.dayMilliseconds
      } ?? true) && !people.contains(entry.verification.user)
    }
    writer.put(named.count)
    var before = SalesforceID(high: 0, low: 0)
    for (login, verification) in named {
      writer.put(login, behind: before)
      writer.put(verification.user.flatMap { numbers[$0] } ?? 0)
      writer.put(verification.time)
      writer.put(Int(verification.proof.rawValue))
      before = login
      writer.spill()
    }
    let firstDay = forgotten.before.map { $0.day - 8 } ?? .min
    let kept = days.filter { $0.key >= firstDay }.sorted { $0.key < $1.key }
    writer.put(kept.count)
    for (day, range) in kept {
      writer.putSigned(day)
      writer.put(range.first)
      writer.put(range.last)
    }
    let generations = codeGenerations.filter { keeps($0.time) && !people.contains($0.user) }
    writer.put(generations.count)
    for generation in generations {
      writer.put(generation.user)
      writer.put(generation.time)
    }
    let registrations = registrationsByUser.filter { !people.contains($0.key) }
      .sorted { $0.key < $1.key }
      .flatMap { user, rows in rows.filter { keeps($0.time) }.map { (user, $0) } }
    writer.put(registrations.count)
    for (user, registration) in registrations {
      writer.put(user)
      writer.put(registration.activity)
      writer.put(registration.time)
      writer.put(registration.address)
      writer.put(Int(registration.file))
      writer.put(registration.line)
    }
    let places = placesByUser.filter { !people.contains($0.key) }.sorted { $0.key < $1.key }
      .flatMap { _, places in places.filter { keeps($0.time) } }
    writer.put(places.count)
    for place in places {
      writer.put(place.user)
      writer.put(place.login)
      writer.put(place.address)
      writer.put(place.time)
      writer.put(Int(place.proof.rawValue))
      writer.spill()
    }
    let unnamed = unnamedByUser.filter { !people.contains($0.key) }.sorted { $0.key < $1.key }
      .flatMap { user, times in times.filter(keeps).map { (user, $0) } }
    writer.put(unnamed.count)
    for (user, time) in unnamed {
      writer.put(user)
      writer.put(time)
      writer.spill()
    }
    let unknown = unknownValues.filter { keeps($0.value.last) }.sorted { $0.key < $1.key }
    writer.put(unknown.count)
    for (value, span) in unknown {
      writer.put(value.column)
      writer.put(value.value)
      writer.put(span.count)
      writer.put(span.first)
      writer.put(span.last)
    }
  }

  /// Reads what ``write(to:forgetting:)`` wrote; close the table before it is asked.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    self.init(keepsPlaces: true)
    rowCount = try reader.rows()
    var users: [SalesforceID] = []
    for _ in 0..<(try reader.count()) {
      let user = try reader.id()
      users.append(user)
      number(of: user)
    }
    var before = SalesforceID(high: 0, low: 0)
    for _ in 0..<(try reader.count()) {
      before = try reader.id(behind: before)
      let user = try reader.number(below: users.count + 1)
      let id = user == 0 ? nil : users[user - 1]
      let verification = Verification(
        user: id, time: try reader.instant(),
        proof: VerificationProof(rawValue: UInt16(try reader.number(below: 1 << 16))))
      add(before, user: id, id.map { number(of: $0) } ?? 0, verification)
    }
    for _ in 0..<(try reader.count()) {
      let day = try reader.day()
      let first = try reader.instant()
      let range = DayRange(first: first, last: try reader.instant(notBefore: first))
      guard range.first.day == day, range.last.day == day else { throw .damaged }
      days[day] = range
    }
    for _ in 0..<(try reader.count()) {
      codeGenerations.append(
        CodeGeneration(user: try reader.id(), time: try reader.instant()))
    }
    for _ in 0..<(try reader.count()) {
      let user = try reader.id()
      registrationsByUser[user, default: []].append(
        Registration(
          activity: try reader.text(), time: try reader.instant(), address: try reader.text(),
          file: try reader.file(), line: try reader.line()))
    }
    for _ in 0..<(try reader.count()) {
      let user = try reader.id()
      placesByUser[user, default: []].append(
        Place(
          user: user, login: try reader.id(), address: try reader.text(),
          time: try reader.instant(),
          proof: VerificationProof(rawValue: UInt16(try reader.number(below: 1 << 16)))))
    }
    for _ in 0..<(try reader.count()) {
      let user = try reader.id()
      unnamedByUser[user, default: []].append(try reader.instant())
    }
    for _ in 0..<(try reader.count()) {
      let value = UnknownValue(column: try reader.text(), value: try reader.text())
      let count = try reader.rows()
      let first = try reader.instant()
      note(
        unknown: value,
        RowSpan(count: count, first: first, last: try reader.instant(notBefore: first)))
    }
  }

  /// Adds the rows of an earlier run; close this table before it is asked.
  package mutating func merge(_ other: VerificationTable, _ relocation: LedgerRelocation) {
    var other = other
    closeDay()
    other.closeDay()
    if rowCount == 0, days.isEmpty, userIDs.isEmpty, keepsPlaces == other.keepsPlaces {
      // Nothing is to be united.
      other.registrationsByUser = other.registrationsByUser.mapValues { rows in
        rows.map { $0.moved(relocation) }
      }
      other.looksAtPlaces = looksAtPlaces
      self = other
      return
    }
    rowCount += other.rowCount
    for user in other.userIDs { number(of: user) }
    for (login, verification) in other.allVerifications {
      add(
        login, user: verification.user, verification.user.map { number(of: $0) } ?? 0,
        verification)
    }
    days.merge(other.days) {
      DayRange(first: min($0.first, $1.first), last: max($0.last, $1.last))
    }
    codeGenerations.append(contentsOf: other.codeGenerations)
    for (user, rows) in other.registrationsByUser {
      registrationsByUser[user, default: []] += rows.map { $0.moved(relocation) }
    }
    if keepsPlaces { placesByUser.merge(other.placesByUser) { $0 + $1 } }
    unnamedByUser.merge(other.unnamedByUser) { $0 + $1 }
    for (value, span) in other.unknownValues { note(unknown: value, span) }
  }

  /// Up to two logins that succeeded verifications name and `isKnown` knows.
  package func joinedLogins(where isKnown: (SalesforceID) -> Bool) -> [SalesforceID] {
    var result: [SalesforceID] = []
    for (login, verification) in allVerifications where verification.proof.has(.succeeded) {
      guard !result.contains(login), isKnown(login) else { continue }
      result.append(login)
      if result.count == 2 { break }
    }
    return result
  }

  /// All verifications that name a login, by login, user and time.
  private var allVerifications: [(login: SalesforceID, verification: Verification)] {
    var result = entries.map { entry in
      (
        login: SalesforceID(high: highs[Int(entry.high)], low: entry.low),
        verification: Verification(
          user: entry.user == 0 ? nil : userIDs[Int(entry.user) - 1], time: entry.time,
          proof: entry.proof)
      )
    }
    for (login, rows) in others { result += rows.map { (login, $0) } }
    return result.sorted { one, other in
      if one.login != other.login { return one.login < other.login }
      let (left, right) = (one.verification, other.verification)
      return (left.user ?? .none, left.time, left.proof.rawValue)
        < (right.user ?? .none, right.time, right.proof.rawValue)
    }
  }
}
