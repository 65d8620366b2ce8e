/// The words that reports use in a sense of their own, each once, with what it means.
///
/// docs/words.md lists the same, and a test compares the two.
package enum Glossary {
  /// A word and its meaning.
  package struct Term: Sendable {
    package let name: String
    package let meaning: String

    init(_ name: String, _ meaning: String) {
      self.name = name
      self.meaning = meaning
    }
  }

  /// All terms in the order in which a reader meets them.
  package static let terms: [Term] = [
    Term("account", "a user of the org: what logs in, whoever stands behind it"),
    Term(
      "integration account",
      "an account that a system works through, by configuration, permissions, licence, name or behaviour"
    ),
    Term("person", "an account that a person works through"),
    Term("external account", "an account of a customer or partner"),
    Term("break-glass account", "an emergency account that the configuration names"),
    Term(
      "privileged",
      "holds Modify All Data, View All Data, Manage Users, Customize Application or Author Apex"),
    Term("human login", "a login through a user interface, or one that a person had to consent to"),
    Term("API login", "a login of a program; it needs no MFA"),
    Term("unclassified", "a login whose type does not tell a person from a program"),
    Term("with MFA: yes", "something in the exports proves MFA for this login"),
    Term(
      "with MFA: no", "the exports cover the login and show that it came without MFA"),
    Term(
      "with MFA: cannot be told",
      "the exports do not decide it: no accusation, and no all-clear either"),
    Term("verification", "a row of VerificationHistory: how Salesforce confirmed who logs in"),
    Term("confidence", "how sure a statement is: high, medium or low"),
    Term("severity", "how much a finding matters: critical, high, medium, low or info"),
    Term("finding", "what one rule says of one account, or of the org, with the rows that show it"),
    Term("undecided", "a finding that these files cannot settle; it names the export that would"),
    Term("about the data", "a finding about the exports, not about an account"),
    Term("suppressed", "a finding that somebody accepted, with a reason and a date"),
    Term("evidence", "rows that a finding rests on, by file, line and Id"),
    Term("new", "a finding that the earlier results do not have"),
    Term("recurred", "a finding of earlier results with rows that they do not have"),
    Term("changed", "a finding whose status, severity or confidence differs from earlier results"),
    Term("persisting", "a finding that is as it was"),
    Term("resolved", "a finding that is gone, although all that would show it was read"),
    Term("not evaluated", "a finding that could not be evaluated this time, for want of an input"),
    Term("gap", "a stretch without logins in hours in which the org is usually busy"),
    Term("coverage", "the time of which an export holds all rows"),
    Term("duplicate", "a login row whose Id was read before; it counts once"),
    Term("filtered", "a row outside the time that was asked for"),
    Term("rejected", "a row that cannot be read; --rejects FILE lists them"),
    Term("incomplete", "a run that could not read or judge all that it was given"),
  ]
}
