/// One number that a configuration may set: its name, what it is by default, and its bounds.
package struct ThresholdName: Hashable, Sendable {
  /// The key under `thresholds:`.
  package let name: String
  /// The value in force when the configuration does not set it.
  package let `default`: Double
  /// Whether only whole numbers make sense.
  package let isInteger: Bool
  /// The smallest value allowed.
  package let minimum: Double
  /// The largest value allowed.
  package let maximum: Double
  /// What the number decides, in one sentence.
  package let description: String

  /// Makes an entry of the table of thresholds.
  package init(
    name: String, default: Double, isInteger: Bool, minimum: Double, maximum: Double,
    description: String
  ) {
    self.name = name
    self.default = `default`
    self.isInteger = isInteger
    self.minimum = minimum
    self.maximum = maximum
    self.description = description
  }
}
