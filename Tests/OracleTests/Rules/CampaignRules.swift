/// PST-API-014 and 015: what applications of the org do.
///
/// What the rules' page leaves open is said where it is taken; the counts of these findings are not
/// named there, and are not compared.
extension Oracle {
  private static let day = 1_440

  var campaignFindings: [OracleFinding] { supplyChains + wokenApplications }

  // MARK: Applications of the org

  /// Rows of each application; what stands for the user interface, or for none, is no application.
  private func byApplication(_ rows: [Login]) -> [String: [Login]] {
    Dictionary(
      grouping: rows.filter { !["", "Browser", "N/A"].contains($0.application) },
      by: \.applicationName)
  }

  private func organizationFinding(
    _ rule: String, _ base: String, _ rows: [Login], _ discriminator: [String]
  ) -> OracleFinding {
    var severity = OracleSeverity(base)
    if rows.contains(where: { !indicators($0).isEmpty }) { severity.step(1) }
    if !rows.isEmpty, rows.allSatisfy({ isTrusted($0.address) }) {
      severity.step(-1, notBelow: "low")
    }
    // Steps need all rows at hand, and a finding about the org may not hold them all.
    return OracleFinding(
      rule: rule, account: "", discriminator: discriminator, severity: severity.name,
      otherSeverity: base)
  }

  /// API-014: a network is new to an application if no row of it, succeeded or not, came from there in
  /// its first fourteen days.
  private var supplyChains: [OracleFinding] {
    let inside = byApplication(logins.filter { $0.door == .api && $0.succeeded })
    return byApplication(wholeLogins).flatMap { application, rows -> [OracleFinding] in
      let start = known(rows.map(\.minute).min() ?? 0, "Application", "SourceIp")
      var firsts: [String: Int] = [:]
      for row in rows {
        guard let network = Address.network(row.address) else { continue }
        firsts[network] = min(firsts[network] ?? .max, row.minute)
      }
      let isOfPeople = LoginVocabulary.userFacing.contains(application.lowercased())
      return firsts.compactMap { network, first -> OracleFinding? in
        guard first - start >= Self.fourteenDays else { return nil }
        // People move together; what is new to their client alone says nothing.
        let seen = wholeLogins.filter { Address.network($0.address) == network }.map(\.minute).min()
        let orgStart = known(wholeLogins.map(\.minute).min() ?? 0, "SourceIp")
        if isOfPeople, (seen ?? 0) - orgStart < Self.fourteenDays { return nil }
        let mine = (inside[application] ?? []).filter { Address.network($0.address) == network }
        let meets = mine.contains { row in
          Set(mine.filter { (0..<Self.day).contains($0.minute - row.minute) }.map(\.account)).count
            >= 3
        }
        return meets
          ? organizationFinding("API-014", "high", mine, [application, network]) : nil
      }
    }
  }

  /// API-015: an application is seen where a login of it succeeds; failures neither wake it nor keep it awake.
  private var wokenApplications: [OracleFinding] {
    let covered = Set(wholeLogins.map(\.day)).sorted()
    let inside = byApplication(logins.filter { $0.succeeded && $0.door == .api })
    return byApplication(wholeLogins.filter(\.succeeded)).compactMap { application, rows in
      if LoginVocabulary.userFacing.contains(application.lowercased()) { return nil }
      let days = Set(rows.map(\.day)).sorted()
      let woken = Set(
        zip(days, days.dropFirst()).filter { before, day in
          covered.count { $0 > before && $0 < day } >= 60
            && before >= known(rows.map(\.minute).min() ?? 0, "Application") / 1_440
        }.map(\.1))
      let wakings = (inside[application] ?? []).filter { woken.contains($0.day) }
      return wakings.isEmpty
        ? nil : organizationFinding("API-015", "medium", wakings, [application])
    }
  }
}
