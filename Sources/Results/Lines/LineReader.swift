import Platform
package import SalesforceExports

/// What is wrong with a line that should be a record.
package struct LineDefect: Error, Sendable, Equatable {
  /// What is wrong.
  package let detail: String
  /// Byte of the line, counted from 0.
  package let byteOffset: Int
}

/// Reads records from lines of JSON by bytes, straight into their members.
///
/// It accepts what ``LineWriter`` writes and nothing else: each member at its place, no blanks,
/// keys as the record codes them. So a line that passed through other hands is noticed, and
/// reading needs no tree of values. It is bounded: a line costs no more than its own length.
package struct LineReader: RecordCoder {
  /// Bytes of several lines.
  private let bytes: [UInt8]
  /// Where the line begins, and where it ends, its line feed left out.
  private let start: Int
  private let end: Int
  private var position: Int
  package let detail: RecordDetail
  /// What was wrong first.
  package private(set) var defect: LineDefect?

  /// The largest count that is believed.
  private static let countLimit = 1 << 42
  /// The sum of all counts of the line: what is summed of a line is not more.
  package private(set) var countSum = 0

  /// Prepares to read a line.
  ///
  /// - Parameters:
  ///   - range: Bytes of the line, without its line feed.
  ///   - detail: Members that are wanted.
  package init(_ bytes: [UInt8], _ range: Range<Int>, detail: RecordDetail = .all) {
    self.bytes = bytes
    start = range.lowerBound
    end = range.upperBound
    position = start
    self.detail = detail
  }

  package var hasFailed: Bool { defect != nil }

  /// Reads the whole line as a record.
  ///
  /// - Parameter body: Codes the members.
  package mutating func line(
    schema: String, _ body: (inout LineReader) -> Void
  ) throws(LineDefect) {
    expect("{\"schema\":\"")
    for byte in schema.utf8 { take(byte) }
    take(UInt8(ascii: "\""))
    body(&self)
    take(UInt8(ascii: "}"))
    if defect == nil, position != end { fail("more text after the record") }
    if let defect { throw defect }
  }

  // MARK: Bytes

  private var next: UInt8 { position < end ? bytes[position] : 0 }

  private mutating func fail(_ detail: String) {
    if defect == nil { defect = LineDefect(detail: detail, byteOffset: position - start) }
  }

  package mutating func fail(_ key: StaticString, _ expectation: String) {
    fail("\(key): \(expectation)")
  }

  private mutating func take(_ byte: UInt8) {
    guard defect == nil else { return }
    guard next == byte, position < end else {
      fail("'\(Character(UnicodeScalar(byte)))' is expected")
      return
    }
    position += 1
  }

  /// Takes a literal of this program.
  private mutating func expect(_ literal: StaticString) {
    guard defect == nil else { return }
    guard matches(literal) else {
      fail("\(literal) is expected")
      return
    }
    position += literal.utf8CodeUnitCount
  }

  private func matches(_ literal: StaticString, at offset: Int = 0) -> Bool {
    let length = literal.utf8CodeUnitCount
    guard position + offset + length <= end else { return false }
    for index in 0..<length
    where unsafe bytes[position + offset + index] != literal.utf8Start[index] {
      return false
    }
    return true
  }

  /// Whether a member with this key stands here.
  private func stands(_ key: StaticString) -> Bool {
    let comma = next == UInt8(ascii: ",") ? 1 : 0
    let length = key.utf8CodeUnitCount
    return position + comma + length + 3 <= end && bytes[position + comma] == UInt8(ascii: "\"")
      && matches(key, at: comma + 1)
      && bytes[position + comma + 1 + length] == UInt8(ascii: "\"")
  }

  private mutating func key(_ key: StaticString) {
    guard defect == nil else { return }
    // The first member of an object has no comma before it, and the schema is a member.
    if bytes[position - 1] != UInt8(ascii: "{") {
      guard next == UInt8(ascii: ",") else {
        fail(key, "is missing")
        return
      }
      position += 1
    }
    let length = key.utf8CodeUnitCount
    guard next == UInt8(ascii: "\""), matches(key, at: 1), position + length + 3 <= end,
      bytes[position + length + 1] == UInt8(ascii: "\""),
      bytes[position + length + 2] == UInt8(ascii: ":")
    else {
      fail(key, "is expected")
      return
    }
    position += length + 3
  }

  private mutating func takesNull() -> Bool {
    guard defect == nil, matches("null") else { return false }
    position += 4
    return true
  }

  // MARK: Values

  private mutating func text() -> String {
    take(UInt8(ascii: "\""))
    guard defect == nil else { return "" }
    let start = position
    var isASCII = true
    while position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 || byte == 0x7F {
        break
      }
      if byte >= 0x80 { isASCII = false }
      position += 1
    }
    guard next == UInt8(ascii: "\"") else { return escapedText(from: start) }
    position += 1
    let piece = bytes[start..<position - 1]
    if isASCII { return String(decoding: piece, as: UTF8.self) }
    guard let text = String(validating: piece, as: UTF8.self) else {
      fail("a string is not UTF-8")
      return ""
    }
    if text.unicodeScalars.contains(where: ByteText.isEscaped) {
      fail("a string is expected as it is written")
    }
    return text
  }

  private mutating func escapedText(from start: Int) -> String {
    var utf8 = Array(bytes[start..<position])
    while defect == nil, next != UInt8(ascii: "\"") {
      guard position < end, next >= 0x20 else {
        fail("the text ends inside a string")
        return ""
      }
      if next == UInt8(ascii: "\\") {
        position += 1
        utf8.append(contentsOf: UTF8.encode(escape()) ?? UTF8.EncodedScalar())
      } else {
        utf8.append(next)
        position += 1
      }
    }
    take(UInt8(ascii: "\""))
    guard let text = String(validating: utf8, as: UTF8.self) else {
      fail("a string is not UTF-8")
      return ""
    }
    var canonical = ByteText(capacity: position - start + 2)
    canonical.append(json: text)
    if defect == nil, !canonical.array.elementsEqual(bytes[start - 1..<position]) {
      fail("a string is expected as it is written")
    }
    return text
  }

  private mutating func escape() -> Unicode.Scalar {
    let byte = next
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var value: UInt32 = 0
      for _ in 0..<4 {
        guard let digit = Character(UnicodeScalar(next)).hexDigitValue else {
          fail("four hexadecimal digits are expected")
          return "?"
        }
        value = value << 4 | UInt32(digit)
        position += 1
      }
      guard let scalar = Unicode.Scalar(value) else {
        fail("half a character in a string")
        return "?"
      }
      return scalar
    default:
      fail("an unknown escape in a string")
      return "?"
    }
  }

  private mutating func natural() -> Int {
    guard defect == nil else { return 0 }
    let start = position
    var value = 0
    while position < end, bytes[position] &- 0x30 < 10, position - start < 15 {
      value = value * 10 + Int(bytes[position] - 0x30)
      position += 1
    }
    let hasSpareZero = position - start > 1 && bytes[start] == UInt8(ascii: "0")
    guard position > start, !hasSpareZero, value <= Self.countLimit else {
      position = start
      fail("a count is expected")
      return 0
    }
    // Of a line that is long enough the sum would overflow.
    countSum = min(countSum + value, 1 << 60)
    return value
  }

  /// Passes over a value of any type; its strings and brackets are followed.
  private mutating func pass() {
    guard defect == nil else { return }
    var depth = 0
    repeat {
      guard position < end else {
        fail("the text ends early")
        return
      }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        while position < end, bytes[position] != UInt8(ascii: "\"") {
          position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      case UInt8(ascii: ",") where depth == 0: return
      default:
        position += 1
        if depth == 0, next == UInt8(ascii: ",") || next == UInt8(ascii: "}") { return }
      }
    } while depth > 0 || (position < end && !isValueEnd)
  }

  private var isValueEnd: Bool {
    next == UInt8(ascii: ",") || next == UInt8(ascii: "}") || next == UInt8(ascii: "]")
  }

  // MARK: Members

  package mutating func string(_ key: StaticString, _ value: inout String) {
    self.key(key)
    value = text()
  }

  package mutating func string(_ key: StaticString, _ value: inout String?) {
    self.key(key)
    value = takesNull() ? nil : text()
  }

  package mutating func count(_ key: StaticString, _ value: inout Int) {
    self.key(key)
    value = natural()
  }

  package mutating func number(_ key: StaticString, _ value: inout Double) {
    self.key(key)
    value = decimal()
  }

  private mutating func decimal() -> Double {
    guard defect == nil else { return 0 }
    let start = position
    while position < end, !isValueEnd { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let number = Double(text), number.isFinite, text.utf8.first != UInt8(ascii: "+") else {
      fail("a number is expected")
      return 0
    }
    var canonical = ByteText(capacity: 32)
    canonical.append(number)
    guard canonical.array == Array(text.utf8) else {
      fail("a number is expected as it is written")
      return 0
    }
    return number
  }

  package mutating func bool(_ key: StaticString, _ value: inout Bool) {
    self.key(key)
    guard defect == nil else { return }
    if matches("true") {
      value = true
      position += 4
    } else if matches("false") {
      value = false
      position += 5
    } else {
      fail(key, "is not true or false")
    }
  }

  package mutating func bool(_ key: StaticString, _ value: inout Bool?) {
    self.key(key)
    guard defect == nil else { return }
    if takesNull() {
      value = nil
    } else if matches("true") {
      value = true
      position += 4
    } else if matches("false") {
      value = false
      position += 5
    } else {
      fail(key, "is not true, false or null")
    }
  }

  package mutating func instant(_ key: StaticString, _ value: inout Instant) {
    self.key(key)
    guard defect == nil else { return }
    guard let instant = takeInstant() else {
      fail(key, "is no time of the form YYYY-MM-DDTHH:MM:SS.mmmZ")
      return
    }
    value = instant
  }

  package mutating func instant(_ key: StaticString, _ value: inout Instant?) {
    self.key(key)
    guard defect == nil else { return }
    if takesNull() {
      value = nil
      return
    }
    guard let instant = takeInstant() else {
      fail(key, "is no time of the form YYYY-MM-DDTHH:MM:SS.mmmZ")
      return
    }
    value = instant
  }

  private mutating func takeInstant() -> Instant? {
    guard position + 26 <= end, next == UInt8(ascii: "\""),
      bytes[position + 25] == UInt8(ascii: "\""),
      let instant = Instant(resultBytes: bytes, at: position + 1)
    else { return nil }
    position += 26
    return instant
  }

  package mutating func strings(_ key: StaticString, _ value: inout [String]) {
    value = []
    array(key) { reader in value.append(reader.text()) }
  }

  package mutating func counts(_ key: StaticString, _ value: inout [Int]) {
    value = []
    array(key) { reader in value.append(reader.natural()) }
  }

  private mutating func array(_ key: StaticString, _ element: (inout LineReader) -> Void) {
    self.key(key)
    take(UInt8(ascii: "["))
    guard defect == nil else { return }
    if next == UInt8(ascii: "]") {
      position += 1
      return
    }
    while defect == nil {
      element(&self)
      guard next == UInt8(ascii: ",") else { break }
      position += 1
    }
    take(UInt8(ascii: "]"))
  }

  package mutating func counts(_ key: StaticString, _ value: inout NamedCounts) {
    value = NamedCounts()
    named(key) { reader, name in value.append(name, reader.natural()) }
  }

  package mutating func numbers(_ key: StaticString, _ value: inout [String: Double]) {
    value = [:]
    named(key) { reader, name in value[name] = reader.decimal() }
  }

  package mutating func instants(_ key: StaticString, _ value: inout [String: Instant]) {
    value = [:]
    named(key) { reader, name in
      guard let instant = reader.takeInstant() else {
        reader.fail("a time is expected")
        return
      }
      value[name] = instant
    }
  }

  /// Reads an object whose names come from data.
  private mutating func named(_ key: StaticString, _ read: (inout LineReader, String) -> Void) {
    self.key(key)
    take(UInt8(ascii: "{"))
    guard defect == nil else { return }
    if next == UInt8(ascii: "}") {
      position += 1
      return
    }
    var last: String?
    while defect == nil {
      let name = text()
      take(UInt8(ascii: ":"))
      guard defect == nil else { return }
      if let last, !last.precedes(name) {
        fail(key, "names are not in the order in which they were written")
      }
      last = name
      read(&self, name)
      guard next == UInt8(ascii: ",") else { break }
      position += 1
    }
    take(UInt8(ascii: "}"))
  }

  package mutating func object(_ key: StaticString, _ body: (inout LineReader) -> Void) {
    self.key(key)
    take(UInt8(ascii: "{"))
    guard defect == nil else { return }
    body(&self)
    take(UInt8(ascii: "}"))
  }

  package mutating func object<Value>(
    _ key: StaticString, _ value: inout Value?, blank: @autoclosure () -> Value,
    _ body: (inout LineReader, inout Value) -> Void
  ) {
    self.key(key)
    if takesNull() {
      value = nil
      return
    }
    take(UInt8(ascii: "{"))
    guard defect == nil else { return }
    var filled = blank()
    body(&self, &filled)
    take(UInt8(ascii: "}"))
    value = filled
  }

  package mutating func objects<Value>(
    _ key: StaticString, _ value: inout [Value], blank: @autoclosure () -> Value,
    _ body: (inout LineReader, inout Value) -> Void
  ) {
    var filled: [Value] = []
    array(key) { reader in
      reader.take(UInt8(ascii: "{"))
      guard reader.defect == nil else { return }
      var element = blank()
      body(&reader, &element)
      reader.take(UInt8(ascii: "}"))
      filled.append(element)
    }
    value = filled
  }

  package mutating func whenPresent(
    _ key: StaticString, _ isPresent: Bool, _ body: (inout LineReader) -> Void
  ) {
    if defect == nil, stands(key) { body(&self) }
  }

  package mutating func detail(
    _ key: StaticString, _ wanted: RecordDetail, _ body: (inout LineReader) -> Void
  ) {
    guard !detail.isSuperset(of: wanted) else { return body(&self) }
    self.key(key)
    pass()
  }
}

extension Instant {
  /// Reads the 24 bytes that results write for a time, and nothing else.
  package init?(resultBytes bytes: [UInt8], at start: Int) {
    guard start + 24 <= bytes.count else { return nil }
    func number(_ from: Int, _ count: Int) -> Int64? {
      var value: Int64 = 0
      for position in start + from..<start + from + count {
        let digit = bytes[position] &- 0x30
        guard digit < 10 else { return nil }
        value = value * 10 + Int64(digit)
      }
      return value
    }
    func stands(_ character: UInt8, _ at: Int) -> Bool { bytes[start + at] == character }
    guard stands(UInt8(ascii: "-"), 4), stands(UInt8(ascii: "-"), 7), stands(UInt8(ascii: "T"), 10),
      stands(UInt8(ascii: ":"), 13), stands(UInt8(ascii: ":"), 16), stands(UInt8(ascii: "."), 19),
      stands(UInt8(ascii: "Z"), 23), let year = number(0, 4), let month = number(5, 2),
      let dayOfMonth = number(8, 2), let hour = number(11, 2), let minute = number(14, 2),
      let second = number(17, 2), let fraction = number(20, 3), hour < 24, minute < 60, second < 60,
      let date = CivilDate(year: year, month: month, dayOfMonth: dayOfMonth)
    else { return nil }
    self.init(
      milliseconds: date.day * Self.dayMilliseconds + hour * 3_600_000 + minute * 60_000
        + second * 1_000 + fraction)
  }
}
