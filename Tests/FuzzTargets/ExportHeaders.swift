/// Headers of every kind of export that is read, and sound exports to stand beside a fuzzed one.
enum ExportHeaders {
  /// File name and header row by kind.
  static let all: [(name: String, header: String)] = [
    (
      "LoginHistory.csv",
      "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser,"
        + "Platform,ApiType,ApiVersion,ClientVersion,LoginUrl,AuthMethodReference,"
        + "AuthContextClassRef,AuthenticationServiceId,CipherSuite,TlsProtocol,CountryIso,"
        + "ForwardedForIp,LoginGeoId,NetworkId,OptionsIsGet,OptionsIsPost"
    ),
    (
      "Setup.csv",
      "Username,Login Time,Source IP,Location,Login Type,Login Subtype,Status,Browser,"
        + "Platform,Application,Client Version,API Type,API Version,Login URL,"
        + "Authentication Method Reference"
    ),
    (
      "Login.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,RUN_TIME,CPU_TIME,URI,"
        + "SESSION_KEY,LOGIN_KEY,USER_TYPE,REQUEST_STATUS,DB_TOTAL_TIME,LOGIN_TYPE,"
        + "BROWSER_TYPE,API_TYPE,API_VERSION,USER_NAME,TLS_PROTOCOL,CIPHER_SUITE,USE_API_TOKEN,"
        + "HTTP_REFERER,LOGIN_URL,COUNTRY_CODE,AUTHENTICATION_METHOD_REFERENCE,LOGIN_SUB_TYPE,"
        + "AUTHENTICATION_SERVICE_ID,AUTHENTICATION_CONTEXT_CLASS_REFERENCE,TIMESTAMP_DERIVED,"
        + "USER_ID_DERIVED,CLIENT_IP,URI_ID_DERIVED,LOGIN_STATUS,SOURCE_IP,FORWARDED_FOR_IP"
    ),
    (
      "User.csv",
      "Id,Username,Name,Alias,Email,IsActive,UserType,ProfileId,Profile.Name,"
        + "Profile.UserLicense.Name,UserRoleId,LastLoginDate,LastPasswordChangeDate,"
        + "NumberOfFailedLogins,CreatedDate,ContactId,FederationIdentifier"
    ),
    (
      "Profile.csv",
      "Id,Name,UserLicense.Name,PermissionsModifyAllData,PermissionsViewAllData,"
        + "PermissionsManageUsers,PermissionsCustomizeApplication,PermissionsAuthorApex,"
        + "PermissionsApiUserOnly,PermissionsForceTwoFactor,PermissionsTwoFactorApi,"
        + "PermissionsBypassMFAForUiLogins,PermissionsApiEnabled,PermissionsManageTwoFactor,"
        + "PermissionsUseAnyApiAuth"
    ),
    (
      "PermissionSet.csv",
      "Id,Label,Name,IsOwnedByProfile,ProfileId,Type,PermissionSetGroupId,License.Name,"
        + "PermissionsModifyAllData,PermissionsViewAllData,PermissionsManageUsers,"
        + "PermissionsCustomizeApplication,PermissionsAuthorApex,PermissionsApiUserOnly,"
        + "PermissionsForceTwoFactor,PermissionsTwoFactorApi,PermissionsBypassMFAForUiLogins,"
        + "PermissionsApiEnabled,PermissionsManageTwoFactor,PermissionsUseAnyApiAuth"
    ),
    (
      "PermissionSetAssignment.csv",
      "Id,AssigneeId,PermissionSetId,PermissionSetGroupId,ExpirationDate,IsActive,IsRevoked"
    ),
    (
      "PermissionSetGroup.csv",
      "Id,DeveloperName,MasterLabel,Status"
    ),
    (
      "PermissionSetGroupComponent.csv",
      "Id,PermissionSetGroupId,PermissionSetId"
    ),
    (
      "MutingPermissionSet.csv",
      "Id,DeveloperName,MasterLabel,PermissionsModifyAllData,PermissionsViewAllData,"
        + "PermissionsManageUsers,PermissionsCustomizeApplication,PermissionsAuthorApex,"
        + "PermissionsApiUserOnly,PermissionsForceTwoFactor,PermissionsTwoFactorApi,"
        + "PermissionsBypassMFAForUiLogins,PermissionsApiEnabled,PermissionsManageTwoFactor,"
        + "PermissionsUseAnyApiAuth"
    ),
    (
      "TwoFactorMethodsInfo.csv",
      "UserId,HasBuiltInAuthenticator,HasSalesforceAuthenticator,HasTotp,HasU2F,"
        + "HasSecurityKey,HasTempCode,HasUserVerifiedEmailAddress,HasUserVerifiedMobileNumber"
    ),
    (
      "ProfileSessionSetting.csv",
      "Profile,RequiredSessionLevel"
    ),
    (
      "VerificationHistory.csv",
      "Id,UserId,VerificationTime,LoginHistoryId,Policy,Activity,VerificationMethod,Status,"
        + "SourceIp,EventGroup,Remarks"
    ),
    (
      "LoginEvent.csv",
      "EventDate,EventIdentifier,LoginHistoryId,LoginKey,LoginType,PolicyOutcome,"
        + "SessionLevel,UserId,Username"
    ),
    (
      "LoginAsEvent.csv",
      "EventIdentifier,EventDate,UserId,DelegatedUsername,LoginAsCategory,SourceIp,"
        + "Application"
    ),
    (
      "Logout.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,USER_TYPE,SESSION_TYPE,"
        + "SESSION_LEVEL,LOGIN_KEY,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP"
    ),
    (
      "LoginAs.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,DELEGATED_USER_NAME,"
        + "DELEGATED_USER_ID,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP,"
        + "DELEGATED_USER_ID_DERIVED"
    ),
    (
      "ApiTotalUsage.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,API_FAMILY,API_VERSION,"
        + "API_RESOURCE,CLIENT_NAME,HTTP_METHOD,CLIENT_IP,COUNTS_AGAINST_API_LIMIT,STATUS_CODE,"
        + "CONNECTED_APP_NAME,USER_NAME,TIMESTAMP_DERIVED"
    ),
    (
      "API.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP,"
        + "METHOD_NAME,API_TYPE,API_VERSION,CLIENT_NAME"
    ),
    (
      "RestApi.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP,"
        + "METHOD,MEDIA_TYPE,STATUS_CODE,URI,CONNECTED_APP_ID,USER_AGENT"
    ),
    (
      "BulkApi.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP,"
        + "JOB_ID,BATCH_ID,API_VERSION"
    ),
    (
      "BulkApi2.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP,"
        + "JOB_ID,JOB_STATUS,RECORDS_PROCESSED,API_VERSION"
    ),
    (
      "BulkApiRequest.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP,"
        + "JOB_ID,REQUEST_PATH,API_VERSION"
    ),
    (
      "MetadataApiOperation.csv",
      "EVENT_TYPE,TIMESTAMP,REQUEST_ID,USER_ID,TIMESTAMP_DERIVED,USER_ID_DERIVED,CLIENT_IP,"
        + "OPERATION,API_VERSION,CLIENT_ID"
    ),
    (
      "LoginHistory-minimal.csv",
      "UserId,LoginTime,Status,LoginType,SourceIp"
    ),
  ]

  /// Few rows that everything else can refer to.
  static let companions: [(name: String, text: String)] = [
    (
      "LoginHistory.csv",
      """
      Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser,TlsProtocol
      0YaHn0000000001KAA,005Hn00000007qoIAA,2026-03-01T00:28:44.000Z,Application,,Success,203.0.113.85,Browser,Chrome 138,TLS 1.3
      0YaHn0000000002KAA,005Hn00000007pEIAQ,2026-03-01T00:57:29.000Z,Remote Access 2.0,OAuth Refresh Token,Success,192.0.2.8,Pump,Java,TLS 1.2
      0YaHn0000000003KAA,005Hn00000007qoIAA,2026-03-02T10:28:44.000Z,Application,,Invalid Password,198.51.100.7,Browser,Chrome 138,TLS 1.3

      """
    ),
    (
      "User.csv",
      """
      Id,Username,Name,IsActive,UserType,ProfileId,Profile.Name,CreatedDate
      005Hn00000007qoIAA,user.26@example.com,User 26,true,Standard,00eHn000000001cIAA,System Administrator,2025-01-25T00:00:00.000Z
      005Hn00000007pEIAQ,pump@example.com,Pump Integration,true,Standard,00eHn000000001fIAA,Back Office Integration,2025-01-25T00:00:00.000Z

      """
    ),
    (
      "PermissionSet.csv",
      """
      Id,Label,Name,IsOwnedByProfile,ProfileId,Type,PermissionsModifyAllData,PermissionsApiEnabled
      0PSHn000000004qOAA,System Administrator,X00e0,true,00eHn000000001cIAA,Profile,true,true

      """
    ),
  ]
}
