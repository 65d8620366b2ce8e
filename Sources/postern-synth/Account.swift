/// What an account is, which decides its snapshot rows and its logins.
enum Persona: String, CaseIterable {
  /// Licence Salesforce Integration, API-only through its profile.
  case integrationLicence = "integration-licence"
  /// API-only through a custom profile.
  case integrationProfile = "integration-profile"
  /// API-only through a permission set.
  case integrationSet = "integration-set"
  /// API-only through a permission set group.
  case integrationGroup = "integration-group"
  /// A system administrator with an integration word in its name.
  case integrationNamed = "integration-named"
  /// Nothing but its logins tells.
  case integrationBehaviour = "integration-behaviour"
  /// A system administrator.
  case admin
  /// An employee with a password.
  case standard
  /// An employee through an identity provider.
  case sso
  /// A member of an Experience Cloud site.
  case external
  /// The platform's own process.
  case automatedProcess = "automated-process"
  /// A site's guest.
  case guest
  /// A deactivated employee.
  case inactive
  /// A frozen employee.
  case frozen
  /// An id that no snapshot knows.
  case missing

  /// Whether a program uses the account.
  var isIntegration: Bool {
    switch self {
    case .integrationLicence, .integrationProfile, .integrationSet, .integrationGroup,
      .integrationNamed, .integrationBehaviour:
      true
    default: false
    }
  }

  /// Whether Api Only User is in force.
  var isAPIOnly: Bool {
    switch self {
    case .integrationLicence, .integrationProfile, .integrationSet, .integrationGroup: true
    default: false
    }
  }
}

/// How people behave at an account.
enum Habit: Int, CaseIterable {
  /// Always multi-factor.
  case careful
  /// Multi-factor or a code by e-mail.
  case mixed
  /// Password only.
  case careless
  /// A code by e-mail or text message only.
  case identityOnly
  /// Nobody logs in to it in a browser.
  case unattended
  /// Refused as API-only.
  case refused
  /// Consents to an application now and then.
  case consenting
}

/// How a program logs in.
enum ProgramStyle: Int, CaseIterable {
  case clientCredentials, refreshToken, usernamePassword, tokenExchange, noSubType
  case soapPartner, soapEnterprise, soapRetired, restVersioned
}

/// One account of the organisation.
struct Account {
  /// The 18-character id.
  let identifier: String
  /// The username.
  let username: String
  /// The displayed name.
  let name: String
  /// What it is.
  let persona: Persona
  /// Index into ``Organization/profiles``.
  let profile: Int
  /// What people do at it.
  let habit: Habit
  /// How its program logs in.
  let style: ProgramStyle
  /// API version of SOAP and REST logins.
  let apiVersion: Int
  /// Index of the usual address.
  let address: Int
  /// Index of the usual application of its program.
  let application: Int
  /// Index of the usual browser of its people.
  let browser: Int
  /// Whether one of the five privileges is in force.
  let isPrivileged: Bool
  /// Names in ``Organization/sets`` of the permission sets assigned to it.
  let sets: [String]
  /// Name of the permission set group assigned to it.
  let group: String?
  /// Name of a set whose assignment has expired.
  let expiredSet: String?
}
