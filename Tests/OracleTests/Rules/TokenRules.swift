/// PST-API-016: tokens that nobody uses, or that are used without a login.
extension Oracle {
  private struct Token: Hashable {
    let application: String
    let created: Int?
    let lastUsed: Int?
    let uses: Int?

    init?(_ record: DelimitedText.Record) {
      guard record["appname"] != "" else { return nil }
      application = record["appname"].replacing(/\/v?[0-9._]*$/, with: "")
      created = Moment.milliseconds(record["createddate"])
      lastUsed = Moment.milliseconds(record["lastuseddate"])
      uses = Int(record["usecount"])
    }

    /// Nothing where it was used and nobody says when.
    var lastUse: Int? { lastUsed ?? ((uses ?? 0) > 0 ? nil : created) }
  }

  /// The day of the export, or where nobody says it the last row of the logins: uses behind it are not known.
  private var asOf: Int {
    min(now, people.tables["OauthToken"]?.last?.date ?? wholeLogins.map(\.time).max() ?? now)
  }

  func tokenFindings(_ account: Account) -> [OracleFinding] {
    guard account.accountClass == "integration" || account.isPrivileged else { return [] }
    let rows = people.table("OauthToken").filter { People.long($0["userid"]) == account.key }
    let asOf = asOf
    let tokens = Dictionary(grouping: Set(rows.compactMap(Token.init)), by: \.application)
    return tokens.compactMap { application, tokens in
      let newest = tokens.compactMap(\.lastUse).max()
      let logins = account.logins.filter { $0.succeeded && $0.applicationName == application }
        .map(\.time)
      let unused = tokens.compactMap(\.lastUse).filter { use in
        let next = use == newest ? logins.filter { $0 > use }.min() : nil
        // What came before the first row nobody knows; where a login follows, others may have.
        let start = next == nil ? use : max(use, wholeLogins.map(\.time).min() ?? use)
        return min(next ?? asOf, asOf) - start >= 90 * 86_400_000
      }
      let used = tokens.compactMap(\.lastUsed).filter { use in
        let times = wholeLogins.map(\.time)
        guard let first = times.min(), let last = times.max() else { return false }
        return use >= first && use / 60_000 >= known(first / 60_000, "Application") && use <= last
          && !wholeLogins.contains {
            $0.succeeded && !["", "Browser", "N/A"].contains($0.application)
              && $0.applicationName.lowercased() == application.lowercased()
          }
      }
      guard !unused.isEmpty || !used.isEmpty else { return nil }
      return OracleFinding(
        rule: "API-016", account: account.key, discriminator: [application], severity: "low"
      ).counting([
        "tokens": tokens.count, "unused": unused.count, "used_without_login": used.count,
      ])
    }
  }
}
