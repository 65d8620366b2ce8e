import Accounts
import Findings
import Platform
import Reports
import SalesforceExports

/// Counts the rows of a pivot, in any order and by several workers.
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

  /// A finding, and the rows that it rests on.
  private struct Rested: Sendable {
    let finding: Finding
    let rows: FindingRows
    let account: Int?
  }

  /// The counts of one worker.
  ///
  /// What a finding has to do with a row is asked once for the rows that have account, shape and address in
  /// common, and of single rows only where these do not decide it.
  // Unchecked: each part belongs to one worker at a time, and the report is made when they have ended.
  private final class Part: RowSink, @unchecked Sendable {
    /// What findings have to do with rows that are counted together.
    private struct Group {
      /// Numbers of findings that rest on all of these rows.
      var whole: [Int] = []
      /// Numbers of those that may rest on some.
      var open: [Int] = []
      var account: AccountKey?
    }

    private let counts: RowTally.Part
    private let findings: [Rested]
    private let group: (PickedLogin) -> (account: AccountKey, findings: [Int])?
    private let shape: (UInt32) -> LoginShape
    private var groups: [Group] = []
    /// Whether single rows of each group have to be looked at.
    private var isOpen: [Bool] = []
    private var restingOnRows: [Int]

    /// Counts nothing yet.
    ///
    /// - Parameter group: Gives the account of a row, with the findings that may rest on its rows; `nil`
    ///   where it is not shown.
    init(
      _ counts: RowTally.Part, _ findings: [Rested], shape: @escaping (UInt32) -> LoginShape,
      group: @escaping (PickedLogin) -> (account: AccountKey, findings: [Int])?
    ) {
      self.counts = counts
      self.findings = findings
      self.shape = shape
      self.group = group
      restingOnRows = findings.map { _ in 0 }
    }

    func add(_ row: PickedLogin) {
      let number = counts.note(row)
      if number == groups.count { begin(row) }
      guard isOpen[number], let account = groups[number].account else { return }
      for position in groups[number].open
      where findings[position].rows.contains(row.row, shape: row.shape, of: account) {
        restingOnRows[position] += 1
      }
    }

    private func begin(_ row: PickedLogin) {
      var group = Group()
      if let (account, candidates) = self.group(row) {
        group.account = account
        for position in candidates {
          switch findings[position].rows.share(
            of: shape(row.shape), row.shape, address: row.row.address, of: account)
          {
          case .none: break
          case .some: group.open.append(position)
          case .all: group.whole.append(position)
          }
        }
      }
      isOpen.append(!group.open.isEmpty)
      groups.append(group)
    }

    /// How many rows each finding rests on.
    var resting: [Int] {
      var resting = restingOnRows
      for (number, group) in groups.enumerated() {
        for position in group.whole { resting[position] += counts.rows(number) }
      }
      return resting
    }
  }

  private let rows: ShownRows
  private let accounts: [Int: PivotGathering.Account]
  private let neighbours: [PivotGathering.Neighbour]
  private let counts: RowTally
  private let findings: [Rested]
  private let parts: [Part]

  /// Counts nothing yet.
  ///
  /// - Parameter threads: How many workers may count.
  init(_ rows: ShownRows, _ gathering: PivotGathering, threads: Int) {
    self.rows = rows
    var accounts: [Int: PivotGathering.Account] = [:]
    var findings: [Rested] = []
    var ofAccounts: [Int: [Int]] = [:]
    for account in gathering.accounts {
      guard let number = rows.accountNumbers[account.user] else { continue }
      accounts[number] = account
      for (finding, own) in account.findings where !own.isEmpty {
        ofAccounts[number, default: []].append(findings.count)
        findings.append(Rested(finding: finding, rows: own, account: number))
      }
    }
    let first = findings.count
    for (finding, own) in gathering.organizationFindings where !own.isEmpty {
      findings.append(Rested(finding: finding, rows: own, account: nil))
    }
    let ofOrganization = Array(first..<findings.count)
    self.accounts = accounts
    self.findings = findings
    neighbours = gathering.neighbours
    let counts = RowTally(RowTally.Grain(usesAddress: true, usesVerdict: true), threads: threads)
    self.counts = counts
    let (candidates, resting) = (ofAccounts, findings)
    parts = (0..<max(1, threads)).map { worker in
      Part(counts.part(worker), resting, shape: { rows.texts.shapes[Int($0)] }) { row in
        guard let number = rows.accountNumbers[row.user] else { return nil }
        return (rows.texts.accounts[number].key, (candidates[number] ?? []) + ofOrganization)
      }
    }
  }

  /// Counts all rows.
  ///
  /// - Throws: ``OutputError``, ``Cancelled``.
  func addAll() throws { try rows.addAll(threads: parts.count) { parts[$0] } }

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
    report.neighbours = shared(addresses, texts)
    let resting = parts.reduce(into: findings.map { _ in 0 }) { sum, part in
      for (position, count) in part.resting.enumerated() { sum[position] += count }
    }
    report.findings = zip(findings, resting).filter { $0.1 > 0 }.map { rested, count in
      PivotReport.RestingFinding(
        id: rested.finding.id, rule: rested.finding.rule.id, title: rested.finding.title,
        status: rested.finding.status, severity: rested.finding.severity,
        isSuppressed: rested.finding.suppression != nil,
        account: rested.account.map { texts.accounts[$0] }, rows: count,
        total: rested.finding.evidenceTotal)
    }.sorted(by: PivotReport.RestingFinding.precedes)
    return report
  }

  /// The addresses with those who came from them besides, in the hours around.
  private func shared(
    _ uses: [UInt32: Use], _ texts: LoginTexts
  ) -> [PivotReport.SharedAddress] {
    let others = Dictionary(grouping: neighbours, by: \.address)
    return uses.compactMap { code, use -> PivotReport.SharedAddress? in
      let address = texts.addresses[Int(code)]
      guard !address.isEmpty else { return nil }
      return PivotReport.SharedAddress(
        address: address, rows: use.rows,
        others: (others[code] ?? []).map(\.use).sorted(by: PivotReport.Neighbour.precedes))
    }.sorted(by: PivotReport.SharedAddress.precedes)
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
