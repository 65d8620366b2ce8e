import Results

/// What stands out comes first, then what most accounts share.
struct ApplicationOrder: Comparable, Sendable {
  private let rank: Int
  private let accounts: Int
  private let name: String

  init(_ application: ApplicationRecord) {
    rank =
      application.states.contains { $0 == .new || $0 == .woken }
        || application.networks.contains { $0.isNew && $0.accounts > 1 } ? 0 : 1
    accounts = application.accountsTotal
    name = application.name
  }

  static func < (left: Self, right: Self) -> Bool {
    if left.rank != right.rank { return left.rank < right.rank }
    if left.accounts != right.accounts { return left.accounts > right.accounts }
    return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }
}
