import Platform
import SalesforceExports

/// What a configuration writes to mean one account or several.
///
/// - `005…` in 15 or 18 letters and digits: the account with that id. Ids are compared on their
///   first 15 characters, case-sensitively (docs/salesforce.md#ids).
/// - `profile:NAME`: all accounts of that profile.
/// - `*`: every account.
/// - any other text: a username, in which `*` stands for any characters. `username:NAME`, the key
///   that results give to an account known by name alone, means the same.
///
/// Names are compared without regard to case.
package struct AccountPattern: Hashable, Sendable, CustomStringConvertible {
  /// What a pattern looks at.
  package enum Subject: Hashable, Sendable {
    /// Matches every account.
    case everyAccount
    /// An id, reduced to its first 15 characters.
    case id(String)
    /// The name that the account logs in with.
    case username(NamePattern)
    /// The name of the account's profile.
    case profile(NamePattern)
  }

  /// The pattern as it was written, without blanks around it.
  package let text: String
  /// What the pattern looks at.
  package let subject: Subject

  /// Reads a pattern.
  ///
  /// - Throws: ``AccountPatternError`` when the text can match no account.
  package init(_ text: String) throws(AccountPatternError) {
    let text = text.trimmed
    self.text = text
    guard !text.isEmpty else { throw AccountPatternError("the pattern is empty") }
    if let name = text.suffix(afterPrefix: "profile:") {
      guard !name.isEmpty else {
        throw AccountPatternError("expected the name of a profile after `profile:`")
      }
      subject = .profile(NamePattern(name))
      return
    }
    if let name = text.suffix(afterPrefix: "username:") {
      guard !name.isEmpty else {
        throw AccountPatternError("expected a username after `username:`")
      }
      subject = .username(NamePattern(name))
      return
    }
    let pattern = NamePattern(text)
    if pattern.matchesEverything {
      subject = .everyAccount
    } else if let id = Self.comparableID(text) {
      subject = .id(id)
    } else if text.utf8.starts(with: "005".utf8), text.utf8.allSatisfy(\.isASCIILetterOrDigit) {
      // A username has the form of an e-mail address, so this can only be an id cut short.
      throw AccountPatternError(
        "looks like an id of \(text.utf8.count) characters; ids have 15 or 18")
    } else {
      subject = .username(pattern)
    }
  }

  /// Whether an account matches; what is not known of it is `nil` and matches only `*`.
  ///
  /// - Parameters:
  ///   - id15or18: The account's id in either form.
  ///   - username: The name it logs in with.
  ///   - profile: The name of its profile.
  package func matches(id15or18: String?, username: String?, profile: String?) -> Bool {
    switch subject {
    case .everyAccount: true
    case .id(let id): id15or18.flatMap(Self.comparableID) == id
    case .username(let pattern): username.map(pattern.matches) ?? false
    case .profile(let pattern): profile.map(pattern.matches) ?? false
    }
  }

  /// The pattern as it was written.
  package var description: String { text }

  /// The 15 characters that ids are compared on, or `nil` when the text has not the form of an id.
  static func comparableID(_ text: String) -> String? {
    let bytes = text.utf8
    guard bytes.count == 15 || bytes.count == 18, bytes.allSatisfy(\.isASCIILetterOrDigit)
    else { return nil }
    return String(text.prefix(15))
  }
}

/// Why a text is no account pattern.
package struct AccountPatternError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as half a sentence for people.
  package let detail: String

  init(_ detail: String) { self.detail = detail }

  /// The detail.
  package var description: String { detail }
}

/// A list of account patterns, arranged so that long lists stay cheap to ask.
package struct AccountPatternList: Hashable, Sendable {
  /// The patterns in the order they were written.
  package let patterns: [AccountPattern]
  /// Index of the first pattern for an id, a lower-cased username or a lower-cased profile.
  private var exact: [ExactKey: Int] = [:]
  /// Indices of the patterns that must be tried one by one.
  private var wildcards: [Int] = []

  private enum ExactKey: Hashable, Sendable {
    case id(String)
    case username(ExactText)
    case profile(ExactText)
  }

  /// Makes a list.
  package init(_ patterns: [AccountPattern] = []) {
    self.patterns = patterns
    for (index, pattern) in patterns.enumerated() {
      let key: ExactKey?
      switch pattern.subject {
      case .everyAccount: key = nil
      case .id(let id): key = .id(id)
      case .username(let name):
        key = name.hasWildcard ? nil : .username(ExactText(name.text.asciiLowercased))
      case .profile(let name):
        key = name.hasWildcard ? nil : .profile(ExactText(name.text.asciiLowercased))
      }
      guard let key else {
        wildcards.append(index)
        continue
      }
      if exact[key] == nil { exact[key] = index }
    }
  }

  /// Whether the list holds no pattern.
  package var isEmpty: Bool { patterns.isEmpty }

  /// The earliest pattern of the list that matches an account, or `nil` when none does.
  ///
  /// - Parameters:
  ///   - id15or18: The account's id in either form.
  ///   - username: The name it logs in with.
  ///   - profile: The name of its profile.
  /// - Complexity: O(*w*), where *w* is the number of patterns that hold a `*`.
  package func firstMatch(
    id15or18: String?, username: String?, profile: String?
  ) -> AccountPattern? {
    guard !patterns.isEmpty else { return nil }
    var best = patterns.count
    if let id = id15or18.flatMap(AccountPattern.comparableID), let index = exact[.id(id)] {
      best = min(best, index)
    }
    if let username, let index = exact[.username(ExactText(username.asciiLowercased))] {
      best = min(best, index)
    }
    if let profile, let index = exact[.profile(ExactText(profile.asciiLowercased))] {
      best = min(best, index)
    }
    for index in wildcards {
      guard index < best else { break }
      if patterns[index].matches(id15or18: id15or18, username: username, profile: profile) {
        best = index
      }
    }
    return best < patterns.count ? patterns[best] : nil
  }

  /// Whether any pattern of the list matches an account.
  ///
  /// - Parameters:
  ///   - id15or18: The account's id in either form.
  ///   - username: The name it logs in with.
  ///   - profile: The name of its profile.
  package func matches(id15or18: String?, username: String?, profile: String?) -> Bool {
    firstMatch(id15or18: id15or18, username: username, profile: profile) != nil
  }
}
