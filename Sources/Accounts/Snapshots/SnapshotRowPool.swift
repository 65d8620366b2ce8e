import Delimited
import Platform

/// Rows of snapshots, equal ones once: all texts, and which of them each row consists of.
///
/// A text takes its bytes once and a row four bytes a field, so a row that differs from another in one
/// field costs little.
struct SnapshotRowPool: Sendable {
  /// All texts, by their codes.
  private(set) var texts: [String] = []
  /// Codes of the fields of all rows, one row behind the other.
  private var codes: [UInt32] = []
  /// Where each row ends in ``codes``.
  private var ends: [Int] = []
  /// Codes of texts; filled where rows are looked for.
  private var textCodes: [ExactText: UInt32] = [:]
  /// Numbers of rows plus one, at the place of their hash or behind it; 0 where none is.
  private var places: [UInt32] = []

  /// Number of rows.
  var count: Int { ends.count }

  /// Codes of the texts of a row.
  func codes(of row: UInt32) -> ArraySlice<UInt32> {
    codes[(row == 0 ? 0 : ends[Int(row) - 1])..<ends[Int(row)]]
  }

  /// Texts of a row.
  func fields(of row: UInt32) -> [String] { codes(of: row).map { texts[Int($0)] } }

  /// The number of a row with these fields, which is added on first sight.
  ///
  /// - Complexity: O(*f*) in the bytes of the fields.
  mutating func number(of fields: [String]) -> UInt32 {
    if textCodes.count < texts.count { indexTexts() }
    if 2 * (count + 1) > places.count { indexRows() }
    let row = fields.map { code(of: $0) }
    var place = place(of: row[...])
    while places[place] > 0 {
      let known = places[place] - 1
      if codes(of: known).elementsEqual(row) { return known }
      place = (place + 1) & (places.count - 1)
    }
    let number = append(row)
    places[place] = number + 1
    return number
  }

  /// Whether the fields of a record are plainly those of a row.
  ///
  /// - Complexity: O(*f*) in the bytes of the fields.
  func holds(_ row: UInt32, _ record: Record) -> Bool {
    let codes = codes(of: row)
    guard codes.count == record.fieldCount else { return false }
    for (position, code) in codes.enumerated() where !record[position].holds(texts[Int(code)]) {
      return false
    }
    return true
  }

  private mutating func code(of text: String) -> UInt32 {
    if let known = textCodes[text] { return known }
    let code = append(text: text)
    textCodes[text] = code
    return code
  }

  /// Adds a text that no row has.
  mutating func append(text: String) -> UInt32 {
    texts.append(text)
    return UInt32(texts.count - 1)
  }

  /// Adds a row that is not looked for, as those of a ledger.
  mutating func append(_ row: [UInt32]) -> UInt32 {
    codes.append(contentsOf: row)
    ends.append(codes.count)
    return UInt32(ends.count - 1)
  }

  /// Frees what rows are looked for with; it is made again where one is.
  mutating func removeIndex() {
    textCodes = [:]
    places = []
  }

  /// Whether a row's bytes, field by field, stand before another's.
  func precedes(_ row: UInt32, _ other: UInt32) -> Bool {
    for (one, two) in zip(codes(of: row), codes(of: other)) where one != two {
      let (left, right) = (texts[Int(one)], texts[Int(two)])
      if !left.hasBytes(of: right) { return left.precedes(right) }
    }
    return codes(of: row).count < codes(of: other).count
  }

  private mutating func indexTexts() {
    textCodes.reserveCapacity(texts.count)
    for (code, text) in texts.enumerated() { textCodes[text] = UInt32(code) }
  }

  private mutating func indexRows() {
    var size = 1 << 10
    while size < 4 * (count + 1) { size *= 2 }
    places = [UInt32](repeating: 0, count: size)
    for row in 0..<UInt32(count) {
      var place = place(of: codes(of: row))
      while places[place] > 0 { place = (place + 1) & (size - 1) }
      places[place] = row + 1
    }
  }

  private func place(of row: ArraySlice<UInt32>) -> Int {
    var hasher = Hasher()
    for code in row { hasher.combine(code) }
    return hasher.finalize() & (places.count - 1)
  }
}
