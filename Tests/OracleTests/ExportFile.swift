import Foundation

/// One export as the oracle reads it.
struct ExportFile {
  let name: String
  /// The object that it exports, found in its header.
  let kind: String
  let text: DelimitedText
  /// Milliseconds of the date in its name.
  let date: Int?

  init(path: String) throws {
    name = URL(filePath: path).lastPathComponent
    text = DelimitedText([UInt8](try Data(contentsOf: URL(filePath: path))))
    let kind = Self.kind(text.columns)
    let event = text.records.first?["event_type"] ?? ""
    // Logs of pages have no columns of their own.
    self.kind =
      ["URI", "AuraRequest", "LightningPageView"].contains(event) ? "Pages" : kind
    let parts = name.split { !$0.isNumber && $0 != "-" }
    date =
      parts.lazy.compactMap { part in
        let digits = String(part.drop { $0 == "-" }.prefix(10))
        return digits.count == 10 ? Moment.milliseconds(digits + "T00:00:00Z") : nil
      }.first
  }

  private static func kind(_ columns: Set<String>) -> String {
    func has(_ names: String...) -> Bool { names.allSatisfy { columns.contains($0) } }
    if has("verificationtime") { return "VerificationHistory" }
    if has("eventidentifier", "policyoutcome") { return "LoginEvent" }
    if has("eventidentifier", "delegatedusername") { return "LoginAsEvent" }
    if has("event_type", "delegated_user_id") { return "LoginAs" }
    if has("event_type", "request_path", "job_id") { return "BulkApiRequest" }
    if has("event_type", "job_status", "job_id") { return "BulkApi2" }
    if has("event_type", "batch_id", "job_id") { return "BulkApi" }
    if has("event_type", "media_type", "method") { return "RestApi" }
    if has("event_type", "method_name", "api_type") { return "API" }
    if has("event_type", "operation", "client_id") { return "MetadataApiOperation" }
    if has("event_type", "counts_against_api_limit") { return "ApiTotalUsage" }
    if has("event_type", "session_level", "login_key") && !has("login_status") { return "Logout" }
    if has("event_type", "login_status") { return "Login" }
    if has("logintime", "userid") { return "LoginHistory" }
    if has("login time", "username") { return "LoginHistory" }
    if has("assigneeid"), columns.contains(where: { $0.hasPrefix("permissionsetlicense") }) {
      return "PermissionSetLicenseAssign"
    }
    if has("assigneeid") { return "PermissionSetAssignment" }
    if has("userid", "isfrozen") { return "UserLogin" }
    if has("permissionsetgroupid", "permissionsetid") { return "PermissionSetGroupComponent" }
    if has("appname", "lastuseddate") { return "OauthToken" }
    if has("hastotp") { return "TwoFactorMethodsInfo" }
    if has("profile", "requiredsessionlevel") { return "ProfileSessionSetting" }
    if has("isownedbyprofile") { return "PermissionSet" }
    if has("username", "usertype") || has("username", "isactive") { return "User" }
    if has("developername", "permissionsmodifyalldata") { return "MutingPermissionSet" }
    if has("developername", "masterlabel") { return "PermissionSetGroup" }
    if has("userlicense.name") { return "Profile" }
    return "other"
  }

  /// All exports of a folder and the folders in it.
  static func all(in folder: String) throws -> [ExportFile] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".csv") }.map { try ExportFile(path: folder + "/" + $0) }
  }
}
