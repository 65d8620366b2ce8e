import Glibc

/// The bytes of one field as they stand in the file; a view that is valid as long as its block.
@safe
public struct FieldBytes: RandomAccessCollection {
  /// The first byte.
  public let start: UnsafePointer<UInt8>
  /// How many bytes there are.
  public let count: Int

  /// Makes a view of `count` bytes, which the caller keeps alive.
  @inlinable @inline(__always) public init(start: UnsafePointer<UInt8>, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// The first index.
  @inlinable public var startIndex: Int { 0 }
  /// The index behind the last.
  @inlinable public var endIndex: Int { count }

  /// The byte at `index`.
  @inlinable public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count, "byte index out of range")
    return unsafe start[index]
  }

  /// Lends the bytes to whoever asks for contiguous memory, such as `Array` and `String`.
  @inlinable public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try unsafe body(UnsafeBufferPointer(start: start, count: count))
  }

  /// Tells whether the field begins and ends with a quote.
  @inlinable public var isQuoted: Bool {
    count >= 2 && self[0] == ASCII.quote && self[count - 1] == ASCII.quote
  }

  /// The field without the quotes around it; itself if it has none.
  ///
  /// A doubled quote inside stays doubled; see ``hasDoubledQuotes`` and ``unescaped()``.
  @inlinable public var withoutQuotes: FieldBytes {
    isQuoted ? unsafe FieldBytes(start: start + 1, count: count - 2) : self
  }

  /// Tells whether the field is quoted and holds a doubled quote, so that its text differs from
  /// ``withoutQuotes``.
  ///
  /// - Complexity: O(`count`).
  public var hasDoubledQuotes: Bool {
    guard isQuoted else { return false }
    let inner = withoutQuotes
    if unsafe memchr(inner.start, Int32(ASCII.quote), inner.count) == nil { return false }
    var index = 1
    while index < inner.count {
      if inner[index] == ASCII.quote && inner[index - 1] == ASCII.quote { return true }
      index += 1
    }
    return false
  }

  /// The text of the field: without the quotes around it, doubled quotes made single.
  ///
  /// An unquoted field is its own text. So is, of a record with ``RecordDefect/brokenQuoting``, a
  /// field that only begins with a quote.
  ///
  /// - Complexity: O(`count`).
  public func unescaped() -> [UInt8] {
    let inner = withoutQuotes
    guard hasDoubledQuotes else { return [UInt8](inner) }
    var text: [UInt8] = []
    text.reserveCapacity(inner.count)
    var index = 0
    while index < inner.count {
      let byte = inner[index]
      text.append(byte)
      let isDoubled =
        byte == ASCII.quote && index + 1 < inner.count && inner[index + 1] == ASCII.quote
      index += isDoubled ? 2 : 1
    }
    return text
  }

  /// The text of the field; bytes that are not UTF-8 are taken as Windows-1252, of which Latin-1 is a
  /// part: files from before UTF-8 have no other.
  public var string: String {
    if hasDoubledQuotes {
      return unsafe unescaped().withUnsafeBufferPointer { unsafe Self.decode($0) }
    }
    let inner = withoutQuotes
    return unsafe Self.decode(UnsafeBufferPointer(start: inner.start, count: inner.count))
  }

  /// Whether ``string`` is a text whose bytes stand in the field as they are; of a field that is written otherwise
  /// (doubled quotes, no UTF-8) nothing is said.
  ///
  /// - Complexity: O(`count`).
  public func holds(_ text: String) -> Bool {
    withoutQuotes.hasBytes(of: text) && !hasDoubledQuotes
  }

  /// Whether these are the bytes of a text; of one whose bytes do not lie together nothing is said.
  ///
  /// - Complexity: O(`count`).
  public func hasBytes(of text: String) -> Bool {
    guard text.utf8.count == count else { return false }
    let isSame = unsafe text.utf8.withContiguousStorageIfAvailable { text in
      guard let one = text.baseAddress else { return true }
      return unsafe memcmp(one, start, count) == 0
    }
    return isSame == true
  }

  /// The text of bytes without quotes.
  private static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    // A text made of pointers takes the standard library's fast path, and what it repairs differs from
    // the bytes.
    let text = unsafe String(decoding: bytes, as: UTF8.self)
    let isWhole = unsafe text.utf8.withContiguousStorageIfAvailable { whole in
      guard whole.count == bytes.count else { return false }
      guard let one = whole.baseAddress, let other = bytes.baseAddress else { return true }
      return unsafe memcmp(one, other, whole.count) == 0
    }
    return isWhole == true ? text : unsafe Windows1252.decode([UInt8](bytes))
  }
}
