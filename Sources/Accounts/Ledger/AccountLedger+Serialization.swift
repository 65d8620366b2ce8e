import SalesforceExports

/// Why bytes are no ledger.
package enum LedgerError: Error, Hashable, Sendable {
  /// They do not begin like a ledger of this version.
  case unknownVersion
  /// They end early, or name what is not there.
  case damaged
}

extension AccountLedger {
  private static let signature = Array("PSTL\u{2}".utf8)

  /// The ledger as bytes: the same for equal ledgers, whatever the order in which they grew.
  ///
  /// Numbers are varints; tables of accounts, shapes and addresses come first, in order, and entries
  /// refer to them by position.
  ///
  /// - Complexity: O(*n* log *n*) in the size of the ledger.
  package func serialized() -> [UInt8] {
    var writer = LedgerWriter(bytes: Self.signature)
    let keys = (0..<accountCount).map { key(of: $0) }
    let accountOrder = keys.indices.sorted { keys[$0] < keys[$1] }
    let shapeOrder = shapes.indices.sorted { shapes[$0] < shapes[$1] }
    let addressOrder = addresses.indices.sorted {
      addresses[$0].utf8.lexicographicallyPrecedes(addresses[$1].utf8)
    }
    writer.accountPositions = LedgerWriter.positions(accountOrder)
    writer.shapePositions = LedgerWriter.positions(shapeOrder)
    writer.addressPositions = LedgerWriter.positions(addressOrder)
    writer.put(accountOrder.count)
    for index in accountOrder {
      switch keys[index] {
      case .id(let id):
        writer.put(0)
        writer.put(id)
      case .username(let name):
        writer.put(1)
        writer.put(name)
      }
    }
    writer.put(shapeOrder.count)
    for index in shapeOrder { writer.put(shapes[index]) }
    writer.put(addressOrder.count)
    for index in addressOrder { writer.put(addresses[index]) }
    for account in accountOrder { write(account, &writer) }
    let hours = activeHours.sorted { $0.key < $1.key }
    writer.put(hours.count)
    for (hour, span) in hours {
      writer.putSigned(hour)
      writer.put(Int(span.first))
      writer.put(Int(span.last))
    }
    writeLog(&writer)
    writer.put(joinedLogins.count)
    // Of two or more any two were kept, and only their number means something.
    if joinedLogins.count == 1, let login = joinedLogins.first { writer.put(login) }
    return writer.bytes
  }

  /// What the lists of an account's slot hold.
  private func write(_ account: Int, _ writer: inout LedgerWriter) {
    let shapes = writer.shapePositions
    let uses = shapeUses(of: account).filter { $0.use.first.time.milliseconds != .max }
      .sorted { shapes[Int($0.code)] < shapes[Int($1.code)] }
    writer.put(uses.count)
    for (code, use) in uses {
      writer.put(shapes[Int(code)])
      writer.put(use.count)
      writer.put(use.first)
      writer.put(use.last)
    }
    let addresses = writer.addressPositions
    let entries = addressEntries(of: account).filter { $0.count > 0 || $0.hasAPI }
      .sorted { addresses[Int($0.code)] < addresses[Int($1.code)] }
    writer.put(entries.count)
    for entry in entries {
      writer.put(addresses[Int(entry.code)])
      writer.put(entry.count)
      writer.putSigned(entry.firstTime.milliseconds)
      writer.putSigned(entry.lastTime.milliseconds)
      writer.put(entry.apiSuccesses)
      writer.put(entry.hasAPI ? 1 : 0)
      guard entry.hasAPI else { continue }
      writer.put(entry.firstAPI)
      writer.put(shapes[Int(entry.firstAPIShape)])
      writer.put(entry.lastAPI)
      writer.put(shapes[Int(entry.lastAPIShape)])
    }
    let minutes = apiMinutes(of: account)
    writer.put(minutes.count)
    for (minute, count) in minutes {
      writer.putSigned(minute)
      writer.put(count)
    }
  }

  private func writeLog(_ writer: inout LedgerWriter) {
    var rows: [[UInt8]] = []
    for bucket in 0..<LoginLog.bucketCount {
      log.forEachRow(inBucket: bucket) { login in
        var row = LedgerWriter(bytes: [])
        row.addressPositions = writer.addressPositions
        row.put(writer.accountPositions[Int(login.account)])
        row.put(writer.shapePositions[Int(login.shape)])
        row.put(Int(login.standing.rawValue))
        row.put(Int(login.proof.rawValue))
        row.put(login.row)
        rows.append(row.bytes)
      }
    }
    // Any fixed order will do; that of the bytes needs no other.
    rows.sort { $0.lexicographicallyPrecedes($1) }
    writer.put(rows.count)
    for row in rows { writer.bytes.append(contentsOf: row) }
  }

  /// Reads a ledger back.
  ///
  /// - Throws: ``LedgerError`` for bytes that ``serialized()`` did not write.
  /// - Complexity: O(*n*).
  package convenience init(serialized bytes: [UInt8]) throws(LedgerError) {
    guard bytes.starts(with: Self.signature) else { throw .unknownVersion }
    self.init()
    var reader = LedgerReader(bytes: bytes, position: Self.signature.count)
    for _ in 0..<(try reader.count()) {
      let key: AccountKey =
        try reader.number() == 0 ? .id(try reader.id()) : .username(try reader.text())
      _ = account(key)
    }
    let accountCount = accountCount
    for _ in 0..<(try reader.count()) { _ = code(of: try reader.shape()) }
    var addressCodes: [UInt32] = []
    for _ in 0..<(try reader.count()) { addressCodes.append(code(ofAddress: try reader.text())) }
    for account in 0..<accountCount { try read(account, &reader, addressCodes) }
    for _ in 0..<(try reader.count()) {
      let hour = try reader.minute()
      let first = UInt8(try reader.number(below: 60))
      mergeHour(HourSpan(first: first, last: UInt8(try reader.number(below: 60))), of: hour)
    }
    let shapeCount = shapes.count
    for _ in 0..<(try reader.count()) {
      let account = try reader.number(below: accountCount)
      let shape = try reader.number(below: shapeCount)
      guard let standing = LoggedLogin.Standing(rawValue: UInt8(try reader.number(below: 3)))
      else { throw .damaged }
      let proof = VerificationProof(rawValue: UInt16(try reader.number(below: 1 << 16)))
      let login = LoggedLogin(
        account: UInt32(account), shape: UInt32(shape), row: try reader.row(addressCodes),
        standing: standing, proof: proof)
      unsafe log.append(login, toBucket: Int(slot(account).pointee.logBucket))
    }
    let joined = try reader.number(below: 3)
    if joined == 1 {
      noteJoined(try reader.id())
    } else if joined == 2 {
      noteJoined(SalesforceID(high: 0, low: 0))
      noteJoined(SalesforceID(high: 0, low: 1))
    }
    guard reader.position == bytes.count else { throw .damaged }
  }

  private func read(
    _ account: Int, _ reader: inout LedgerReader, _ addressCodes: [UInt32]
  ) throws(LedgerError) {
    let shapeCount = shapes.count
    let slot = unsafe slot(account)
    for _ in 0..<(try reader.count()) {
      let shape = try reader.number(below: shapeCount)
      let count = try reader.number()
      let first = try reader.row(addressCodes)
      let last = try reader.row(addressCodes)
      unsafe mergeShape(slot, code: UInt32(shape), count: count, first: first, last: last)
    }
    for _ in 0..<(try reader.count()) {
      let code = addressCodes[try reader.number(below: addressCodes.count)]
      let count = try reader.number()
      let first = try reader.instant()
      let last = try reader.instant()
      var entry = AddressEntry(
        code: code, raw: .blank,
        row: RowReference(time: first, id: .none, address: code, file: 0, line: 0))
      entry.count = count
      entry.lastTime = last
      entry.apiSuccesses = try reader.number()
      if try reader.number(below: 2) == 1 {
        entry.firstAPI = try reader.row(addressCodes)
        entry.firstAPIShape = UInt32(try reader.number(below: shapeCount))
        entry.lastAPI = try reader.row(addressCodes)
        entry.lastAPIShape = UInt32(try reader.number(below: shapeCount))
      }
      unsafe mergeAddress(slot, entry)
    }
    for _ in 0..<(try reader.count()) {
      // A damaged count must not ask for more entries than memory has.
      mergeMinutes(
        account: account, try reader.minute(), count: min(try reader.number(), 1 << 24))
    }
  }
}
