public import Delimited

/// Reads `2026-08-01T12:34:56.789Z` and `….789+0000`, the form of nearly all exports, eight bytes at
/// a time; the date is looked up in the row before.
public struct FixedTimeReader {
  @usableFromInline var dateText: UInt64 = 0
  @usableFromInline var dateEnd: UInt32 = 0
  @usableFromInline var dateStart: Int64 = 0

  /// Makes a reader that has seen no date.
  public init() {}

  /// The time that a field holds; `nil` when it has another form or is no time.
  ///
  /// - Parameter field: A field of a ``RecordBlock`` without quotes.
  @inlinable @inline(__always)
  public mutating func read(_ field: FieldBytes) -> Instant? {
    let count = field.count
    let bytes = unsafe field.start
    let raw = unsafe UnsafeRawPointer(bytes)
    if count == 24 {
      guard unsafe bytes[23] == 0x5A else { return nil }
    } else {
      guard count == 28, unsafe (raw + 23).loadUnaligned(as: UInt32.self) == 0x3030_302B,
        unsafe bytes[27] == 0x30
      else { return nil }
    }
    // `HH:MM:SS` less `00:00:00`, the first byte lowest: digits are below 10, colons 0.
    let clock = unsafe (raw + 11).loadUnaligned(as: UInt64.self) ^ 0x3030_3A30_303A_3030
    let fraction = unsafe (raw + 19).loadUnaligned(as: UInt32.self) ^ 0x3030_302E
    let wrongDigits = (clock &+ 0x0606_0606_0606_0606 | clock) & 0xF0F0_F0F0_F0F0_F0F0
    let wrongColons = clock & 0x0000_FF00_00FF_0000
    let wrongFraction: UInt32 =
      (fraction &+ 0x0606_0606 | fraction) & 0xF0F0_F0F0 | fraction & 0xFF
    guard wrongDigits | wrongColons == 0, wrongFraction == 0 else { return nil }
    @inline(__always) func digit(_ shift: UInt64) -> Int64 {
      Int64(truncatingIfNeeded: clock >> shift & 15)
    }
    let hour = digit(0) * 10 + digit(8)
    let minute = digit(24) * 10 + digit(32)
    let second = digit(48) * 10 + digit(56)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let hundreds: UInt32 = fraction >> 8 & 15
    let tens: UInt32 = fraction >> 16 & 15
    let milliseconds = Int64(hundreds * 100 + tens * 10 + (fraction >> 24))
    // `YYYY-MM-` and `-DDT` (they share a byte).
    let text = unsafe raw.loadUnaligned(as: UInt64.self)
    let end = unsafe (raw + 7).loadUnaligned(as: UInt32.self)
    if text != dateText || end != dateEnd {
      guard unsafe readDate(bytes) else { return nil }
      dateText = text
      dateEnd = end
    }
    let seconds: Int64 = hour * 3_600 + minute * 60 + second
    return Instant(milliseconds: dateStart + seconds * 1_000 + milliseconds)
  }

  @usableFromInline mutating func readDate(_ bytes: UnsafePointer<UInt8>) -> Bool {
    func number(_ start: Int, _ count: Int) -> Int64? {
      var value: Int64 = 0
      for index in start..<(start + count) {
        let digit = unsafe bytes[index] &- 0x30
        guard digit < 10 else { return nil }
        value = value * 10 + Int64(digit)
      }
      return value
    }
    guard unsafe bytes[4] == 0x2D && bytes[7] == 0x2D && bytes[10] == 0x54,
      let year = number(0, 4), (1999..<2200).contains(year), let month = number(5, 2),
      let day = number(8, 2),
      let date = CivilDate(year: year, month: month, dayOfMonth: day)
    else { return false }
    dateStart = date.day * Instant.dayMilliseconds
    return true
  }
}
