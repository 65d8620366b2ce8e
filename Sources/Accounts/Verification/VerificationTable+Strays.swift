package import SalesforceExports

// Verifications that name logins of which the run has no row: doubts about what followed them, and no proofs.
extension VerificationTable {
  /// A verification that names a login of which the run has no row: whose proof it is nobody can tell.
  struct Stray: Sendable, Equatable {
    /// When it took place.
    let time: Instant
    /// What it says.
    let proof: VerificationProof
  }

  /// The same table, which knows what verifications name logins of which the run has no row.
  ///
  /// - Parameter known: All logins of the run, in any of these sets.
  /// - Complexity: O(*n*).
  package func notingStrays(among known: [LoginIDSet]) -> VerificationTable {
    func missing(_ count: Int, _ login: (Int) -> SalesforceID) -> [Int] {
      var places = Array(0..<(known.isEmpty ? count : 0))
      for (number, ids) in known.enumerated() {
        let before = places
        places =
          number == 0
          ? ids.missing(count: count, id: login)
          : ids.missing(count: before.count) { login(before[$0]) }.map { before[$0] }
      }
      return places
    }
    var strays: [SalesforceID: [Stray]] = [:]
    func note(_ user: SalesforceID?, _ time: Instant, _ proof: VerificationProof) {
      guard let user, proof.mayBeMultiFactor(isExternal: true) else { return }
      strays[user, default: []].append(Stray(time: time, proof: proof))
    }
    let places = missing(entries.count) {
      SalesforceID(high: highs[Int(entries[$0].high)], low: entries[$0].low)
    }
    for place in places {
      note(user(entries[place].user), entries[place].time, entries[place].proof)
    }
    let logins = Array(others.keys)
    for place in missing(logins.count, { logins[$0] }) {
      for row in others[logins[place]] ?? [] { note(row.user, row.time, row.proof) }
    }
    var result = self
    result.strayByUser = strays.mapValues { rows in
      rows.sorted { ($0.time, $0.proof.rawValue) < ($1.time, $1.proof.rawValue) }
    }
    return result
  }

  /// A user's verifications that may be MFA and name logins of which the run has no row; ascending in time.
  func strays(of user: SalesforceID) -> [Stray] { strayByUser[user] ?? [] }

  /// How many of them took place in a stretch of time.
  ///
  /// - Complexity: O(*n*) in these.
  package func strayCount(within time: ClosedRange<Instant>) -> Int {
    strayByUser.values.reduce(0) { sum, strays in sum + strays.count { time.contains($0.time) } }
  }
}
