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
    // A unit takes three bytes at most; one more may wait from before, and half of a pair.
    let capacity = 3 * (bytes.count / 2 + 2)
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { result, count in
      unsafe bytes.withUnsafeBytes { bytes in
        var place = 0
        if let first = oddByte, let second = unsafe bytes.first {
          unsafe add(unit(first, second), to: result, &count)
          oddByte = nil
          place = 1
        }
        while place + 1 < bytes.count {
          if unsafe addWords(bytes, &place, to: result, &count) { continue }
          unsafe add(unit(bytes[place], bytes[place + 1]), to: result, &count)
          place += 2
        }
        if place < bytes.count { oddByte = unsafe bytes[place] }
      }
    }
  }

  /// Adds the units from a place on, four at a time, as long as they are ASCII, as nearly all of an export is.
  ///
  /// - Returns: Whether there were any.
  private func addWords(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int,
    to result: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
  ) -> Bool {
    guard highSurrogate == nil, let room = result.baseAddress else { return false }
    let start = place
    // The first byte of a unit in its lowest bits, on every machine.
    let others: UInt64 = isBigEndian ? 0x80FF_80FF_80FF_80FF : 0xFF80_FF80_FF80_FF80
    let shift: UInt64 = isBigEndian ? 8 : 0
    while place + 8 <= bytes.count {
      let word = unsafe UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      if word & others != 0 { break }
      let units = word >> shift
      let pairs = (units | units >> 8) & 0x0000_FFFF_0000_FFFF
      let text = UInt32(truncatingIfNeeded: pairs | pairs >> 16)
      unsafe UnsafeMutableRawPointer(room + count).storeBytes(
        of: text.littleEndian, as: UInt32.self)
      count += 4
      place += 8
    }
    return place > start
  }

  private func unit(_ first: UInt8, _ second: UInt8) -> UInt16 {
    isBigEndian ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first)
  }

  private func add(
    _ unit: UInt16, to result: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
  ) {
    func append(_ value: UInt32) {
      let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        unsafe result.initializeElement(at: count, to: byte)
        count += 1
      }
    }
    if let high = highSurrogate {
      highSurrogate = nil
      if (0xDC00...0xDFFF).contains(unit) {
        append(0x10000 + UInt32(high - 0xD800) << 10 + UInt32(unit - 0xDC00))
        return
      }
      append(0xFFFD)
    }
    switch unit {
    case 0xD800...0xDBFF: highSurrogate = unit
    case 0xDC00...0xDFFF: append(0xFFFD)
    default: append(UInt32(unit))
    }
  }
}
