/// Pages of Salesforce and others that several rules name.
enum Reference {
  static let guidance =
    "https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.mfa_enable_integration_user_human_logins.htm"
  static let multiFactorFAQ =
    "https://help.salesforce.com/s/articleView?id=000389309"
  static let privilegedUsers = "https://help.salesforce.com/s/articleView?id=005321563"
  static let soapLogin = "https://help.salesforce.com/s/articleView?id=005132110"
  static let versionRetirement = "https://help.salesforce.com/s/articleView?id=005321531"
  static let endOfLifePolicy = "REST API Developer Guide, API End-of-Life Policy"
  static let loginRate = "https://help.salesforce.com/s/articleView?id=000381578"
  static let highAssurance =
    "https://help.salesforce.com/s/articleView?id=xcloud.understand_mfa_high_assurance_login_session.htm"
  static let employeeUsers = "https://help.salesforce.com/s/articleView?id=005321561"
  static let unapprovedApplications = "https://help.salesforce.com/s/articleView?id=005132365"
  static let oauthToken =
    "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_oauthtoken.htm"
  static let frozenUsers = "https://help.salesforce.com/s/articleView?id=005318944"
  static let vishing =
    "https://cloud.google.com/blog/topics/threat-intelligence/unc6040-proactive-hardening-recommendations"
  static let loginHistory =
    "https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.users_login_history.htm"
}
