import Testing

@testable import postern_synth

@Suite
struct TruthTests {
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func everyLoginHasOneClassAndEverySuccessfulHumanOneAVerdict(seed: UInt64) {
    for verification in VerificationExport.allCases {
      var options = SynthOptions.small(seed: seed)
      options.verification = verification
      let truth = Self.truth(options)
      let rows = truth.accounts.reduce(0) { $0 + $1.total }
      #expect(rows == options.rows, "seed \(seed)")
      for account in truth.accounts {
        let verdicts = MFAVerdict.allCases.reduce(0) { $0 + account.count($1) }
        #expect(verdicts == account.count(.human, .succeeded), "seed \(seed)")
      }
    }
  }

  @Test
  func loginsComeInTimeOrderInsideTheWindow() {
    let options = SynthOptions.small(rows: 60_000)
    var stream = LoginStream(
      options: options, organization: Organization(options: options))
    var last = options.firstSecond
    var count = 0
    while let row = stream.next() {
      #expect(row.time >= last && row.time < options.endSecond)
      last = row.time
      count += 1
    }
    #expect(count == options.rows)
    #expect(options.endSecond - last < 3_600)
  }

  @Test
  func noVerificationLiesInTheHole() throws {
    var options = SynthOptions.small()
    options.verification = .holes
    let hole = try #require(options.hole)
    var stream = LoginStream(
      options: options, organization: Organization(options: options))
    var times: [EpochSeconds] = []
    while stream.next() != nil {
      times += stream.verifications.map(\.time)
      stream.verifications.removeAll()
    }
    #expect(!times.contains { $0 > hole.lowerBound && $0 < hole.upperBound })
    #expect(times.contains(hole.lowerBound) && times.contains(hole.upperBound))
    #expect(hole.upperBound - hole.lowerBound > 7 * 86_400)
  }

  @Test
  func withoutVerificationsNoDirectLoginIsProvenOrAbsent() {
    var options = SynthOptions.small()
    options.verification = .none
    let truth = Self.truth(options)
    for account in truth.accounts {
      #expect(account.bases[Basis.sfVerification.rawValue] == 0)
      #expect(account.bases[Basis.sfNoVerification.rawValue] == 0)
    }
  }

  @Test
  func aLargeRunHasOneAccountOverTheLoginRateAndEveryFindingInScope() {
    var options = SynthOptions()
    options.rows = LoginStorm.leastRows
    let organization = Organization(options: options)
    let truth = Self.truth(options)
    #expect(truth.accounts.filter { $0.peakHour >= 3_600 }.count == 1)
    var found: Set<String> = []
    for (account, logins) in zip(organization.accounts, truth.accounts) {
      found.formUnion(Expectation(account: account, truth: logins).findings)
    }
    #expect(found == Set(Expectation.scope))
  }

  @Test
  func aPeakCountsSixtyConsecutiveMinutes() {
    var truth = AccountTruth()
    for minute in [0, 0, 59, 60, 119, 400] {
      truth.count(
        LoginRow(
          time: minute * 60, account: 0, type: .partnerProduct, address: 0, application: 6,
          browser: 5))
    }
    #expect(truth.peakHour == 3)
  }

  private static func truth(_ options: SynthOptions) -> Truth {
    let organization = Organization(options: options)
    var truth = Truth(options: options, organization: organization)
    var stream = LoginStream(options: options, organization: organization)
    while let row = stream.next() { truth.count(row) }
    return truth
  }
}
