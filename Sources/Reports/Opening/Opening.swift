import Accounts
import Findings
import Platform
import Results
import SalesforceExports

/// What every report begins with: who came in to integration accounts, and what cannot be told.
///
/// Nothing in it depends on the order in which groups come.
struct Opening: Sendable {
  /// Integration accounts that people entered and that are listed.
  static let enteredLimit = 100

  /// An integration account that people entered.
  struct Entered: Sendable {
    let key: String
    let shownName: String
    let logins: LoginCountsRecord
    /// How its findings about these logins stand to the baseline, and rows that it did not have.
    let change: FindingChange?
    let newRows: Int

    /// Where logins count in `n login(s)`.
    var count: Int { logins.human.succeeded }
  }

  /// News before what was known, then those without MFA, then those of which nobody knows.
  struct EnteredOrder: Comparable, Sendable {
    let isNews: Bool
    let absent: Int
    let unknown: Int
    let key: String

    static func < (left: Self, right: Self) -> Bool {
      if left.isNews != right.isNews { return left.isNews }
      if left.absent != right.absent { return left.absent > right.absent }
      if left.unknown != right.unknown { return left.unknown > right.unknown }
      return left.key.precedes(right.key)
    }
  }

  /// What is lacking of the exports themselves.
  struct Shortfall: Sendable {
    /// The kind of export; `nil` where it is about logins over time.
    let kind: FileKind?
    /// What is lacking, in words.
    let text: String
    let remedy: String
  }

  /// Shortfalls by rule, then by what they are about.
  struct ShortfallOrder: Comparable, Sendable {
    let rule: String
    let discriminator: String

    static func < (left: Self, right: Self) -> Bool {
      (left.rule, left.discriminator) < (right.rule, right.discriminator)
    }
  }

  /// Shortfalls that are listed.
  static let shortfallLimit = 20

  /// Accounts of this class.
  private(set) var integrationAccounts = 0
  /// Those that people entered, the first of them in their order.
  private(set) var entered = Shortlist<EnteredOrder, Entered>(limit: enteredLimit)
  /// Of those that people entered: how many with a login without MFA.
  private(set) var enteredAbsent = 0
  /// Successful human logins whose MFA cannot be told, by reason.
  var untold: [VerdictBasis: Int] {
    var result: [VerdictBasis: Int] = [:]
    for (name, count) in counted.entries {
      guard let basis = VerdictBasis(rawValue: name.string), !basis.remedy.isEmpty else { continue }
      result[basis] = count
    }
    return result
  }
  /// Successful human logins by the text of what their verdict rests on.
  private var counted = FewKeys<ExactText, Int>()
  /// API logins whose sub-type is not told, behind which people could hide.
  private(set) var openSubTypes = 0
  /// Attempts that could not be classed.
  private(set) var unclassified = 0
  /// The same of integration accounts alone.
  private(set) var openEntries = 0
  private(set) var unclassifiedEntries = 0
  /// Accounts that no snapshot has, so that nobody knows what they are for.
  private(set) var outsideSnapshot = 0

  /// What the exports lack.
  private(set) var shortfalls = Shortlist<ShortfallOrder, Shortfall>(limit: shortfallLimit)

  /// Counts nothing.
  init() {}

  /// Whether people entered an account that is made for systems.
  static func isEntered(_ account: AccountRecord) -> Bool {
    account.accountClass == .integration && account.logins.human.succeeded > 0
  }

  /// Adds an account with its findings.
  mutating func add(_ account: AccountRecord, _ findings: [FindingRecord]) {
    for (name, count) in account.logins.byBasis.entries {
      counted.update(ExactText(name), from: 0) { $0 += count }
    }
    openSubTypes += account.logins.apiSubTypeUnknown
    unclassified += account.logins.unclassified.attempted
    if !account.isInSnapshot { outsideSnapshot += 1 }
    guard account.accountClass == .integration else { return }
    integrationAccounts += 1
    openEntries += account.logins.apiSubTypeUnknown
    unclassifiedEntries += account.logins.unclassified.attempted
    guard Self.isEntered(account) else { return }
    if account.logins.absent > 0 { enteredAbsent += 1 }
    let news = Self.news(findings)
    entered.offer(
      EnteredOrder(
        isNews: news.change != nil, absent: account.logins.absent,
        unknown: account.logins.unknown, key: account.key),
      Entered(
        key: account.key, shownName: account.shownName, logins: account.logins,
        change: news.change, newRows: news.newRows))
  }

  /// Adds a finding about the org, where it says that something is lacking.
  mutating func add(organization finding: FindingRecord) {
    guard Catalogue.shortfallRuleIDs.contains(finding.ruleID), finding.suppression == nil else {
      return
    }
    shortfalls.offer(
      ShortfallOrder(rule: finding.ruleID, discriminator: finding.discriminator),
      Shortfall(
        kind: FileKind(rawValue: finding.discriminator),
        text: finding.dataQuality.isEmpty
          ? finding.conditions.map { $0.sentence(hasVerifications: true) }.joined(separator: "; ")
          : finding.dataQuality.joined(separator: "; "),
        remedy: finding.remediation))
  }

  /// Adds another opening.
  mutating func add(_ other: Opening) {
    integrationAccounts += other.integrationAccounts
    entered.formUnion(other.entered)
    enteredAbsent += other.enteredAbsent
    for (name, count) in other.counted.entries { counted.update(name, from: 0) { $0 += count } }
    openSubTypes += other.openSubTypes
    unclassified += other.unclassified
    openEntries += other.openEntries
    unclassifiedEntries += other.unclassifiedEntries
    outsideSnapshot += other.outsideSnapshot
    shortfalls.formUnion(other.shortfalls)
  }

  /// What findings about human logins say of the time since the baseline.
  private static func news(_ findings: [FindingRecord]) -> (change: FindingChange?, newRows: Int) {
    var change: FindingChange?
    var newRows = 0
    for place in findings.indices where Catalogue.entryRuleIDs.contains(findings[place].ruleID) {
      switch findings[place].lifecycle?.change {
      case .new: change = change ?? .new
      case .recurred:
        change = .recurred
        newRows = max(newRows, findings[place].lifecycle?.newRows ?? 0)
      default: break
      }
    }
    return (change, newRows)
  }
}
