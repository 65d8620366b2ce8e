import SalesforceExports

/// A name in which `*` stands for any number of any characters, compared by bytes, without
/// regard to the case of A to Z.
///
/// There is no way to write a literal `*`; the names it is used for (usernames, profiles,
/// applications, user agents) hold none in practice, and `*` matches itself as well.
package struct NamePattern: Hashable, Sendable, CustomStringConvertible {
  /// The pattern as it was written.
  package let text: String
  /// The lower-cased text in UTF-8.
  private let folded: [UInt8]

  /// Makes a pattern; every text is one.
  package init(_ text: String) {
    self.text = text
    folded = Array(text.asciiLowercased.utf8)
  }

  /// Whether the pattern holds a `*`, and so may match more than one name.
  package var hasWildcard: Bool { folded.contains(Self.star) }

  /// Whether the pattern is nothing but `*` and matches every name.
  package var matchesEverything: Bool { !folded.isEmpty && folded.allSatisfy { $0 == Self.star } }

  /// Whether the whole of `name` matches.
  ///
  /// - Complexity: O(*n* · *m*) in the lengths of name and pattern at worst, O(*n* + *m*) as a rule.
  package func matches(_ name: String) -> Bool {
    matches(folded: Array(name.asciiLowercased.utf8))
  }

  /// Whether a name matches that is lower-cased already.
  package func matches(folded name: [UInt8]) -> Bool {
    // Greedy with one point of return: when a character does not fit, the last star swallows one
    // more. Earlier stars never need to be revisited.
    var nameIndex = 0
    var patternIndex = 0
    var lastStar: (pattern: Int, name: Int)?
    while nameIndex < name.count {
      if patternIndex < folded.count, folded[patternIndex] == Self.star {
        lastStar = (patternIndex, nameIndex)
        patternIndex += 1
      } else if patternIndex < folded.count, folded[patternIndex] == name[nameIndex] {
        patternIndex += 1
        nameIndex += 1
      } else if let star = lastStar {
        lastStar = (star.pattern, star.name + 1)
        patternIndex = star.pattern + 1
        nameIndex = star.name + 1
      } else {
        return false
      }
    }
    return folded[patternIndex...].allSatisfy { $0 == Self.star }
  }

  /// The pattern as it was written.
  package var description: String { text }

  private static let star = UInt8(ascii: "*")
}

extension [NamePattern] {
  /// The first pattern that matches `name`, or `nil` when none does.
  package func firstMatch(_ name: String) -> NamePattern? {
    guard !isEmpty else { return nil }
    let folded = [UInt8](name.asciiLowercased.utf8)
    return first { $0.matches(folded: folded) }
  }
}
