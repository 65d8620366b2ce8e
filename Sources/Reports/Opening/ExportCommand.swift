import SalesforceExports

/// Commands that get an export, ready to be pasted; docs/exporting.md has them with their reasons.
enum ExportCommand {
  /// Verifications from the day of the first login on.
  static func verifications(from first: Instant?) -> String {
    let start = first.map { " WHERE VerificationTime >= \(CivilDate(day: $0.day).text)T00:00:00Z" }
    return query(
      "VerificationHistory.csv",
      "SELECT Id, LoginHistoryId, UserId, VerificationTime, SourceIp, Policy, Activity, "
        + "VerificationMethod, Status FROM VerificationHistory" + (start ?? ""))
  }

  /// Users.
  static let users = query(
    "User.csv",
    "SELECT Id, Username, Name, IsActive, UserType, ProfileId, Profile.Name, "
      + "Profile.UserLicense.Name, ContactId, CreatedDate, LastPasswordChangeDate FROM User")

  private static func query(_ file: String, _ query: String) -> String {
    "sf data query --result-format csv --output-file \(file) --query \"\(query)\""
  }
}
