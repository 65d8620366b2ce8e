import Platform
package import SalesforceExports

/// What an account is for (docs/judgement.md).
public enum AccountClass: String, Sendable, CaseIterable {
  /// An emergency account that the configuration names.
  case breakGlass = "break_glass"
  /// A system works through it.
  case integration
  /// A person works through it.
  case human
  /// A customer or partner.
  case external
  /// Salesforce's own.
  case system
  /// In no snapshot.
  case unknown

  /// Place among all cases.
  private var index: Int {
    switch self {
    case .breakGlass: 0
    case .integration: 1
    case .human: 2
    case .external: 3
    case .system: 4
    case .unknown: 5
    }
  }

  /// Compares cases: the standard comparison of raw values is one of their texts.
  public static func == (left: Self, right: Self) -> Bool { left.index == right.index }

  /// Hashes the case.
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }
}

/// How sure a statement is.
public enum Confidence: String, Sendable, Comparable, CaseIterable {
  case low
  case medium
  case high

  /// Orders from low to high.
  public static func < (left: Self, right: Self) -> Bool {
    left.index < right.index
  }

  /// Place from low to high.
  private var index: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    }
  }

  /// Compares cases: the standard comparison of raw values is one of their texts.
  public static func == (left: Self, right: Self) -> Bool { left.index == right.index }

  /// Hashes the case.
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }

  /// One step less sure, not below low.
  public var lowered: Confidence { self == .high ? .medium : .low }
}

/// An account's class with its reasons.
package struct Classification: Sendable, Equatable {
  /// The class.
  package var accountClass: AccountClass
  /// How sure it is.
  package var confidence: Confidence
  /// Why, as sentences.
  package var reasons: [String]
  /// Whether the class rests on behaviour alone.
  package var isByBehaviour = false

  /// Makes a classification.
  package init(
    _ accountClass: AccountClass, _ confidence: Confidence, _ reasons: [String],
    isByBehaviour: Bool = false
  ) {
    self.accountClass = accountClass
    self.confidence = confidence
    self.reasons = reasons
    self.isByBehaviour = isByBehaviour
  }
}

/// What the user states about accounts, as questions that the judgement asks.
///
/// The façade answers them from the configuration, which this module does not know.
package struct AccountOverrides: Sendable {
  /// An account as patterns see it.
  package typealias Match =
    @Sendable (_ id: String?, _ username: String?, _ profile: String?) ->
    String?

  /// The pattern of `break_glass_accounts` that matches, or `nil`.
  package var breakGlass: Match = { _, _, _ in nil }
  /// The pattern of `integration_accounts` that matches, or `nil`.
  package var integration: Match = { _, _, _ in nil }
  /// The pattern of `human_accounts` that matches, or `nil`.
  package var human: Match = { _, _, _ in nil }
  /// The pattern of `ui_automation_accounts` that matches, or `nil`.
  package var automation: Match = { _, _, _ in nil }
  /// Whether an application is a person's client.
  package var isUserFacingClient: @Sendable (String) -> Bool = { _ in false }
  /// Whole words that speak for an integration account, in lower case.
  package var integrationWords: Set<String> = []
  /// Stated coverage of the verification export; `nil` when not stated.
  package var covers: (@Sendable (Instant) -> Bool)?
  /// The end of the enforcement of MFA for all employees; `nil` where there is none.
  package var enforcementEnd: Instant?
  /// Successful API share in percent from which a name with an integration word decides.
  package var namedShare: Double = 80
  /// Share in percent from which behaviour alone decides.
  package var behaviourShare: Double = 95
  /// API logins from which behaviour alone decides.
  package var behaviourLogins: Double = 100
  /// Days with API logins from which behaviour alone decides.
  package var behaviourDays: Double = 7
  /// Days in any 30 on which people may use an account that the profile's name or behaviour makes an
  /// integration account.
  package var humanDays: Double = 2

  /// States nothing.
  package init() {}
}

/// What an account did, as far as its class depends on it.
///
/// API logins of a person's clients count nowhere; a share compares those of systems with all that
/// are left.
struct AccountBehaviour {
  /// Successful API logins of system clients, and successful logins.
  var systemSuccesses = 0
  var comparedSuccesses = 0
  /// The same without applications to which the account consented in a browser.
  var unconsentedSystemSuccesses = 0
  var unconsentedComparedSuccesses = 0
  /// UTC days with a successful API login.
  var apiDays = 0
  /// The most days on which people logged in among any 30 in a row.
  var humanDays = 0
}

struct AccountClassifier {
  private let statements: AccountOverrides
  /// Words that speak for an integration account in the name of a profile: people in customer service
  /// have profiles that say so.
  private let profileWords: Set<String>

  /// Classes accounts by what the user states.
  init(statements: AccountOverrides) {
    self.statements = statements
    profileWords = statements.integrationWords.subtracting(["service"])
  }

  private static let externalTypes: Set<String> = [
    "cspliteportal", "powerpartner", "powercustomersuccess",
    "customersuccess", "selfservice", "csnonly",
  ]
  private static let systemTypes: Set<String> = [
    "automatedprocess", "cloudintegrationuser", "guest",
  ]
  /// The type of the company's own users, which is in neither table.
  private static let standardType = "Standard"

  /// Whether the user type alone makes a user external or Salesforce's own.
  static func isOutsideOrSystem(_ user: UserRow) -> Bool {
    if user.userType == standardType { return false }
    let type = user.userType.lowercased()
    return externalTypes.contains(type) || systemTypes.contains(type)
  }

  /// Licence, permission-set licence and profile that Salesforce gives to integrations
  /// (docs/salesforce.md#permissions-and-licences).
  private static let integrationLicense = FoldedText("Salesforce Integration")
  private static let integrationSetLicenses = [
    FoldedText("Salesforce API Integration"), FoldedText("SalesforceAPIIntegrationPsl"),
  ]
  private static let integrationProfile = FoldedText("Minimum Access - API Only Integrations")

  /// Employees who only use a site of the company's need no MFA (docs/salesforce.md#who-needs-mfa).
  private static let platformLicense = FoldedText("Salesforce Platform")
  private static let communityLicense = FoldedText("Company Community for Lightning Platform")

  /// Whether a user's licence exempts it from MFA although it is inside the company.
  static func isExempt(_ license: String, _ permissions: EffectivePermissions?) -> Bool {
    guard platformLicense.equals(license), let permissions else { return false }
    return permissions.setLicenses.contains { communityLicense.equals($0.string) }
  }

  func classify(
    id text: String?, username: String, user: UserRow?, profile: String?, license: String?,
    permissions: EffectivePermissions?, behaviour: AccountBehaviour,
    loginUserTypes: [String] = [], absence: String = "it is in no user snapshot"
  ) -> Classification {
    let name = username.isEmpty ? nil : username
    if let pattern = statements.breakGlass(text, name, profile) {
      return Classification(
        .breakGlass, .high, ["the configuration's break_glass_accounts names it (\(pattern))"])
    }
    if let pattern = statements.integration(text, name, profile) {
      return Classification(
        .integration, .high, ["the configuration's integration_accounts names it (\(pattern))"])
    }
    if let pattern = statements.human(text, name, profile) {
      return Classification(
        .human, .high, ["the configuration's human_accounts names it (\(pattern))"])
    }
    if Self.isLicenseManagement(username) {
      return Classification(.system, .high, ["a username of the License Management App"])
    }
    guard let user else {
      // The rows name the user (Setup download), or its type (event log).
      if let type = loginUserTypes.first(where: { Self.externalTypes.contains($0.lowercased()) }) {
        return Classification(.external, .medium, ["user type \(type) in the event log"])
      }
      if let type = loginUserTypes.first(where: { Self.systemTypes.contains($0.lowercased()) }) {
        return Classification(.system, .medium, ["user type \(type) in the event log"])
      }
      return byName({ [Self.localPart(of: username)] }, profile: nil, behaviour)
        ?? byBehaviour(behaviour) ?? Classification(.unknown, .low, [absence])
    }
    // What most users are needs no table.
    let type = user.userType == Self.standardType ? "" : user.userType.lowercased()
    if !type.isEmpty, Self.externalTypes.contains(type) {
      return Classification(.external, .high, ["user type \(user.userType)"])
    }
    if user.hasContact == true {
      return Classification(.external, .high, ["it belongs to a contact"])
    }
    if !type.isEmpty, Self.systemTypes.contains(type) {
      return Classification(.system, .high, ["user type \(user.userType)"])
    }
    if let result = byConfiguration(profile: profile, license: license, permissions) {
      return result
    }
    return byName(
      { [user.name, Self.localPart(of: user.username)] }, profile: profile, behaviour)
      ?? byBehaviour(behaviour)
      ?? Classification(.human, .medium, ["a user of the snapshot, and nothing says otherwise"])
  }

  private func byConfiguration(
    profile: String?, license: String?, _ permissions: EffectivePermissions?
  ) -> Classification? {
    var reasons: [String] = []
    if permissions?.isGranted(.apiUserOnly) == true,
      case .granted(let paths)? = permissions?.state(of: .apiUserOnly)
    {
      reasons.append("Api Only User through " + paths.joined(separator: ", "))
    }
    if let license, Self.integrationLicense.equals(license) {
      reasons.append("licence \(license)")
    }
    // Hardly any licence is one of them: what is found is sorted, and not all that there are.
    var licenses: [ExactText] = []
    if let all = permissions?.setLicenses {
      for license in all
      where Self.integrationSetLicenses.contains(where: { $0.equals(license.string) }) {
        licenses.append(license)
      }
    }
    licenses.sort()
    for license in licenses { reasons.append("permission-set licence \(license.string)") }
    if let profile, Self.integrationProfile.equals(profile) {
      reasons.append("profile \(profile)")
    }
    return reasons.isEmpty ? nil : Classification(.integration, .high, reasons)
  }

  /// What stands before the @ of a username.
  private static func localPart(of username: String) -> String {
    let bytes = username.utf8
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return String(username.prefix { $0 != "@" }) }
    // Nearly all names are of ASCII, where a byte is a character.
    return bytes.firstIndex(of: 0x40).map { String(username[..<$0]) } ?? username
  }

  /// Whether people used the account seldom enough for a program's.
  private func isSeldomHuman(_ behaviour: AccountBehaviour) -> Bool {
    Double(behaviour.humanDays) <= statements.humanDays
  }

  private func byBehaviour(_ behaviour: AccountBehaviour) -> Classification? {
    let (systems, all) = (
      behaviour.unconsentedSystemSuccesses, behaviour.unconsentedComparedSuccesses
    )
    guard all > 0, share(systems, all) >= statements.behaviourShare,
      Double(systems) >= statements.behaviourLogins,
      Double(behaviour.apiDays) >= statements.behaviourDays, isSeldomHuman(behaviour)
    else { return nil }
    return Classification(
      .integration, .low,
      [
        "behaves like an integration account: \(systems.counted("API login")) of systems, "
          + "\(shareText(systems, all)) of its logins, and API logins on \(behaviour.apiDays.counted("day"))"
      ], isByBehaviour: true)
  }

  private func share(_ systems: Int, _ all: Int) -> Double {
    100 * Double(systems) / Double(all)
  }

  /// Whole percent rounded down, so that 99.6 % never reads as all.
  private func shareText(_ systems: Int, _ all: Int) -> String { "\(100 * systems / all) %" }

  /// By an integration word in the user's name together with what the account does, or in its
  /// profile's name where people hardly use the account.
  ///
  /// - Parameter names: Names of the user, asked for where what it does does not speak against it.
  private func byName(
    _ names: () -> [String], profile: String?, _ behaviour: AccountBehaviour
  ) -> Classification? {
    let (systems, all) = (behaviour.systemSuccesses, behaviour.comparedSuccesses)
    if all > 0, share(systems, all) >= statements.namedShare,
      let word = integrationWord(names(), statements.integrationWords)
    {
      return Classification(
        .integration, .medium,
        [
          "its name holds the word \u{201C}\(word)\u{201D}",
          "\(shareText(systems, all)) of its logins are API logins of systems",
        ])
    }
    guard let profile, isSeldomHuman(behaviour), let word = integrationWord([profile], profileWords)
    else { return nil }
    return Classification(
      .integration, .medium,
      [
        "its profile \(profile) holds the word \u{201C}\(word)\u{201D}",
        "people used it on \(behaviour.humanDays.counted("day")) of any 30 at most",
      ])
  }

  private func integrationWord(_ texts: [String], _ wanted: Set<String>) -> String? {
    for text in texts {
      if let words = ASCIIWords(text) {
        for word in words where wanted.contains(word) { return word }
        continue
      }
      for word in text.lowercased().split(whereSeparator: { !($0.isLetter || $0.isWholeNumber) })
      where wanted.contains(String(word)) {
        return String(word)
      }
    }
    return nil
  }

  /// Usernames of the form `033…@00d…`
  /// (docs/salesforce.md#login-history-in-setup): at least seven more
  /// letters or digits
  /// before the @.
  private static func isLicenseManagement(_ username: String) -> Bool {
    guard username.utf8.starts(with: [0x30, 0x33, 0x33]) else { return false }
    let parts = username.lowercased().split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0].utf8.count >= 10
      && parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      && parts[1].hasPrefix("00d")
  }
}

/// The words of a text of ASCII alone, in lower case: runs of letters and digits.
///
/// Most names are of ASCII, and for them the properties of Unicode need not be asked.
private struct ASCIIWords: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private var position = 0

  /// Nothing when the text holds anything but ASCII.
  init?(_ text: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      guard byte < 0x80 else { return nil }
      bytes.append((0x41...0x5A).contains(byte) ? byte + 0x20 : byte)
    }
    self.bytes = bytes
  }

  mutating func next() -> String? {
    func isPart(_ byte: UInt8) -> Bool {
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
    while position < bytes.count, !isPart(bytes[position]) { position += 1 }
    guard position < bytes.count else { return nil }
    let start = position
    while position < bytes.count, isPart(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }
}
