/// PST-ACC-006 to 008: by which way people come in, and from where.
extension Oracle {
  func placeFindings(_ account: Account) -> [OracleFinding] {
    directLogins(account) + newPlaces(account) + registrationsFromNewPlaces(account)
  }

  private func directLogins(_ account: Account) -> [OracleFinding] {
    func isDirect(_ login: Login) -> Bool { login.type == "Application" && login.succeeded }
    let direct = account.logins.filter(isDirect)
    guard account.isInternal, !isAutomation(account), !direct.isEmpty else { return [] }
    let people = account.all.filter { $0.door == .human && $0.succeeded }
    let provided = people.filter(\.isSSO)
    let days = Set(provided.map(\.day)).count
    guard provided.count >= 10, days >= 5,
      Set(people.filter(isDirect).map(\.day)).count * 10 <= Set(people.map(\.day)).count
    else { return [] }
    return [
      finding("ACC-006", account, direct, "low").counting([
        "direct_logins": direct.count, "sso_logins": provided.count, "sso_days": days,
      ])
    ]
  }

  /// Successful logins of people from networks that came late into the account's history, by network.
  private func fromNewNetworks(_ account: Account) -> [String: [Login]] {
    guard let start = account.all.map(\.minute).min() else { return [:] }
    let networks = firsts(account) { Address.network($0.address) }
    return Dictionary(grouping: account.humanSuccesses) { Address.network($0.address) ?? "" }
      .filter { name, _ in
        networks[name].map { $0 - known(start, "SourceIp") >= Self.fourteenDays } ?? false
      }
  }

  private func newPlaces(_ account: Account) -> [OracleFinding] {
    let tellsPermissions =
      people.tables["Profile"] != nil || people.tables["PermissionSet"] != nil
      || people.columns["User", default: []].contains { $0.hasPrefix("profile.") }
    guard tellsPermissions,
      account.accountClass == "break_glass" || account.isPrivileged,
      let start = account.all.map(\.minute).min()
    else { return [] }
    let countries = firsts(account) { $0.country }
    return fromNewNetworks(account).compactMap { network, logins in
      let foreign = logins.filter { login in
        countries[login.country].map { $0 - known(start, "CountryIso") >= Self.fourteenDays }
          ?? false
      }
      guard !foreign.isEmpty else { return nil }
      return finding("ACC-007", account, foreign, "medium", discriminator: [network]).counting([
        "logins": foreign.count
      ])
    }
  }

  private func registrationsFromNewPlaces(_ account: Account) -> [OracleFinding] {
    guard hasVerifications, account.accountClass == "integration" || account.isPrivileged else {
      return []
    }
    let logins = fromNewNetworks(account).values.joined()
    func follows(_ registration: Verification, _ login: Login) -> Bool {
      let distance = registration.time - login.time
      return (0...86_400_000).contains(distance)
        || login.registeredMethod && (-600_000...0).contains(distance)
    }
    var seen: Set<String> = []
    let found = verifications.filter { verification in
      verification.user == account.key && verification.isRegistration
        && logins.contains { follows(verification, $0) }
        && seen.insert("\(verification.time) \(verification.activity ?? "")").inserted
    }
    guard !found.isEmpty else { return [] }
    let cited = logins.filter { login in found.contains { follows($0, login) } }
    return [
      self.found(
        "ACC-008", "high", account, [], cited.map(\.time) + found.map(\.time),
        cited.map(\.address) + found.map(\.address), cited.map(\.application)
      ).counting(["registrations": found.count, "logins": cited.count])
    ]
  }
}
