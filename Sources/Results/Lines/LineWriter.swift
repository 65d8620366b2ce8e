import Platform
package import SalesforceExports

/// Writes records as lines of JSON: compact, `schema` first, all other keys in the order of their
/// bytes, which is the order in which a record codes its members.
package struct LineWriter: ~Copyable, RecordCoder {
  /// The lines, each with its end.
  package var text: ByteText
  private var needsComma = false
  #if DEBUG
  /// The last key of each open object; an array has an empty one.
  private var keys: [[UInt8]] = []
  #endif

  /// Makes a writer without lines.
  package init() { text = ByteText(capacity: 0) }

  /// Appends one record as a line to a text.
  ///
  /// - Parameter body: Codes its members.
  package static func line(
    _ schema: String, into text: inout ByteText, _ body: (inout LineWriter) -> Void
  ) {
    var writer = LineWriter()
    swap(&writer.text, &text)
    writer.line(schema: schema, body)
    swap(&writer.text, &text)
  }

  /// All of a record is written.
  package var detail: RecordDetail { .all }
  /// Writing never fails.
  package var hasFailed: Bool { false }

  /// Writes one record as a line.
  ///
  /// - Parameter body: Codes its members.
  package mutating func line(schema: String, _ body: (inout LineWriter) -> Void) {
    text.append(literal: "{\"schema\":\"")
    text.append(schema)
    text.append(UInt8(ascii: "\""))
    needsComma = true
    begin()
    body(&self)
    end()
    text.append(literal: "}\n")
    needsComma = false
  }

  // MARK: Members

  private mutating func begin() {
    #if DEBUG
    keys.append([])
    #endif
  }

  private mutating func end() {
    #if DEBUG
    keys.removeLast()
    #endif
  }

  private mutating func separate() {
    if needsComma { text.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  @inline(__always)
  private mutating func key(_ key: StaticString) {
    #if DEBUG
    let bytes = Array(key.description.utf8)
    let last = keys[keys.count - 1]
    precondition(
      last.lexicographicallyPrecedes(bytes), "\(key) is coded behind a key that it precedes")
    keys[keys.count - 1] = bytes
    #endif
    text.append(key: key, isFirst: !needsComma)
    needsComma = true
  }

  private mutating func open(_ byte: UInt8) {
    text.append(byte)
    needsComma = false
    begin()
  }

  private mutating func close(_ byte: UInt8) {
    text.append(byte)
    needsComma = true
    end()
  }

  package mutating func string(_ key: StaticString, _ value: inout String) {
    self.key(key)
    text.append(json: value)
  }

  package mutating func string(_ key: StaticString, _ value: inout String?) {
    self.key(key)
    if let value { text.append(json: value) } else { text.append(literal: "null") }
  }

  package mutating func count(_ key: StaticString, _ value: inout Int) {
    self.key(key)
    text.append(decimal: value)
  }

  package mutating func number(_ key: StaticString, _ value: inout Double) {
    self.key(key)
    text.append(value)
  }

  package mutating func bool(_ key: StaticString, _ value: inout Bool) {
    self.key(key)
    text.append(literal: value ? "true" : "false")
  }

  package mutating func bool(_ key: StaticString, _ value: inout Bool?) {
    self.key(key)
    switch value {
    case true?: text.append(literal: "true")
    case false?: text.append(literal: "false")
    case nil: text.append(literal: "null")
    }
  }

  package mutating func instant(_ key: StaticString, _ value: inout Instant) {
    self.key(key)
    text.append(UInt8(ascii: "\""))
    text.append(value)
    text.append(UInt8(ascii: "\""))
  }

  package mutating func instant(_ key: StaticString, _ value: inout Instant?) {
    if var instant = value {
      self.instant(key, &instant)
    } else {
      self.key(key)
      text.append(literal: "null")
    }
  }

  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: StaticString, _ value: inout Choice
  ) {
    self.key(key)
    text.append(json: value.rawValue)
  }

  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: StaticString, _ value: inout Choice?
  ) {
    self.key(key)
    if let value { text.append(json: value.rawValue) } else { text.append(literal: "null") }
  }

  package mutating func strings(_ key: StaticString, _ value: inout [String]) {
    self.key(key)
    open(UInt8(ascii: "["))
    for element in value {
      separate()
      text.append(json: element)
    }
    close(UInt8(ascii: "]"))
  }

  package mutating func counts(_ key: StaticString, _ value: inout [Int]) {
    self.key(key)
    text.append(list: value)
  }

  package mutating func counts(_ key: StaticString, _ value: inout NamedCounts) {
    self.key(key)
    open(UInt8(ascii: "{"))
    for (name, count) in value.entries {
      separate()
      text.append(json: name)
      text.append(UInt8(ascii: ":"))
      text.append(decimal: count)
    }
    close(UInt8(ascii: "}"))
  }

  package mutating func numbers(_ key: StaticString, _ value: inout [String: Double]) {
    named(key, value) { $0.append($1) }
  }

  package mutating func instants(_ key: StaticString, _ value: inout [String: Instant]) {
    named(key, value) { text, instant in
      text.append(UInt8(ascii: "\""))
      text.append(instant)
      text.append(UInt8(ascii: "\""))
    }
  }

  private mutating func named<Value>(
    _ key: StaticString, _ values: [String: Value], _ write: (inout ByteText, Value) -> Void
  ) {
    self.key(key)
    open(UInt8(ascii: "{"))
    for (name, value) in values.sorted(by: {
      $0.key.precedes($1.key)
    }) {
      separate()
      text.append(json: name)
      text.append(UInt8(ascii: ":"))
      write(&text, value)
    }
    close(UInt8(ascii: "}"))
  }

  package mutating func object(_ key: StaticString, _ body: (inout LineWriter) -> Void) {
    self.key(key)
    open(UInt8(ascii: "{"))
    body(&self)
    close(UInt8(ascii: "}"))
  }

  package mutating func object<Value>(
    _ key: StaticString, _ value: inout Value?, blank: @autoclosure () -> Value,
    _ body: (inout LineWriter, inout Value) -> Void
  ) {
    guard value != nil else {
      self.key(key)
      text.append(literal: "null")
      return
    }
    object(key) { writer in
      // Coding a record to be written leaves it as it is.
      if var copy = value { body(&writer, &copy) }
    }
  }

  package mutating func objects<Value>(
    _ key: StaticString, _ value: inout [Value], blank: @autoclosure () -> Value,
    _ body: (inout LineWriter, inout Value) -> Void
  ) {
    self.key(key)
    open(UInt8(ascii: "["))
    // In place: coding a record to be written leaves it as it is, and a copy counts all its texts.
    for index in 0..<value.count {
      separate()
      open(UInt8(ascii: "{"))
      body(&self, &value[index])
      close(UInt8(ascii: "}"))
    }
    close(UInt8(ascii: "]"))
  }

  package mutating func whenPresent(
    _ key: StaticString, _ isPresent: Bool, _ body: (inout LineWriter) -> Void
  ) {
    if isPresent { body(&self) }
  }

  package mutating func detail(
    _ key: StaticString, _ wanted: RecordDetail, _ body: (inout LineWriter) -> Void
  ) {
    body(&self)
  }

  package mutating func fail(_ key: StaticString, _ expectation: String) {}

  package mutating func check(
    _ key: StaticString, _ expectation: String, _ isSound: @autoclosure () -> Bool
  ) {}
}
