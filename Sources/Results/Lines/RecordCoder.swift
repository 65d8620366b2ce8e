package import SalesforceExports

/// Which members of a record are wanted: the others are neither made, nor read, nor needed.
package struct RecordDetail: OptionSet, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// What an account did, in sums: traffic, sources, statuses.
  package static let figures = RecordDetail(rawValue: 1)
  /// What an account did, by days and hours.
  package static let activity = RecordDetail(rawValue: 2)
  /// The rows that a finding rests on.
  package static let evidence = RecordDetail(rawValue: 4)
  /// Conditions, reasons and references of a finding.
  package static let reasoning = RecordDetail(rawValue: 8)
  /// The command that shows the rows of a finding.
  package static let replay = RecordDetail(rawValue: 16)
  /// The values of columns that an account's logins had.
  package static let values = RecordDetail(rawValue: 32)
  /// Nothing beyond what every record has.
  package static var none: RecordDetail { RecordDetail(rawValue: 0) }
  /// Everything.
  package static let all: RecordDetail = [
    .figures, .activity, .evidence, .reasoning, .replay, .values,
  ]
}

/// One pass over the members of a record, in the order of their keys' bytes.
///
/// Each record lists its members once, in a function that is generic over the coder. With a
/// ``LineWriter`` the pass writes the record, with a ``LineReader`` it fills it, so a member
/// that is added is written and read alike. A coder that has failed does nothing any more.
package protocol RecordCoder: ~Copyable {
  /// Members that are wanted.
  var detail: RecordDetail { get }
  /// Whether something went wrong.
  var hasFailed: Bool { get }

  mutating func string(_ key: StaticString, _ value: inout String)
  mutating func string(_ key: StaticString, _ value: inout String?)
  /// A number of things, never negative.
  mutating func count(_ key: StaticString, _ value: inout Int)
  mutating func number(_ key: StaticString, _ value: inout Double)
  mutating func bool(_ key: StaticString, _ value: inout Bool)
  mutating func bool(_ key: StaticString, _ value: inout Bool?)
  mutating func instant(_ key: StaticString, _ value: inout Instant)
  mutating func instant(_ key: StaticString, _ value: inout Instant?)
  /// One of the texts of an enumeration.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: StaticString, _ value: inout Choice)
  /// One of the texts of an enumeration, or null.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: StaticString, _ value: inout Choice?)
  mutating func strings(_ key: StaticString, _ value: inout [String])
  mutating func counts(_ key: StaticString, _ value: inout [Int])
  /// Counts by name; names come from data, and stand in the order of their bytes.
  mutating func counts(_ key: StaticString, _ value: inout NamedCounts)

  /// Numbers by name, and times by name; in the order of the names' bytes.
  mutating func numbers(_ key: StaticString, _ value: inout [String: Double])
  mutating func instants(_ key: StaticString, _ value: inout [String: Instant])

  /// An object whose members `body` codes.
  mutating func object(_ key: StaticString, _ body: (inout Self) -> Void)
  /// An object, or null: `value` is `nil` then. `blank` is what a reader fills.
  mutating func object<Value>(
    _ key: StaticString, _ value: inout Value?, blank: @autoclosure () -> Value,
    _ body: (inout Self, inout Value) -> Void)
  /// An array of objects.
  mutating func objects<Value>(
    _ key: StaticString, _ value: inout [Value], blank: @autoclosure () -> Value,
    _ body: (inout Self, inout Value) -> Void)
  /// A member that only stands where there is something to say.
  ///
  /// - Parameter isPresent: Whether there is; a reader says whether the member stands there.
  mutating func whenPresent(
    _ key: StaticString, _ isPresent: Bool, _ body: (inout Self) -> Void)
  /// A member that is left out where nobody wants it: not read, though it stands there.
  mutating func detail(
    _ key: StaticString, _ wanted: RecordDetail, _ body: (inout Self) -> Void)
  /// Notes that a value is not what it must be.
  mutating func fail(_ key: StaticString, _ expectation: String)
  /// Fails where a value that was read is not what it must be; what is written is not looked at.
  mutating func check(
    _ key: StaticString, _ expectation: String, _ isSound: @autoclosure () -> Bool)
}

extension RecordCoder where Self: ~Copyable {
  package mutating func check(
    _ key: StaticString, _ expectation: String, _ isSound: @autoclosure () -> Bool
  ) {
    if !hasFailed, !isSound() { fail(key, expectation) }
  }

  /// One of the texts of an enumeration.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: StaticString, _ value: inout Choice
  ) {
    var text = value.rawValue
    string(key, &text)
    guard !hasFailed else { return }
    if let choice = Choice(rawValue: text) {
      value = choice
    } else {
      fail(key, "is not one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  /// One of the texts of an enumeration, or null.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: StaticString, _ value: inout Choice?
  ) {
    var text = value?.rawValue
    string(key, &text)
    guard !hasFailed else { return }
    guard let text else {
      value = nil
      return
    }
    if let choice = Choice(rawValue: text) {
      value = choice
    } else {
      fail(key, "is not one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }
}
