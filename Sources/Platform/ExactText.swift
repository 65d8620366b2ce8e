import Glibc

/// A text that equals another byte for byte, and stands in the order of bytes.
///
/// A `String` equals every other that Unicode calls canonically equivalent: `é` in one scalar and in
/// two, the sign of the kelvin and the letter K. What a file says is told from what another says by its
/// bytes alone, so foreign texts are keys, and are sorted, in this form.
@usableFromInline
package struct ExactText: Hashable, Comparable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The text.
  @usableFromInline
  package let string: String
  /// The text.
  @usableFromInline
  package var description: String { string }

  /// Makes one of a text.
  @inlinable
  package init(_ string: String) { self.string = string }

  /// Makes one of a literal.
  @usableFromInline
  package init(stringLiteral string: String) { self.string = string }

  /// Compares bytes.
  @usableFromInline
  package static func == (left: Self, right: Self) -> Bool {
    left.string.hasBytes(of: right.string)
  }

  /// Compares bytes.
  @usableFromInline
  package static func < (left: Self, right: Self) -> Bool { left.string.precedes(right.string) }

  /// Hashes the bytes.
  @usableFromInline
  package func hash(into hasher: inout Hasher) { string.hashBytes(into: &hasher) }
}

extension String {
  /// Whether another text has the same bytes.
  ///
  /// - Complexity: O(*n*).
  package func hasBytes(of other: String) -> Bool {
    utf8.count == other.utf8.count && compareBytes(with: other) == 0
  }

  /// What `memcmp` says of the bytes that both texts have.
  private func compareBytes(with other: String) -> Int32 {
    func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int32 {
      guard let one = left.baseAddress, let two = right.baseAddress else { return 0 }
      return unsafe memcmp(one, two, min(left.count, right.count))
    }
    // Bytes that lie together are lent without a count of references, as those of nearly all texts do.
    let order = unsafe utf8.withContiguousStorageIfAvailable { left in
      unsafe other.utf8.withContiguousStorageIfAvailable { right in unsafe compare(left, right) }
    }
    if case .some(.some(let order)) = order { return order }
    var (left, right) = (self, other)
    return left.withUTF8 { left in right.withUTF8 { right in unsafe compare(left, right) } }
  }

  /// Whether the bytes of this text stand before those of another.
  ///
  /// - Complexity: O(*n*).
  package func precedes(_ other: String) -> Bool {
    let order = compareBytes(with: other)
    return order == 0 ? utf8.count < other.utf8.count : order < 0
  }

  /// Feeds the bytes to a hasher, and where they end.
  ///
  /// - Complexity: O(*n*).
  package func hashBytes(into hasher: inout Hasher) {
    let isFed: Void? = unsafe utf8.withContiguousStorageIfAvailable {
      unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if isFed == nil {
      var text = self
      text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
    hasher.combine(0xFF as UInt8)
  }
}

extension Sequence<String> {
  /// The texts in the order of their bytes.
  ///
  /// - Complexity: O(*n* log *n*).
  package func sortedByBytes() -> [String] { sorted { $0.precedes($1) } }

  /// The texts in the order of their bytes, each once.
  ///
  /// - Complexity: O(*n* log *n*).
  package func distinctByBytes() -> [String] {
    // Many are the same as the one before them, and need not be sorted.
    var result: [String] = []
    for text in self where !(result.last?.hasBytes(of: text) ?? false) { result.append(text) }
    guard result.count > 1 else { return result }
    let sorted = result.sortedByBytes()
    result.removeAll(keepingCapacity: true)
    for text in sorted where !(result.last?.hasBytes(of: text) ?? false) { result.append(text) }
    return result
  }
}

extension Dictionary where Key == ExactText {
  /// The value of a text.
  @inlinable
  package subscript(_ text: String) -> Value? {
    get { self[ExactText(text)] }
    _modify { yield &self[ExactText(text)] }
  }

  /// The value of a text, or another where there is none.
  @inlinable
  package subscript(_ text: String, default other: @autoclosure () -> Value) -> Value {
    get { self[ExactText(text), default: other()] }
    _modify { yield &self[ExactText(text), default: other()] }
  }
}

extension Set where Element == ExactText {
  /// Makes a set of texts; a set whose type nobody states is one of strings.
  @_disfavoredOverload
  package init(_ texts: some Sequence<String>) { self.init(texts.lazy.map { ExactText($0) }) }

  /// Whether a text is among them.
  package func contains(_ text: String) -> Bool { contains(ExactText(text)) }

  /// Adds a text.
  ///
  /// - Returns: Whether it is new.
  @discardableResult
  package mutating func insert(_ text: String) -> Bool { insert(ExactText(text)).inserted }
}
