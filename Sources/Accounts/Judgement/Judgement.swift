import Platform
package import SalesforceExports

/// Joins a ledger with snapshots and verifications, and gives the facts account by account.
package final class Judgement: Sendable {
  /// The history.
  package let ledger: AccountLedger
  /// Users, profiles and permissions.
  package let snapshots: Snapshots
  /// Verifications; `nil` when no export was given.
  package let verifications: VerificationTable?
  /// What event logs and real-time events tell beside logins.
  package let events: EventTables
  let sharedVerifications: SharedVerifications
  let statements: AccountOverrides
  let classifier: AccountClassifier
  let evaluationTime: Instant
  let exports: ExportTraits
  let past: OrgPast?
  /// Whether what was noted of logged rows when they were read is of verifications of their own users alone.
  let isVerifiedByOwnAlone: Bool
  /// What the verification export covers, by all rows that were read.
  let coverage: VerificationCoverage?

  /// What the whole org did.
  package let history: OrgHistory
  /// What it did by all rows that were read, outside the window too.
  package var wholeHistory: OrgHistory { past?.history ?? history }

  /// Final accounts in the order of their keys, with their numbers in the ledger.
  let accounts: [(key: AccountKey, numbers: [UInt32])]
  /// Place of each shape in the order of shapes.
  let shapeRanks: [Int]
  let shapeTraits: [ShapeTraits]
  let verdictTraits: [VerdictTraits]
  /// Applications and countries of shapes as numbers.
  package let numbers: ShapeNumbers
  private let neighbourhoods: Neighbourhoods
  /// When another snapshot that permissions rest on comes into force.
  let permissionDates: [Instant]

  /// Makes a judgement.
  ///
  /// - Parameters:
  ///   - ledger: The whole history of the run.
  ///   - snapshots: Closed snapshots.
  ///   - verifications: A closed table.
  ///   - events: Closed tables of events.
  ///   - statements: What the user states about accounts.
  ///   - evaluationTime: `--now`: assignments that ended before are left out of records.
  ///   - exports: What is known of the files.
  ///   - past: What all rows say, where the ledger holds those of a window.
  ///   - isVerifiedByOwnAlone: Whether all rows that verifications may prove were looked up in these when they
  ///     were read, and none is named by another user's; without it they are looked up once more.
  ///   - threads: How many workers there are.
  package init(
    ledger: AccountLedger, snapshots: Snapshots, verifications: VerificationTable?,
    events: EventTables = EventTables(), statements: AccountOverrides, evaluationTime: Instant,
    exports: ExportTraits = ExportTraits(), past: OrgPast? = nil,
    isVerifiedByOwnAlone: Bool = false, threads: Int = 1
  ) {
    self.past = past
    self.isVerifiedByOwnAlone = isVerifiedByOwnAlone
    self.ledger = ledger
    self.snapshots = snapshots
    self.verifications = verifications
    sharedVerifications = SharedVerifications(
      verifications ?? VerificationTable(keepsPlaces: false))
    self.events = events
    self.statements = statements
    classifier = AccountClassifier(statements: statements)
    self.evaluationTime = evaluationTime
    self.exports = exports
    // Beside what follows, which does not ask for it.
    let sums = StartedWork(isConcurrent: threads > 1) { OrgHistory(ledger) }
    let columns = ShapeColumns(ledger.shapes, threads: threads)
    let ranks = StartedWork(isConcurrent: threads > 1) { columns.ranks(of: ledger.shapes) }
    let meanings = columns.status.texts.map { StatusMeaning(ofLabel: $0) }
    shapeTraits = zip(ledger.shapes, columns.status.numbers).map { shape, status in
      ShapeTraits(shape, status: meanings[Int(status)])
    }
    verdictTraits = VerdictTraits.ofShapes(ledger.shapes, columns)
    numbers = ShapeNumbers(columns, statements)
    neighbourhoods = Neighbourhoods(ledger.addresses)
    permissionDates = snapshots.permissionDates
    accounts = Self.accounts(ledger, snapshots, events)
    history = sums.value
    shapeRanks = ranks.value
    if let past {
      coverage = past.coverage
    } else {
      coverage = verifications.map { [accounts, shapeTraits] in
        VerificationCoverage(
          $0, ledger: ledger, traits: shapeTraits, accounts: accounts, exports: exports,
          isStated: statements.covers, threads: threads)
      }
    }
  }

  /// Number of accounts that are judged: those with rows, and users that could be more than users.
  package var accountCount: Int { accounts.count }

  /// Whether some account has a key that meets a condition.
  ///
  /// - Complexity: O(*n*) in the accounts.
  package func hasAccount(where isWanted: (AccountKey) -> Bool) -> Bool {
    accounts.contains { isWanted($0.key) }
  }

  /// The network of an address of the ledger; `nil` for text that is no address.
  package func network(ofAddress code: UInt32) -> Neighbourhood? { neighbourhoods[code] }

  /// What a shape says, reduced to what most rules ask.
  package func traits(ofShape code: UInt32) -> ShapeTraits { shapeTraits[Int(code)] }

  /// What identifies the account at a place in the order of keys.
  package func key(atPlace place: Int) -> AccountKey { accounts[place].key }

  /// Uses of addresses by successful API logins of each application, of the account at a place.
  package func apiPlaces(atPlace place: Int) -> [AccountLedger.AddressUse] {
    accounts[place].numbers.flatMap { ledger.addressUses(of: Int($0)) }
      .filter { $0.application > 0 }
  }

  /// Shapes that the account at a place used, with their rows; in the order of shapes.
  package func shapes(
    atPlace place: Int
  ) -> [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
    unitedShapes(of: accounts[place].numbers)
  }

  /// Whether a user's permissions are the same at all times: one snapshot of each kind, and no grant
  /// that ends.
  package func hasConstantPermissions(_ user: SalesforceID) -> Bool {
    permissionDates.isEmpty && snapshots.assignmentEnds(of: user).isEmpty
  }

  /// Rows of which no table tells what they are, by file.
  package struct OpenRows: Sendable {
    /// Those that could not be classed.
    package fileprivate(set) var unclassed: [UInt32: Int] = [:]
    /// Those that do not tell whether they succeeded.
    package fileprivate(set) var withoutOutcome: [UInt32: Int] = [:]

    /// None.
    package init() {}
  }

  /// Counts rows of which no table tells what they are.
  ///
  /// - Complexity: O(*n*) in the logged rows; nothing where all types and statuses are known.
  package func openRows(threads: Int) -> OpenRows {
    let isOpen = shapeTraits.map { traits in
      (traits.door == .unclassified, traits.marks.contains(.unknownStatus))
    }
    guard isOpen.contains(where: { $0.0 || $0.1 }) else { return OpenRows() }
    let workerCount = max(1, threads)
    let result = Locked(OpenRows())
    WorkerThreads.run(workerCount) { worker in
      var own = OpenRows()
      var open: [(row: RowReference, isUnclassed: Bool, lacksOutcome: Bool)] = []
      // A row is that of the file in which it comes first, whichever was read first.
      var copies: [SalesforceID: RowReference] = [:]
      for account in ledger.accountNumbers(ofWorker: worker, of: workerCount) {
        open.removeAll(keepingCapacity: true)
        copies.removeAll(keepingCapacity: true)
        ledger.forEachLoggedRow(ofAccount: account) { login in
          if login.disposition == .copy, login.row.id != .none {
            let isFirst = copies[login.row.id].map { login.row.isPlacedBefore($0) } ?? true
            if isFirst { copies[login.row.id] = login.row }
          }
          let (isUnclassed, lacksOutcome) = isOpen[Int(login.shape)]
          guard isUnclassed || lacksOutcome, login.disposition == .counted else { return }
          open.append((login.row, isUnclassed, lacksOutcome))
        }
        for (row, isUnclassed, lacksOutcome) in open {
          var file = row.file
          if let copy = copies[row.id], copy.isPlacedBefore(row) { file = copy.file }
          if isUnclassed { own.unclassed[file, default: 0] += 1 }
          if lacksOutcome { own.withoutOutcome[file, default: 0] += 1 }
        }
      }
      result.withLock {
        $0.unclassed.merge(own.unclassed, uniquingKeysWith: +)
        $0.withoutOutcome.merge(own.withoutOutcome, uniquingKeysWith: +)
      }
    }
    return result.withLock { $0 }
  }
}
