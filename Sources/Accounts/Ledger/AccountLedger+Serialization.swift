import SalesforceExports

/// Why bytes are no ledger.
package enum LedgerError: Error, Hashable, Sendable {
  /// They do not begin like a ledger of this version.
  case unknownVersion
  /// They end early, or name what is not there.
  case damaged
}

extension AccountLedger {
  private static let signature = Array("PSTL\u{1}".utf8)

  /// The ledger as bytes: the same for equal ledgers, whatever the order in which they grew.
  ///
  /// Numbers are varints; tables of accounts, shapes and addresses come first, in order, and entries
  /// refer to them by position.
  ///
  /// - Complexity: O(*n* log *n*) in the size of the ledger.
  package func serialized() -> [UInt8] {
    var writer = LedgerWriter(bytes: Self.signature)
    let accountOrder = accounts.indices.sorted { accounts[$0] < accounts[$1] }
    let shapeOrder = shapes.indices.sorted { shapes[$0] < shapes[$1] }
    let addressOrder = addresses.indices.sorted {
      addresses[$0].utf8.lexicographicallyPrecedes(addresses[$1].utf8)
    }
    writer.accountPositions = LedgerWriter.positions(accountOrder)
    writer.shapePositions = LedgerWriter.positions(shapeOrder)
    writer.addressPositions = LedgerWriter.positions(addressOrder)
    writer.put(accountOrder.count)
    for index in accountOrder {
      switch accounts[index] {
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
    writeUses(&writer)
    for index in accountOrder {
      let counts = index < apiMinutes.count ? apiMinutes[index].counts : []
      writer.put(counts.count)
      for (minute, count) in counts {
        writer.putSigned(minute)
        writer.put(count)
      }
    }
    writeLog(&writer)
    writer.put(joinedLogins.count)
    // Of two or more any two were kept, and only their number means something.
    if joinedLogins.count == 1, let login = joinedLogins.first { writer.put(login) }
    return writer.bytes
  }

  private func writeUses(_ writer: inout LedgerWriter) {
    func order<Value>(_ table: PairTable<Value>, _ second: [Int]) -> [Int] {
      let keys = (0..<table.count).map {
        (writer.accountPositions[Int(table.first($0))], second[Int(table.second($0))])
      }
      return (0..<table.count).sorted { keys[$0] < keys[$1] }
    }
    writer.put(shapeUses.count)
    for entry in order(shapeUses, writer.shapePositions) {
      writer.put(writer.accountPositions[Int(shapeUses.first(entry))])
      writer.put(writer.shapePositions[Int(shapeUses.second(entry))])
      writer.put(shapeUses.values[entry].count)
      writer.put(shapeUses.values[entry].first)
      writer.put(shapeUses.values[entry].last)
    }
    writer.put(addressUses.count)
    for entry in order(addressUses, writer.addressPositions) {
      writer.put(writer.accountPositions[Int(addressUses.first(entry))])
      writer.put(writer.addressPositions[Int(addressUses.second(entry))])
      writer.put(addressUses.values[entry].count)
      writer.putSigned(addressUses.values[entry].first.milliseconds)
      writer.putSigned(addressUses.values[entry].last.milliseconds)
      writer.put(addressUses.values[entry].apiSuccesses)
      for row in [
        addressUses.values[entry].firstAPISuccess, addressUses.values[entry].lastAPISuccess,
      ] {
        guard let row else { continue }
        writer.put(row.row)
        writer.put(writer.shapePositions[Int(row.shape)])
      }
    }
  }

  private func writeLog(_ writer: inout LedgerWriter) {
    var rows: [[UInt8]] = []
    for bucket in 0..<LoginLog.bucketCount {
      for login in log.rows(inBucket: bucket) {
        var row = LedgerWriter(bytes: [])
        row.addressPositions = writer.addressPositions
        row.put(writer.accountPositions[Int(login.account)])
        row.put(writer.shapePositions[Int(login.shape)])
        row.put(Int(login.standing.rawValue))
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
  package init(serialized bytes: [UInt8]) throws(LedgerError) {
    guard bytes.starts(with: Self.signature) else { throw .unknownVersion }
    self.init()
    var reader = LedgerReader(bytes: bytes, position: Self.signature.count)
    for _ in 0..<(try reader.count()) {
      let key: AccountKey =
        try reader.number() == 0 ? .id(try reader.id()) : .username(try reader.text())
      _ = account(key)
    }
    let accountCount = accounts.count
    for _ in 0..<(try reader.count()) { _ = code(of: try reader.shape()) }
    var addressCodes: [UInt32] = []
    for _ in 0..<(try reader.count()) { addressCodes.append(code(ofAddress: try reader.text())) }
    let shapeCount = shapes.count
    for _ in 0..<(try reader.count()) {
      let account = try reader.number(below: accountCount)
      let shape = try reader.number(below: shapeCount)
      let count = try reader.number()
      let first = try reader.row(addressCodes)
      let last = try reader.row(addressCodes)
      restoreShapeUse(account: account, shape: shape, count: count, first: first, last: last)
    }
    for _ in 0..<(try reader.count()) {
      let account = try reader.number(below: accountCount)
      let address = try reader.number(below: addressCodes.count)
      let count = try reader.number()
      let first = try reader.instant()
      var use = AddressUse(count: count, first: first, last: try reader.instant())
      use.apiSuccesses = try reader.number()
      if use.apiSuccesses > 0 {
        use.firstAPISuccess = ShapedRow(
          row: try reader.row(addressCodes), shape: UInt32(try reader.number(below: shapeCount)))
        use.lastAPISuccess = ShapedRow(
          row: try reader.row(addressCodes), shape: UInt32(try reader.number(below: shapeCount)))
      }
      restoreAddressUse(account: account, address: addressCodes[address], use)
    }
    for account in 0..<accountCount {
      for _ in 0..<(try reader.count()) {
        restoreMinute(account: account, minute: try reader.minute(), count: try reader.number())
      }
    }
    for _ in 0..<(try reader.count()) {
      let account = try reader.number(below: accountCount)
      let shape = try reader.number(below: shapeCount)
      guard let standing = LoggedLogin.Standing(rawValue: UInt8(try reader.number(below: 3)))
      else { throw .damaged }
      restoreLogged(
        LoggedLogin(
          account: UInt32(account), shape: UInt32(shape), row: try reader.row(addressCodes),
          standing: standing))
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
}
