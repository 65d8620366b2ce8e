import Accounts
import Configuration
import Platform
import Results
import SalesforceExports

/// Which org a run is about, as far as its inputs tell, so that orgs are not mixed.
///
/// The configuration tells it (`org.id`), a ledger that was made with such a configuration, and event logs
/// (`ORGANIZATION_ID`). Other exports do not: no column of theirs names the org. Ids of 15 and of 18
/// characters are one.
struct OrganizationIdentity: Sendable {
  /// The id with 18 characters; empty where nothing tells it.
  private(set) var id = ""
  /// What told it, for messages; empty where nothing does.
  private(set) var source = ""

  /// Brings together what the inputs of a run tell.
  ///
  /// - Throws: ``UsageError`` when two of them are of different orgs.
  init(
    _ configuration: Configuration, _ ledgers: LedgerSet, _ inputs: [ProbedInput]
  ) throws(UsageError) {
    try add(configuration.organization.id, "org.id of the configuration")
    for entry in ledgers.entries { try add(entry.content.organization, entry.name) }
    for input in inputs { try add(input.organizationID, input.candidate.name) }
  }

  private mutating func add(_ text: String?, _ source: String) throws(UsageError) {
    guard let text, !text.isEmpty else { return }
    let other = Self.canonical(text)
    if id.isEmpty {
      (id, self.source) = (other, source)
    } else if other != id {
      throw UsageError(
        "\(source): is of the org \(other), and \(self.source) is of \(id); give the files of one org"
      )
    }
  }

  /// Refuses an earlier run of another org: none of its findings would be looked for.
  ///
  /// Where nothing tells the orgs apart, accounts do: a user has one org. A few that are not found may
  /// have other reasons.
  ///
  /// - Throws: ``UsageError``.
  func check(
    _ baseline: FindingsBaseline, _ judgement: Judgement
  ) throws(UsageError) {
    let other = baseline.run.organizationID
    if !id.isEmpty, !other.isEmpty {
      guard id == other else {
        throw UsageError("\(baseline.name): is of the org \(other), and \(source) is of \(id)")
      }
      return
    }
    guard baseline.accountCount >= 3,
      judgement.hasAccount(where: { _ in true }),
      !judgement.hasAccount(where: { baseline.hasAccount($0.text) })
    else { return }
    throw UsageError(
      "\(baseline.name): none of its \(baseline.accountCount.counted("account")) is in these exports; it seems to be "
        + "of another org")
  }

  /// An id with 18 characters; a text that is none as it stands.
  static func canonical(_ text: String) -> String { SalesforceID(text)?.text18 ?? text }
}
