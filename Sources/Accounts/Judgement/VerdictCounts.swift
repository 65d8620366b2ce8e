/// How many logins of an account have which verdict.
package struct VerdictCounts: Sendable {
  private var byBasis: [18 of Int] = .init(repeating: 0)
  private var byState: [3 of Int] = .init(repeating: 0)

  /// Counts nothing.
  init() {}

  /// Counts a verdict.
  mutating func add(_ verdict: Verdict) {
    byBasis[verdict.basis.index] += 1
    byState[verdict.state.index] += 1
  }

  /// Verdicts that rest on something.
  package subscript(basis: VerdictBasis) -> Int { byBasis[basis.index] }

  /// Verdicts that say something.
  package subscript(state: VerdictState) -> Int { byState[state.index] }

  /// What verdicts rest on, with how many there are, in the order of the texts of results.
  package var bases: [(basis: VerdictBasis, count: Int)] {
    var result: [(basis: VerdictBasis, count: Int)] = []
    forEachBasis { result.append(($0, $1)) }
    return result
  }

  /// Gives what verdicts rest on, with how many there are, in the order of the texts of results.
  package func forEachBasis(_ body: (VerdictBasis, _ count: Int) -> Void) {
    guard byState[0] + byState[1] + byState[2] > 0 else { return }
    for basis in VerdictBasis.byText where self[basis] > 0 { body(basis, self[basis]) }
  }
}

extension VerdictBasis {
  /// All cases in the order of their texts' bytes.
  fileprivate static let byText = allCases.sorted {
    $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8)
  }
}
