package import SalesforceExports

/// Text that grows at its end, as bytes: what outputs are written into.
///
/// It holds its own memory, so that a short append is a copy and a comparison and no more: most of
/// what results cost is appending.
@safe
package struct ByteText: ~Copyable {
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  /// Bytes written.
  package private(set) var count = 0

  /// Makes an empty text.
  package init(capacity: Int = 1 << 16) {
    unsafe memory = .allocate(byteCount: capacity, alignment: 16)
    self.capacity = capacity
  }

  deinit { unsafe memory.deallocate() }

  /// Forgets the text and keeps its memory.
  package mutating func removeAll() { count = 0 }

  /// Gives the bytes to `body`.
  package func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    unsafe try body(UnsafeRawBufferPointer(start: memory, count: count))
  }

  /// The byte at an offset.
  @inline(__always)
  package subscript(_ offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < count, "within the text")
    return unsafe memory.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// Takes back what was written behind `count` bytes.
  package mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count, "within the text")
    self.count = count
  }

  /// The bytes as a text.
  package var string: String { unsafe withBytes { unsafe String(decoding: $0, as: UTF8.self) } }

  /// The bytes as an array.
  package var array: [UInt8] { unsafe withBytes { unsafe Array($0) } }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = max(capacity * 2, count + more, 256)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    unsafe moved.copyMemory(from: memory, byteCount: count)
    unsafe memory.deallocate()
    unsafe memory = moved
    capacity = larger
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  /// Appends one byte.
  @inline(__always)
  package mutating func append(_ byte: UInt8) {
    reserve(1)
    unsafe memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// Appends a literal of this program.
  @inline(__always)
  package mutating func append(literal text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    unsafe (memory + count).copyMemory(from: text.utf8Start, byteCount: length)
    count += length
  }

  /// Appends bytes.
  package mutating func append(contentsOf bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      reserve(bytes.count)
      unsafe (memory + count).copyMemory(from: start, byteCount: bytes.count)
      count += bytes.count
    }
  }

  /// Appends some of a text's bytes.
  package mutating func append(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
    unsafe bytes.extracting(range).withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      reserve(bytes.count)
      unsafe put(UnsafeRawPointer(start), bytes.count)
    }
  }

  /// Appends another text.
  package mutating func append(contentsOf other: borrowing ByteText) {
    reserve(other.count)
    unsafe (memory + count).copyMemory(from: other.memory, byteCount: other.count)
    count += other.count
  }

  /// Appends a text as it is.
  package mutating func append(_ text: String) {
    unsafe text.utf8Span.span.withUnsafeBufferPointer { utf8 in
      guard let start = utf8.baseAddress else { return }
      reserve(utf8.count)
      unsafe put(UnsafeRawPointer(start), utf8.count)
    }
  }

  /// Appends a number in decimal digits.
  package mutating func append(decimal number: Int) {
    if (0..<10).contains(number) {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
      return
    }
    reserve(20)
    if number < 0 { append(UInt8(ascii: "-")) }
    // Nearly all are small, and a division by ten is a multiplication of 64 bits then.
    if number.magnitude < 10_000 {
      let small = UInt32(number.magnitude)
      return put(small, digits: small < 100 ? (small < 10 ? 1 : 2) : small < 1_000 ? 3 : 4)
    }
    var rest = number.magnitude
    var length = 0
    var probe = rest
    while probe > 0 {
      probe /= 10
      length += 1
    }
    for position in stride(from: count + length - 1, through: count, by: -1) {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      unsafe memory.storeBytes(
        of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit), toByteOffset: position,
        as: UInt8.self)
      rest = quotient
    }
    count += length
  }

  /// Appends numbers as a list of JSON.
  package mutating func append(list numbers: [Int]) {
    append(UInt8(ascii: "["))
    for position in numbers.indices {
      let number = numbers[position]
      reserve(8)
      if position > 0 { put(UInt8(ascii: ",")) }
      if (0..<10).contains(number) {
        put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
      } else {
        append(decimal: number)
      }
    }
    append(UInt8(ascii: "]"))
  }

  /// Appends a number, a whole one without a decimal point.
  package mutating func append(_ number: Double) {
    let isWhole = number == number.rounded() && abs(number) < 1e15
    if isWhole { append(decimal: Int(number)) } else { append(String(number)) }
  }

  /// Appends a text as a JSON string with its quotes.
  ///
  /// Quotes, backslashes and controls are escaped; so are the controls above ASCII and the line
  /// separators, which a terminal or a script could obey.
  package mutating func append(json text: String) {
    let isPlain = unsafe text.utf8Span.span.withUnsafeBufferPointer { utf8 -> Bool in
      reserve(utf8.count &+ 2)
      put(UInt8(ascii: "\""))
      if let start = utf8.baseAddress {
        guard unsafe putPlain(UnsafeRawPointer(start), utf8.count) else { return false }
      }
      put(UInt8(ascii: "\""))
      return true
    }
    if isPlain { return }
    appendEscaped(text)
    append(UInt8(ascii: "\""))
  }

  /// Appends the key of a member, between quotes and with its colon.
  ///
  /// - Parameter isFirst: Whether no comma stands before it.
  @inline(__always)
  package mutating func append(key: StaticString, isFirst: Bool) {
    let length = key.utf8CodeUnitCount
    reserve(length + 4)
    if !isFirst { put(UInt8(ascii: ",")) }
    put(UInt8(ascii: "\""))
    unsafe put(UnsafeRawPointer(key.utf8Start), length)
    put(UInt8(ascii: "\""))
    put(UInt8(ascii: ":"))
  }

  /// Writes bytes for which there is room.
  ///
  /// Most texts are short, and a call to copy them costs more than two stores that overlap.
  @inline(__always)
  private mutating func put(_ bytes: UnsafeRawPointer, _ length: Int) {
    if length > 16 {
      unsafe (memory + count).copyMemory(from: bytes, byteCount: length)
    } else {
      unsafe copyWords(bytes, length) { _ in }
    }
    count &+= length
  }

  /// Writes bytes for which there is room, where all are printable ASCII without quote and backslash.
  ///
  /// - Returns: Whether they are; if not, nothing is written.
  @inline(__always)
  private mutating func putPlain(_ bytes: UnsafeRawPointer, _ length: Int) -> Bool {
    var bad: UInt64 = 0
    unsafe copyWords(bytes, length) { bad |= Self.escaped($0) }
    if bad != 0 { return false }
    count &+= length
    return true
  }

  /// Copies bytes behind the text, for which there is room, in words of which the last may overlap the one before.
  ///
  /// - Parameter look: Is given all bytes as they are copied; blanks fill a word of fewer than four.
  @inline(__always)
  private func copyWords(_ bytes: UnsafeRawPointer, _ length: Int, _ look: (UInt64) -> Void) {
    let target = unsafe memory + count
    if length >= 8 {
      var position = 0
      while position &+ 8 < length {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        unsafe target.storeBytes(of: word, toByteOffset: position, as: UInt64.self)
        look(word)
        position &+= 8
      }
      let word = unsafe bytes.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
      unsafe target.storeBytes(of: word, toByteOffset: length &- 8, as: UInt64.self)
      look(word)
    } else if length >= 4 {
      let (first, last) = unsafe (
        bytes.loadUnaligned(as: UInt32.self),
        bytes.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
      )
      unsafe target.storeBytes(of: first, as: UInt32.self)
      unsafe target.storeBytes(of: last, toByteOffset: length &- 4, as: UInt32.self)
      look(UInt64(first) << 32 | UInt64(last))
    } else {
      var word: UInt64 = 0x2020_2020_2020_2020
      for position in 0..<length {
        let byte = unsafe bytes.load(fromByteOffset: position, as: UInt8.self)
        unsafe target.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
        word = word << 8 | UInt64(byte)
      }
      look(word)
    }
  }

  /// The top bits of bytes of a word that are no printable ASCII, or a quote or backslash; above such a byte
  /// others may have theirs.
  @inline(__always)
  private static func escaped(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    // The top bit of a byte is set where the byte is below `limit`, for bytes below 0x80.
    @inline(__always) func below(_ word: UInt64, _ limit: UInt64) -> UInt64 {
      (word &- ones &* limit) & ~word
    }
    let bad =
      word | below(word, 0x20) | below(word ^ (ones &* 0x22), 1) | below(word ^ (ones &* 0x5C), 1)
      | below(word ^ (ones &* 0x7F), 1)
    return bad & tops
  }

  /// Whether a character is written as its number: a control, or a line separator.
  static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
    default: false
    }
  }

  private mutating func appendEscaped(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: append(literal: "\\\"")
      case 0x5C: append(literal: "\\\\")
      case 0x0A: append(literal: "\\n")
      case 0x0D: append(literal: "\\r")
      case 0x09: append(literal: "\\t")
      case _ where Self.isEscaped(scalar):
        append(literal: "\\u")
        for shift in [12, 8, 4, 0] as [UInt32] {
          let digit = UInt8(truncatingIfNeeded: scalar.value >> shift & 15)
          append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
      default: append(String(Character(scalar)))
      }
    }
  }

  /// Whether all bytes are printable ASCII other than `"`, and whether a comma is among them.
  ///
  /// - Complexity: O(*n*), eight bytes at a time.
  package var plainness: (isPlain: Bool, hasComma: Bool) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // The top bit of a byte is set where the byte is below `limit`, for bytes below 0x80.
    @inline(__always) func below(_ word: UInt64, _ limit: UInt64) -> UInt64 {
      (word &- ones &* limit) & ~word
    }
    var (bad, commas): (UInt64, UInt64) = (0, 0)
    @inline(__always) func note(_ word: UInt64) {
      bad |=
        word | below(word, 0x20) | below(word ^ (ones &* 0x22), 1) | below(word ^ (ones &* 0x7F), 1)
      commas |= below(word ^ (ones &* 0x2C), 1)
    }
    var position = 0
    while position + 8 <= count {
      unsafe note(memory.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    while position < count {
      // A blank in each byte but the last, which is this one.
      let byte = unsafe memory.load(fromByteOffset: position, as: UInt8.self)
      note(0x2020_2020_2020_2000 | UInt64(byte))
      position += 1
    }
    let tops: UInt64 = 0x8080_8080_8080_8080
    return (bad & tops == 0, commas & tops != 0)
  }

  /// Appends bytes of this text once more.
  ///
  /// - Precondition: The range is within the text.
  package mutating func append(again range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "within the text")
    reserve(range.count)
    unsafe (memory + count).copyMemory(from: memory + range.lowerBound, byteCount: range.count)
    count += range.count
  }

  /// Appends a time in the form of results: `2026-08-01T09:30:00.000Z`.
  package mutating func append(_ instant: Instant) {
    let day = instant.day
    let date = CivilDate(day: day)
    guard (0...9_999).contains(date.year) else { return append(instant.text) }
    append(date)
    let time = UInt32(truncatingIfNeeded: instant.milliseconds - day * Instant.dayMilliseconds)
    reserve(14)
    put(UInt8(ascii: "T"))
    put(time / 3_600_000, digits: 2)
    put(UInt8(ascii: ":"))
    put(time / 60_000 % 60, digits: 2)
    put(UInt8(ascii: ":"))
    put(time / 1_000 % 60, digits: 2)
    put(UInt8(ascii: "."))
    put(time % 1_000, digits: 3)
    put(UInt8(ascii: "Z"))
  }

  /// Writes another byte in the place of one.
  package mutating func replace(_ offset: Int, by byte: UInt8) {
    precondition(offset >= 0 && offset < count, "within the text")
    unsafe memory.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
  }

  /// Appends a date: `2026-08-01`.
  package mutating func append(_ date: CivilDate) {
    guard (0...9_999).contains(date.year) else { return append(date.text) }
    reserve(10)
    put(UInt32(truncatingIfNeeded: date.year), digits: 4)
    put(UInt8(ascii: "-"))
    put(UInt32(truncatingIfNeeded: date.month), digits: 2)
    put(UInt8(ascii: "-"))
    put(UInt32(truncatingIfNeeded: date.dayOfMonth), digits: 2)
  }

  /// Writes a byte for which there is room.
  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    unsafe memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  /// Writes the last digits of a number, with zeros before it, for which there is room.
  ///
  /// Of 32 bits, since a division by ten is a multiplication of 64 then.
  @inline(__always)
  private mutating func put(_ number: UInt32, digits: Int) {
    var rest = number
    var position = digits
    while position > 0 {
      position &-= 1
      unsafe memory.storeBytes(
        of: UInt8(truncatingIfNeeded: 0x30 &+ rest % 10), toByteOffset: count &+ position,
        as: UInt8.self)
      rest /= 10
    }
    count &+= digits
  }
}
