package import SalesforceExports

/// What is wrong with a record that is JSON and yet no record of results.
struct RecordDefect: Error {
  /// The member and what is expected of it.
  let detail: String
}

/// The members of an object of a record, read by name and type.
///
/// Members that nobody asks for are passed over: later releases add some.
struct RecordMembers {
  private let members: [String: JSONValue]
  /// Where the object stands in its record, for messages; empty for the record itself.
  private let path: String

  init(_ members: [String: JSONValue], path: String = "") {
    self.members = members
    self.path = path
  }

  /// Names of all members.
  var names: [String] { members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

  private func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  func defect(_ name: String, _ expectation: String) -> RecordDefect {
    RecordDefect(detail: "\(place(name)): \(expectation)")
  }

  private func value(_ name: String) throws(RecordDefect) -> JSONValue {
    guard let value = members[name] else { throw defect(name, "is missing") }
    return value
  }

  func string(_ name: String) throws(RecordDefect) -> String {
    guard case .string(let text) = try value(name) else { throw defect(name, "is no string") }
    return text
  }

  /// A string that may be null.
  func optionalString(_ name: String) throws(RecordDefect) -> String? {
    try value(name) == .null ? nil : try string(name)
  }

  /// The largest count that is believed: sums of millions of such counts still fit their type.
  private static let countLimit = 1 << 42

  /// A number of things: never negative.
  func count(_ name: String) throws(RecordDefect) -> Int {
    guard case .int(let number) = try value(name), number >= 0, number <= Self.countLimit else {
      throw defect(name, "is no count")
    }
    return number
  }

  func number(_ name: String) throws(RecordDefect) -> Double {
    switch try value(name) {
    case .int(let number): return Double(number)
    case .number(let number): return number
    default: throw defect(name, "is no number")
    }
  }

  func bool(_ name: String) throws(RecordDefect) -> Bool {
    guard case .bool(let flag) = try value(name) else { throw defect(name, "is not true or false") }
    return flag
  }

  func optionalBool(_ name: String) throws(RecordDefect) -> Bool? {
    try value(name) == .null ? nil : try bool(name)
  }

  func instant(_ name: String) throws(RecordDefect) -> Instant {
    guard let instant = Instant(resultText: try string(name)) else {
      throw defect(name, "is no time of the form YYYY-MM-DDTHH:MM:SS.mmmZ")
    }
    return instant
  }

  func optionalInstant(_ name: String) throws(RecordDefect) -> Instant? {
    try value(name) == .null ? nil : try instant(name)
  }

  /// One of the texts of an enumeration.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type
  ) throws(RecordDefect) -> Choice {
    guard let choice = Choice(rawValue: try string(name)) else {
      throw defect(
        name, "is not one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  func object(_ name: String) throws(RecordDefect) -> RecordMembers {
    guard case .object(let members) = try value(name) else { throw defect(name, "is no object") }
    return RecordMembers(members, path: place(name))
  }

  func optionalObject(_ name: String) throws(RecordDefect) -> RecordMembers? {
    try value(name) == .null ? nil : try object(name)
  }

  /// An object that earlier releases did not write.
  func objectIfPresent(_ name: String) throws(RecordDefect) -> RecordMembers? {
    members[name] == nil ? nil : try object(name)
  }

  func array(_ name: String) throws(RecordDefect) -> [JSONValue] {
    guard case .array(let values) = try value(name) else { throw defect(name, "is no array") }
    return values
  }

  func strings(_ name: String) throws(RecordDefect) -> [String] {
    var texts: [String] = []
    for value in try array(name) {
      guard case .string(let text) = value else { throw defect(name, "holds more than strings") }
      texts.append(text)
    }
    return texts
  }

  func objects(_ name: String) throws(RecordDefect) -> [RecordMembers] {
    var result: [RecordMembers] = []
    for (index, value) in try array(name).enumerated() {
      guard case .object(let members) = value else {
        throw defect(name, "holds more than objects")
      }
      result.append(RecordMembers(members, path: "\(place(name))[\(index)]"))
    }
    return result
  }

  /// An array of objects that earlier releases did not write: none in their results.
  func objectsIfPresent(_ name: String) throws(RecordDefect) -> [RecordMembers] {
    members[name] == nil ? [] : try objects(name)
  }

  func stringsIfPresent(_ name: String) throws(RecordDefect) -> [String] {
    members[name] == nil ? [] : try strings(name)
  }

  func boolsIfPresent(_ name: String) throws(RecordDefect) -> [Bool] {
    guard members[name] != nil else { return [] }
    var flags: [Bool] = []
    for value in try array(name) {
      guard case .bool(let flag) = value else {
        throw defect(name, "holds more than true or false")
      }
      flags.append(flag)
    }
    return flags
  }

  func stringIfPresent(_ name: String) throws(RecordDefect) -> String? {
    members[name] == nil ? nil : try optionalString(name)
  }

  /// Counts by value.
  func counts(_ name: String) throws(RecordDefect) -> [String: Int] {
    guard case .object(let members) = try value(name) else { throw defect(name, "is no object") }
    let object = RecordMembers(members, path: place(name))
    var result: [String: Int] = [:]
    for key in members.keys { result[key] = try object.count(key) }
    return result
  }

  func numbers(_ name: String) throws(RecordDefect) -> [String: Double] {
    guard case .object(let members) = try value(name) else { throw defect(name, "is no object") }
    let object = RecordMembers(members, path: place(name))
    var result: [String: Double] = [:]
    for key in members.keys { result[key] = try object.number(key) }
    return result
  }
}

extension Instant {
  /// Reads what ``text`` writes, and nothing else.
  package init?(resultText text: String) {
    let bytes = Array(text.utf8)
    let form = Array("dddd-dd-ddTdd:dd:dd.dddZ".utf8)
    guard bytes.count == form.count else { return nil }
    for (byte, wanted) in zip(bytes, form) {
      let isDigit = byte >= 0x30 && byte <= 0x39
      guard wanted == UInt8(ascii: "d") ? isDigit : byte == wanted else { return nil }
    }
    func number(_ range: Range<Int>) -> Int64 {
      bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    guard
      let date = CivilDate(
        year: number(0..<4), month: number(5..<7), dayOfMonth: number(8..<10)),
      number(11..<13) < 24, number(14..<16) < 60, number(17..<19) < 60
    else { return nil }
    self.init(
      milliseconds: date.day * Self.dayMilliseconds + number(11..<13) * 3_600_000
        + number(14..<16) * 60_000 + number(17..<19) * 1_000 + number(20..<23))
  }
}
