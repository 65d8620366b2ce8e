/// Small exports written by hand for one purpose each.
enum Exports {
  static let one = "005Hn0000000001IAA"
  static let two = "005Hn0000000002IAA"
  static let three = "005Hn0000000003IAA"

  /// One row of `LoginHistory`.
  struct Login {
    var id = ""
    var user = Exports.one
    var time = "2026-08-03T10:00:00.000Z"
    var type = "Application"
    var subType = ""
    var status = "Success"
    var address = "192.0.2.10"
    var application = "Browser"
    var browser = "Chrome 126"
    var apiType = "N/A"
    var apiVersion = "N/A"
    var methods = ""
    var platform = "Windows 11"
    var tls = "TLS 1.3"
    var country = ""
  }

  static func logins(_ rows: [Login]) -> String {
    var text =
      "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser,ApiType,"
      + "ApiVersion,AuthMethodReference,Platform,TlsProtocol,CountryIso\n"
    for (index, row) in rows.enumerated() {
      let id = row.id.isEmpty ? loginID(index + 1) : row.id
      text +=
        [
          id, row.user, row.time, row.type, row.subType, row.status, row.address, row.application,
          row.browser, row.apiType, row.apiVersion, row.methods, row.platform, row.tls,
          row.country,
        ].joined(separator: ",") + "\n"
    }
    return text
  }

  static func loginID(_ number: Int) -> String {
    let digits = String(number)
    return "0YaHn00000" + String(repeating: "0", count: 5 - digits.count) + digits + "KAA"
  }

  /// A second user's MFA on every day of August, which proves the join and covers the month.
  static func verifications(_ rows: [String] = [], isCovering: Bool = true) -> String {
    var text =
      "LoginHistoryId,UserId,VerificationTime,SourceIp,Policy,Activity,VerificationMethod,Status\n"
    if isCovering {
      for day in 1...31 {
        let date = "2026-08-\(day < 10 ? "0" : "")\(day)T00:00:00.000Z"
        text += ",\(three),\(date),192.0.2.99,HighAssurance,Apex,Totp,FailedInvalidCode\n"
      }
    }
    return text + rows.map { $0 + "\n" }.joined()
  }

  static func verification(
    login: Int, user: String = one, time: String = "2026-08-03T10:00:00.000Z",
    policy: String = "TwoFactorAuthentication", activity: String = "Login", method: String = "Totp",
    status: String = "Succeeded"
  ) -> String {
    "\(loginID(login)),\(user),\(time),192.0.2.10,\(policy),\(activity),\(method),\(status)"
  }

  /// Users with their profile's permissions.
  static func users(
    _ rows: [(id: String, name: String, profile: String, permissions: Set<String>)],
    columns: [String] = [
      "ApiUserOnly", "ForceTwoFactor", "BypassMFAForUiLogins", "ModifyAllData", "ViewAllData",
      "ManageUsers", "CustomizeApplication", "AuthorApex",
    ], isActive: Bool = true, userType: String = "Standard"
  ) -> String {
    var text =
      "Id,Username,Name,IsActive,UserType,Profile.Name,"
      + columns.map { "Profile.Permissions" + $0 }.joined(separator: ",") + "\n"
    for row in rows {
      text += "\(row.id),\(row.name.lowercased())@example.com,\(row.name),\(isActive),\(userType),"
      text += row.profile + ","
      text +=
        columns.map { row.permissions.contains($0) ? "true" : "false" }
        .joined(separator: ",") + "\n"
    }
    return text
  }
}
