import Platform
package import SalesforceExports

/// What is left out of a ledger.
package struct Forgotten: Sendable {
  /// Detail before this time; `nil` for none.
  package var before: Instant?
  /// People of whom nothing stays that names them.
  package var people = ForgottenPeople()

  /// Makes one.
  package init(before: Instant? = nil, people: ForgottenPeople = ForgottenPeople()) {
    self.before = before
    self.people = people
  }

  /// Whether everything stays.
  package var isNothing: Bool { before == nil && people.isEmpty }

  /// Whether a row of a time stays.
  func keeps(_ time: Instant) -> Bool { before.map { time >= $0 } ?? true }

  /// Whether a row of a day, counted since 1970, stays.
  func keeps(day: Int64) -> Bool { before.map { day >= $0.day } ?? true }
}

/// People who are forgotten, by the ids and the names that rows have of them.
package struct ForgottenPeople: Sendable {
  private var ids: Set<SalesforceID> = []
  /// Lower-cased usernames.
  private var names: Set<ExactText> = []
  /// Who was asked for, with the keys that the rows of each can have, and whether snapshots have a user.
  private var asked: [(who: String, keys: Set<AccountKey>, isUser: Bool)] = []
  /// Usernames, mail addresses and numbers of theirs alone, which rows of snapshots about others may have.
  private var values: Set<ExactText> = []
  /// Their full names, which columns about a user have.
  private var fullNames: Set<ExactText> = []

  /// Nobody.
  package init() {}

  /// Adds somebody.
  ///
  /// - Parameters:
  ///   - who: As the user named them.
  ///   - id: Their id; `nil` where only a name is known.
  ///   - names: Lower-cased usernames of theirs alone.
  ///   - values: Other texts of theirs alone, in lower case.
  ///   - fullNames: Their full names, in lower case.
  ///   - isUser: Whether snapshots have a row of them.
  mutating func add(
    _ who: String, id: SalesforceID?, names: Set<ExactText>, values: Set<ExactText>,
    fullNames: Set<ExactText>, isUser: Bool
  ) {
    var keys = Set(names.map { AccountKey.username($0.string) })
    if let id {
      keys.insert(.id(id))
      ids.insert(id)
    }
    asked.append((who, keys, isUser))
    self.names.formUnion(names)
    self.values.formUnion(names)
    self.values.formUnion(values)
    self.fullNames.formUnion(fullNames)
    self.values.remove("")
    self.fullNames.remove("")
  }

  /// Whether nobody is forgotten.
  package var isEmpty: Bool { asked.isEmpty }

  /// Whether a key is one of theirs.
  package func contains(_ key: AccountKey) -> Bool {
    switch key {
    case .id(let id): ids.contains(id)
    case .username(let name): !names.isEmpty && names.contains(ExactText(name.lowercased()))
    }
  }

  /// Whether an id is one of theirs; false for none.
  package func contains(_ id: SalesforceID?) -> Bool { id.map { ids.contains($0) } ?? false }

  /// Whether a text of a row is one of theirs: an id, a name, an address of mail.
  func isNamed(by text: String) -> Bool {
    let count = text.utf8.count
    if count == 15 || count == 18, let id = SalesforceID(text), ids.contains(id) { return true }
    return count > 0 && values.contains(ExactText(text.lowercased()))
  }

  /// Whether a text is the full name of one of them.
  func haveFullName(_ text: String) -> Bool {
    !fullNames.isEmpty && fullNames.contains(ExactText(text.lowercased()))
  }

  /// Texts that name them: ids in both forms, and usernames.
  package var texts: [String] {
    ids.sorted().flatMap { [$0.text18, $0.text15] } + names.sorted().map(\.string)
  }

  /// Those who were asked for and of whom nothing is known.
  ///
  /// - Parameter known: Whether something but snapshots has a key.
  package func unknown(_ known: (AccountKey) -> Bool) -> [String] {
    asked.filter { !$0.isUser && !$0.keys.contains(where: known) }.map(\.who)
  }
}
