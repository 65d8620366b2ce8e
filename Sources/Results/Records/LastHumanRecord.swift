package import Accounts
package import SalesforceExports

/// The last successful human login of an account: when, from where, with what proof.
package struct LastHumanRecord: Sendable, Equatable {
  package var time = Instant(milliseconds: 0)
  /// Canonical address; empty where the row gives none.
  package var sourceIP = ""
  package var country = ""
  package var mfa = VerdictState.unknown

  /// Makes a blank record.
  package init() {}

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.string("country", &country)
    coder.choice("mfa", &mfa)
    coder.string("source_ip", &sourceIP)
    coder.instant("time", &time)
  }
}
