import Accounts
import Findings
import Platform
import Reports
import SalesforceExports

/// Counts the rows of a pivot as they come in the order of time.
struct PivotTally {
  /// Rows that have a shape or an address in common.
  private struct Use {
    var rows = 0
    var accounts: Set<Int> = []
    var first: Instant
    var last: Instant

    mutating func add(_ account: Int, _ first: Instant, _ last: Instant, rows: Int) {
      self.rows += rows
      accounts.insert(account)
      self.first = min(self.first, first)
      self.last = max(self.last, last)
    }
  }

  /// A finding, and how many rows of the pivot it rests on.
  private struct Rested {
    let finding: Finding
    let rows: FindingRows
    let account: Int?
    var count = 0
  }

  private let rows: ShownRows
  private let accounts: [Int: PivotGathering.Account]
  private let counts = RowTally(
    RowTally.Grain(usesAddress: true, usesVerdict: true), threads: 1)
  private var findings: [Rested] = []
  private var findingsOfAccounts: [Int: [Int]] = [:]
  private var organizationFindings: [Int] = []

  /// Counts nothing yet.
  init(_ rows: ShownRows, _ gathering: PivotGathering) {
    self.rows = rows
    var accounts: [Int: PivotGathering.Account] = [:]
    for account in gathering.accounts {
      guard let number = rows.accountNumbers[account.user] else { continue }
      accounts[number] = account
      for (finding, own) in account.findings where !own.isEmpty {
        findingsOfAccounts[number, default: []].append(findings.count)
        findings.append(Rested(finding: finding, rows: own, account: number))
      }
    }
    for (finding, own) in gathering.organizationFindings where !own.isEmpty {
      organizationFindings.append(findings.count)
      findings.append(Rested(finding: finding, rows: own, account: nil))
    }
    self.accounts = accounts
  }

  /// Counts a row.
  mutating func add(_ row: PickedLogin) {
    counts.part(0).add(row)
    guard !findings.isEmpty, let number = rows.accountNumbers[row.user] else { return }
    let own = findingsOfAccounts[number] ?? []
    guard !own.isEmpty || !organizationFindings.isEmpty else { return }
    let key = rows.texts.accounts[number].key
    count(row, of: key, among: own)
    count(row, of: key, among: organizationFindings)
  }

  private mutating func count(
    _ row: PickedLogin, of account: AccountKey, among positions: [Int]
  ) {
    for position in positions
    where findings[position].rows.contains(row.row, shape: row.shape, of: account) {
      findings[position].count += 1
    }
  }

  /// The report.
  ///
  /// - Parameters:
  ///   - all: Login rows that were looked through.
  ///   - command: Shows the rows.
  func report(
    _ field: PivotField, _ value: String, hours: Int, all: Int, command: String,
    incomplete: [String]
  ) -> PivotReport {
    var report = PivotReport(field, value, hours: hours, all: all)
    report.command = command
    report.incompleteReasons = incomplete
    let texts = rows.texts
    var uses: [Int: PivotReport.AccountUse] = [:]
    var shapes: [UInt32: Use] = [:]
    var addresses: [UInt32: Use] = [:]
    counts.visit { key, count in
      guard let number = rows.accountNumbers[key.user] else { return }
      let (first, last) = (count.first, count.last)
      let verdict = key.verdict == 0 ? nil : texts.verdicts[Int(key.verdict) - 1]
      uses[
        number,
        default: PivotReport.AccountUse(
          account: texts.accounts[number], first: first, last: last)
      ].add(texts.shapes[Int(key.shape)], verdict, count.rows, from: first, to: last)
      shapes[key.shape, default: Use(first: first, last: last)]
        .add(number, first, last, rows: count.rows)
      addresses[key.address, default: Use(first: first, last: last)]
        .add(number, first, last, rows: count.rows)
    }
    report.accounts = uses.map { number, use in
      var use = use
      guard let account = accounts[number] else { return use }
      use.isPrivileged = account.isPrivileged
      use.privileges = account.privileges
      use.isActive = account.isActive
      use.around = account.around
      use.around.apiSucceeded = account.apiSuccessesAround.map { $0 - use.api.succeeded }
      return use
    }.sorted { one, other in
      one.rows != other.rows ? one.rows > other.rows : one.account.key < other.account.key
    }
    report.values = [
      .address: values(addresses) { texts.addresses[Int($0)] },
      .application: values(shapes) { texts.shapes[Int($0)].application },
      .country: values(shapes) { texts.shapes[Int($0)].country },
      .browser: values(shapes) { texts.shapes[Int($0)].browser },
      .platform: values(shapes) { texts.shapes[Int($0)].platform },
    ]
    report.findings = findings.filter { $0.count > 0 }.map { rested in
      PivotReport.RestingFinding(
        id: rested.finding.id, rule: rested.finding.rule.id, title: rested.finding.title,
        status: rested.finding.status, severity: rested.finding.severity,
        isSuppressed: rested.finding.suppression != nil,
        account: rested.account.map { texts.accounts[$0] }, rows: rested.count,
        total: rested.finding.evidenceTotal)
    }.sorted(by: PivotReport.RestingFinding.precedes)
    return report
  }

  private func values(
    _ uses: [UInt32: Use], _ text: (UInt32) -> String
  ) -> [PivotReport.ValueUse] {
    var united: [ExactText: Use] = [:]
    for (code, use) in uses {
      let name = ExactText(text(code))
      guard name != "" else { continue }
      var known = united[name] ?? Use(first: use.first, last: use.last)
      known.rows += use.rows
      known.accounts.formUnion(use.accounts)
      known.first = min(known.first, use.first)
      known.last = max(known.last, use.last)
      united[name] = known
    }
    return united.map { name, use in
      PivotReport.ValueUse(
        value: name.string, rows: use.rows, accounts: use.accounts.count, first: use.first,
        last: use.last)
    }.sorted { one, other in
      one.rows != other.rows
        ? one.rows > other.rows : one.value.precedes(other.value)
    }
  }
}
