import Findings
import Results
import SalesforceExports

/// The retirements of Salesforce's that lie ahead or behind, and whom they concern.
struct RetirementOutlook: Sendable {
  /// A retirement with its date.
  struct Retirement: Sendable {
    let entry: CalendarEntry
    let date: Instant

    var isSOAPLogin: Bool { entry.name == "soap_login_retirement" }
  }

  /// Retirements, the earliest first.
  let retirements: [Retirement]
  private let positions: [String: Int]

  /// Makes an outlook.
  ///
  /// - Parameter dates: Dates in force, by name of the calendar entry.
  init(dates: [String: Instant]) {
    retirements = CalendarEntry.all.filter { $0.name.hasSuffix("_retirement") }.map {
      Retirement(entry: $0, date: dates[$0.name] ?? $0.date)
    }.filter { $0.date != .never }
      .sorted { ($0.date, $0.entry.name) < ($1.date, $1.entry.name) }
    positions = Dictionary(
      uniqueKeysWithValues: retirements.enumerated().map { ($0.element.entry.name, $0.offset) })
  }

  /// API logins of an account by the retirement that concerns them.
  ///
  /// - Parameter group: The account with its findings; one on SOAP login() says whether it uses that.
  /// - Returns: A number for each of ``retirements``; 0 where it does not concern the account.
  func logins(_ group: ResultsGroup) -> [Int] {
    var result = [Int](repeating: 0, count: retirements.count)
    for (version, count) in group.account.traffic.byAPIVersion.entries {
      guard let number = Self.major(version),
        let name = CalendarEntry.retirement(ofVersion: number), let position = positions[name]
      else { continue }
      result[position] += count
    }
    if let position = retirements.firstIndex(where: \.isSOAPLogin) {
      for place in group.findings.indices
      where group.findings[place].ruleID == Catalogue.soapLogin.id {
        result[position] += group.findings[place].evidenceTotal
      }
    }
    return result
  }

  /// The number before the point; `nil` where there is none.
  private static func major(_ version: String) -> Int? {
    var number = 0
    var hasDigits = false
    for byte in version.utf8 {
      if byte == UInt8(ascii: ".") { break }
      guard (0x30...0x39).contains(byte), number < 1_000_000 else { return nil }
      number = number * 10 + Int(byte - 0x30)
      hasDigits = true
    }
    return hasDigits ? number : nil
  }

  /// The earliest retirement that concerns an account, in a few characters.
  func short(_ logins: [Int]) -> Markup {
    guard let position = logins.firstIndex(where: { $0 > 0 }) else { return Markup() }
    let first = retirements[position]
    return """
      \(FigureText.date(first.date))\(first.isSOAPLogin ? "<i>SOAP login()</i>" : "" as Markup)
      """
  }
}

/// The accounts that retirements concern: their number, and those with most logins.
struct RetirementTally: Sendable {
  private static let accountLimit = 20

  /// Accounts with most logins before the others.
  struct Order: Comparable, Sendable {
    let logins: Int
    let key: String

    static func < (left: Self, right: Self) -> Bool {
      left.logins != right.logins
        ? left.logins > right.logins : left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
    }
  }

  /// An account with its logins.
  struct Concern: Sendable {
    let name: String
    let key: String
    let logins: Int
  }

  /// Accounts whose API logins use something that is retired or to retire.
  private(set) var accountCount = 0
  /// By retirement.
  private(set) var logins: [Int]
  private(set) var most: [Shortlist<Order, Concern>]

  init(_ outlook: RetirementOutlook) {
    logins = [Int](repeating: 0, count: outlook.retirements.count)
    most = Array(repeating: Shortlist(limit: Self.accountLimit), count: outlook.retirements.count)
  }

  /// Adds an account with its logins by retirement.
  mutating func add(_ account: AccountRecord, _ counts: [Int]) {
    var isConcerned = false
    for (position, count) in counts.enumerated() where count > 0 {
      isConcerned = true
      logins[position] += count
      most[position].offer(
        Order(logins: count, key: account.key),
        Concern(name: account.shownName, key: account.key, logins: count))
    }
    if isConcerned { accountCount += 1 }
  }
}
