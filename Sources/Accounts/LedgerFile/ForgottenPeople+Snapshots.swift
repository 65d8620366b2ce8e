import Platform
package import SalesforceExports

extension ForgottenPeople {
  /// Somebody who was asked for, and does not name one person.
  package enum Problem: Error, Sendable {
    /// Users of snapshots had this name one after the other.
    case ambiguous(who: String, ids: [SalesforceID])
  }

  /// Finds people in the rows of snapshots.
  ///
  /// - Parameters:
  ///   - texts: Ids of 15 or 18 characters, or usernames.
  ///   - archive: The snapshots.
  /// - Throws: ``Problem``.
  package init(_ texts: [String], in archive: SnapshotArchive) throws(Problem) {
    self.init()
    let users = texts.isEmpty ? [] : archive.users
    for text in texts {
      let who = text.hasPrefix("username:") ? String(text.dropFirst(9)) : text
      let name = ExactText(who.lowercased())
      let id = SalesforceID(who)
      let owners = Set(users.filter { $0.id == id || name == $0.username }.map(\.id))
      let ids = owners.union([id].compactMap(\.self))
      guard ids.count <= 1 else { throw .ambiguous(who: text, ids: ids.sorted()) }
      let (found, others) = (
        users.filter { owners.contains($0.id) }, users.filter { !owners.contains($0.id) }
      )
      // What somebody else has too does not tell who is meant.
      let shared = Set(others.flatMap { [$0.username] + $0.values })
      var names = Set(found.map(\.username).filter { !$0.string.isEmpty }).subtracting(shared)
      if id == nil { names.insert(name) }
      add(
        text, id: ids.first, names: names,
        values: Set(found.flatMap(\.values)).subtracting(shared),
        fullNames: Set(found.map(\.fullName)), isUser: !found.isEmpty)
    }
  }
}
