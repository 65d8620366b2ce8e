package import Platform

/// Counts by name, in the order of the names' bytes.
///
/// Few names stand in one, so it is a sorted array: no hashing, and the order in which it is written.
package struct NamedCounts: Sendable, Equatable {
  /// Names with their counts, in the order of the names' bytes.
  package private(set) var entries: [(name: String, count: Int)] = []

  /// Makes empty counts.
  package init() {}

  /// Takes counts from a dictionary.
  ///
  /// - Complexity: O(*n* log *n*) in the names.
  package init(_ counts: [String: Int]) {
    entries = counts.map { ($0.key, $0.value) }.sorted { $0.name.precedes($1.name) }
  }

  /// Takes counts from a dictionary.
  ///
  /// - Complexity: O(*n* log *n*) in the names.
  package init(_ counts: [ExactText: Int]) {
    entries = counts.sorted { $0.key < $1.key }.map { ($0.key.string, $0.value) }
  }

  /// Sums the counts of items by a name of each.
  ///
  /// Few items go through ``add(_:to:)``; many, as the statuses of a file that somebody made up, are
  /// sorted first.
  ///
  /// - Complexity: O(*n* log *n*) in the items.
  package init<Item>(
    of items: [Item], count: (Item) -> Int, by name: (Item) -> String
  ) {
    guard items.count > 32 else {
      for item in items { add(count(item), to: name(item)) }
      return
    }
    let pairs = items.map { (name: name($0), count: count($0)) }
    for pair in pairs.sorted(by: { $0.name.precedes($1.name) }) {
      if let last = entries.last, last.name.hasBytes(of: pair.name) {
        entries[entries.count - 1].count += pair.count
      } else {
        entries.append(pair)
      }
    }
  }

  /// Adds to the count of a name.
  ///
  /// - Complexity: O(*n*) in the names.
  package mutating func add(_ count: Int, to name: String) {
    for position in entries.indices where entries[position].name.hasBytes(of: name) {
      entries[position].count += count
      return
    }
    let position =
      entries.firstIndex { name.precedes($0.name) } ?? entries.count
    entries.insert((name, count), at: position)
  }

  /// Adds a name that comes after all others.
  mutating func append(_ name: String, _ count: Int) { entries.append((name, count)) }

  /// Makes room for some names.
  mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

  /// The count of a name, 0 when it is not among them.
  package subscript(_ name: String) -> Int {
    entries.first { $0.name.hasBytes(of: name) }?.count ?? 0
  }

  /// The sum of all counts.
  package var total: Int { entries.reduce(0) { $0 + $1.count } }

  package var isEmpty: Bool { entries.isEmpty }

  package static func == (left: Self, right: Self) -> Bool {
    left.entries.elementsEqual(right.entries) {
      $0.count == $1.count && $0.name.hasBytes(of: $1.name)
    }
  }
}
