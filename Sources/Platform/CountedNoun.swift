/// Counts with the words that agree with them, in every text for people.
extension BinaryInteger {
  /// The number with its noun, which takes an s unless the number is one: `1 row`, `0 rows`.
  ///
  /// - Parameter noun: The noun in the singular, also behind an adjective.
  package func counted(_ noun: String) -> String { "\(self) \(named(noun))" }

  /// The noun alone, in the form that goes with this number.
  package func named(_ noun: String) -> String { takes(noun, noun + "s") }

  /// Of two words the one that goes with this number.
  ///
  /// - Parameters:
  ///   - one: The word for one thing: `is`.
  ///   - other: The word for none and for several: `are`.
  package func takes(_ one: String, _ other: String) -> String { self == 1 ? one : other }
}
