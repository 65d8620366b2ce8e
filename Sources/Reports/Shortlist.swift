/// The first of many elements in the order of their keys, whatever the order in which they come.
///
/// Keys should differ: of two with the same key either may be kept.
struct Shortlist<Key: Comparable & Sendable, Element: Sendable>: Sendable {
  private let limit: Int
  /// A binary heap: each key is at or behind the two at twice its position.
  private var heap: [(key: Key, element: Element)] = []
  /// Elements that were offered.
  private(set) var offered = 0

  /// Makes an empty list of up to `limit` elements.
  init(limit: Int) { self.limit = limit }

  /// Whether an element would be kept; one that would not is never kept later.
  func accepts(_ key: Key) -> Bool {
    heap.count < limit || heap.first.map { key < $0.key } ?? false
  }

  /// Keeps an element if it is among the first.
  ///
  /// - Parameter element: Is made only where it is kept.
  /// - Complexity: O(1) for most of many elements, O(log `limit`) for one that is kept.
  mutating func offer(_ key: Key, _ element: @autoclosure () -> Element) {
    offered += 1
    if heap.count < limit {
      heap.append((key, element()))
      rise(from: heap.count - 1)
    } else if accepts(key) {
      heap[0] = (key, element())
      sink()
    }
  }

  /// Offers all that another list kept.
  mutating func formUnion(_ other: Self) {
    for (key, element) in other.heap { offer(key, element) }
    offered += other.rest
  }

  private mutating func rise(from start: Int) {
    var position = start
    while position > 0 {
      let parent = (position - 1) / 2
      guard heap[parent].key < heap[position].key else { return }
      heap.swapAt(parent, position)
      position = parent
    }
  }

  private mutating func sink() {
    var position = 0
    while true {
      var last = position
      for child in [2 * position + 1, 2 * position + 2]
      where child < heap.count && heap[last].key < heap[child].key { last = child }
      if last == position { return }
      heap.swapAt(position, last)
      position = last
    }
  }

  /// What is kept, in order.
  ///
  /// - Complexity: O(*n* log *n*).
  var elements: [Element] { heap.sorted { $0.key < $1.key }.map(\.element) }

  /// Elements that were offered and not kept.
  var rest: Int { offered - heap.count }
}
