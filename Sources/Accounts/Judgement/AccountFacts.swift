package import Platform
package import SalesforceExports

/// Attempts by outcome.
package struct OutcomeCounts: Sendable, Equatable {
  package var succeeded = 0
  package var failed = 0
  package var pending = 0

  /// All attempts.
  package var attempted: Int { succeeded + failed + pending }

  /// Counts nothing.
  package init() {}

  package mutating func add(_ outcome: LoginOutcome, _ count: Int) {
    switch outcome {
    case .succeeded: succeeded += count
    case .failed: failed += count
    case .pending: pending += count
    }
  }

  package mutating func add(_ other: OutcomeCounts) {
    succeeded += other.succeeded
    failed += other.failed
    pending += other.pending
  }
}

/// Meanings of statuses, in one word.
package struct StatusMeanings: Sendable, Equatable {
  private var bits: UInt32 = 0

  /// Holds none.
  init() {}

  /// Adds a meaning.
  mutating func insert(_ meaning: StatusMeaning) { bits |= 1 << UInt32(meaning.rawValue) }

  /// Whether a meaning is among them.
  package func contains(_ meaning: StatusMeaning) -> Bool {
    bits & 1 << UInt32(meaning.rawValue) != 0
  }
}

/// A row that the judgement sees, with its verdict if it is a successful human login.
package struct JudgedLogin: Sendable {
  /// The row.
  package let row: RowReference
  /// Code of its shape.
  package let shape: UInt32
  /// What its shape says, at hand without looking the shape up.
  package let traits: ShapeTraits
  /// The verdict; `nil` for other rows than successful human logins.
  package let verdict: Verdict?
}

/// How an account used one source address.
package struct AddressFacts: Sendable {
  /// Code of the address in the ledger.
  package var code: UInt32
  /// Its network; `nil` for text that is no address.
  package var network: Neighbourhood?
  /// The canonical address with count and times of all attempts.
  package var use: ValueUse
  /// Number of successful API logins among them.
  package var apiSuccesses = 0
  /// The earliest and the latest of these; `nil` when there are none.
  package var firstAPISuccess: AccountLedger.ShapedRow?
  package var lastAPISuccess: AccountLedger.ShapedRow?
}

/// What happened on one UTC day.
package struct DayActivity: Sendable, Equatable {
  package var humanProven = 0
  package var humanAbsent = 0
  package var humanUnknown = 0
  package var api = 0
  package var failed = 0

  var isEmpty: Bool { self == DayActivity() }

  mutating func add(_ other: DayActivity) {
    humanProven += other.humanProven
    humanAbsent += other.humanAbsent
    humanUnknown += other.humanUnknown
    api += other.api
    failed += other.failed
  }
}

/// The busiest stretch of time.
package struct Peak: Sendable, Equatable {
  /// Start of the stretch; `nil` without API logins.
  package var start: Instant?
  /// API attempts in it.
  package var logins = 0

  /// Makes a stretch.
  package init(start: Instant? = nil, logins: Int = 0) {
    self.start = start
    self.logins = logins
  }
}

/// Everything that is known of one account: what its record shows and its rules ask.
package struct AccountFacts: Sendable {
  /// What identifies it.
  package let key: AccountKey
  /// Its row in the newest user snapshot.
  package var user: UserRow?
  /// The name it logs in with; empty when not known.
  package var username = ""
  /// Name of its profile; empty when not known.
  package var profile = ""
  /// Its user licence; empty when not known.
  package var license = ""
  /// What it is for.
  package var classification = Classification(.unknown, .low, [])
  /// Its permissions; `nil` for an account in no snapshot.
  package var permissions: EffectivePermissions?
  /// Whether its permissions are the same at all times: one snapshot of each kind, and no grant that ends.
  package var hasConstantPermissions = true
  /// What all rows that were read say of it, where a window bounds what is judged.
  package var past: AccountPast?
  /// What it did, as far as its class depends on it.
  var behaviour = AccountBehaviour()
  /// Types of the user that event logs name.
  var loginUserTypes: [String] = []
  /// When the account was first and last seen, by any row that was read.
  package var firstSeen: Instant? { past?.first ?? firstLogin }
  package var lastSeen: Instant? { past?.last ?? lastLogin }
  /// Whether the configuration names it as test automation or RPA.
  package var isAutomation = false
  /// Whether its licence exempts it from MFA as one of Employee Community does
  /// (docs/salesforce.md#who-needs-mfa).
  package var hasExemptLicense = false

  /// Time of the earliest and latest row of any kind.
  package var firstLogin: Instant?
  package var lastLogin: Instant?
  /// Attempts by door.
  package var human = OutcomeCounts()
  package var api = OutcomeCounts()
  package var unclassified = OutcomeCounts()
  /// API attempts whose sub-type is empty, missing or names no flow.
  package var openSubTypes = 0
  /// Attempts whose status no table knows.
  package var unknownStatuses = 0
  /// Verdicts of successful human logins.
  package var verdicts = VerdictCounts()

  /// Verifications that name logins of the account and are another user's; `nil` for none.
  package var foreignVerifications: VerificationTable.RowSpan?

  /// What any of the account's shapes holds that some rule asks for.
  package var signs: ShapeTraits.Signs = []
  /// Meanings of statuses that occur.
  package var statuses = StatusMeanings()
  /// Of the countries that its rows name, the first row of the one that came last; `nil` without any.
  package var latestNewCountry: Instant?
  /// Of the applications that its rows name, the first row of the one that came last.
  package var latestNewApplication: Instant?
  /// From how many countries successful human logins came.
  package var humanCountryCount = 0
  /// What changed between the snapshots of different dates, oldest first.
  package var changes: [SnapshotChange] = []

  /// Shapes that the account used, with their rows; in the order of shapes.
  package var shapes: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] = []
  /// Addresses that the account came from, most frequent first.
  package var addresses: [AddressFacts] = []
  /// Uses of addresses by successful API logins of each application, in no order.
  ///
  /// An account that is known by several keys may have two of one address and application.
  package var apiPlaces: [AccountLedger.AddressUse] = []
  /// Where the rest is, which few accounts are asked for: numbers of the account in the ledger.
  var source: (judgement: Judgement, numbers: [UInt32])?
  /// API attempts by hour of an account with many, about which several rules ask.
  var sumsOfHours: [(hour: Int64, count: Int)]?
  /// Rows other than successful API logins, ascending in time.
  package var logins: [JudgedLogin] = []
  /// Sessions of administrators inside the account, ascending in time.
  package var impersonations: [Impersonation] = []
  /// Hours in which it opened pages of the user interface, ascending.
  package var pages: [PageHour] = []
  /// Times of successful logins other than API logins up to a day outside the window, ascending.
  package var neighbourEntries: [Instant] = []
  /// Its API requests; `nil` without event logs that hold some.
  package var requests: APIRequestFacts?
  /// What the human logins of an integration account were for, as far as snapshots tell.
  package var maintenance = Maintenance()

  /// Lets facts be passed by their address, as what holds a value of any type is.
  ///
  /// A value of which all members are known the compiler copies for each call: a kilobyte for every rule and account.
  private let isPassedByAddress: any Sendable = ()

  /// The account's id; `nil` when only its username is known.
  package let id: SalesforceID?
  /// The text of ``key``, made once; of an account with an id that in 18 characters.
  package let keyText: String

  init(key: AccountKey) {
    self.key = key
    keyText = key.text
    id = if case .id(let id) = key { id } else { nil }
  }

  /// All attempts.
  package var total: OutcomeCounts {
    var sum = human
    sum.add(api)
    sum.add(unclassified)
    return sum
  }

  /// The class.
  package var accountClass: AccountClass { classification.accountClass }

  /// Successful human logins whose verdict says something, ascending in time.
  package func logins(_ state: VerdictState) -> [JudgedLogin] {
    var result: [JudgedLogin] = []
    result.reserveCapacity(verdicts[state])
    for position in logins.indices where logins[position].verdict?.state == state {
      result.append(logins[position])
    }
    return result
  }

  /// Uses of shapes that hold something some rule asks for, in the order of shapes.
  package func uses(
    with sign: ShapeTraits.Signs, in judgement: Judgement
  ) -> [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
    var result: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] = []
    // A use holds two rows, and is copied only where it is wanted.
    for position in shapes.indices
    where shapes[position].use.count > 0
      && judgement.traits(ofShape: shapes[position].code).signs.contains(sign)
    {
      result.append(shapes[position])
    }
    return result
  }

  /// Successful human logins, ascending in time.
  package var humanSuccesses: [JudgedLogin] { logins.filter { $0.verdict != nil } }

  /// Whether the account is privileged as the newest snapshots say (docs/judgement.md).
  package var isPrivileged: Bool { permissions?.isPrivileged ?? false }

  /// Counts attempts by a value of their shape.
  ///
  /// - Parameters:
  ///   - value: The value; keys of the result.
  ///   - isCounted: Which shapes count.
  package func counts(
    by value: KeyPath<LoginShape, String>, where isCounted: (LoginShape) -> Bool = { _ in true }
  ) -> [ExactText: Int] {
    var result: [ExactText: Int] = [:]
    for entry in shapes where entry.use.count > 0 && isCounted(entry.shape) {
      result[entry.shape[keyPath: value], default: 0] += entry.use.count
    }
    return result
  }

  /// Uses of a value of shapes, most frequent first, blanks left out.
  package func uses(of value: (LoginShape) -> String) -> [ValueUse] {
    var result: [ValueUse] = []
    // Few shapes have few values, which are compared one by one.
    var places: [ExactText: Int]? = shapes.count > 32 ? [:] : nil
    for position in shapes.indices {
      let (count, first, last) = (
        shapes[position].use.count, shapes[position].use.first.time, shapes[position].use.last.time
      )
      guard count > 0 else { continue }
      let shape = shapes[position].shape
      let text = value(shape)
      guard !text.isEmpty else { continue }
      let known =
        places == nil
        ? result.firstIndex { $0.value.hasBytes(of: text) } : places?[ExactText(text)]
      if let known {
        result[known].count += count
        result[known].first = min(result[known].first, first)
        result[known].last = max(result[known].last, last)
      } else {
        places?[ExactText(text)] = result.count
        result.append(ValueUse(value: text, count: count, first: first, last: last))
      }
    }
    return result.sorted(by: ValueUse.ranks)
  }
}
