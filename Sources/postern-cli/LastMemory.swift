import Platform

/// Memory that is kept until the program ends, which is near.
///
/// To free a history's tables piece by piece takes a few hundredths of a second for each hundred thousand
/// users; the system takes all at once.
enum LastMemory {
  private static let values = Locked<[any Sendable]>([])

  /// Keeps values.
  static func keep(_ kept: [any Sendable]) { values.withLock { $0 += kept } }
}
