import Platform
import SalesforceExports

/// Why bytes are no ledger.
package enum LedgerError: Error, Hashable, Sendable {
  /// They end early, or name what is not there.
  case damaged
}

extension AccountLedger {
  // MARK: Writing

  /// Position of each number in the order of the tables.
  private struct Positions: Sendable {
    var accounts: [Int]
    var shapes: [Int]
    var addresses: [Int]

    static func of(_ order: [Int], count: Int) -> [Int] {
      var positions = [Int](repeating: 0, count: count)
      for (position, index) in order.enumerated() { positions[index] = position }
      return positions
    }
  }

  /// Accounts, and buckets of the log, that are written in one section.
  private static let sectionAccountCount = 256
  private static let sectionBucketCount = 16
  /// Buckets that logged rows are written in; an account's bucket follows from its key.
  private static let logBucketCount = 256

  /// Writes the ledger: all its sections.
  ///
  /// - Parameter forgotten: What is left out: see ``ForgottenDetail``.
  /// - Complexity: O(*n* log *n*) in the size of the ledger.
  package func write(to writer: inout LedgerWriter, forgetting forgotten: Forgotten = Forgotten()) {
    for section in sections(forgetting: forgotten) { section(&writer) }
  }

  /// What is written of the ledger, one section behind the other.
  ///
  /// Tables of accounts, shapes and addresses come first, in order, and entries refer to them by
  /// position; a copy of a logged row gives it the earlier place and is left out. The ledger must not
  /// change until all are written.
  ///
  /// - Parameter forgotten: What is left out: see ``ForgottenDetail``.
  package func sections(forgetting forgotten: Forgotten = Forgotten()) -> [LedgerSection] {
    let kept = forgotten.isNothing ? nil : ForgottenDetail(self, forgotten)
    let keyed = accountNumbers.filter { kept?.usesAccount[$0] ?? true }
      .map { (number: $0, key: key(of: $0)) }.sorted { $0.key < $1.key }
    let accountOrder = keyed.map(\.number)
    let shapeOrder = shapes.indices.filter { kept?.usesShape[$0] ?? true }
      .sorted { shapes[$0] < shapes[$1] }
    let addressOrder = addresses.indices.filter { kept?.usesAddress[$0] ?? true }.sorted {
      addresses[$0].utf8.lexicographicallyPrecedes(addresses[$1].utf8)
    }
    let positions = Positions(
      accounts: Positions.of(accountOrder, count: accountBound),
      shapes: Positions.of(shapeOrder, count: shapes.count),
      addresses: Positions.of(addressOrder, count: addresses.count))
    let keys = keyed.map(\.key)
    var sections: [LedgerSection] = [
      { writer in
        writer.put(keys.count)
        for key in keys {
          writer.put(key)
          writer.spill()
        }
      },
      { [self] writer in
        writer.put(shapeOrder.count)
        for index in shapeOrder { writer.put(shapes[index]) }
        writer.put(addressOrder.count)
        for index in addressOrder {
          writer.put(addresses[index])
          writer.spill()
        }
      },
    ]
    for first in stride(from: 0, to: accountOrder.count, by: Self.sectionAccountCount) {
      let accounts = accountOrder[first...].prefix(Self.sectionAccountCount)
      sections.append { [self] writer in
        for account in accounts {
          write(account, &writer, positions, kept)
          writer.spill()
        }
      }
    }
    sections.append { [self] writer in
      writeHours(&writer, forgettingBefore: forgotten.before)
      writeApplicationDays(&writer, shapeOrder, forgettingBefore: forgotten.before)
    }
    var buckets = [[Int]](repeating: [], count: Self.logBucketCount)
    for account in accountOrder { buckets[logBucket(of: account)].append(account) }
    for first in stride(from: 0, to: Self.logBucketCount, by: Self.sectionBucketCount) {
      let buckets = buckets[first..<(first + Self.sectionBucketCount)]
      sections.append { [self] writer in
        for accounts in buckets {
          writeLog(of: accounts, &writer, positions, kept)
          writer.spill()
        }
      }
    }
    sections.append { [self] writer in
      writer.put(joinedLogins.count)
      // Of two or more any two were kept, and only their number means something.
      if joinedLogins.count == 1, let login = joinedLogins.first { writer.put(login) }
    }
    return sections
  }

  private func writeHours(_ writer: inout LedgerWriter, forgettingBefore forgotten: Instant?) {
    let hours = activeHours.filter { hour, _ in
      forgotten.map { hour * 3_600_000 >= $0.milliseconds } ?? true
    }.sorted { $0.key < $1.key }
    writer.put(hours.count)
    for (hour, span) in hours {
      writer.putSigned(hour)
      writer.put(Int(span.first))
      writer.put(Int(span.last))
    }
  }

  /// Days of each application, which is named by the first shape of its successful API logins.
  private func writeApplicationDays(
    _ writer: inout LedgerWriter, _ shapeOrder: [Int], forgettingBefore forgotten: Instant?
  ) {
    var written: Set<UInt32> = [0, 1]
    for (position, shape) in shapeOrder.enumerated() {
      let application = kinds[shape].application
      guard written.insert(application).inserted else { continue }
      let days = days(ofApplication: Int(application)).filter { day in
        forgotten.map { day >= $0.day } ?? true
      }
      guard !days.isEmpty else { continue }
      writer.put(position + 1)
      writer.put(days.count)
      for day in days { writer.putSigned(day) }
    }
    writer.put(0)
  }

  /// What the lists of an account's slot hold.
  private func write(
    _ account: Int, _ writer: inout LedgerWriter, _ positions: Positions, _ kept: ForgottenDetail?
  ) {
    var uses = kept?.keptShapes(of: account) ?? writtenShapeUses(of: account)
    uses.sort { positions.shapes[Int($0.code)] < positions.shapes[Int($1.code)] }
    writer.put(uses.count)
    for (code, use) in uses {
      writer.put(positions.shapes[Int(code)])
      writer.put(use.count)
      Self.put(use.first, &writer, positions)
      Self.put(use.last, &writer, positions)
    }
    var entries = kept?.keptAddresses(of: account) ?? writtenAddressEntries(of: account)
    entries.sort { one, other in
      if one.address != other.address {
        return positions.addresses[Int(one.address)] < positions.addresses[Int(other.address)]
      }
      // Neither code 0 nor code 1 has a name.
      if min(one.application, other.application) < 2 { return one.application < other.application }
      return applications[Int(one.application)].utf8.lexicographicallyPrecedes(
        applications[Int(other.application)].utf8)
    }
    writer.put(entries.count)
    for entry in entries {
      writer.put(positions.addresses[Int(entry.address)])
      writer.put(entry.count)
      writer.put(entry.firstTime)
      writer.put(entry.lastTime)
      writer.put(entry.hasAPI)
      guard entry.hasAPI else { continue }
      Self.put(entry.firstAPI, &writer, positions)
      writer.put(positions.shapes[Int(entry.firstAPIShape)])
      Self.put(entry.lastAPI, &writer, positions)
      writer.put(positions.shapes[Int(entry.lastAPIShape)])
      writer.put(entry.days)
    }
    let minutes = kept?.keptMinutes(of: account) ?? apiMinutes(of: account)
    writer.put(minutes.count)
    // Each minute as the distance from the one before: most accounts come at regular times.
    var last: Int64 = 0
    for (minute, count) in minutes {
      writer.putSigned(minute - last)
      writer.put(count)
      last = minute
    }
  }

  /// Uses of shapes by an account that are written, in no order: not those seen outside the window alone.
  func writtenShapeUses(of account: Int) -> [(code: UInt32, use: ShapeUse)] {
    shapeUses(of: account).filter { $0.use.first.time.milliseconds != .max }
  }

  /// Uses of addresses by an account that are written, in no order.
  func writtenAddressEntries(of account: Int) -> [AddressEntry] {
    addressEntries(of: account).filter { $0.count > 0 || $0.hasAPI }
  }

  private static func put(
    _ row: RowReference, _ writer: inout LedgerWriter, _ positions: Positions
  ) {
    writer.put(row.time)
    writer.put(row.id)
    writer.put(positions.addresses[Int(row.address)])
    writer.put(UInt64(row.file))
    writer.put(row.line)
  }

  /// Writes the logged rows of the accounts of a bucket, which come in the order of their keys.
  private func writeLog(
    of accounts: [Int], _ writer: inout LedgerWriter, _ positions: Positions,
    _ kept: ForgottenDetail?
  ) {
    var rows: [LoggedLogin] = []
    for account in accounts {
      var own: [LoggedLogin] = []
      forEachLoggedRow(ofAccount: account) { login in
        guard var login = kept.map({ $0.row(login) }) ?? login else { return }
        login.account = UInt32(positions.accounts[account])
        login.shape = UInt32(positions.shapes[Int(login.shape)])
        login.row.address = UInt32(positions.addresses[Int(login.row.address)])
        own.append(login)
      }
      own.sort(by: Self.precedes)
      rows += Self.withoutCopies(own)
    }
    writer.put(rows.count)
    var before = LoggedLogin(
      account: 0, shape: 0,
      row: RowReference(
        time: Instant(milliseconds: 0), id: SalesforceID(high: 0, low: 0), address: 0, file: 0,
        line: 0), disposition: .counted)
    for login in rows {
      writer.put(Int(login.account - before.account))
      writer.put(Int(login.shape))
      writer.put(Int(login.disposition.rawValue))
      writer.put(Int(login.proof.rawValue))
      writer.putSigned(login.row.time.milliseconds &- before.row.time.milliseconds)
      writer.put(login.row.id, behind: before.row.id)
      writer.put(Int(login.row.address))
      writer.put(Int(login.row.file))
      writer.putSigned(Int64(login.row.line) - Int64(before.row.line))
      before = login
    }
  }

  /// By time, Id, disposition, and all the rest: the same order whatever the order of an account's rows.
  private static func precedes(_ one: LoggedLogin, _ other: LoggedLogin) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    if one.disposition != other.disposition {
      return one.disposition.rawValue < other.disposition.rawValue
    }
    if one.row.address != other.row.address { return one.row.address < other.row.address }
    if one.shape != other.shape { return one.shape < other.shape }
    if one.row.place != other.row.place { return one.row.place < other.row.place }
    return one.proof.rawValue < other.proof.rawValue
  }

  /// Lets copies give the row that they repeat an earlier place, and leaves them out.
  ///
  /// A copy whose counted row is not among these rows stays: it may belong to an account that is
  /// known by another key. Rows of a window's edge are needed once.
  private static func withoutCopies(_ rows: [LoggedLogin]) -> [LoggedLogin] {
    var result: [LoggedLogin] = []
    result.reserveCapacity(rows.count)
    for login in rows {
      // A row without an Id has no copies.
      if login.disposition == .copy, login.row.id == .none { continue }
      // Equal times and Ids lie beside each other, the counted row first.
      if let last = result.last, login.disposition != .counted, login.row.id != .none,
        last.row.id == login.row.id, last.row.time == login.row.time,
        last.disposition == .counted || last.disposition == login.disposition
      {
        if login.row.isPlacedBefore(last.row) {
          result[result.count - 1].row.place = login.row.place
        }
        result[result.count - 1].proof.formUnion(login.proof)
        continue
      }
      result.append(login)
    }
    return result
  }

  // MARK: Reading

  /// Reads what ``write(to:forgetting:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  /// - Complexity: O(*n*), by all workers where the reader has sections.
  package convenience init(from reader: inout LedgerReader) throws(LedgerError) {
    self.init()
    let tables = Locked((accounts: [UInt32](), addressCodes: [UInt32]()))
    try reader.sections(2) { [self] number, reader throws(LedgerError) in
      if number == 0 {
        let accounts = try readAccounts(&reader)
        tables.withLock { $0.accounts = accounts }
      } else {
        let addressCodes = try readTables(&reader)
        tables.withLock { $0.addressCodes = addressCodes }
      }
    }
    let (accounts, addressCodes) = tables.withLock { $0 }
    let loggedCount = Locked(0)
    let sectionCount =
      (accounts.count + Self.sectionAccountCount - 1) / Self.sectionAccountCount
    try reader.sections(sectionCount) { [self] number, reader throws(LedgerError) in
      let first = number * Self.sectionAccountCount
      for account in accounts[first...].prefix(Self.sectionAccountCount) {
        let count = try readLocked(Int(account), &reader, addressCodes)
        loggedCount.withLock { $0 += count }
      }
    }
    try reader.section { reader throws(LedgerError) in try readTimes(&reader) }
    let bucketCount = Self.sectionBucketCount
    try reader.sections(Self.logBucketCount / bucketCount) {
      [self] number, reader throws(LedgerError) in
      for bucket in (number * bucketCount)..<((number + 1) * bucketCount) {
        let count = try readLog(bucket, &reader, accounts, addressCodes.count)
        loggedCount.withLock { $0 -= count }
      }
    }
    // Each account that has rows counted as many in the log as in its lists, so all others have none.
    guard loggedCount.withLock({ $0 }) == 0 else { throw .damaged }
    try reader.section { reader throws(LedgerError) in
      let joined = try reader.number(below: 3)
      if joined == 1 {
        noteJoined(try reader.id())
      } else if joined == 2 {
        noteJoined(SalesforceID(high: 0, low: 0))
        noteJoined(SalesforceID(high: 0, low: 1))
      }
    }
  }

  private func readAccounts(_ reader: inout LedgerReader) throws(LedgerError) -> [UInt32] {
    var accounts: [UInt32] = []
    for _ in 0..<(try reader.count()) { accounts.append(account(try reader.key())) }
    guard accountCount == accounts.count else { throw .damaged }
    return accounts
  }

  /// Reads shapes and addresses.
  ///
  /// - Returns: Codes of the addresses.
  private func readTables(_ reader: inout LedgerReader) throws(LedgerError) -> [UInt32] {
    for position in 0..<(try reader.count()) {
      guard Int(code(of: try reader.shape())) == position else { throw .damaged }
    }
    var addressCodes: [UInt32] = []
    for position in 0..<(try reader.count()) {
      addressCodes.append(code(ofAddress: try reader.text()))
      guard Int(addressCodes[position]) == position else { throw .damaged }
    }
    return addressCodes
  }

  /// Reads hours and days.
  private func readTimes(_ reader: inout LedgerReader) throws(LedgerError) {
    for _ in 0..<(try reader.count()) {
      let hour = try reader.hour()
      let first = UInt8(try reader.number(below: 60))
      let last = UInt8(try reader.number(below: 60))
      guard first <= last else { throw .damaged }
      restoreHour(hour, HourSpan(first: first, last: last))
    }
    while case let shape = try reader.number(below: shapes.count + 1), shape > 0 {
      let application = kinds[shape - 1].application
      guard application > 1 else { throw .damaged }
      for _ in 0..<(try reader.count()) {
        restoreDay(try reader.day(), ofApplication: application)
      }
    }
  }

  /// Reads the lists of an account while no other worker has its partition.
  private func readLocked(
    _ account: Int, _ reader: inout LedgerReader, _ addressCodes: [UInt32]
  ) throws(LedgerError) -> Int {
    var result: Result<Int, LedgerError> = .success(0)
    withPartition(of: account) {
      do throws(LedgerError) {
        result = .success(try read(account, &reader, addressCodes))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  /// Reads the rows of a bucket, and holds them to what the lists of their accounts count.
  ///
  /// - Returns: How many rows count.
  private func readLog(
    _ bucket: Int, _ reader: inout LedgerReader, _ accounts: [UInt32], _ addressCount: Int
  ) throws(LedgerError) -> Int {
    var position = 0
    var rows: [LoggedLogin] = []
    var counts: [UInt32: Int] = [:]
    var countedRows = 0
    var time: Int64 = 0
    var id = SalesforceID(high: 0, low: 0)
    var line: Int64 = 0
    for _ in 0..<(try reader.count()) {
      let step = try reader.number()
      if step > 0 {
        restore(&rows)
        try checkLogged(counts, accounts, position)
        counts.removeAll(keepingCapacity: true)
        position += step
      }
      guard position < accounts.count, logBucket(of: Int(accounts[position])) == bucket else {
        throw .damaged
      }
      let shape = try reader.number(below: shapes.count)
      guard kinds[shape].contains(.logged) else { throw .damaged }
      guard let disposition = RowDisposition(rawValue: UInt8(try reader.number(below: 3)))
      else { throw .damaged }
      let proof = VerificationProof(rawValue: UInt16(try reader.number(below: 1 << 16)))
      time = try reader.instant(behind: time)
      id = try reader.id(behind: id)
      let address = UInt32(try reader.number(below: addressCount))
      let file = try reader.file()
      line &+= try reader.signed()
      guard line >= 0, line < 1 << 40 else { throw .damaged }
      rows.append(
        LoggedLogin(
          account: accounts[position], shape: UInt32(shape),
          row: RowReference(
            time: Instant(milliseconds: time), id: id, address: address, file: file,
            line: UInt64(line)), disposition: disposition, proof: proof))
      if rows.count == Self.heldRowCount { restore(&rows) }
      if disposition == .counted {
        counts[UInt32(shape), default: 0] += 1
        countedRows += 1
      }
    }
    restore(&rows)
    try checkLogged(counts, accounts, position)
    return countedRows
  }

  /// Rows of an account that are added to it at a time.
  private static let heldRowCount = 1_024

  /// Adds logged rows of one account, and removes them from the list.
  private func restore(_ rows: inout [LoggedLogin]) {
    guard let account = rows.first.map({ Int($0.account) }) else { return }
    withPartition(of: account) {
      for login in rows { restoreLogged(login) }
    }
    rows.removeAll(keepingCapacity: true)
  }

  /// Refuses logged rows of which an account's list counts others.
  private func checkLogged(
    _ counts: [UInt32: Int], _ accounts: [UInt32], _ position: Int
  ) throws(LedgerError) {
    guard !counts.isEmpty else { return }
    for (code, use) in shapeUses(of: Int(accounts[position]))
    where kinds[Int(code)].contains(.logged) && counts[code] ?? 0 != use.count {
      throw .damaged
    }
  }

  private static func row(
    _ reader: inout LedgerReader, _ addresses: [UInt32]
  ) throws(LedgerError) -> RowReference {
    let time = try reader.instant()
    let id = try reader.id()
    let address = addresses[try reader.number(below: addresses.count)]
    let file = try reader.file()
    return RowReference(
      time: time, id: id, address: address, file: file, line: try reader.line())
  }

  /// Reads the lists of an account.
  ///
  /// - Returns: How many of its rows the log must hold.
  private func read(
    _ account: Int, _ reader: inout LedgerReader, _ addressCodes: [UInt32]
  ) throws(LedgerError) -> Int {
    let shapeCount = shapes.count
    var loggedCount = 0
    var attemptCount = 0
    for _ in 0..<(try reader.count()) {
      let shape = try reader.number(below: shapeCount)
      let count = try reader.rows()
      let first = try Self.row(&reader, addressCodes)
      let last = try Self.row(&reader, addressCodes)
      guard first.time <= last.time else { throw .damaged }
      if kinds[shape].contains(.logged) { loggedCount += count }
      if kinds[shape].contains(.api) { attemptCount += count }
      restoreShape(account, code: UInt32(shape), count: count, first: first, last: last)
    }
    for _ in 0..<(try reader.count()) {
      let code = addressCodes[try reader.number(below: addressCodes.count)]
      let count = try reader.rows()
      let first = try reader.instant()
      let last = try reader.instant(notBefore: first)
      var entry = AddressEntry(
        code: AddressEntry.code(address: code, application: 0),
        row: RowReference(time: first, id: .none, address: code, file: 0, line: 0))
      entry.count = count
      entry.lastTime = last
      if try reader.flag() {
        entry.firstAPI = try Self.row(&reader, addressCodes)
        entry.firstAPIShape = UInt32(try reader.number(below: shapeCount))
        entry.lastAPI = try Self.row(&reader, addressCodes)
        entry.lastAPIShape = UInt32(try reader.number(below: shapeCount))
        entry.days = try reader.unsigned()
        let application = kinds[Int(entry.firstAPIShape)].application
        guard application > 0, kinds[Int(entry.lastAPIShape)].application == application,
          entry.firstAPI.time <= entry.lastAPI.time
        else { throw .damaged }
        entry = AddressEntry(entry, address: code, application: application)
      }
      restoreAddress(account, entry)
    }
    var minute: Int64 = 0
    for _ in 0..<(try reader.count()) {
      minute = try reader.minute(behind: minute)
      let count = try reader.rows()
      attemptCount -= count
      // What was forgotten was forgotten by minute first.
      guard attemptCount >= 0 else { throw .damaged }
      restoreMinute(account, minute, count: count)
    }
    return loggedCount
  }
}
