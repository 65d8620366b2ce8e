import Platform
package import SalesforceExports

/// How a suppression of the configuration stands after a run.
package struct SuppressionRecord: Sendable, Equatable {
  /// Whether it still does something.
  package enum State: String, Sendable, CaseIterable {
    /// It holds and applies to findings.
    case active
    /// Its day has come; the findings that it matches count again.
    case expired
    /// It holds and matches no finding.
    case unused
  }

  package var rule = ""
  /// The pattern of accounts.
  package var account = ""
  package var owner = ""
  package var reason = ""
  package var expires = Instant(milliseconds: 0)
  package var state = State.active
  /// Findings that it matches.
  package var findings = 0

  /// Makes a blank record.
  package init() {}

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.string("account", &account)
    coder.instant("expires", &expires)
    coder.count("findings", &findings)
    coder.string("owner", &owner)
    coder.string("reason", &reason)
    coder.string("rule", &rule)
    coder.choice("state", &state)
  }

  /// What somebody should do about it, for a person; `nil` while it does its work.
  package var complaint: String? {
    let subject = "suppression of \(rule) for \(account) by \(owner)"
    let date = CivilDate(day: expires.day).text
    switch state {
    case .active: return nil
    case .expired:
      return findings == 0
        ? "\(subject) expired on \(date) and matches no finding: remove it"
        : "\(subject) expired on \(date): "
          + findings.counted("finding") + findings.takes(" counts", " count")
          + " again; renew or remove it"
    case .unused:
      return "\(subject) matches no finding in this run; remove it if it never does"
    }
  }
}
