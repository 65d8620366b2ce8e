import Platform
import SalesforceExports

/// What the judgement must know of the files of a run beside their rows.
package struct ExportTraits: Sendable {
  /// Files of logins that have no column for login Ids, by their numbers.
  package var filesWithoutIDs: Set<UInt32> = []
  /// Whether a verification file has exactly as many rows as an export limit allows, or could not be read to
  /// its end.
  package var isVerificationCut = false
  /// Whether rows of verification files could not be read: any of them may have been a proof.
  package var hasRejectedVerifications = false
  /// Whether Ids or keys lost the case of their letters, so that proofs may not have joined their logins.
  package var hasLostCase = false
  /// Smallest share of the users with direct logins, in percent, of whom the verification export must
  /// have rows.
  package var coverageShare: Double = 25

  /// Files of which nothing is known.
  package init() {}
}

/// Whether the verification export would show a verification of a login, had there been one: each of
/// the conditions is one that an export which is cut short, filtered or damaged fails (docs/judgement.md,
/// "Covers").
///
/// One object for a run: it is asked once a login.
final class VerificationCoverage: Sendable {
  /// Largest distance between two verifications that cover what lies between.
  static let gapMilliseconds: Int64 = 7 * Instant.dayMilliseconds
  /// Direct logins of so many people make a day one on which verifications are expected.
  private static let peopleOfBusyDay = 3
  /// Of so many people whose Ids begin alike the export must have a row.
  private static let peopleOfOrigin = 3

  let verifications: VerificationTable
  private let joinedLogins: Set<SalesforceID>
  private let isStated: (@Sendable (Instant) -> Bool)?
  private let isCut: Bool
  /// Whether Ids or keys lost their case, so that no login is known to lack a proof.
  let hasLostCase: Bool
  /// Whether rows that may have been proofs could not be read.
  let hasRejects: Bool
  /// Whether the export has rows of too few of the users who should have some.
  let isLimitedToSomeUsers: Bool
  /// What the Ids of several users with direct logins begin with, of none of whom, and of no other that begins so,
  /// the export has a row.
  private let unseenOrigins: Set<UInt64>
  /// Busy days without a verification, while others have some.
  let holes: Set<Int64>

  /// Looks at the users and days of a run.
  ///
  /// - Complexity: O(*n*) in the accounts, and in the logged rows where some day has no verification.
  init(
    _ verifications: VerificationTable, ledger: AccountLedger, traits: [ShapeTraits],
    accounts: [(key: AccountKey, numbers: [UInt32])], exports: ExportTraits,
    isStated: (@Sendable (Instant) -> Bool)?, threads: Int
  ) {
    self.verifications = verifications
    self.isStated = isStated
    joinedLogins = ledger.joinedLogins
    isCut = exports.isVerificationCut
    hasLostCase = exports.hasLostCase
    hasRejects = exports.hasRejectedVerifications
    let users = Self.users(verifications, ledger, traits, accounts, threads: threads)
    isLimitedToSomeUsers = users.areTooFew(share: exports.coverageShare)
    unseenOrigins = users.origins(ofAtLeast: Self.peopleOfOrigin).subtracting(
      verifications.users.map { UserSums.origin(of: $0) })
    // A hole is a day of logged rows without a verification.
    let days = ledger.loggedSpan.map { $0.lowerBound.day...$0.upperBound.day }
    holes =
      days?.allSatisfy { verifications.hasRows(onDay: $0) } ?? true
      ? [] : Self.holes(verifications, ledger, traits, accounts, threads: threads)
  }

  /// Why the export does not cover a direct login; `nil` when it does.
  ///
  /// - Parameter user: Whose it is; `nil` where only a name is known.
  func obstacle(_ login: RowReference, of user: SalesforceID?, hasID: Bool) -> VerdictBasis? {
    guard hasID else { return .joinUnproven }
    if let isStated { return isStated(login.time) ? nil : .notCovered }
    guard joinedLogins.contains(where: { $0 != login.id }), verifications.hasSeveralUsers,
      !isLimitedToSomeUsers, user.map({ !unseenOrigins.contains(UserSums.origin(of: $0)) }) ?? true
    else { return .joinUnproven }
    guard !isCut, !holes.contains(login.time.day),
      verifications.surrounds(login.time, within: Self.gapMilliseconds)
    else { return .notCovered }
    return nil
  }

  private static func users(
    _ verifications: VerificationTable, _ ledger: AccountLedger, _ traits: [ShapeTraits],
    _ accounts: [(key: AccountKey, numbers: [UInt32])], threads: Int
  ) -> UserSums {
    let sums = Locked(UserSums())
    WorkerThreads.run(max(1, threads)) { worker in
      var own = UserSums()
      for place in stride(from: worker, to: accounts.count, by: max(1, threads)) {
        var (isDirect, isAsked) = (false, false)
        for number in accounts[place].numbers {
          ledger.forEachShape(ofAccount: Int(number)) { code in
            let shape = traits[Int(code)]
            if shape.isDirectSuccess { isDirect = true }
            if shape.status == .factorRequired { isAsked = true }
          }
        }
        guard isDirect || isAsked else { continue }
        var isSeen = false
        if case .id(let user) = accounts[place].key {
          isSeen = verifications.hasRows(of: user)
          if isDirect { own.origins[UserSums.origin(of: user), default: 0] += 1 }
        }
        own.note(isDirect: isDirect, isAsked: isAsked, isSeen: isSeen)
      }
      sums.withLock { $0.add(own) }
    }
    return sums.withLock { $0 }
  }

  /// How many users logged in directly, or were asked for MFA, and of how many of them the export has rows.
  private struct UserSums {
    var direct = 0
    var directSeen = 0
    var asked = 0
    var askedSeen = 0
    /// Users with direct logins by what their Ids begin with.
    var origins: [UInt64: Int] = [:]

    /// What the Ids of the users of one org begin with: the key prefix and the instance that made them, of which
    /// an org that was moved has several (docs/salesforce.md, Ids).
    static func origin(of user: SalesforceID) -> UInt64 { user.high >> 30 }

    /// Whether rows are there of too few of the users who should have some.
    func areTooFew(share: Double) -> Bool {
      Double(directSeen) * 100 < share * Double(direct) || (asked - askedSeen) * 10 > asked
    }

    /// Origins of at least so many users.
    func origins(ofAtLeast least: Int) -> Set<UInt64> {
      Set(origins.filter { $0.value >= least }.keys)
    }

    mutating func note(isDirect: Bool, isAsked: Bool, isSeen: Bool) {
      if isDirect {
        direct += 1
        directSeen += isSeen ? 1 : 0
      }
      if isAsked {
        asked += 1
        askedSeen += isSeen ? 1 : 0
      }
    }

    mutating func add(_ other: UserSums) {
      direct += other.direct
      directSeen += other.directSeen
      asked += other.asked
      askedSeen += other.askedSeen
      origins.merge(other.origins, uniquingKeysWith: +)
    }
  }

  /// What happened on a day.
  private struct Day {
    var isAsked = false
    /// Up to three accounts with direct logins.
    var people: [UInt32] = []

    var isBusy: Bool { isAsked || people.count >= peopleOfBusyDay }

    mutating func add(_ account: UInt32) {
      if people.count < peopleOfBusyDay, !people.contains(account) { people.append(account) }
    }

    mutating func formUnion(_ other: Day) {
      isAsked = isAsked || other.isAsked
      for account in other.people { add(account) }
    }
  }

  private static func holes(
    _ verifications: VerificationTable, _ ledger: AccountLedger, _ traits: [ShapeTraits],
    _ accounts: [(key: AccountKey, numbers: [UInt32])], threads: Int
  ) -> Set<Int64> {
    // Accounts known by several keys are one.
    var united: [UInt32: UInt32] = [:]
    for (_, numbers) in accounts where numbers.count > 1 {
      for number in numbers { united[number] = numbers[0] }
    }
    let days = Locked<[Int64: Day]>([:])
    WorkerThreads.run(max(1, threads)) { [united] worker in
      var own: [Int64: Day] = [:]
      // Of a busy day nothing more is to be told, and most rows are of one.
      var isBusy = [Bool](repeating: false, count: 1 << 16)
      for account in ledger.accountNumbers(ofWorker: worker, of: max(1, threads)) {
        ledger.forEachLoggedRow(ofAccount: account) { login in
          guard login.disposition != .copy else { return }
          let shape = traits[Int(login.shape)]
          let isAsked = shape.status == .factorRequired
          guard isAsked || shape.isDirectSuccess else { return }
          let day = login.row.time.day
          let isNear = isBusy.indices.contains(Int(day))
          if isNear, isBusy[Int(day)] { return }
          if isAsked {
            own[day, default: Day()].isAsked = true
          } else {
            own[day, default: Day()].add(united[login.account] ?? login.account)
          }
          if isNear { isBusy[Int(day)] = own[day]?.isBusy ?? false }
        }
      }
      days.withLock {
        $0.merge(own) { one, other in
          var sum = one
          sum.formUnion(other)
          return sum
        }
      }
    }
    let busy = days.withLock { $0.filter(\.value.isBusy).map(\.key) }
    let seen = busy.filter { verifications.hasRows(onDay: $0) }.count
    // Of the other busy days at least half have some; without others nothing speaks for the export.
    guard seen * 2 >= busy.count - 1 else { return [] }
    return Set(busy.filter { !verifications.hasRows(onDay: $0) })
  }
}
