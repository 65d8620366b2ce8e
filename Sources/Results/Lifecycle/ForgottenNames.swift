import SalesforceExports

/// Names of people who are forgotten, taken out of records.
package struct ForgottenNames: Sendable {
  /// What stands in the place of a name.
  package static let placeholder = "(forgotten)"

  private let texts: [[UInt8]]

  /// Makes one of ids and usernames.
  package init(_ texts: [String]) {
    // The longer first: an id of 18 characters begins with the one of 15.
    self.texts = Set(texts.map { $0.lowercased() }).subtracting([""])
      .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }.map { Array($0.utf8) }
  }

  /// Whether nobody is forgotten.
  package var isEmpty: Bool { texts.isEmpty }

  /// Whether a text is one of the names, in any case.
  package func contains(_ text: String) -> Bool {
    let bytes = text.utf8.map(Self.lowered)
    return texts.contains { $0.elementsEqual(bytes) }
  }

  /// Whether an account is one of those.
  package func contains(key: String, id: String, username: String) -> Bool {
    contains(id) || contains(username)
      || contains(key.hasPrefix("username:") ? String(key.dropFirst(9)) : key)
  }

  /// Whether a finding is about one of those.
  package func contains(_ account: FindingAccountRecord?) -> Bool {
    account.map { contains(key: $0.key, id: $0.id, username: $0.username) } ?? false
  }

  /// A text without the names.
  ///
  /// - Complexity: O(*n* · *m*) in the bytes of the text and the names.
  package func removed(from text: String) -> String {
    let bytes = Array(text.utf8)
    let lowered = bytes.map(Self.lowered)
    var result: [UInt8] = []
    var isChanged = false
    var position = 0
    while position < bytes.count {
      if let name = texts.first(where: { lowered[position...].starts(with: $0) }) {
        result += Array(Self.placeholder.utf8)
        position += name.count
        isChanged = true
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return isChanged ? String(decoding: result, as: UTF8.self) : text
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
  }

  /// Takes the names out of all texts of an account and its findings.
  package func remove(from group: inout ResultsGroup) {
    var coder = NameRemover(names: self)
    if group.subject == .account { group.account.code(&coder) }
    for position in group.findings.indices { group.findings[position].code(&coder) }
    if var application = group.application {
      application.accounts.removeAll { contains(key: $0.key, id: "", username: $0.username) }
      application.code(&coder)
      group.application = application
    }
  }

  /// Takes the names out of all texts of a finding.
  package func remove(from finding: inout FindingRecord) {
    var coder = NameRemover(names: self)
    finding.code(&coder)
  }

  /// Takes the names out of a record of a run.
  package func remove(from run: inout RunRecord) {
    var coder = NameRemover(names: self)
    run.code(&coder)
  }

  /// Takes the names out of a record of a run's end.
  package func remove(from end: inout EndRecord) {
    var coder = NameRemover(names: self)
    end.code(&coder)
  }
}

/// Changes all texts of a record, and nothing else.
private struct NameRemover: RecordCoder {
  let names: ForgottenNames
  var detail: RecordDetail { .all }
  var hasFailed: Bool { false }

  mutating func string(_ key: StaticString, _ value: inout String) {
    value = names.removed(from: value)
  }

  mutating func string(_ key: StaticString, _ value: inout String?) {
    value = value.map { names.removed(from: $0) }
  }

  mutating func strings(_ key: StaticString, _ value: inout [String]) {
    value = value.map { names.removed(from: $0) }
  }

  mutating func counts(_ key: StaticString, _ value: inout NamedCounts) {
    guard value.entries.contains(where: { names.removed(from: $0.name) != $0.name }) else { return }
    var result = NamedCounts()
    for entry in value.entries { result.add(entry.count, to: names.removed(from: entry.name)) }
    value = result
  }

  mutating func count(_ key: StaticString, _ value: inout Int) {}
  mutating func number(_ key: StaticString, _ value: inout Double) {}
  mutating func bool(_ key: StaticString, _ value: inout Bool) {}
  mutating func bool(_ key: StaticString, _ value: inout Bool?) {}
  mutating func instant(_ key: StaticString, _ value: inout Instant) {}
  mutating func instant(_ key: StaticString, _ value: inout Instant?) {}
  mutating func counts(_ key: StaticString, _ value: inout [Int]) {}
  mutating func numbers(_ key: StaticString, _ value: inout [String: Double]) {}
  mutating func instants(_ key: StaticString, _ value: inout [String: Instant]) {}

  mutating func object(_ key: StaticString, _ body: (inout Self) -> Void) { body(&self) }

  mutating func object<Value>(
    _ key: StaticString, _ value: inout Value?, blank: @autoclosure () -> Value,
    _ body: (inout Self, inout Value) -> Void
  ) {
    guard var member = value else { return }
    body(&self, &member)
    value = member
  }

  mutating func objects<Value>(
    _ key: StaticString, _ value: inout [Value], blank: @autoclosure () -> Value,
    _ body: (inout Self, inout Value) -> Void
  ) {
    for position in value.indices { body(&self, &value[position]) }
  }

  mutating func whenPresent(
    _ key: StaticString, _ isPresent: Bool, _ body: (inout Self) -> Void
  ) {
    if isPresent { body(&self) }
  }

  mutating func detail(
    _ key: StaticString, _ wanted: RecordDetail, _ body: (inout Self) -> Void
  ) {
    body(&self)
  }

  mutating func fail(_ key: StaticString, _ expectation: String) {}
}
