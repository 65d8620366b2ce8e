import SalesforceExports

/// Writes the parts of a ledger.
struct LedgerWriter {
  var bytes: [UInt8]
  /// Position of each number in the order of the tables.
  var accountPositions: [Int] = []
  var shapePositions: [Int] = []
  var addressPositions: [Int] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  static func positions(_ order: [Int]) -> [Int] {
    var positions = [Int](repeating: 0, count: order.count)
    for (position, index) in order.enumerated() { positions[index] = position }
    return positions
  }

  mutating func put(_ value: Int) { put(UInt64(bitPattern: Int64(value))) }

  mutating func put(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  mutating func putSigned(_ value: Int64) {
    put(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  mutating func put(_ text: String) {
    put(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func put(_ id: SalesforceID) {
    put(id.high)
    put(UInt64(id.low))
  }

  mutating func put(_ row: RowReference) {
    putSigned(row.time.milliseconds)
    put(row.id)
    put(addressPositions[Int(row.address)])
    put(UInt64(row.file))
    put(row.line)
  }

  mutating func put(_ shape: LoginShape) {
    for text in [
      shape.type, shape.subType, shape.status, shape.application, shape.browser, shape.platform,
      shape.apiType, shape.apiVersion, shape.tls, shape.country, shape.methods, shape.context,
    ] { put(text) }
    for value in [
      shape.door.rawValue, shape.outcome.rawValue, shape.role.rawValue, shape.marks.rawValue,
    ] { put(Int(value)) }
  }
}

/// Reads the parts of a ledger; nothing in the bytes is trusted.
struct LedgerReader {
  let bytes: [UInt8]
  var position: Int

  mutating func unsigned() throws(LedgerError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .damaged
  }

  mutating func number() throws(LedgerError) -> Int {
    guard let value = Int(exactly: try unsigned()), value < 1 << 48 else { throw .damaged }
    return value
  }

  mutating func number(below bound: Int) throws(LedgerError) -> Int {
    let value = try number()
    guard value < bound else { throw .damaged }
    return value
  }

  /// A number of entries, each of which takes a byte at least.
  mutating func count() throws(LedgerError) -> Int {
    try number(below: bytes.count - position + 1)
  }

  mutating func signed() throws(LedgerError) -> Int64 {
    let value = try unsigned()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A time; there is no login beyond the years 1 to 9999, whose days would overflow elsewhere.
  mutating func instant() throws(LedgerError) -> Instant {
    let time = try signed()
    guard time > -(1 << 48), time < 1 << 48 else { throw .damaged }
    return Instant(milliseconds: time)
  }

  /// A minute since 1970 within the same bounds.
  mutating func minute() throws(LedgerError) -> Int64 {
    let minute = try signed()
    guard minute > -(1 << 33), minute < 1 << 33 else { throw .damaged }
    return minute
  }

  mutating func text() throws(LedgerError) -> String {
    let count = try count()
    guard position + count <= bytes.count,
      let text = String(validating: bytes[position..<(position + count)], as: UTF8.self)
    else { throw .damaged }
    position += count
    return text
  }

  mutating func id() throws(LedgerError) -> SalesforceID {
    let high = try unsigned()
    guard let low = UInt32(exactly: try unsigned()) else { throw .damaged }
    return SalesforceID(high: high, low: low)
  }

  mutating func row(_ addresses: [UInt32]) throws(LedgerError) -> RowReference {
    let time = try instant()
    let id = try id()
    let address = addresses[try number(below: addresses.count)]
    let file = UInt32(try number(below: 1 << 24))
    return RowReference(
      time: time, id: id, address: address, file: file,
      line: UInt64(try number(below: 1 << 40)))
  }

  mutating func shape() throws(LedgerError) -> LoginShape {
    var shape = LoginShape()
    shape.type = try text()
    shape.subType = try text()
    shape.status = try text()
    shape.application = try text()
    shape.browser = try text()
    shape.platform = try text()
    shape.apiType = try text()
    shape.apiVersion = try text()
    shape.tls = try text()
    shape.country = try text()
    shape.methods = try text()
    shape.context = try text()
    guard let door = LoginDoor(rawValue: UInt8(try number(below: 256))),
      let outcome = LoginOutcome(rawValue: UInt8(try number(below: 256))),
      let role = LoginTypeRole(rawValue: UInt8(try number(below: 256)))
    else { throw .damaged }
    shape.door = door
    shape.outcome = outcome
    shape.role = role
    shape.marks = LoginShape.Marks(rawValue: UInt8(try number(below: 256)))
    return shape
  }
}
