import Platform
package import SalesforceExports

/// A part of a ledger that can be written while others are: it depends on none of them.
package typealias LedgerSection = @Sendable (inout LedgerWriter) -> Void

/// Writes the parts of a ledger: numbers as varints, texts with their length.
///
/// Writing never fails; the sink stores an error and reports it at the end.
package struct LedgerWriter {
  /// Bytes after which ``spill()`` gives them away.
  package static let pieceByteCount = 1 << 19

  /// What was written and not given away yet.
  package private(set) var bytes: [UInt8] = []
  private let sink: (([UInt8]) -> Void)?

  /// Makes a writer.
  ///
  /// - Parameter sink: Takes the bytes piece by piece; without one they stay in ``bytes``.
  package init(sink: (([UInt8]) -> Void)? = nil) { self.sink = sink }

  /// Gives the bytes away when there are enough of them; to be called between entries.
  package mutating func spill() {
    if bytes.count >= Self.pieceByteCount { finish() }
  }

  /// Gives away what is left.
  package mutating func finish() {
    guard let sink, !bytes.isEmpty else { return }
    sink(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  package mutating func put(_ value: Int) { put(UInt64(bitPattern: Int64(value))) }

  package mutating func put(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  package mutating func put(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  package mutating func putSigned(_ value: Int64) {
    put(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  package mutating func put(_ time: Instant) { putSigned(time.milliseconds) }

  /// A time or none.
  package mutating func put(_ time: Instant?) {
    put(time != nil)
    if let time { put(time) }
  }

  package mutating func put(_ text: String) {
    put(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  /// A text or none.
  package mutating func put(_ text: String?) {
    put(text != nil)
    if let text { put(text) }
  }

  package mutating func put(_ texts: [String]) {
    put(texts.count)
    for text in texts { put(text) }
  }

  package mutating func put(_ id: SalesforceID) {
    put(id.high)
    put(UInt64(id.low))
  }

  /// An id as its difference to the one before it.
  mutating func put(_ id: SalesforceID, behind before: SalesforceID) {
    put(id.high ^ before.high)
    putSigned(Int64(id.low) - Int64(before.low))
  }

  package mutating func put(_ key: AccountKey) {
    switch key {
    case .id(let id):
      put(0)
      put(id)
    case .username(let name):
      put(1)
      put(name)
    }
  }

  /// A bitmap, as it lies in memory on little-endian machines.
  mutating func put(words: ArraySlice<UInt64>) {
    for word in words {
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
  }

  /// Two bytes, the lower one first.
  mutating func put(half value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value))
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
  }

  mutating func put(_ shape: LoginShape) {
    for text in [
      shape.type, shape.subType, shape.status, shape.application, shape.browser, shape.platform,
      shape.apiType, shape.apiVersion, shape.tls, shape.country, shape.methods, shape.context,
      shape.userType,
    ] { put(text) }
    for value in [
      shape.door.rawValue, shape.outcome.rawValue, shape.role.rawValue, shape.marks.rawValue,
    ] { put(Int(value)) }
  }
}

/// Gives the sections of a ledger to workers, which read them side by side.
package protocol LedgerSectionSource: Sendable {
  /// How many workers read.
  var threads: Int { get }
  /// How many sections were begun.
  var sectionCount: Int { get }
  /// Whether a section is left.
  var hasMore: Bool { get }

  /// Begins the next section.
  ///
  /// - Parameter bound: Sections from this number on are not begun.
  /// - Returns: Its number, and what gives its bytes, none at its end; it must be called until then. `nil` where
  ///   no section is left.
  func section(before bound: Int) -> (number: Int, source: () -> [UInt8])?
}

/// Reads the parts of a ledger; nothing in the bytes is trusted.
///
/// Lengths ask for no memory: entries are added one by one as their bytes come, so a false length
/// meets the end of the bytes first.
package struct LedgerReader {
  /// The longest text that a ledger holds.
  private static let textLimit = 1 << 26
  // Times, minutes and hours of the years 1 to 9999: no row lies beyond.
  private static let times = units(of: Instant.dayMilliseconds)
  private static let minutes = units(of: 1_440)
  private static let hours = units(of: 24)

  private static func units(of day: Int64) -> Range<Int64> {
    CivilDate.days.lowerBound * day..<(CivilDate.days.upperBound + 1) * day
  }

  /// Files that rows may lie in: those that the ledger lists, once they were read.
  package var fileCount = 1 << 24
  /// Rows that may still be counted: no sum of counts is more than what there was, so none overflows.
  private var rowsLeft = 1 << 42
  private var bytes: [UInt8]
  private var position = 0
  private let source: () -> [UInt8]
  private let sectioned: (any LedgerSectionSource)?

  /// Makes a reader.
  ///
  /// - Parameter source: Gives the next bytes; none at the end.
  package init(source: @escaping () -> [UInt8]) {
    bytes = []
    self.source = source
    sectioned = nil
  }

  /// Makes a reader of sections, which reads by ``section(_:)`` and ``sections(_:_:)`` alone.
  package init(sections file: any LedgerSectionSource) {
    bytes = []
    source = { [] }
    sectioned = file
  }

  init(bytes: [UInt8]) {
    self.bytes = bytes
    source = { [] }
    sectioned = nil
  }

  /// Whether all bytes were read.
  package mutating func isAtEnd() -> Bool { sectioned.map { !$0.hasMore } ?? !hasMore() }

  // MARK: Sections

  /// Reads the next section.
  ///
  /// - Throws: ``LedgerError`` of `body`, and where it leaves something of the section.
  package mutating func section<Value>(
    _ body: (inout LedgerReader) throws(LedgerError) -> Value
  ) throws(LedgerError) -> Value {
    guard let file = sectioned else { return try body(&self) }
    guard let section = file.section(before: file.sectionCount + 1) else { throw .damaged }
    let (result, left) = Self.read(
      section.source, fileCount: fileCount, rowsLeft: rowsLeft, body)
    rowsLeft = left
    return try result.get()
  }

  /// Reads the next sections, which depend on none of each other: side by side where the bytes say where they
  /// begin.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - body: Reads one; is given its number among them.
  /// - Throws: ``LedgerError`` of `body`, and where there are fewer sections or one has more than `body` reads.
  package mutating func sections(
    _ count: Int, _ body: @Sendable (Int, inout LedgerReader) throws(LedgerError) -> Void
  ) throws(LedgerError) {
    guard let file = sectioned else {
      for number in 0..<count { try body(number, &self) }
      return
    }
    let first = file.sectionCount
    let (fileCount, allRows) = (fileCount, rowsLeft)
    let state = Locked((rowsLeft: allRows, isDamaged: false))
    WorkerThreads.run(max(1, min(count, file.threads))) { _ in
      while !state.withLock({ $0.isDamaged }), let section = file.section(before: first + count) {
        let (result, left) = Self.read(
          section.source, fileCount: fileCount, rowsLeft: allRows
        ) { reader throws(LedgerError) in
          try body(section.number - first, &reader)
        }
        state.withLock { state in
          // None counts more rows than there may be; all of them together must not either.
          state.rowsLeft -= allRows - left
          if case .failure = result { state.isDamaged = true }
          if state.rowsLeft < 1 { state.isDamaged = true }
        }
      }
    }
    let ended = state.withLock { $0 }
    guard !ended.isDamaged, file.sectionCount == first + count else { throw .damaged }
    rowsLeft = ended.rowsLeft
  }

  /// Reads one section to its end.
  ///
  /// - Returns: What `body` gives, and how many rows may still be counted.
  private static func read<Value>(
    _ source: @escaping () -> [UInt8], fileCount: Int, rowsLeft: Int,
    _ body: (inout LedgerReader) throws(LedgerError) -> Value
  ) -> (result: Result<Value, LedgerError>, rowsLeft: Int) {
    var reader = LedgerReader(source: source)
    reader.fileCount = fileCount
    reader.rowsLeft = rowsLeft
    var result: Result<Value, LedgerError>
    do throws(LedgerError) {
      result = .success(try body(&reader))
      if reader.hasMore() { result = .failure(.damaged) }
    } catch {
      result = .failure(error)
    }
    // What is behind may be damaged, which says more.
    while !source().isEmpty {}
    return (result, reader.rowsLeft)
  }

  // MARK: Entries

  private mutating func hasMore() -> Bool {
    if position < bytes.count { return true }
    bytes = source()
    position = 0
    return !bytes.isEmpty
  }

  package mutating func byte() throws(LedgerError) -> UInt8 {
    guard hasMore() else { throw .damaged }
    defer { position += 1 }
    return bytes[position]
  }

  package mutating func unsigned() throws(LedgerError) -> UInt64 {
    if position < bytes.count, bytes[position] < 0x80 {
      position += 1
      return UInt64(bytes[position - 1])
    }
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let byte = try byte()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .damaged
  }

  package mutating func number() throws(LedgerError) -> Int {
    guard let value = Int(exactly: try unsigned()), value < 1 << 48 else { throw .damaged }
    return value
  }

  package mutating func number(below bound: Int) throws(LedgerError) -> Int {
    let value = try number()
    guard value < bound else { throw .damaged }
    return value
  }

  /// A number of entries; each takes a byte at least, so it asks for nothing by itself.
  package mutating func count() throws(LedgerError) -> Int { try number() }

  package mutating func flag() throws(LedgerError) -> Bool { try number(below: 2) == 1 }

  package mutating func signed() throws(LedgerError) -> Int64 {
    let value = try unsigned()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A number of rows.
  package mutating func rows() throws(LedgerError) -> Int {
    let count = try number(below: rowsLeft)
    rowsLeft -= count
    return count
  }

  /// The number of a file.
  package mutating func file() throws(LedgerError) -> UInt32 {
    UInt32(try number(below: min(fileCount, 1 << 24)))
  }

  /// A line of a file.
  package mutating func line() throws(LedgerError) -> UInt64 {
    UInt64(try number(below: 1 << 40))
  }

  /// A time of the years 1 to 9999.
  package mutating func instant() throws(LedgerError) -> Instant {
    Instant(milliseconds: try signed(within: Self.times))
  }

  /// The time of an entry whose distance from the one before it is read.
  mutating func instant(behind time: Int64) throws(LedgerError) -> Int64 {
    let time = time &+ (try signed())
    guard Self.times.contains(time) else { throw .damaged }
    return time
  }

  /// A time that is not before another.
  package mutating func instant(notBefore first: Instant) throws(LedgerError) -> Instant {
    let time = try instant()
    guard time >= first else { throw .damaged }
    return time
  }

  private mutating func signed(within range: Range<Int64>) throws(LedgerError) -> Int64 {
    let value = try signed()
    guard range.contains(value) else { throw .damaged }
    return value
  }

  /// A time or none.
  package mutating func optionalInstant() throws(LedgerError) -> Instant? {
    try flag() ? try instant() : nil
  }

  /// The minute of an entry, since 1970, whose distance from the one before it is read.
  mutating func minute(behind minute: Int64) throws(LedgerError) -> Int64 {
    let minute = minute &+ (try signed())
    guard Self.minutes.contains(minute) else { throw .damaged }
    return minute
  }

  /// An hour since 1970.
  mutating func hour() throws(LedgerError) -> Int64 { try signed(within: Self.hours) }

  /// A day since 1970.
  mutating func day() throws(LedgerError) -> Int64 { try signed(within: Self.units(of: 1)) }

  package mutating func text() throws(LedgerError) -> String {
    var count = try number(below: Self.textLimit)
    var content: [UInt8] = []
    while count > 0 {
      guard hasMore() else { throw .damaged }
      let step = min(count, bytes.count - position)
      content.append(contentsOf: bytes[position..<(position + step)])
      position += step
      count -= step
    }
    guard let text = String(validating: content, as: UTF8.self) else { throw .damaged }
    return text
  }

  /// A text or none.
  package mutating func optionalText() throws(LedgerError) -> String? {
    try flag() ? try text() : nil
  }

  package mutating func texts() throws(LedgerError) -> [String] {
    var result: [String] = []
    for _ in 0..<(try count()) { result.append(try text()) }
    return result
  }

  package mutating func id() throws(LedgerError) -> SalesforceID {
    let high = try unsigned()
    guard let low = UInt32(exactly: try unsigned()) else { throw .damaged }
    return try Self.checked(SalesforceID(high: high, low: low))
  }

  /// An id that was written as its difference to the one before it.
  mutating func id(behind before: SalesforceID) throws(LedgerError) -> SalesforceID {
    let high = before.high ^ (try unsigned())
    guard let low = UInt32(exactly: Int64(before.low) &+ (try signed())) else { throw .damaged }
    return try Self.checked(SalesforceID(high: high, low: low))
  }

  private static func checked(_ id: SalesforceID) throws(LedgerError) -> SalesforceID {
    guard id.isNone || id.isWellFormed else { throw .damaged }
    return id
  }

  package mutating func key() throws(LedgerError) -> AccountKey {
    guard try flag() else {
      let id = try id()
      // More than ten characters of six bits would be taken for the number of a username.
      guard !id.isNone else { throw .damaged }
      return .id(id)
    }
    return .username(try text())
  }

  mutating func word() throws(LedgerError) -> UInt64 {
    var word: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 8) { word |= UInt64(try byte()) << UInt64(shift) }
    return word
  }

  /// Two bytes, the lower one first.
  mutating func half() throws(LedgerError) -> UInt16 {
    let low = UInt16(try byte())
    return low | UInt16(try byte()) << 8
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
    shape.userType = try text()
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
