/// The export of the verification history.
final class VerificationFile {
  private let file: ExportFile
  private let dialect: Dialect
  private let accounts: [Account]
  private let addresses: [String]
  private var count = 0
  private var buffer: [UInt8] = []

  /// The export in `folder`; nil where the options want none.
  init?(
    folder: String, options: SynthOptions, organization: Organization
  ) throws(SynthError) {
    guard options.verification != .none else { return nil }
    dialect = Dialect(options: options)
    accounts = organization.accounts
    addresses = options.addresses
    file = try ExportFile(
      path: "\(folder)/VerificationHistory.csv\(options.packing.suffix)", packing: options.packing,
      level: options.level)
    try file.write(
      dialect.header([
        "Id", "UserId", "VerificationTime", "LoginHistoryId", "Policy", "Activity",
        "VerificationMethod", "Status", "SourceIp", "EventGroup", "Remarks",
      ]))
  }

  /// Writes one verification.
  func append(_ row: VerificationRow) throws(SynthError) {
    count += 1
    let login =
      row.login == 0 ? "" : SalesforceIdentifier(prefix: .login, number: row.login).text
    buffer += dialect.row([
      SalesforceIdentifier(prefix: .verification, number: UInt64(count)).text,
      accounts[row.account].identifier, dialect.time(row.time), login, row.policy, row.activity,
      row.method, row.status, addresses[row.address],
      "\(count)", "",
    ])
    if buffer.count >= 1 << 20 { try flush() }
  }

  /// Ends the export.
  func close() throws(SynthError) {
    try flush()
    try file.close()
  }

  private func flush() throws(SynthError) {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
