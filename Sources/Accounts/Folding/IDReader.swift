import SalesforceExports

/// Reads ids of one column, whose first ten characters mostly repeat from row to row.
@safe
struct IDReader {
  private var prefix: UInt64 = 0
  private var prefixRest: UInt16 = 0
  private var high: UInt64 = .max
  private let codes = unsafe IDReader.codes

  /// The six-bit code of each byte; `0x80` for what is no letter or digit.
  // Written once, before anybody can read it, and never freed.
  nonisolated(unsafe) private static let codes: UnsafePointer<UInt8> = {
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

  /// Reads an id of 15 or 18 characters; `nil` when the bytes are none.
  ///
  /// The same as `SalesforceID.parse`, which it falls back to when the first characters change.
  @inline(__always)
  mutating func read(_ bytes: UnsafePointer<UInt8>, count: Int) -> SalesforceID? {
    guard count == 18 || count == 15 else { return nil }
    let raw = unsafe UnsafeRawPointer(bytes)
    let first = unsafe raw.loadUnaligned(as: UInt64.self)
    let rest = unsafe (raw + 8).loadUnaligned(as: UInt16.self)
    guard first == prefix, rest == prefixRest else {
      guard let id = unsafe SalesforceID.parse(bytes, count: count) else { return nil }
      prefix = first
      prefixRest = rest
      high = id.high
      return id
    }
    let codes = unsafe codes
    @inline(__always) func code(_ index: Int) -> UInt32 { unsafe UInt32(codes[Int(bytes[index])]) }
    let (a, b, c, d, e) = (code(10), code(11), code(12), code(13), code(14))
    var invalid = a | b | c | d | e
    if count == 18 { invalid |= code(15) | code(16) | code(17) }
    guard invalid & 0x80 == 0 else { return nil }
    return SalesforceID(high: high, low: a << 24 | b << 18 | c << 12 | d << 6 | e)
  }
}
