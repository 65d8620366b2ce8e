import Platform

/// UTC days on which API logins of somebody are known, worked out when a rule asks for them first: hardly a run does.
final class APILoginDays: Sendable {
  private enum State {
    /// Days of attempts, and the ledger that has those of successes.
    case open([Int64], AccountLedger)
    /// All of them, ascending.
    case known([Int64])
  }

  private let state: Locked<State>

  /// - Parameters:
  ///   - attempts: Days since 1970 on which somebody tried.
  ///   - ledger: Has the days of successes.
  init(attempts: [Int64], _ ledger: AccountLedger) {
    state = Locked(.open(attempts, ledger))
  }

  /// The days since 1970, ascending; the ledger is not held any longer.
  var days: [Int64] {
    state.withLock { state in
      switch state {
      case .known(let days): return days
      case .open(let attempts, let ledger):
        let days = ledger.daysWithAPISuccesses.union(attempts).sorted()
        state = .known(days)
        return days
      }
    }
  }
}
