import CByteScan
import Delimited
import Platform

/// Rows of snapshots, equal ones once: all texts, and which of them each row consists of.
///
/// A text takes its bytes once and a row four bytes a field, so a row that differs from another in one
/// field costs little.
struct SnapshotRowPool: Sendable {
  private var pooled = SnapshotTexts()
  /// Codes of the fields of all rows, one row behind the other.
  private var codes: [UInt32] = []
  /// Where each row ends in ``codes``.
  private var ends: [Int] = []
  /// Numbers of rows plus one, at the place of their hash or behind it; 0 where none is.
  private var places: [UInt32] = []
  /// Codes of the record that was looked at last: columns repeat their values.
  private var lastCodes: [UInt32] = []
  /// Fields of the record that is looked at whose texts are not those of the last one, with their hashes.
  private var otherFields: [(position: Int, hash: UInt32?)] = []

  /// All texts, by their codes.
  var texts: [String] { pooled.texts }

  /// Number of rows.
  var count: Int { ends.count }

  /// Codes of the texts of a row.
  func codes(of row: UInt32) -> ArraySlice<UInt32> {
    codes[(row == 0 ? 0 : ends[Int(row) - 1])..<ends[Int(row)]]
  }

  /// Texts of a row.
  func fields(of row: UInt32) -> [String] { codes(of: row).map { texts[Int($0)] } }

  /// Codes of the fields of a record; texts that no row has are added.
  ///
  /// - Parameter blanks: Positions of fields whose texts are not kept.
  /// - Complexity: O(*f*) in the bytes of the fields.
  mutating func codes(of record: Record, leavingOut blanks: Set<Int> = []) -> [UInt32] {
    let count = record.fieldCount
    if lastCodes.count != count {
      // Whatever text: it is compared.
      let code = pooled.code(of: "")
      lastCodes = [UInt32](repeating: code, count: count)
    }
    otherFields.removeAll(keepingCapacity: true)
    for position in 0..<count {
      let field = record[position]
      if !blanks.isEmpty, blanks.contains(position) {
        lastCodes[position] = pooled.code(of: "")
      } else if !pooled.holds(lastCodes[position], field) {
        otherFields.append((position, pooled.prefetch(field)))
      }
    }
    // All are asked for first, so that they do not wait for memory one after the other.
    for place in otherFields.indices {
      let (position, hash) = otherFields[place]
      lastCodes[position] = pooled.code(of: record[position], hash)
    }
    return lastCodes
  }

  /// The number of a row with these fields, which is added on first sight.
  ///
  /// - Complexity: O(*f*) in the bytes of the fields.
  mutating func number(of fields: [String]) -> UInt32 {
    number(of: fields.map { pooled.code(of: $0) })
  }

  /// The number of a row with these codes, which is added on first sight.
  ///
  /// - Complexity: O(*f*) in the fields.
  mutating func number(of row: [UInt32]) -> UInt32 {
    if 2 * (count + 1) > places.count { indexRows() }
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
    for (position, code) in codes.enumerated() where !pooled.holds(code, record[position]) {
      return false
    }
    return true
  }

  /// Adds a text that no row has.
  mutating func append(text: String) -> UInt32 { pooled.append(text) }

  /// Adds a row that is not looked for, as those of a ledger.
  mutating func append(_ row: [UInt32]) -> UInt32 {
    codes.append(contentsOf: row)
    ends.append(codes.count)
    return UInt32(ends.count - 1)
  }

  /// Frees what rows are looked for with; it is made again where one is.
  mutating func removeIndex() {
    pooled.removeIndex()
    places = []
    lastCodes = []
  }

  /// Whether a row's bytes, field by field, stand before another's.
  func precedes(_ row: UInt32, _ other: UInt32) -> Bool {
    for (one, two) in zip(codes(of: row), codes(of: other)) where one != two {
      let (left, right) = (texts[Int(one)], texts[Int(two)])
      if !left.hasBytes(of: right) { return left.precedes(right) }
    }
    return codes(of: row).count < codes(of: other).count
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
    var hash = RawHash()
    for code in row { hash.add(UInt64(code)) }
    return Int(hash.value) & (places.count - 1)
  }
}

/// Texts of fields, equal ones once, by number.
///
/// A field is looked for by its bytes, so a text is made once and not once a row.
private struct SnapshotTexts: Sendable {
  private(set) var texts: [String] = []
  private var heads: [TextHead] = []
  /// Hashes of texts, and their codes plus one at the place of the hash or behind it; made where texts are
  /// looked for.
  private var hashes: [UInt32] = []
  private var places: [UInt32] = []

  /// Whether a field plainly has a text.
  func holds(_ code: UInt32, _ field: FieldBytes) -> Bool {
    let head = TextHead(field.withoutQuotes)
    guard head == heads[Int(code)] else { return false }
    return head.isWhole ? !field.hasDoubledQuotes : field.holds(texts[Int(code)])
  }

  /// Asks for the place where the text of a field is looked for.
  ///
  /// - Returns: The hash of the text; `nil` for one that does not stand in the field as it is.
  mutating func prefetch(_ field: FieldBytes) -> UInt32? {
    if field.hasDoubledQuotes { return nil }
    let inner = field.withoutQuotes
    if hashes.count < texts.count || places.isEmpty { index() }
    let hash = unsafe Self.hash(of: UnsafeBufferPointer(start: inner.start, count: inner.count))
    unsafe places.withUnsafeBufferPointer { places in
      guard let start = places.baseAddress else { return }
      unsafe byte_scan_prefetch(start + (Int(hash) & (places.count - 1)))
    }
    return hash
  }

  /// The code of the text of a field, which is added on first sight.
  ///
  /// - Parameter hash: What ``prefetch(_:)`` returned for the field.
  mutating func code(of field: FieldBytes, _ hash: UInt32?) -> UInt32 {
    guard let hash else { return code(of: field.string) }
    let inner = field.withoutQuotes
    let bytes = unsafe UnsafeBufferPointer(start: inner.start, count: inner.count)
    if let known = unsafe code(of: bytes, hash) { return known }
    let text = unsafe String(decoding: bytes, as: UTF8.self)
    // Bytes that are no UTF-8 are those of another text.
    return inner.hasBytes(of: text) ? add(text, hash, TextHead(inner)) : code(of: field.string)
  }

  /// The code of a text, which is added on first sight.
  mutating func code(of text: String) -> UInt32 {
    if hashes.count < texts.count || places.isEmpty { index() }
    let hash = Self.hash(of: text)
    // The bytes of nearly all texts lie together.
    let found: UInt32?? = unsafe text.utf8.withContiguousStorageIfAvailable {
      unsafe code(of: $0, hash)
    }
    switch found {
    case .some(.some(let code)): return code
    case .some(.none): return add(text, hash, TextHead(text))
    case .none:
      let known = unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe code(of: $0, hash) }
      return known ?? add(text, hash, TextHead(text))
    }
  }

  /// Adds a text that is not looked for.
  mutating func append(_ text: String) -> UInt32 { append(text, TextHead(text)) }

  private mutating func append(_ text: String, _ head: TextHead) -> UInt32 {
    texts.append(text)
    heads.append(head)
    return UInt32(texts.count - 1)
  }

  mutating func removeIndex() {
    hashes = []
    places = []
  }

  private static func hash(of text: String) -> UInt32 {
    let hash = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe Self.hash(of: $0) }
    if let hash { return hash }
    return unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe Self.hash(of: $0) }
  }

  private static func hash(of bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash = RawHash()
    if let start = bytes.baseAddress { unsafe hash.add(start, count: bytes.count) }
    return hash.value
  }

  private func code(of bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> UInt32? {
    let field = unsafe bytes.baseAddress.map { unsafe FieldBytes(start: $0, count: bytes.count) }
    var place = Int(hash) & (places.count - 1)
    while places[place] > 0 {
      let code = places[place] - 1
      if hashes[Int(code)] == hash {
        let text = texts[Int(code)]
        if field.map({ $0.hasBytes(of: text) }) ?? text.isEmpty { return code }
      }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  private mutating func add(_ text: String, _ hash: UInt32, _ head: TextHead) -> UInt32 {
    let code = append(text, head)
    hashes.append(hash)
    if 2 * texts.count > places.count { index() } else { occupy(code) }
    return code
  }

  private mutating func occupy(_ code: UInt32) {
    var place = Int(hashes[Int(code)]) & (places.count - 1)
    while places[place] > 0 { place = (place + 1) & (places.count - 1) }
    places[place] = code + 1
  }

  /// Makes room for twice as many texts.
  private mutating func index() {
    for text in texts[hashes.count...] { hashes.append(Self.hash(of: text)) }
    var size = 1 << 10
    while size < 4 * (texts.count + 1) { size *= 2 }
    places = [UInt32](repeating: 0, count: size)
    for code in texts.indices { occupy(UInt32(code)) }
  }
}
