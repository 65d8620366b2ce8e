import Accounts
import Findings
import SalesforceExports
import Testing

@Suite struct RunFactsTests {
  @Test func accountsAreFoundByTheirKeysAndOthersAreNot() {
    let ledger = AccountLedger()
    let keys: [AccountKey] =
      (1...20).map { .id(SalesforceID(high: UInt64($0 % 3), low: UInt32($0 * 7))) }
      + (1...9).map { .username("user\($0)@example.com") }
    let fields: [String?] = ShapeField.allCases.map { $0 == .status ? "Success" : nil }
    for (line, key) in keys.enumerated() {
      ledger.record(
        account: ledger.account(key),
        shape: ledger.code(of: LoginShape(fields: fields, kind: .loginHistory)),
        row: RowReference(
          time: Instant(milliseconds: 1_770_000_000_000), id: .none, address: 0, file: 0,
          line: UInt64(line + 1)))
    }
    let judgement = Judgement(
      ledger: ledger, snapshots: Snapshots(), verifications: nil,
      statements: AccountOverrides(), evaluationTime: Instant(milliseconds: 0))
    var run = RunFacts()
    #expect(run.account(keys[0])?.key == nil)
    run.accounts = judgement.results(threads: 1) { AccountSummary($0) }
    for key in keys { #expect(run.account(key)?.key == key) }
    #expect(run.account(.id(SalesforceID(high: 2, low: 1)))?.key == nil)
    #expect(run.account(.username("zoe@example.com"))?.key == nil)
  }
}
