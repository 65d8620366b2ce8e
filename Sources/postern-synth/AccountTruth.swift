/// What the generator knows about one account's logins.
struct AccountTruth {
  /// Rows by door, then outcome.
  var outcomes = InlineArray<9, Int>(repeating: 0)
  /// Successful human logins by basis.
  var bases = InlineArray<16, Int>(repeating: 0)
  /// API rows whose sub-type leaves the door open.
  var subTypeUnknown = 0
  /// Successful API logins of programs that no person stands behind.
  var systemSuccesses = 0
  /// Successful API logins of apps that people use.
  var userFacingSuccesses = 0
  /// Days with successful API logins.
  var apiDays = 0
  /// The most days with successful human logins among any 30 in a row.
  private(set) var mostPeopleDays = 0
  /// Most API attempts in 60 consecutive minutes.
  var peakHour = 0
  /// Whether a login was refused for coming too often.
  var sawRateExceeded = false
  /// Whether a person was refused because the account is API-only.
  var sawAPIOnlyRefusal = false
  /// Whether the account was refused as inactive or frozen.
  var sawClosed = false
  /// Whether SOAP login() was used.
  var usedSOAPLogin = false
  /// Whether a retired API version was used.
  var usedRetiredVersion = false

  private var minutes = InlineArray<60, Int>(repeating: 0)
  private var windowSum = 0
  private var newestMinute = Int.min
  private var newestAPIDay = Int.min
  private var peopleDays: [Int] = []

  /// Number of rows of a door and outcome.
  func count(_ door: Door, _ outcome: Outcome) -> Int {
    outcomes[door.rawValue * 3 + outcome.rawValue]
  }

  /// Number of successful human logins of a verdict.
  func count(_ verdict: MFAVerdict) -> Int {
    Basis.allCases.reduce(0) { $0 + ($1.verdict == verdict ? bases[$1.rawValue] : 0) }
  }

  /// All rows.
  var total: Int {
    var sum = 0
    for index in outcomes.indices { sum += outcomes[index] }
    return sum
  }

  /// Counts a row; rows come in time order.
  mutating func count(_ row: LoginRow) {
    let door = row.door
    outcomes[door.rawValue * 3 + row.status.outcome.rawValue] += 1
    if let basis = row.basis {
      bases[basis.rawValue] += 1
      notePeople(day: row.time / 86_400)
    }
    switch row.status {
    case .rateExceeded: sawRateExceeded = true
    case .apiOnlyUser: sawAPIOnlyRefusal = true
    case .inactive, .frozen: sawClosed = true
    default: break
    }
    guard door == .api else { return }
    if row.type == .remoteAccess && row.subType.isUnknown { subTypeUnknown += 1 }
    // login() is not part of version 65 and later; versions to 30 are retired.
    let isSOAP = row.apiType == .soapPartner || row.apiType == .soapEnterprise
    if isSOAP && row.apiVersion < 65 { usedSOAPLogin = true }
    if row.apiVersion > 0 && row.apiVersion <= 30 { usedRetiredVersion = true }
    countMinute(row.time / 60)
    guard row.status == .success else { return }
    if Vocabulary.userFacing.contains(row.application) {
      userFacingSuccesses += 1
    } else {
      systemSuccesses += 1
      if row.time / 86_400 != newestAPIDay {
        newestAPIDay = row.time / 86_400
        apiDays += 1
      }
    }
  }

  private mutating func notePeople(day: Int) {
    guard peopleDays.last != day else { return }
    peopleDays.append(day)
    peopleDays.removeAll { day - $0 >= 30 }
    mostPeopleDays = max(mostPeopleDays, peopleDays.count)
  }

  private mutating func countMinute(_ minute: Int) {
    if newestMinute == .min || minute - newestMinute >= 60 {
      if windowSum > 0 { minutes = InlineArray(repeating: 0) }
      windowSum = 0
    } else {
      var passed = newestMinute + 1
      while passed <= minute {
        windowSum -= minutes[passed % 60]
        minutes[passed % 60] = 0
        passed += 1
      }
    }
    newestMinute = minute
    minutes[minute % 60] += 1
    windowSum += 1
    peakHour = max(peakHour, windowSum)
  }
}
