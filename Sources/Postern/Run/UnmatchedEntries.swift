import Accounts
import Configuration
import Platform
import SalesforceExports

/// Entries of the configuration that mean no account of a run: mostly typing errors, which keep a rule from the
/// account that they are meant for.
struct UnmatchedEntries {
  /// The entries with their lists, in the order of writing.
  let texts: [String]

  /// Compares entries with the users of all snapshots and the accounts with logins.
  ///
  /// Without a `User` export names cannot be told, and nothing is said.
  ///
  /// - Complexity: O(*n*) in users and accounts, and in entries with a `*`; nothing without entries.
  init(_ configuration: Configuration, _ snapshots: Snapshots, _ ledgers: [AccountLedger]) {
    let lists: [(name: String, patterns: [AccountPattern])] = [
      ("integration_accounts", configuration.integrationAccounts.patterns),
      ("human_accounts", configuration.humanAccounts.patterns),
      ("break_glass_accounts", configuration.breakGlassAccounts.patterns),
      ("ui_automation_accounts", configuration.uiAutomationAccounts.patterns),
      ("allowed_privileges", configuration.allowedPrivileges.map(\.account)),
    ]
    guard !snapshots.users.isEmpty, lists.contains(where: { !$0.patterns.isEmpty }) else {
      texts = []
      return
    }
    let all = Set(lists.flatMap(\.patterns))
    // Single names and ids are looked up; only for the rest, and for what is not found, are users gone through.
    var open = OpenPatterns(
      all.filter { pattern in
        switch pattern.subject {
        case .everyAccount: false
        case .id(let id): SalesforceID(id).flatMap { snapshots.user($0) } == nil
        case .username(let name):
          name.hasWildcard || snapshots.userID(named: name.text.asciiLowercased) == nil
        case .profile: true
        }
      })
    let profiles = snapshots.profiles.history.compactMap(\.name)
    for name in profiles { open.close(profile: name) }
    var areProfilesNamed = !profiles.isEmpty
    if !open.isEmpty {
      for ledger in ledgers {
        for account in ledger.accountNumbers {
          switch ledger.key(of: account) {
          case .id(let id): open.close(id: id)
          case .username(let name): open.close(username: name)
          }
        }
      }
      _ = snapshots.users.history.contains { user in
        open.close(username: user.username)
        if let profile = user.profileName {
          areProfilesNamed = true
          open.close(profile: profile)
        }
        return open.isEmpty
      }
    }
    let unmatched = open.patterns(withProfiles: areProfilesNamed)
    texts = lists.flatMap { list in
      list.patterns.filter { unmatched.contains($0) }.map { "\(list.name): \($0.text)" }
    }
  }
}

/// Patterns that nothing has matched yet, by what they look at.
private struct OpenPatterns {
  private var ids: [SalesforceID: [AccountPattern]] = [:]
  /// By the lower-cased name.
  private var usernames: [ExactText: [AccountPattern]] = [:]
  private var wildcards: [(name: NamePattern, pattern: AccountPattern)] = []
  private var profiles: [(name: NamePattern, pattern: AccountPattern)] = []
  /// Names of profiles that were looked at: an org has few.
  private var seenProfiles: Set<ExactText> = []

  init(_ patterns: Set<AccountPattern>) {
    for pattern in patterns {
      switch pattern.subject {
      case .everyAccount: break
      case .id(let id): if let id = SalesforceID(id) { ids[id, default: []].append(pattern) }
      case .username(let name) where name.hasWildcard: wildcards.append((name, pattern))
      case .username(let name):
        usernames[ExactText(name.text.asciiLowercased), default: []].append(pattern)
      case .profile(let name): profiles.append((name, pattern))
      }
    }
  }

  var isEmpty: Bool { ids.isEmpty && usernames.isEmpty && wildcards.isEmpty && profiles.isEmpty }

  mutating func close(id: SalesforceID) {
    if !ids.isEmpty { ids[id] = nil }
  }

  mutating func close(username: String) {
    if usernames.isEmpty, wildcards.isEmpty { return }
    let name = username.asciiLowercased
    if !usernames.isEmpty { usernames[ExactText(name)] = nil }
    if wildcards.isEmpty { return }
    let folded = Array(name.utf8)
    if wildcards.contains(where: { $0.name.matches(folded: folded) }) {
      wildcards.removeAll { $0.name.matches(folded: folded) }
    }
  }

  mutating func close(profile: String) {
    guard !profiles.isEmpty, seenProfiles.insert(ExactText(profile)).inserted else { return }
    profiles.removeAll { $0.name.matches(profile) }
  }

  /// Those that are left.
  ///
  /// - Parameter withProfiles: Whether profiles can be told by their names.
  func patterns(withProfiles: Bool) -> Set<AccountPattern> {
    var result = Set(wildcards.map(\.pattern))
    for patterns in ids.values { result.formUnion(patterns) }
    for patterns in usernames.values { result.formUnion(patterns) }
    if withProfiles { result.formUnion(profiles.map(\.pattern)) }
    return result
  }
}
