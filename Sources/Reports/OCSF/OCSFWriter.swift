import Results
import SalesforceExports

/// Writes the objects of events: compact, keys in the order of their bytes, which is the order in which
/// they are given, and without what is not known or is empty.
///
/// A large org has hundreds of megabytes of events, so none is a tree of values first.
struct OCSFWriter: ~Copyable {
  private var text: ByteText
  private var needsComma = false
  #if DEBUG
  /// The last key of each open object; an array has an empty one.
  private var keys: [String] = []
  #endif

  private init() { text = ByteText(capacity: 0) }

  /// Appends an object to a text.
  ///
  /// - Parameter body: Writes its members.
  static func object(into text: inout ByteText, _ body: (inout OCSFWriter) -> Void) {
    var writer = OCSFWriter()
    swap(&writer.text, &text)
    writer.enclosed(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    swap(&writer.text, &text)
  }

  /// An object as text.
  static func object(_ body: (inout OCSFWriter) -> Void) -> String {
    var text = ByteText(capacity: 256)
    object(into: &text, body)
    return text.string
  }

  // MARK: Members

  /// Writes a text, where there is one.
  mutating func string(_ key: StaticString, _ value: String?) {
    guard let value, !value.isEmpty else { return }
    self.key(key)
    text.append(json: value)
  }

  /// Writes a number, where there is one.
  mutating func int(_ key: StaticString, _ value: Int?) {
    guard let value else { return }
    self.key(key)
    text.append(decimal: value)
  }

  /// Writes a time in milliseconds since the epoch, where there is one.
  mutating func time(_ key: StaticString, _ value: Instant?) {
    int(key, value.map { Int($0.milliseconds) })
  }

  /// Writes whether something holds.
  mutating func bool(_ key: StaticString, _ value: Bool) {
    self.key(key)
    text.append(literal: value ? "true" : "false")
  }

  /// Writes texts, where there are any.
  mutating func strings(_ key: StaticString, _ values: [String]) {
    array(key) { writer in
      for value in values {
        writer.separate()
        writer.text.append(json: value)
      }
    }
  }

  /// Writes counts by name, where there are any.
  mutating func counts(_ key: StaticString, _ values: NamedCounts) {
    member(key, UInt8(ascii: "{"), UInt8(ascii: "}")) { writer in
      for (name, count) in values.entries {
        writer.separate()
        writer.text.append(json: name)
        writer.text.append(UInt8(ascii: ":"))
        writer.text.append(decimal: count)
      }
    }
  }

  /// Writes an object, unless it is empty.
  ///
  /// - Returns: Where it stands in the text, so that it can be written again; empty where it is.
  @discardableResult
  mutating func object(
    _ key: StaticString, _ body: (inout OCSFWriter) -> Void
  ) -> Range<Int> {
    member(key, UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  /// Writes an object that was written before.
  ///
  /// - Parameter place: What ``object(_:_:)`` gave for it; nothing is written where that is empty.
  mutating func object(_ key: StaticString, again place: Range<Int>) {
    guard !place.isEmpty else { return }
    self.key(key)
    text.append(again: place)
  }

  /// Writes an array, unless it is empty.
  ///
  /// - Parameter body: Writes its elements, each by ``element(_:)``.
  mutating func array(_ key: StaticString, _ body: (inout OCSFWriter) -> Void) {
    member(key, UInt8(ascii: "["), UInt8(ascii: "]"), body)
  }

  /// Writes an object of an array.
  mutating func element(_ body: (inout OCSFWriter) -> Void) {
    separate()
    enclosed(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  // MARK: Text

  private mutating func separate() {
    if needsComma { text.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func key(_ key: StaticString) {
    #if DEBUG
    let last = keys[keys.count - 1]
    precondition(
      last.utf8.lexicographicallyPrecedes(key.description.utf8),
      "\(key) is written behind \(last), which it precedes")
    keys[keys.count - 1] = key.description
    #endif
    text.append(key: key, isFirst: !needsComma)
    needsComma = true
  }

  /// Writes a member whose value has a beginning and an end, and takes it back where nothing is between.
  ///
  /// - Returns: Where the value stands in the text.
  @discardableResult
  private mutating func member(
    _ key: StaticString, _ open: UInt8, _ close: UInt8, _ body: (inout OCSFWriter) -> Void
  ) -> Range<Int> {
    let (count, hadComma) = (text.count, needsComma)
    self.key(key)
    let start = text.count
    enclosed(open, close, body)
    guard text.count == start + 2 else { return start..<text.count }
    text.truncate(to: count)
    needsComma = hadComma
    return count..<count
  }

  private mutating func enclosed(
    _ open: UInt8, _ close: UInt8, _ body: (inout OCSFWriter) -> Void
  ) {
    text.append(open)
    needsComma = false
    #if DEBUG
    keys.append("")
    #endif
    body(&self)
    #if DEBUG
    keys.removeLast()
    #endif
    text.append(close)
    needsComma = true
  }
}
