public import Delimited

/// Reads ids of one column, whose first ten characters mostly repeat from row to row.
@safe
public struct IDReader {
  @usableFromInline var prefix: UInt64 = 0
  @usableFromInline var prefixRest: UInt16 = 0
  @usableFromInline var high: UInt64 = .max
  /// First two check characters of an 18-character id with this prefix.
  @usableFromInline var checks: UInt16 = 0
  @usableFromInline let codes = unsafe IDReader.codes
  private let readsLogins: Bool

  /// Makes a reader that has seen no id.
  ///
  /// - Parameter ofLogins: Whether the column names logins: an id whose letters lost their case is none.
  public init(ofLogins: Bool = false) { readsLogins = ofLogins }

  /// The six-bit code of each byte; `0x80` for what is no letter or digit.
  // Written once, before anybody can read it, and never freed.
  nonisolated(unsafe) static let codes: UnsafePointer<UInt8> = {
    let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    for byte in 0..<256 {
      let value: Int =
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x5A: byte - 0x41 + 10
        case 0x61...0x7A: byte - 0x61 + 36
        default: 0x80
        }
      unsafe (table + byte).initialize(to: UInt8(value))
    }
    return unsafe UnsafePointer(table)
  }()

  /// Reads an id of 15 or 18 characters; `nil` when the field holds none.
  ///
  /// The same as ``SalesforceID/parse(_:)``, which it falls back to when the first characters change.
  ///
  /// - Parameter field: The field without quotes.
  @inlinable @inline(__always)
  public mutating func read(_ field: FieldBytes) -> SalesforceID? {
    let count = field.count
    guard count == 18 || count == 15 else { return nil }
    let bytes = unsafe field.start
    let raw = unsafe UnsafeRawPointer(bytes)
    let first = unsafe raw.loadUnaligned(as: UInt64.self)
    let rest = unsafe (raw + 8).loadUnaligned(as: UInt16.self)
    guard first == prefix, rest == prefixRest else { return unsafe readPrefix(bytes, count: count) }
    let codes = unsafe codes
    @inline(__always) func code(_ index: Int) -> UInt32 { unsafe UInt32(codes[Int(bytes[index])]) }
    let (a, b, c, d, e) = (code(10), code(11), code(12), code(13), code(14))
    guard (a | b | c | d | e) & 0x80 == 0 else { return nil }
    if count == 18 {
      // The eight last characters: five of the id, and three that tell which letters are capitals.
      let tail = unsafe (raw + 10).loadUnaligned(as: UInt64.self)
      // A capital has bit 6 and not bit 5; the multiplication brings five such bits side by side.
      let capitals = tail & ~(tail << 1) & 0x40_4040_4040
      let bits = UInt8(truncatingIfNeeded: ((capitals >> 6) &* 0x1020_4081) >> 28) & 31
      let check = bits < 26 ? 0x41 &+ bits : 0x30 &+ bits &- 26
      guard UInt8(truncatingIfNeeded: tail >> 56) == check,
        UInt16(truncatingIfNeeded: tail >> 40) == checks
      else { return nil }
    }
    return SalesforceID(high: high, low: a << 24 | b << 18 | c << 12 | d << 6 | e)
  }

  @inline(never)
  @usableFromInline
  mutating func readPrefix(_ bytes: UnsafePointer<UInt8>, count: Int) -> SalesforceID? {
    guard let id = unsafe SalesforceID.parse(bytes, count: count) else { return nil }
    // Asked of each beginning once, which is never kept then.
    if readsLogins, id.isLoginWithoutCase { return nil }
    // Zeros are the id of nothing where zeros follow, which the common way does not look at.
    guard id.high != 0 else { return id }
    let raw = unsafe UnsafeRawPointer(bytes)
    prefix = unsafe raw.loadUnaligned(as: UInt64.self)
    prefixRest = unsafe (raw + 8).loadUnaligned(as: UInt16.self)
    high = id.high
    let text = id.text18.utf8.suffix(3)
    checks = text.prefix(2).reversed().reduce(0) { $0 << 8 | UInt16($1) }
    return id
  }
}
