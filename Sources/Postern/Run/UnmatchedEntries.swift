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
    var open = Open(lists.flatMap(\.patterns))
    for ledger in ledgers {
      for account in ledger.accountNumbers {
        switch ledger.key(of: account) {
        case .id(let id): open.close(id: id)
        case .username(let name): open.close(username: name)
        }
      }
    }
    let profiles = snapshots.profiles.history.compactMap(\.name)
    for name in profiles { open.close(profile: name) }
    let areProfilesNamed =
      !profiles.isEmpty || snapshots.users.history.contains { $0.profileName != nil }
    _ = snapshots.users.history.contains { user in
      open.close(id: user.key)
      open.close(username: user.username)
      if let profile = user.profileName { open.close(profile: profile) }
      return open.isEmpty
    }
    texts = lists.flatMap { list in
      list.patterns.filter {
        open.patterns.contains($0) && (areProfilesNamed || !Self.isProfile($0))
      }
      .map { "\(list.name): \($0.text)" }
    }
  }

  private static func isProfile(_ pattern: AccountPattern) -> Bool {
    if case .profile = pattern.subject { true } else { false }
  }

  /// Patterns that nothing has matched yet.
  private struct Open {
    private(set) var patterns: Set<AccountPattern>
    private var wildcards: [AccountPattern]
    private var exact: [ExactText: [AccountPattern]] = [:]

    init(_ all: [AccountPattern]) {
      patterns = Set(all.filter { $0.subject != .everyAccount })
      wildcards = []
      for pattern in patterns {
        if let key = Self.key(of: pattern) {
          exact[key, default: []].append(pattern)
        } else {
          wildcards.append(pattern)
        }
      }
    }

    var isEmpty: Bool { patterns.isEmpty }

    mutating func close(id: SalesforceID) { close("id " + id.text15, id: id.text15) }

    mutating func close(username: String) {
      close("username " + username.asciiLowercased, username: username)
    }

    mutating func close(profile: String) {
      close("profile " + profile.asciiLowercased, profile: profile)
    }

    private mutating func close(
      _ key: String, id: String? = nil, username: String? = nil, profile: String? = nil
    ) {
      if isEmpty { return }
      if let found = exact.removeValue(forKey: ExactText(key)) { patterns.subtract(found) }
      for pattern in wildcards
      where pattern.matches(id15or18: id, username: username, profile: profile) {
        patterns.remove(pattern)
        wildcards.removeAll { $0 == pattern }
      }
    }

    /// What a pattern is looked up by; `nil` for one that holds a `*`.
    private static func key(of pattern: AccountPattern) -> ExactText? {
      switch pattern.subject {
      case .everyAccount: nil
      case .id(let id): ExactText("id " + id)
      case .username(let name):
        name.hasWildcard ? nil : ExactText("username " + name.text.asciiLowercased)
      case .profile(let name):
        name.hasWildcard ? nil : ExactText("profile " + name.text.asciiLowercased)
      }
    }
  }
}
