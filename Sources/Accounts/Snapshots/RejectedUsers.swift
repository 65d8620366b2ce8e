import SalesforceExports

/// Which rows of `User` files could not be read: of whom one may be, it cannot be said that there is none.
package struct RejectedUsers: Sendable, Hashable {
  /// Users whom such rows name.
  private var named: Set<SalesforceID> = []
  /// Whether such rows name no user.
  private var hasNameless = false

  /// Holds nothing.
  package init() {}

  /// Notes a row.
  ///
  /// - Parameter fields: Its fields, as far as they can be told apart.
  mutating func note(_ fields: [String]) {
    let ids = fields.compactMap { SalesforceID($0.trimmed) }.filter { $0.text15.hasPrefix("005") }
    if let id = ids.first { named.insert(id) } else { hasNameless = true }
  }

  /// Adds those of an earlier run.
  mutating func formUnion(_ other: RejectedUsers) {
    named.formUnion(other.named)
    hasNameless = hasNameless || other.hasNameless
  }

  /// Those that name none of some people.
  func forgetting(_ people: ForgottenPeople) -> RejectedUsers {
    var result = self
    result.named = named.filter { !people.contains($0) }
    return result
  }

  /// Whether a user's row may be one of them; of an account without an id, whether there are any.
  func mayHold(_ id: SalesforceID?) -> Bool {
    hasNameless || id.map { named.contains($0) } ?? !named.isEmpty
  }

  /// Writes them by id.
  package func write(to writer: inout LedgerWriter) {
    writer.put(hasNameless)
    writer.put(named.count)
    for id in named.sorted() { writer.put(id) }
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    hasNameless = try reader.flag()
    for _ in 0..<(try reader.count()) { named.insert(try reader.id()) }
  }
}
