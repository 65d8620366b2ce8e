public import Delimited

/// A Salesforce record Id, held as its 15 case-sensitive characters in 96 bits.
///
/// The 18-character form adds a checksum for case-insensitive systems; both forms name the same
/// record, so only the first 15 characters are kept and compared (docs/salesforce.md#ids). Each
/// character takes six bits in ASCII order, so comparing two values compares their texts.
public struct SalesforceID: Hashable, Sendable, Comparable, BitwiseCopyable {
  /// Characters 1...10, six bits each, the first character highest.
  public let high: UInt64
  /// Characters 11...15, six bits each.
  public let low: UInt32

  /// Makes an id from its packed halves.
  @inlinable @inline(__always)
  public init(high: UInt64, low: UInt32) {
    self.high = high
    self.low = low
  }

  /// The value that stands for "no id"; no text parses to it, since it would be fifteen `0`.
  @inlinable @inline(__always)
  public static var none: SalesforceID { SalesforceID(high: .max, low: .max) }

  /// Orders ids as their 15-character texts order by bytes.
  @inlinable @inline(__always)
  public static func < (left: SalesforceID, right: SalesforceID) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// Compares ids. (Written out, like the comparisons of ``Instant``: what the compiler derives is
  /// called through a table from other modules.)
  @inlinable @inline(__always)
  public static func == (left: SalesforceID, right: SalesforceID) -> Bool {
    left.high == right.high && left.low == right.low
  }

  /// Reads an id of 15 or 18 letters and digits, of the latter with the check characters that belong to
  /// it.
  ///
  /// - Returns: `nil` when the text is not an id, and for the id of nothing, which is all zeros.
  public init?(_ text: String) {
    var text = text
    let parsed = text.withUTF8 { bytes in
      unsafe bytes.baseAddress.flatMap { unsafe SalesforceID.parse($0, count: bytes.count) }
    }
    guard let parsed else { return nil }
    self = parsed
  }

  /// Reads an id of 15 or 18 letters and digits.
  ///
  /// - Parameter field: The field without quotes.
  /// - Returns: `nil` when the field holds no id.
  @inlinable
  public static func parse(_ field: FieldBytes) -> SalesforceID? {
    unsafe parse(field.start, count: field.count)
  }

  /// Reads an id of 15 or 18 letters and digits at `bytes`.
  ///
  /// The last three characters of an 18-character id tell which of the others are capitals; an id that
  /// they contradict is none: its case was lost, or it is another record's. ``reading(_:)`` tells which.
  ///
  /// - Parameters:
  ///   - bytes: The first character; `count` bytes are readable.
  ///   - count: Length of the text in bytes.
  /// - Returns: `nil` when the text is not an id, and for the id of nothing, which is all zeros.
  @inlinable
  static func parse(_ bytes: UnsafePointer<UInt8>, count: Int) -> SalesforceID? {
    guard count == 18 || count == 15 else { return nil }
    var high: UInt64 = 0
    var low: UInt32 = 0
    var invalid: UInt8 = 0
    // Ten characters go to `high`, five to `low`; the loop bounds are constants.
    var index = 0
    while index < 10 {
      let code = unsafe SalesforceID.code(bytes[index])
      invalid |= code
      high = high << 6 | UInt64(code & 63)
      index += 1
    }
    while index < 15 {
      let code = unsafe SalesforceID.code(bytes[index])
      invalid |= code
      low = low << 6 | UInt32(code & 63)
      index += 1
    }
    guard invalid & 0x80 == 0, high != 0 || low != 0 else { return nil }
    if count == 18 {
      for chunk in 0..<3 where unsafe bytes[15 + chunk] != checkCharacter(bytes + 5 * chunk) {
        return nil
      }
    }
    return SalesforceID(high: high, low: low)
  }

  /// The check character of five characters: a number in base 32 with a bit for each capital.
  @inlinable
  static func checkCharacter(_ bytes: UnsafePointer<UInt8>) -> UInt8 {
    var bits: UInt8 = 0
    var index = 0
    while index < 5 {
      if unsafe bytes[index] &- 0x41 < 26 { bits |= 1 << UInt8(index) }
      index += 1
    }
    return bits < 26 ? 0x41 + bits : 0x30 + bits - 26
  }

  /// What one field of ids holds.
  public enum Reading: Sendable, Hashable {
    /// An id as Salesforce writes it.
    case id(SalesforceID)
    /// An id whose letters had lost their case, restored by its check characters.
    case restored(SalesforceID)
    /// No id: a blank, a word for nothing, or zeros.
    case none
    /// Something else, or an id that its own check characters contradict.
    case unreadable

    /// The id; `nil` where there is none.
    public var id: SalesforceID? {
      switch self {
      case .id(let id), .restored(let id): id
      case .none, .unreadable: nil
      }
    }
  }

  /// Reads a field that the common form does not fit.
  ///
  /// - Parameters:
  ///   - field: The field's text, with whatever a spreadsheet put around it.
  ///   - isLogin: Whether it names a login, so that an id of 15 characters tells that its case was lost.
  public static func reading(_ field: String, ofLogin isLogin: Bool = false) -> Reading {
    if field.isEmpty { return .none }
    let text = field.withoutGuard
    if let id = SalesforceID(text) {
      return isLogin && id.isLoginWithoutCase ? .unreadable : .id(id)
    }
    if MissingValue.isMissing(text) { return .none }
    let bytes = Array(text.utf8)
    guard bytes.count == 15 || bytes.count == 18 else { return .unreadable }
    if bytes[..<15].allSatisfy({ $0 == 0x30 }) { return .none }
    return restored(bytes).map { .restored($0) } ?? .unreadable
  }

  /// Whether a text has the length and the characters of an id, be it one or not.
  public static func hasForm(_ text: String) -> Bool {
    let bytes = text.utf8
    return (bytes.count == 15 || bytes.count == 18) && bytes.allSatisfy { code($0) != 0x80 }
  }

  /// Whether an id is that of a login whose letters lost their case.
  ///
  /// It begins with `0ya` or `0YA` in the place of `0Ya` (docs/salesforce.md#ids); what stood behind
  /// cannot be known.
  @inlinable
  public var isLoginWithoutCase: Bool {
    let prefix = high >> 42
    return prefix == Self.loginPrefixes.0 || prefix == Self.loginPrefixes.1
  }

  /// `0ya` and `0YA`, six bits a character.
  @usableFromInline
  static let loginPrefixes: (UInt64, UInt64) = (60 << 6 | 36, 34 << 6 | 10)

  /// The id with small letters alone, to compare where the case was lost.
  public var withoutCase: SalesforceID {
    func small(_ packed: UInt64, _ count: Int) -> UInt64 {
      var result: UInt64 = 0
      for shift in stride(from: 6 * (count - 1), through: 0, by: -6) {
        let code = packed >> UInt64(shift) & 63
        result = result << 6 | (code >= 10 && code < 36 ? code + 26 : code)
      }
      return result
    }
    return SalesforceID(
      high: small(high, 10), low: UInt32(truncatingIfNeeded: small(UInt64(low), 5)))
  }

  /// The id of 18 characters that are all in small letters, or all in capitals.
  private static func restored(_ bytes: [UInt8]) -> SalesforceID? {
    guard bytes.count == 18 else { return nil }
    func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    let letters = bytes[..<15].filter(isLetter)
    let hasOneCase = letters.allSatisfy { $0 >= 0x61 } || letters.allSatisfy { $0 < 0x61 }
    var result = bytes
    for chunk in 0..<3 {
      var bits: UInt8
      switch bytes[15 + chunk] {
      case let byte where isLetter(byte): bits = (byte & 0xDF) - 0x41
      case 0x30...0x35: bits = bytes[15 + chunk] - 0x30 + 26
      default: return nil
      }
      for index in (5 * chunk)..<(5 * chunk + 5) {
        let isCapital = bits & 1 == 1
        bits >>= 1
        guard isLetter(bytes[index]) else {
          if isCapital { return nil }
          continue
        }
        result[index] = isCapital ? bytes[index] & 0xDF : bytes[index] | 0x20
      }
    }
    // Where both cases stand, the letters were not lost: they must be what the check characters say.
    guard hasOneCase || Array(bytes[..<15]) == Array(result[..<15]) else { return nil }
    return SalesforceID(String(decoding: result[..<15], as: UTF8.self))
  }

  /// Six-bit code of one character, or `0x80` when it is no letter or digit.
  @inlinable @inline(__always)
  static func code(_ byte: UInt8) -> UInt8 {
    // Branches on three ranges; ids of one export share most characters, so they predict well.
    if byte &- 0x30 < 10 { return byte &- 0x30 }
    if byte &- 0x41 < 26 { return byte &- 0x41 &+ 10 }
    if byte &- 0x61 < 26 { return byte &- 0x61 &+ 36 }
    return 0x80
  }

  /// The 15 characters.
  public var characters: [UInt8] {
    var result = [UInt8](repeating: 0, count: 15)
    for index in 0..<15 { result[index] = character(at: index) }
    return result
  }

  /// One of the 15 characters.
  @inline(__always)
  private func character(at index: Int) -> UInt8 {
    Self.character(
      index < 10
        ? UInt8(truncatingIfNeeded: high >> UInt64(54 - 6 * index) & 63)
        : UInt8(truncatingIfNeeded: low >> UInt32(84 - 6 * index) & 63))
  }

  @inline(__always)
  private static func character(_ code: UInt8) -> UInt8 {
    code &+ 0x30 &+ (code > 9 ? 7 : 0) &+ (code > 35 ? 6 : 0)
  }

  /// The 15-character text.
  public var text15: String {
    unsafe String(unsafeUninitializedCapacity: 15) { text in
      var rest = high << 4
      for index in 0..<10 {
        unsafe text[index] = Self.character(UInt8(truncatingIfNeeded: rest >> 58))
        rest <<= 6
      }
      rest = UInt64(low) << 34
      for index in 10..<15 {
        unsafe text[index] = Self.character(UInt8(truncatingIfNeeded: rest >> 58))
        rest <<= 6
      }
      return 15
    }
  }

  /// The 18-character text: each checksum character encodes which of five letters are capitals.
  public var text18: String {
    unsafe String(unsafeUninitializedCapacity: 18) { text in
      for chunk in 0..<3 {
        var capitals: UInt8 = 0
        // Five codes of six bits, the first on top.
        var rest = chunk == 0 ? high << 4 : chunk == 1 ? high << 34 : UInt64(low) << 34
        for index in 0..<5 {
          let byte = Self.character(UInt8(truncatingIfNeeded: rest >> 58))
          rest <<= 6
          unsafe text[chunk * 5 + index] = byte
          capitals |= (byte &- 0x41 < 26 ? 1 : 0) &<< UInt8(truncatingIfNeeded: index)
        }
        unsafe text[15 + chunk] = capitals < 26 ? 0x41 + capitals : 0x30 + capitals - 26
      }
      return 18
    }
  }

  /// Makes what stands for an Id of another form than Salesforce's.
  ///
  /// It is no id (``isNone``), but equal texts give equal values, so that copies of a row are told as
  /// such; two texts share a value by chance once in 2⁹¹ pairs.
  ///
  /// - Parameter text: The Id, without blanks around it.
  public init(ofAnotherForm text: String) {
    // Two of FNV-1a, the second with another start: the value must not depend on the process.
    var first: UInt64 = 0xCBF2_9CE4_8422_2325
    var second: UInt64 = 0x9E37_79B9_7F4A_7C15
    for byte in text.utf8 {
      first = (first ^ UInt64(byte)) &* 0x100_0000_01B3
      second = (second ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    high = 0xF << 60 | first >> 4
    // Never that of no id.
    low = UInt32(truncatingIfNeeded: second >> 33)
  }

  /// Whether both halves hold letters and digits alone, as those of every text that was read do.
  ///
  /// Others, which only a file that was made up has, show a text that is no id, or that of another value.
  public var isWellFormed: Bool {
    // Of the 64 values of six bits the last two, whose upper five are set, are no character.
    let high = self.high
    let low = UInt64(self.low)
    let upper = high & high << 1 & high << 2 & high << 3 & high << 4
    let lower = low & low << 1 & low << 2 & low << 3 & low << 4
    // The highest bit of each character.
    let mask: UInt64 = 0o40_40_40_40_40_40_40_40_40_40
    return high >> 60 == 0 && low >> 30 == 0 && (upper | lower) & mask == 0
  }

  /// Whether this value is no id: an id has sixty bits in its upper half.
  @inlinable @inline(__always)
  public var isNone: Bool { high >> 60 != 0 }
}
