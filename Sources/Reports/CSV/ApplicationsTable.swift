import Accounts
package import Results
import SalesforceExports

/// `-o csv-applications`: one line an application, in the order of results.
package struct ApplicationsTable: ReportForm {
  private typealias Column = CSVTable<ApplicationRecord>.Column

  private let table: CSVTable<ApplicationRecord>

  /// Makes the form.
  ///
  /// - Parameter organizationID: The org; empty where nothing tells it.
  package init(organizationID: String) {
    table = CSVTable(columns: Self.columns + [CSVTable.organization(organizationID)])
  }

  package var detail: RecordDetail { [] }

  package func open(into text: inout ByteText) { table.header(into: &text) }

  package func render(
    _ group: inout ResultsGroup, _ part: inout Void, into text: inout ByteText
  ) {
    if let application = group.application { table.line(application, into: &text) }
  }

  package func close(_ parts: [Void], _ end: EndRecord, into text: inout ByteText) {}

  // MARK: Columns; new ones are added at the end only

  private static func text(
    _ name: String, _ value: @escaping @Sendable (ApplicationRecord) -> String
  ) -> Column { (name, { $1.append(value($0)) }) }

  private static func count(
    _ name: String, _ value: @escaping @Sendable (ApplicationRecord) -> Int
  ) -> Column { (name, { $1.append(decimal: value($0)) }) }

  private static func counts(
    _ name: String, _ value: @escaping @Sendable (ApplicationRecord) -> NamedCounts
  ) -> Column { (name, { $1.list(value($0)) }) }

  private static let columns: [Column] = [
    text("application") { $0.name }, ("states", { $1.list($0.states.map(\.rawValue)) }),
    text("user_facing") { $0.isUserFacing ? "true" : "false" },
    ("first", { $1.append($0.first) }), ("last", { $1.append($0.last) }),
    count("attempted") { $0.logins.total.attempted },
    count("human_succeeded") { $0.logins.human.succeeded },
    count("api_succeeded") { $0.logins.api.succeeded },
    count("failed") { $0.logins.total.failed },
    count("accounts") { $0.accountsTotal },
    ("account_names", { $1.list($0.accounts.map(\.shownName)) }),
    count("networks") { $0.networksTotal },
    ("new_networks", { $1.list($0.networks.filter(\.isNew).map(\.name)) }),
    counts("by_country") { $0.byCountry }, counts("by_sub_type") { $0.bySubType },
    counts("by_api_version") { $0.byAPIVersion }, counts("by_name") { $0.byName },
    ("silent_from", { $1.append($0.silence?.from) }),
    ("silent_until", { $1.append($0.silence?.until) }),
    (
      "silent_covered_days",
      { if let silence = $0.silence { $1.append(decimal: silence.coveredDays) } }
    ),
  ]
}
