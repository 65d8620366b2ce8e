import SalesforceExports

/// JSON as text that is written from front to back, for records, of which there are many.
///
/// The writer gives the members of an object in the order of their keys' bytes; `JSONValue` is for what
/// is put together in no order.
struct JSONText {
  private(set) var bytes: [UInt8]
  private var needsComma: Bool

  /// Begins a record: an object with its schema as first member.
  init(schema: String) {
    bytes = Array("{\"schema\":\"\(schema)\"".utf8)
    needsComma = true
  }

  /// Ends the record.
  ///
  /// - Returns: The line without its end.
  consuming func line() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  /// Begins a member, whose value comes next; the name holds nothing that must be escaped.
  mutating func key(_ name: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: name.utf8)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes an object whose members `body` gives.
  mutating func object(_ body: (inout JSONText) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Writes an array of what `write` makes of each element.
  mutating func array<Elements: Sequence>(
    _ elements: Elements, _ write: (inout JSONText, Elements.Element) -> Void
  ) {
    separate()
    bytes.append(UInt8(ascii: "["))
    needsComma = false
    for element in elements { write(&self, element) }
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Writes an array of strings.
  mutating func array(_ texts: [String]) {
    array(texts) { $0.string($1) }
  }

  /// Writes a string, or null.
  mutating func string(_ text: String?) {
    separate()
    guard let text else {
      bytes.append(contentsOf: "null".utf8)
      return
    }
    JSONValue.write(text, to: &bytes)
  }

  /// Writes a time, or null.
  mutating func instant(_ instant: Instant?) {
    guard let instant else { return string(nil) }
    separate()
    bytes.append(UInt8(ascii: "\""))
    instant.write(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes the date of a day since 1970.
  mutating func date(day: Int64) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    CivilDate(day: day).write(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a number.
  mutating func int(_ number: Int) {
    separate()
    if (0..<10).contains(number) {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
    } else {
      bytes.append(contentsOf: String(number).utf8)
    }
  }

  /// Writes true, false or null.
  mutating func bool(_ value: Bool?) {
    separate()
    bytes.append(contentsOf: (value.map { $0 ? "true" : "false" } ?? "null").utf8)
  }

  /// Writes a value that was put together before.
  mutating func value(_ value: JSONValue) {
    separate()
    value.write(to: &bytes)
  }

  /// Writes a member that is a string or null.
  mutating func string(_ key: String, _ text: String?) {
    self.key(key)
    string(text)
  }

  /// Writes a member that is a time or null.
  mutating func instant(_ key: String, _ instant: Instant?) {
    self.key(key)
    self.instant(instant)
  }

  /// Writes a member that is a number.
  mutating func int(_ key: String, _ number: Int) {
    self.key(key)
    int(number)
  }

  /// Writes a member that is true, false or null.
  mutating func bool(_ key: String, _ value: Bool?) {
    self.key(key)
    bool(value)
  }

  /// Writes counts by name, in the order of names.
  mutating func counts(_ counts: [String: Int]) {
    let ordered = counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    object { text in
      for (name, count) in ordered {
        text.name(name)
        text.int(count)
      }
    }
  }

  /// Begins a member whose name comes from data.
  private mutating func name(_ name: String) {
    separate()
    JSONValue.write(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }
}
