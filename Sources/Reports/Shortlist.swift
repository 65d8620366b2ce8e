/// The first of many elements in the order of their keys, whatever the order in which they come.
///
/// Keys should differ: of two with the same key either may be kept.
struct Shortlist<Key: Comparable & Sendable, Element: Sendable>: Sendable {
  private let limit: Int
  /// A binary heap: each key is at or behind the two at twice its position.
  private var keys: [Key] = []
  /// Where the element of each key lies among those that are kept, which are large and stay where they are.
  private var slots: [Int] = []
  private var kept: [Element] = []
  /// Elements that were offered.
  private(set) var offered = 0

  /// Makes an empty list of up to `limit` elements.
  init(limit: Int) { self.limit = limit }

  /// Whether an element would be kept; one that would not is never kept later.
  func accepts(_ key: Key) -> Bool {
    keys.count < limit || !keys.isEmpty && key < keys[0]
  }

  /// Keeps an element if it is among the first.
  ///
  /// - Parameter element: Is made only where it is kept.
  /// - Complexity: O(1) for most of many elements, O(log `limit`) for one that is kept.
  mutating func offer(_ key: Key, _ element: @autoclosure () -> Element) {
    offered += 1
    if keys.count < limit {
      keys.append(key)
      slots.append(kept.count)
      kept.append(element())
      rise(from: keys.count - 1)
    } else if accepts(key) {
      keys[0] = key
      kept[slots[0]] = element()
      sink()
    }
  }

  /// Offers all that another list kept.
  mutating func formUnion(_ other: Self) {
    for position in other.keys.indices {
      offer(other.keys[position], other.kept[other.slots[position]])
    }
    offered += other.rest
  }

  private mutating func exchange(_ one: Int, _ other: Int) {
    keys.swapAt(one, other)
    slots.swapAt(one, other)
  }

  private mutating func rise(from start: Int) {
    var position = start
    while position > 0 {
      let parent = (position - 1) / 2
      guard keys[parent] < keys[position] else { return }
      exchange(parent, position)
      position = parent
    }
  }

  private mutating func sink() {
    var position = 0
    while true {
      var last = position
      for child in (2 * position + 1)...(2 * position + 2)
      where child < keys.count && keys[last] < keys[child] { last = child }
      if last == position { return }
      exchange(position, last)
      position = last
    }
  }

  /// What is kept, in order.
  ///
  /// - Complexity: O(*n* log *n*).
  var elements: [Element] {
    keys.indices.sorted { keys[$0] < keys[$1] }.map { kept[slots[$0]] }
  }

  /// Elements that were offered and not kept.
  var rest: Int { offered - keys.count }
}
