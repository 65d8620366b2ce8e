import Platform
import SalesforceExports
import Synchronization

// The accounts of a run, judged by all workers, some neighbours at a time.
extension Judgement {
  /// Accounts that are judged in one go.
  private static let unitAccountCount = 32

  /// An account of a unit.
  ///
  /// An object that lends its facts: out of a list or another module's property they would be copied, dozens of
  /// references each time.
  package final class PlacedAccount: Sendable {
    /// Its place in the order of keys.
    package let place: Int
    private let facts: AccountFacts

    /// Places an account.
    package init(place: Int, _ facts: consuming AccountFacts) {
      self.place = place
      self.facts = facts
    }

    /// Lends what is known of it.
    package func withFacts<Result>(
      _ body: (AccountFacts) throws -> Result
    ) rethrows -> Result {
      try body(facts)
    }
  }

  /// Gives every account's facts, with the account's place in the order of keys.
  ///
  /// - Parameters:
  ///   - threads: How many workers there are.
  ///   - isIncluded: Which accounts; the others cost nothing but this question.
  ///   - makePart: Makes the empty part of a worker.
  ///   - add: Receives place and facts of each account; ascending within a unit.
  /// - Returns: The workers' parts; which units are in which part is not determined.
  /// - Throws: What a closure throws first.
  package func forEachAccount<Part: Sendable>(
    threads: Int, where isIncluded: ((AccountKey) -> Bool)? = nil,
    into makePart: @Sendable () throws -> Part,
    _ add: @Sendable (inout Part, _ place: Int, AccountFacts) throws -> Void
  ) throws -> [Part] {
    try forEachUnit(threads: threads, where: isIncluded, into: makePart) { part, _, accounts in
      for account in accounts {
        try account.withFacts { try add(&part, account.place, $0) }
      }
    }
  }

  /// Gives every account's facts, some neighbouring accounts at a time.
  ///
  /// Logged rows are unpacked a unit at a time, so memory does not grow to the size of them all. Units are
  /// taken in the order of keys, so whoever writes what is found has to keep little back. What is done with
  /// an account is more code than a core holds near, so each step is best done for all accounts of a
  /// unit before the next one.
  ///
  /// - Parameters:
  ///   - threads: How many workers there are.
  ///   - isIncluded: Which accounts; the others cost nothing but this question.
  ///   - makePart: Makes the empty part of a worker.
  ///   - add: Receives the accounts of each unit, in the order of keys; units are numbered from 0 without
  ///     gaps.
  /// - Returns: The workers' parts; which units are in which part is not determined.
  /// - Throws: What a closure throws first.
  package func forEachUnit<Part: Sendable>(
    threads: Int, where isIncluded: ((AccountKey) -> Bool)? = nil,
    into makePart: @Sendable () throws -> Part,
    _ add: @Sendable (inout Part, _ unit: Int, [PlacedAccount]) throws -> Void
  ) throws -> [Part] {
    let accounts = isIncluded.map { test in self.accounts.filter { test($0.key) } } ?? self.accounts
    let unitCount = (accounts.count + Self.unitAccountCount - 1) / Self.unitAccountCount
    let next = Atomic<Int>(0)
    let parts = Locked<[Part]>([])
    let failure = Locked<(any Error)?>(nil)
    WorkerThreads.run(max(1, min(threads, unitCount))) { _ in
      do {
        var part = try makePart()
        var rows = UnitRows()
        var scratch = Scratch(self)
        while failure.withLock({ $0 == nil }) {
          let unit = next.add(1, ordering: .relaxed).oldValue
          guard unit < unitCount else { break }
          let first = unit * Self.unitAccountCount
          let accounts = accounts[first..<min(first + Self.unitAccountCount, accounts.count)]
          rows.load(accounts, ledger)
          try add(&part, unit, facts(of: accounts, &rows, &scratch))
        }
        parts.withLock { [part] in $0.append(part) }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return parts.withLock { $0 }
  }

  /// What `transform` makes of each account's facts, in the order of keys.
  ///
  /// For results that are small or few; ``forEachAccount(threads:where:into:_:)`` keeps none.
  package func results<Result: Sendable>(
    threads: Int, where isIncluded: ((AccountKey) -> Bool)? = nil,
    _ transform: @Sendable (AccountFacts) -> Result
  ) -> [Result] {
    // Neither closure throws, so there are always parts.
    let parts = try? forEachAccount(threads: threads, where: isIncluded) {
      [(place: Int, result: Result)]()
    } _: { part, place, facts in
      part.append((place, transform(facts)))
    }
    return (parts ?? []).joined().sorted { $0.place < $1.place }.map(\.result)
  }
}
