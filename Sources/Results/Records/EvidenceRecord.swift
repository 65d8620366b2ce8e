package import Accounts
package import SalesforceExports

/// A row that a finding rests on.
package struct EvidenceRecord: Sendable, Equatable {
  /// The row's own Id; empty where the export has none.
  package var recordID = ""
  /// File and line in which it begins, 1-based.
  package var file = ""
  package var line = 0
  package var time = Instant(milliseconds: 0)
  package var sourceIP = ""
  package var country = ""
  package var loginType = ""
  package var loginSubType = ""
  package var application = ""
  package var browser = ""
  package var platform = ""
  package var status = ""
  /// Verdict of a successful human login; `nil` for all other rows.
  package var mfa: VerdictState?
  /// What the verdict rests on, and the grade of the method.
  package var basis: String?
  package var grade: String?
  /// What the row shows.
  package var label = ""

  /// Makes a blank row.
  package init() {}

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.string("application", &application)
    coder.string("basis", &basis)
    coder.string("browser", &browser)
    coder.string("country", &country)
    coder.string("file", &file)
    coder.string("grade", &grade)
    coder.string("label", &label)
    coder.count("line", &line)
    coder.string("login_sub_type", &loginSubType)
    coder.string("login_type", &loginType)
    coder.choice("mfa", &mfa)
    coder.string("platform", &platform)
    coder.string("record_id", &recordID)
    coder.string("source_ip", &sourceIP)
    coder.string("status", &status)
    coder.instant("time", &time)
  }
}
