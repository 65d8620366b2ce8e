import SalesforceExports

/// Reads the date of a snapshot from the name of its file, or of a folder above it.
enum SnapshotDate {
  /// The first `YYYY-MM-DD` or `YYYYMMDD` of the file's own name that is a date, at 00:00 UTC; else that
  /// of the nearest folder, or archive, above it that has one (`dt=2026-08-10/`).
  ///
  /// Digits beside it would make it another number, so none may touch it.
  static func inName(_ path: String) -> Instant? {
    for name in path.split(whereSeparator: { $0 == "/" || $0 == "!" }).reversed() {
      if let date = inComponent(name) { return date }
    }
    return nil
  }

  private static func inComponent(_ name: Substring) -> Instant? {
    let bytes = Array(name.utf8)
    for start in bytes.indices where start == 0 || !isDigit(bytes[start - 1]) {
      for (pattern, separated) in [(10, true), (8, false)] {
        let end = start + pattern
        guard end <= bytes.count, end == bytes.count || !isDigit(bytes[end]) else { continue }
        if let date = date(bytes[start..<end], separated: separated) {
          return Instant(milliseconds: date.day * Instant.dayMilliseconds)
        }
      }
    }
    return nil
  }

  private static func date(_ bytes: ArraySlice<UInt8>, separated: Bool) -> CivilDate? {
    var digits: [Int64] = []
    for (offset, byte) in bytes.enumerated() {
      if separated, offset == 4 || offset == 7 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard isDigit(byte) else { return nil }
        digits.append(Int64(byte - UInt8(ascii: "0")))
      }
    }
    func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + $1 } }
    let year = number(0..<4)
    // Record ids and counters are no dates.
    guard (1999...2100).contains(year) else { return nil }
    return CivilDate(year: year, month: number(4..<6), dayOfMonth: number(6..<8))
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
