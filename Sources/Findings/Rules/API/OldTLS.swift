import Accounts
import Platform
import SalesforceExports

struct OldTLS: Rule {
  static let description = RuleDescription(
    id: "PST-API-010", title: "successful login over TLS older than 1.2",
    severity: .medium, onePer: "account, TLS version", needsColumns: ["TlsProtocol"],
    condition: "a login through any door succeeded over a version of TLS before 1.2",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "first and last row of each kind of such logins",
    remediation:
      "Update the client's runtime or library (Java 8 or later, .NET 4.6 or later, OpenSSL 1.0.1 or "
      + "later speak TLS 1.2), or the proxy before it. Such a success is out of the ordinary by now: "
      + "check the export as well.",
    references: [Reference.loginHistory], attack: ["T1557"])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.signs.contains(.oldTLS) else { return [] }
    let uses = facts.uses(with: .oldTLS, in: context.judgement).filter {
      $0.shape.outcome == .succeeded
    }
    let groups = Dictionary(grouping: uses) { ExactText($0.shape.tls) }
    return groups.sorted { $0.key < $1.key }.map { tls, uses in
      var draft = FindingDraft()
      draft.discriminator = "tls=\(tls)"
      let count = uses.outcomes.succeeded
      draft.counts = ["succeeded": count]
      draft.conditions = [
        Condition(
          "successful logins over \(tls)", String(count), threshold: "1 or more",
          source: "TlsProtocol of the login rows", wouldChange: "TLS 1.2 or later in the client")
      ]
      draft.cite(uses, "over \(tls)", context)
      return draft
    }
  }
}
