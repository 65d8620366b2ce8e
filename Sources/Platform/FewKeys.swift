/// A dictionary that mostly has few keys, which are compared one by one; hashed once they are many.
///
/// What is counted by account is of a handful of networks, countries and applications, and a hash
/// table for each account costs more than all comparisons. Entries stand in the order in which their
/// keys were added.
@usableFromInline package struct FewKeys<Key: Hashable, Value> {
  /// The keys with their values.
  @usableFromInline package var entries: [(key: Key, value: Value)] = []
  /// Places of keys among the entries, once they are many.
  @usableFromInline var places: [Key: Int] = [:]

  /// Keys that are compared one by one.
  @inlinable static var comparedCount: Int { 16 }

  /// Makes an empty dictionary.
  @inlinable package init() {}

  /// The value of a key; `nil` when it has none.
  ///
  /// - Complexity: O(1) expected.
  @inlinable package subscript(key: Key) -> Value? { place(of: key).map { entries[$0].value } }

  /// Whether a key has a value.
  @inlinable package func contains(_ key: Key) -> Bool { place(of: key) != nil }

  /// Changes the value of a key.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - start: Its value where it has none.
  ///   - change: Changes the value.
  /// - Complexity: O(1) expected.
  @inlinable package mutating func update(
    _ key: Key, from start: @autoclosure () -> Value, _ change: (inout Value) -> Void
  ) {
    let place = place(of: key) ?? add(key, start())
    change(&entries[place].value)
  }

  @inlinable func place(of key: Key) -> Int? {
    if entries.count > Self.comparedCount { return places[key] }
    for place in entries.indices where entries[place].key == key { return place }
    return nil
  }

  @inlinable mutating func add(_ key: Key, _ value: Value) -> Int {
    // Enough for most, in place of growing thrice.
    if entries.isEmpty { entries.reserveCapacity(Self.comparedCount / 2) }
    entries.append((key, value))
    if entries.count > Self.comparedCount {
      if places.isEmpty {
        for place in entries.indices { places[entries[place].key] = place }
      } else {
        places[key] = entries.count - 1
      }
    }
    return entries.count - 1
  }
}

extension FewKeys where Value == Void {
  /// Adds a key.
  @inlinable package mutating func insert(_ key: Key) {
    if place(of: key) == nil { _ = add(key, ()) }
  }
}

extension FewKeys: Sendable where Key: Sendable, Value: Sendable {}
