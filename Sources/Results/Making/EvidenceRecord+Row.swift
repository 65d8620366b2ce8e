package import Accounts
package import SalesforceExports

extension EvidenceRecord {
  /// Makes the record of a row.
  ///
  /// - Parameters:
  ///   - address: The row's address.
  ///   - verdict: Verdict of a successful human login; `nil` for all other rows.
  ///   - label: What the row shows; empty where nothing says it.
  ///   - fileNames: Names of the run's inputs by number.
  package init(
    _ row: RowReference, _ shape: LoginShape, address: String, _ verdict: Verdict?,
    label: String = "", fileNames: [String]
  ) {
    self.label = label
    recordID = row.id.isNone ? "" : row.id.text18
    file = fileNames[Int(row.file)]
    line = Int(row.line)
    time = row.time
    sourceIP = address
    country = shape.country
    loginType = shape.type
    loginSubType = shape.subType
    application = shape.application
    browser = shape.browser
    platform = shape.platform
    status = shape.status
    mfa = verdict?.state
    basis = verdict?.basis.rawValue
    grade = verdict.flatMap { $0.grade.name.isEmpty ? nil : $0.grade.name }
  }
}
