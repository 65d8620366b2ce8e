/// Writes what a staged campaign has beside logins: pages, tokens, and the vendor's notice.
struct CampaignFiles {
  let folder: String
  let options: SynthOptions
  let organization: Organization
  let rows: CampaignRows

  /// Event logs of pages, with what follows `Lightning` and others alike (docs/salesforce.md).
  private static let pageKinds = ["URI", "AuraRequest", "LightningPageView"]
  private static let pageColumns = [
    "EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "RUN_TIME", "CPU_TIME",
    "URI", "SESSION_KEY", "LOGIN_KEY", "USER_TYPE", "REQUEST_STATUS", "DB_TOTAL_TIME",
    "TIMESTAMP_DERIVED", "USER_ID_DERIVED", "CLIENT_IP", "URI_ID_DERIVED",
  ]

  /// Writes the files.
  func write() throws(SynthError) {
    if !rows.pages.isEmpty { try writePages() }
    if !rows.tokens.isEmpty { try writeTokens() }
    if let notice { try write(Array(notice.utf8), to: "indicators.txt") }
  }

  /// Each page in one of the three logs in turn.
  private func writePages() throws(SynthError) {
    let dialect = Dialect(eventLogOf: options)
    for (place, kind) in Self.pageKinds.enumerated() {
      var bytes = dialect.header(Self.pageColumns)
      for (number, page) in rows.pages.enumerated()
      where number % Self.pageKinds.count == place {
        let account = organization.accounts[page.account].identifier
        let time = dialect.time(page.time)
        let session = "s\(page.account)-\(page.time / 3_600)"
        bytes += dialect.row([
          kind, String(time.filter { $0 != "-" && $0 != ":" && $0 != "T" && $0 != "Z" }),
          "4u6Pg-\(number)", String(Organization.identifier.prefix(15)), String(account.prefix(15)),
          "84", "31", kind == "AuraRequest" ? "/aura" : "/lightning/page/\(number)", session,
          "k" + session, "Standard", "", "5127115", time, account,
          options.addresses[page.address], "",
        ])
      }
      try write(bytes, to: "\(options.start.text)_\(kind)_0ATHn000000000\(5 + place).csv")
    }
  }

  private func writeTokens() throws(SynthError) {
    let dialect = Dialect(options: options)
    var bytes = dialect.header(["AppName", "UserId", "LastUsedDate", "UseCount", "CreatedDate"])
    for token in rows.tokens {
      bytes += dialect.row([
        token.application, organization.accounts[token.account].identifier,
        dialect.time(token.lastUsed), "\(token.useCount)", dialect.time(token.created),
      ])
    }
    try write(bytes, to: "OauthToken.csv")
  }

  /// A list of indicators, as a vendor's notice would give it.
  private var notice: String? {
    guard let staged = options.campaign, let first = rows.first, let last = rows.last else {
      return nil
    }
    let from = CivilDate(daysSinceEpoch: first / 86_400).text
    let until = CivilDate(daysSinceEpoch: last / 86_400 + 1).text
    let dates = "; from: \(from); until: \(until); source: notice of the vendor (made up)\n"
    var text = "# Staged by postern-synth: \(staged.campaign.rawValue).\n"
    text += "application: \(staged.application)" + dates
    for address in staged.network.addresses { text += address + dates }
    for agent in staged.campaign.userAgents { text += "user_agent: \(agent)" + dates }
    return text
  }

  private func write(_ bytes: [UInt8], to name: String) throws(SynthError) {
    let file = try ExportFile(path: "\(folder)/\(name)", packing: .none, level: 0)
    try file.write(bytes)
    try file.close()
  }
}
