/// Who was asked for MFA, or gave a second factor that names no login, a moment ago.
///
/// A direct login soon after cannot be told apart from one that answered, whatever the export of
/// verifications lacks, so that nothing may be said against it.
struct DemandMemory {
  private var asked: [EpochSeconds]
  private var confirmed: [EpochSeconds]

  private static let patienceSeconds = 15 * 60

  /// A memory for `accounts` accounts.
  init(accounts: Int) {
    asked = Array(repeating: .min / 2, count: accounts)
    confirmed = Array(repeating: .min / 2, count: accounts)
  }

  /// Notes a successful verification without a login.
  mutating func confirm(_ account: Int, at time: EpochSeconds) {
    confirmed[account] = time
  }

  /// Notes a login, and says so where it came after a demand; logins come in time order.
  mutating func settle(_ row: inout LoginRow) {
    switch row.status {
    case .mfaRequired, .twoFactorRequired:
      asked[row.account] = row.time
    case .success:
      guard row.door == .human, row.type != .appExchange, row.type != .helpAndTraining else {
        return
      }
      let latest = max(asked[row.account], confirmed[row.account])
      switch row.basis {
      case .noSource, .notCovered, .sfNoVerification:
        if row.type == .application, row.time - latest <= Self.patienceSeconds {
          row.basis = .mfaDemanded
        }
      default: break
      }
      asked[row.account] = .min / 2
    default: break
    }
  }
}
