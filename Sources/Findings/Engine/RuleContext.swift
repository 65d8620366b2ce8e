package import Accounts
package import SalesforceExports

/// What rules know beside one account's facts.
package struct RuleContext: Sendable {
  /// The joined run.
  package let judgement: Judgement
  /// Evaluation time of calendars.
  package var evaluationTime: Instant
  /// The org-wide switch; `nil` when not told.
  package var requiresMultiFactor: Bool?
  /// Numbers in force that differ from the rules' own.
  package var thresholds: [String: Double] = [:]
  /// Dates in force that differ from the calendar's own.
  package var dates: [String: Instant] = [:]
  /// Whether an address lies in a trusted network; `nil` when none is stated.
  package var isTrusted: (@Sendable (String) -> Bool)?
  /// Which values of the run match an indicator.
  package var indicators = IndicatorMatches()
  /// Kind of the org; `nil` when not told.
  package var organizationType: OrganizationType?
  /// Session Security Level Required at Login that the configuration states for a profile.
  package var statedSessionLevel: @Sendable (_ profile: String) -> String? = { _ in nil }
  /// Privileges that the configuration allows to an account, by name.
  package var allowedPrivileges: @Sendable (AccountFacts) -> Set<String> = { _ in [] }
  /// The columns of each login file of the run.
  package var loginFiles: [LoginFileColumns] = [] {
    didSet { columnsKnownSince = LoginFileColumns.knownSince(loginFiles) }
  }
  /// The last row of the files that lack a column, by its name; columns that all files have are not in it.
  private(set) var columnsKnownSince: [String: Instant] = [:]
  /// Session levels of the newest snapshot by the folded names of profiles; of two spellings the first.
  let sessionLevels: [FoldedText: String]
  /// Whether somebody reads more of findings about accounts than that they are there and how severe.
  ///
  /// That is their conditions, figures, reasons and limits. Rules that fire on many accounts leave these
  /// out otherwise.
  package var describes = true
  /// Whether somebody looks at the rows that a finding about an account rests on, rather than at their
  /// number.
  package var collectsRows = true
  /// Inputs at hand.
  package var inputs: Set<RuleInput> = []
  /// Permission files that were not given.
  package var missingPermissionFiles: [FileKind] = []
  /// What is lacking to compare any indicator with the logins; empty where some can be.
  package var indicatorObstacles: [String] = []

  /// Makes a context.
  package init(judgement: Judgement, evaluationTime: Instant) {
    self.judgement = judgement
    self.evaluationTime = evaluationTime
    let rows = judgement.snapshots.sessionLevels.newest?.rows.values ?? []
    sessionLevels = Dictionary(
      rows.sorted { $0.key < $1.key }.map { (FoldedText($0.key), $0.level) }
    ) { first, _ in first }
  }

  /// The value of a threshold in force.
  package func value(of threshold: RuleThreshold) -> Double {
    thresholds[threshold.name] ?? threshold.standard
  }

  /// A calendar date in force.
  package func date(_ name: String) -> Instant {
    dates[name] ?? CalendarEntry.all.first { $0.name == name }?.date ?? .never
  }

  /// Whether a date has come by the evaluation time.
  package func hasCome(_ date: Instant) -> Bool { evaluationTime >= date }

  /// Whether a date has come, or comes within some days of the evaluation time.
  package func comes(_ date: Instant, within days: Double) -> Bool {
    let distance = date.milliseconds.subtractingReportingOverflow(evaluationTime.milliseconds)
    return !distance.overflow
      && Double(distance.partialValue) <= days * Double(Instant.dayMilliseconds)
  }

  /// Days from the evaluation time to a date, rounded down; negative when it has passed.
  package func days(until date: Instant) -> Int {
    Int(floorDivide(date.milliseconds - evaluationTime.milliseconds, Instant.dayMilliseconds))
  }

  /// When the MFA waiver stops exempting: the end of the roll-out for the org's type.
  package func waiverEnd(isPrivileged: Bool) -> Instant {
    let type = organizationType ?? .production
    return date(isPrivileged ? type.enforcementCalendar : type.employeesCalendar)
  }

  /// Text of an address code.
  package func address(_ code: UInt32) -> String { judgement.address(code) }

  /// The shape with this code.
  package func shape(_ code: UInt32) -> LoginShape { judgement.shape(code) }

  /// A logged row as evidence.
  package func evidence(_ login: JudgedLogin, _ label: String) -> EvidenceRow {
    judgement.evidence(login, label)
  }

  /// A successful API login of which the ledger keeps the row, as evidence.
  package func evidence(_ shaped: AccountLedger.ShapedRow, _ label: String) -> EvidenceRow {
    EvidenceRow(
      row: shaped.row, shape: shape(shaped.shape), address: address(shaped.row.address),
      verdict: nil, label: label)
  }

  /// First and last row of shapes as evidence.
  package func evidence(
    _ uses: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)], _ label: String
  ) -> [EvidenceRow] {
    var rows: [EvidenceRow] = []
    for entry in uses {
      for row in entry.use.count > 1 ? [entry.use.first, entry.use.last] : [entry.use.first] {
        rows.append(
          EvidenceRow(
            row: row, shape: entry.shape, address: address(row.address), verdict: nil,
            label: label))
      }
    }
    return rows
  }

  /// A row of an event log or real-time event as evidence.
  package func evidence(
    _ place: EventPlace, _ shape: LoginShape, address: String = "", _ label: String
  ) -> EvidenceRow {
    EvidenceRow(
      row: RowReference(
        time: place.time, id: .none, address: 0, file: place.file, line: place.line),
      shape: shape, address: address, verdict: nil, label: label)
  }

  /// How confidence and its limits follow from where the permissions come from.
  package func limitByPermissions(_ draft: inout FindingDraft) {
    guard !missingPermissionFiles.isEmpty else { return }
    draft.confidence = draft.confidence.lowered
    noteMissingPermissionFiles(&draft)
  }

  /// Names files that may change what is said of permissions.
  func noteMissingPermissionFiles(_ draft: inout FindingDraft) {
    guard !missingPermissionFiles.isEmpty else { return }
    let names = missingPermissionFiles.map(\.rawValue).joined(separator: ", ")
    draft.dataQuality.append("judged without \(names): not among the inputs, or not whole")
  }

  /// Days from a snapshot to the nearer end of a stretch of logins; 0 within it.
  static func days(from date: Instant, to first: Instant, _ last: Instant) -> Double {
    let distance = max(
      first.milliseconds - date.milliseconds, date.milliseconds - last.milliseconds, 0)
    return Double(distance) / Double(Instant.dayMilliseconds)
  }

  /// The snapshot of users or permissions nearest to a stretch of logins, and its distance in days;
  /// `nil` when all are undated.
  func nearestSnapshot(to first: Instant, _ last: Instant) -> (date: Instant, days: Double)? {
    // Of those not after the last of the logins the newest is nearest, of the others the oldest.
    let dates = judgement.snapshots.identityDates
    var (later, end) = (0, dates.count)
    while later < end {
      let middle = (later + end) / 2
      if dates[middle] <= last { later = middle + 1 } else { end = middle }
    }
    var best: (date: Instant, days: Double)?
    for place in max(later - 1, 0)..<min(later + 1, dates.count) {
      let days = Self.days(from: dates[place], to: first, last)
      if best.map({ days <= $0.days }) ?? true { best = (dates[place], days) }
    }
    return best
  }
}

extension Judgement {
  /// Text of an address code.
  func address(_ code: UInt32) -> String { ledger.addresses[Int(code)] }

  /// The shape with this code.
  func shape(_ code: UInt32) -> LoginShape { ledger.shapes[Int(code)] }

  /// A logged row as evidence.
  func evidence(_ login: JudgedLogin, _ label: String) -> EvidenceRow {
    EvidenceRow(
      row: login.row, shape: shape(login.shape), address: address(login.row.address),
      verdict: login.verdict, label: label)
  }
}

/// A small summary of an account for rules about the whole org.
package struct AccountSummary: Sendable {
  package let key: AccountKey
  package let username: String
  package let accountClass: AccountClass
  package let isAutomation: Bool
  /// State of the permission that requires MFA.
  package let multiFactorPermission: PermissionState?
  package let lastLogin: Instant?
  package let firstLogin: Instant?
  /// Verifications that name its logins and are another user's.
  package let foreignVerifications: VerificationTable.RowSpan?
  /// From where and when its password was wrong; each address and minute once.
  package let wrongPasswords: [PlaceAndMinute]

  /// An address at a UTC minute.
  package struct PlaceAndMinute: Equatable, Sendable {
    /// Code of the address.
    package let address: UInt32
    /// Minutes since 1970.
    package let minute: Int32
  }

  /// Sums up an account.
  package init(_ facts: borrowing AccountFacts) {
    key = facts.key
    username = facts.username
    accountClass = facts.accountClass
    isAutomation = facts.isAutomation
    multiFactorPermission = facts.permissions?.state(of: .forceTwoFactor)
    lastLogin = facts.lastLogin
    foreignVerifications = facts.foreignVerifications
    firstLogin = facts.firstLogin
    var places: [PlaceAndMinute] = []
    if facts.statuses.contains(.wrongPassword) {
      // Logins ascend in time, so what is known of a minute is at the end.
      var addresses: Set<UInt32> = []
      var start = 0
      for position in facts.logins.indices
      where facts.logins[position].traits.status == .wrongPassword {
        let row = facts.logins[position].row
        guard row.address != 0 else { continue }
        let place = PlaceAndMinute(
          address: row.address, minute: Int32(clamping: row.time.minute))
        if let last = places.last, last.minute != place.minute {
          start = places.count
          addresses.removeAll(keepingCapacity: true)
        }
        // A few are compared one by one; one minute may hold thousands.
        if places.count - start < 8 {
          if places[start...].contains(place) { continue }
        } else {
          if addresses.isEmpty { addresses.formUnion(places[start...].lazy.map(\.address)) }
          if addresses.contains(place.address) { continue }
          addresses.insert(place.address)
        }
        places.append(place)
      }
    }
    wrongPasswords = places
  }
}

/// A login or snapshot file as rules about data see it.
package struct InputFacts: Sendable {
  /// Name as results show it.
  package var name: String
  /// What it holds.
  package var kind: FileKind
  /// Rows behind the header.
  package var rowsRead: Int
  /// Rejected rows by reason.
  package var rejects: [RejectReason: Int] = [:]
  /// Columns that a file of events lacks.
  package var missingColumns: [String] = []
  /// Values that have no form in which they could be read, and are not available.
  package var unreadable = UnreadableValues()
  /// Whether rows carry login Ids.
  package var hasIDs: Bool
  /// Time of the first and last row.
  package var first: Instant?
  package var last: Instant?

  /// Makes the facts of a file.
  package init(name: String, kind: FileKind, rowsRead: Int, hasIDs: Bool) {
    self.name = name
    self.kind = kind
    self.rowsRead = rowsRead
    self.hasIDs = hasIDs
  }
}

/// What rules about the whole org know.
package struct RunFacts: Sendable {
  /// All accounts with rows, in the order of their keys.
  package var accounts: [AccountSummary] = []
  /// The applications that logins name, in the order of their names.
  package var applications: [ApplicationFacts] = []
  /// The files of the run in the order of their names.
  package var inputs: [InputFacts] = []
  /// How many rows each login Id has whose rows contradict each other.
  package var contradictions: [SalesforceID: Int] = [:]
  /// Time of the first and last analysed row.
  package var first: Instant?
  package var last: Instant?

  /// Knows nothing.
  package init() {}

  /// The account with a key; `nil` for one without rows.
  ///
  /// - Complexity: O(log *n*) in the accounts.
  package func account(_ key: AccountKey) -> AccountSummary? {
    var (low, high) = (0, accounts.count)
    while low < high {
      let middle = (low + high) / 2
      if accounts[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low < accounts.count && accounts[low].key == key ? accounts[low] : nil
  }
}

extension AccountSummary {
  /// The name by which a person knows the account.
  package var shownName: String { username.isEmpty ? key.text : username }
}

extension Sequence<String> {
  /// Some names for a condition: the first few, and how many more there are.
  package var firstNames: String {
    let names = Array(self)
    let shown = names.prefix(10).joined(separator: ", ")
    return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
  }
}
