import SalesforceExports

extension APIRequestLedger {
  /// Writes the ledger: the same bytes for equal ones.
  ///
  /// - Parameter forgotten: What is left out: days before its time, kinds of requests that were last made
  ///   before, and requests of people. The tables hold what the rest names.
  package func write(to writer: inout LedgerWriter, forgetting forgotten: Forgotten = Forgotten()) {
    let people = accounts.map { forgotten.people.contains($0) }
    let uses = uses.filter { key, use in
      forgotten.keeps(use.last.time) && !people[Int(key >> 32)]
    }
    let days = days.filter { day, _ in
      forgotten.keeps(day: day.day) && !people[Int(day.account)]
    }
    let origins = origins.filter { origin in
      forgotten.keeps(day: Int64(origin.day)) && !people[Int(origin.account)]
    }
    var used = Used(self)
    for (key, use) in uses {
      used.accounts[Int(key >> 32)] = true
      used.shapes[Int(key & 0xFFFF_FFFF)] = true
      used.note(use)
    }
    for (day, use) in days {
      used.accounts[Int(day.account)] = true
      used.note(use)
    }
    for origin in origins {
      used.accounts[Int(origin.account)] = true
      used.shapes[Int(origin.shape)] = true
      used.addresses[Int(origin.address)] = true
    }
    let order = accounts.indices.filter { used.accounts[$0] }
      .sorted { accounts[$0] < accounts[$1] }
    var positions = [Int](repeating: 0, count: accounts.count)
    writer.put(order.count)
    for (position, index) in order.enumerated() {
      positions[index] = position
      writer.put(accounts[index])
    }
    let shapeOrder = shapes.indices.filter { used.shapes[$0] }.sorted { shapes[$0] < shapes[$1] }
    var shapePositions = [Int](repeating: 0, count: shapes.count)
    writer.put(shapeOrder.count)
    for (position, index) in shapeOrder.enumerated() {
      shapePositions[index] = position
      let shape = shapes[index]
      for text in [
        shape.source.rawValue, shape.family, shape.version, shape.application, shape.status,
        shape.limitShare.rawValue,
      ] { writer.put(text) }
    }
    let addressOrder = addresses.indices.filter { used.addresses[$0] }.sorted {
      addresses[$0].utf8.lexicographicallyPrecedes(addresses[$1].utf8)
    }
    var addressPositions = [Int](repeating: 0, count: addresses.count)
    writer.put(addressOrder.count)
    for (position, index) in addressOrder.enumerated() {
      addressPositions[index] = position
      writer.put(addresses[index])
    }
    let kept = uses.map { key, use in
      (positions[Int(key >> 32)], shapePositions[Int(key & 0xFFFF_FFFF)], use)
    }
    .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    writer.put(kept.count)
    for (account, shape, use) in kept {
      writer.put(account)
      writer.put(shape)
      Self.put(use, addressPositions, &writer)
      writer.spill()
    }
    let keptDays = days.map { day, use in
      (positions[Int(day.account)], day.source.rawValue, day.day, use)
    }
    .sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
    writer.put(keptDays.count)
    for (account, source, day, use) in keptDays {
      writer.put(account)
      writer.put(source)
      writer.putSigned(day)
      Self.put(use, addressPositions, &writer)
      writer.spill()
    }
    let keptOrigins = origins.map { origin in
      [
        positions[Int(origin.account)], shapePositions[Int(origin.shape)],
        addressPositions[Int(origin.address)], Int(origin.day),
      ]
    }
    .sorted { $0.lexicographicallyPrecedes($1) }
    writer.put(keptOrigins.count)
    for origin in keptOrigins {
      for value in origin { writer.putSigned(Int64(value)) }
      writer.spill()
    }
    writer.put(countBySource.count)
    for (source, count) in countBySource.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      writer.put(source.rawValue)
      writer.put(count)
    }
  }

  /// Entries of the tables that something names.
  private struct Used {
    var accounts: [Bool]
    var shapes: [Bool]
    var addresses: [Bool]

    init(_ ledger: APIRequestLedger) {
      accounts = Array(repeating: false, count: ledger.accounts.count)
      shapes = Array(repeating: false, count: ledger.shapes.count)
      addresses = Array(repeating: false, count: ledger.addresses.count)
      // The blank one is there from the beginning.
      addresses[0] = true
    }

    mutating func note(_ use: APIRequestUse) {
      addresses[Int(use.firstAddress)] = true
      addresses[Int(use.lastAddress)] = true
    }
  }

  private static func put(
    _ use: APIRequestUse, _ addresses: [Int], _ writer: inout LedgerWriter
  ) {
    writer.put(use.count)
    for place in [use.first, use.last] {
      writer.put(place.time)
      writer.put(Int(place.file))
      writer.put(place.line)
    }
    writer.put(addresses[Int(use.firstAddress)])
    writer.put(addresses[Int(use.lastAddress)])
  }

  private func use(_ reader: inout LedgerReader) throws(LedgerError) -> APIRequestUse {
    func place(_ reader: inout LedgerReader) throws(LedgerError) -> EventPlace {
      EventPlace(time: try reader.instant(), file: try reader.file(), line: try reader.line())
    }
    let count = try reader.rows()
    let (first, last) = (try place(&reader), try place(&reader))
    guard first.time <= last.time else { throw .damaged }
    return APIRequestUse(
      count: count, first: first, last: last,
      firstAddress: UInt32(try reader.number(below: addresses.count)),
      lastAddress: UInt32(try reader.number(below: addresses.count)))
  }

  private static func source(_ reader: inout LedgerReader) throws(LedgerError) -> FileKind {
    guard let kind = FileKind(rawValue: try reader.text()), kind.holdsRequests else {
      throw .damaged
    }
    return kind
  }

  /// Reads what ``write(to:forgetting:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    self.init(keepsOrigins: true)
    for position in 0..<(try reader.count()) {
      guard Int(account(try reader.key())) == position else { throw .damaged }
    }
    for position in 0..<(try reader.count()) {
      var shape = APIRequestShape()
      shape.source = try Self.source(&reader)
      shape.family = try reader.text()
      shape.version = try reader.text()
      shape.application = try reader.text()
      shape.status = try reader.text()
      guard let share = APIRequestShape.LimitShare(rawValue: try reader.text()) else {
        throw .damaged
      }
      shape.limitShare = share
      guard Int(code(of: shape)) == position else { throw .damaged }
    }
    for position in 0..<(try reader.count()) {
      guard Int(code(ofAddress: try reader.text())) == position else { throw .damaged }
    }
    for _ in 0..<(try reader.count()) {
      let account = try reader.number(below: accounts.count)
      let shape = try reader.number(below: shapes.count)
      uses[UInt64(account) << 32 | UInt64(shape)] = try use(&reader)
    }
    for _ in 0..<(try reader.count()) {
      let account = UInt32(try reader.number(below: accounts.count))
      let source = try Self.source(&reader)
      let day = Day(account: account, source: source, day: try reader.day())
      let use = try use(&reader)
      guard use.first.time.day == day.day, use.last.time.day == day.day else { throw .damaged }
      days[day] = use
    }
    for _ in 0..<(try reader.count()) {
      func part(below bound: Int) throws(LedgerError) -> UInt32 {
        guard let value = Int(exactly: try reader.signed()), value >= 0, value < bound else {
          throw .damaged
        }
        return UInt32(value)
      }
      let account = try part(below: accounts.count)
      let shape = try part(below: shapes.count)
      let address = try part(below: addresses.count)
      let day = Int32(clamping: try reader.day())
      origins.insert(Origin(account: account, shape: shape, address: address, day: day))
    }
    for _ in 0..<(try reader.count()) {
      countBySource[try Self.source(&reader)] = try reader.rows()
    }
  }

  /// Keys of everybody in it.
  package var keys: Set<AccountKey> { Set(accounts) }

  /// The same requests with the file numbers of this run.
  package func relocated(_ relocation: LedgerRelocation) -> APIRequestLedger {
    var moved = self
    for key in uses.keys { moved.uses[key]?.relocate(relocation) }
    for day in days.keys { moved.days[day]?.relocate(relocation) }
    return moved
  }
}

extension APIRequestUse {
  fileprivate mutating func relocate(_ relocation: LedgerRelocation) {
    func moved(_ place: EventPlace) -> EventPlace {
      EventPlace(time: place.time, file: relocation.file(place.file), line: place.line)
    }
    self = APIRequestUse(
      count: count, first: moved(first), last: moved(last), firstAddress: firstAddress,
      lastAddress: lastAddress)
  }
}
