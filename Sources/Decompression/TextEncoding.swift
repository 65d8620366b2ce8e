/// How the text of a file is encoded.
package enum TextEncoding: String, Sendable {
  case utf8 = "UTF-8"
  /// Bytes that are no UTF-8: Windows-1252, of which Latin-1 is a part. Fields are decoded one by one.
  case windows1252 = "Windows-1252 (Latin-1)"
  case utf16LittleEndian = "UTF-16 (little-endian)"
  case utf16BigEndian = "UTF-16 (big-endian)"

  /// Tells the encoding from how a text begins.
  ///
  /// UTF-16 is told by its byte order mark or, as a header is mostly ASCII, by one NUL of two bytes;
  /// Windows-1252 by bytes that are no UTF-8, a character cut by the end left aside.
  ///
  /// - Complexity: O(*n*).
  package static func detect(_ bytes: [UInt8]) -> TextEncoding {
    if bytes.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    if bytes.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    if bytes.count >= 4 {
      let zeros = bytes.prefix(4).map { $0 == 0 }
      if zeros == [false, true, false, true] { return .utf16LittleEndian }
      if zeros == [true, false, true, false] { return .utf16BigEndian }
    }
    for cut in 0..<4 where cut < bytes.count {
      let text = bytes[..<(bytes.count - cut)]
      if String(validating: text, as: UTF8.self) != nil { return .utf8 }
      // Only a cut character may be left out: its bytes have the highest bit set.
      guard bytes[bytes.count - cut - 1] >= 0x80 else { break }
    }
    return bytes.isEmpty ? .utf8 : .windows1252
  }

  /// Makes UTF-8 of the stored text; `nil` where it is read as it is.
  package var decoder: UTF16Decoder? {
    switch self {
    case .utf8, .windows1252: nil
    case .utf16LittleEndian: UTF16Decoder(isBigEndian: false)
    case .utf16BigEndian: UTF16Decoder(isBigEndian: true)
    }
  }
}

/// Turns UTF-16 into UTF-8, portion by portion.
package final class UTF16Decoder {
  private let isBigEndian: Bool
  private var oddByte: UInt8?
  private var highSurrogate: UInt16?

  init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

  /// The UTF-8 of the next bytes; what is cut waits for those behind.
  ///
  /// A surrogate without its other half becomes U+FFFD.
  package func decode(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 2 + 4)
    // Out of the object while units are looked at, each of which would look into it.
    var pending = highSurrogate
    var place = 0
    if let first = oddByte, let second = bytes.first {
      add(unit(first, second), after: &pending, to: &result)
      oddByte = nil
      place = 1
    }
    while place + 1 < bytes.count {
      let unit = unit(bytes[place], bytes[place + 1])
      // Nearly all of an export is ASCII.
      if unit < 0x80, pending == nil {
        result.append(UInt8(truncatingIfNeeded: unit))
      } else {
        add(unit, after: &pending, to: &result)
      }
      place += 2
    }
    if place < bytes.count { oddByte = bytes[place] }
    highSurrogate = pending
    return result
  }

  @inline(__always)
  private func unit(_ first: UInt8, _ second: UInt8) -> UInt16 {
    isBigEndian ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first)
  }

  private func add(_ unit: UInt16, after pending: inout UInt16?, to result: inout [UInt8]) {
    if let high = pending {
      pending = nil
      if (0xDC00...0xDFFF).contains(unit) {
        append(0x10000 + UInt32(high - 0xD800) << 10 + UInt32(unit - 0xDC00), to: &result)
        return
      }
      append(0xFFFD, to: &result)
    }
    switch unit {
    case 0xD800...0xDBFF: pending = unit
    case 0xDC00...0xDFFF: append(0xFFFD, to: &result)
    default: append(UInt32(unit), to: &result)
    }
  }

  private func append(_ scalar: UInt32, to result: inout [UInt8]) {
    guard scalar >= 0x80 else {
      result.append(UInt8(scalar))
      return
    }
    result.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
  }
}
