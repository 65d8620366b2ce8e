import Platform
package import SalesforceExports

/// What the last run that had a finding knew, which a later run must know too to call it resolved.
package struct FindingDetection: Sendable, Equatable {
  /// Kinds of tables that it was given.
  package var kinds: Set<FileKind> = []
  /// Columns that all files in force of a kind had, as `Kind.column`.
  package var columns: Set<String> = []
  /// Whether the account of the finding was in a `User` export; `nil` for a finding about the org.
  package var isInSnapshot: Bool?
  /// Kinds that this release does not know, and writes again as they are.
  package var otherKinds: [String] = []
  /// Logins of the account on the days of the finding.
  package var logins = LoginDays()
  /// Those of them of which it was told whether they used MFA, where the finding rests on that.
  package var told = LoginDays()

  /// Makes a blank record.
  package init() {}

  /// Whether it says nothing but kinds.
  var isBlank: Bool {
    columns.isEmpty && isInSnapshot == nil && logins == LoginDays() && told == LoginDays()
  }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    var names = columns.sorted { $0.precedes($1) }
    coder.strings("columns", &names)
    columns = Set(names)
    let written = columns.sorted { $0.precedes($1) }
    if !written.elementsEqual(names, by: { $0.utf8.elementsEqual($1.utf8) }) {
      coder.fail("columns", "are not in the order in which they were written")
    }
    coder.bool("in_snapshot", &isInSnapshot)
    coder.object("logins") { logins.code(&$0) }
    coder.whenPresent("told", told != LoginDays()) { coder in
      coder.object("told") { told.code(&$0) }
    }
  }
}
