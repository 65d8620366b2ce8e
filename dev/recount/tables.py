"""The tables of the specification: login types, sub-types, statuses, MFA methods, permissions.

Written from the specification pages alone. Nothing here may be copied from the program that the
recount checks.
"""

import re


def plain(text):
    """Folds case and drops everything but letters and digits: how names are compared."""
    return "".join(c for c in text.casefold() if c.isalnum())


# class, family (which line of the verdict table speaks for it), label, API value, event-log code
_TYPES = [
    ("human", "application", "Application", "Application", "A"),
    ("human", "lightning", "Lightning Login", "LightningLogin", "z"),
    ("human", "other", "Passwordless Login", "PasswordlessLogin", "w"),
    ("human", "passkey", "Passwordless Login via Passkeys", "PasswordlessPasskeyLogin", ""),
    ("human", "sso", "SAML Sfdc Initiated SSO", "Saml2", "8"),
    ("human", "sso", "SAML Idp Initiated SSO", "Saml", "5"),
    ("human", "sso", "Third Party SSO", "ThirdPartySso", "j"),
    ("human", "certificate", "Certificate-based login", "Certificate", "s"),
    ("human", "other", "Employee Login to Community", "EmployeeLoginToCommunity", "r"),
    ("human", "session", "AppExchange", "AppExchange", "7"),
    ("human", "session", "Help and Training", "HelpAndTraining", ""),
    ("human", "other", "Chatter Communities External User", "ChatterCommunityPortalUnPwd", "k"),
    ("human", "sso", "Chatter Communities External User Third Party SSO",
     "ChatterCommunityThirdPartySso", "n"),
    ("human", "sso", "SAML Chatter Communities External User SSO", "SamlChatterNetworks", "m"),
    ("human", "other", "Customer Service Portal", "Portal", "3"),
    ("human", "sso", "Customer Service Portal Third-Party SSO", "PortalThirdPartySso", ""),
    ("human", "sso", "SAML Customer Service Portal SSO", "SamlCspPortal", "b"),
    ("human", "other", "Partner Portal", "PrmPortal", "9"),
    ("human", "sso", "Partner Portal Third-Party SSO", "PrmPortalThirdPartySso", "q"),
    ("human", "sso", "SAML Partner Portal SSO", "SamlPrmPortal", "c"),
    ("human", "sso", "SAML Site SSO", "SamlSite", "h"),
    ("human", "other", "SelfService", "SelfService", "E"),
    ("api", "", "Other Apex API", "OtherApi", "I"),
    ("api", "", "Partner Product", "Partner", "R"),
    ("api", "", "Networks Portal API Only", "NetworksPortalApiOnly", "l"),
    ("oauth", "", "Remote Access 2.0", "Oauth2", "i"),
    ("oauth", "", "Remote Access Client", "Oauth", "6"),
    ("unclassified", "", "Offline Client", "IeOfflineClient", ""),
    ("unclassified", "", "Cross Tenant Login", "CrossTenantLogin", "x"),
]
_BY_CODE = {code: (k, family, label) for k, family, label, _, code in _TYPES if code}
_BY_NAME = {}
for _k, _family, _label, _api, _code in _TYPES:
    _BY_NAME[plain(_label)] = _BY_NAME[plain(_api)] = (_k, _family, _label)

_SUB_HUMAN = {plain(s) for s in (
    "OauthWebServer", "oauthcode", "OauthHybridWebServer", "oauthhybridauthcode",
    "OauthUserAgent", "oauthtoken", "OauthHybridUserAgent", "oauthhybridtoken",
    "OauthUserAgentIdToken", "OAuth User-Agent with ID Token", "oauthtokenidtoken",
    "OauthOtpLogin")}
_SUB_API = {plain(s) for s in (
    "OauthRefreshToken", "OauthHybridRefreshToken", "OauthTokenExchange",
    "OauthHybridTokenExchange", "OauthClientCredentials", "oauthclientcredential",
    "OauthUsernamePassword", "oauthpassword")}
_SUB_RESET = {"uipasswordreset"}


def door(login_type, sub_type, uri=None):
    """Class of a row: (class, family, type label, sub-type unknown, password reset).

    `uri` is the event log's URI, or None for rows of LoginHistory.
    """
    kind = login_type.strip()
    sub = plain(sub_type)
    reset = sub in _SUB_RESET
    if not kind and uri is not None:
        path = uri.strip().casefold()
        if path.startswith(("/services/oauth2/token", "/services/soap/")):
            return "api", "", login_type, False, reset
        if path.startswith(("/index.jsp", "/home/home.jsp", "/secur/", "/login")):
            return "human", "other", login_type, False, reset
        return "unclassified", "", login_type, False, reset
    found = _BY_CODE.get(kind) or _BY_NAME.get(plain(kind))
    if found is None:
        return "unclassified", "", login_type, False, reset
    group, family, label = found
    if group != "oauth":
        return group, family, label, False, reset
    if sub in _SUB_HUMAN:
        return "human", "oauth_interactive", label, False, reset
    return "api", "", label, sub not in _SUB_API, reset


# The status codes of the event log with the texts of LoginHistory (official status table).
STATUS_OF_CODE = dict(line.split("|") for line in """\
LOGIN_NO_ERROR|Success
LOGIN_TWOFACTOR_REQ|Multi-factor required
LOGIN_LIGHTNING_LOGIN|Lightning Login required
LOGIN_CHALLENGE_ISSUED|Failed: Computer activation required
LOGIN_CHALLENGE_PENDING|Failed: Computer activation pending
LOGIN_ERROR_API_TOO_OLD|Failed: API Version Removed
LOGIN_ERROR_APPEXCHANGE_DOWN|Unable to process your login request
LOGIN_ERROR_CLIENT_REQ_UPDATE|Failed: Client update required
LOGIN_ERROR_EXPORT_RESTRICTED|Restricted country
LOGIN_ERROR_GLOBAL_BLOCK_DOMAIN|Restricted domain
LOGIN_ERROR_HTP_METHD_INVALID|Failed: Invalid HTTP method
LOGIN_ERROR_INSECURE_LOGIN|Failed: Login over insecure channel
LOGIN_ERROR_INVALID_GATEWAY|Invalid gateway
LOGIN_ERROR_INVALID_PASSWORD|Invalid password
LOGIN_ERROR_INVALID_USERNAME|Invalid login
LOGIN_ERROR_LOGINS_EXCEEDED|Maximum logins exceeded
LOGIN_ERROR_MUST_USE_API_TOKEN|Failed: API security token required
LOGIN_ERROR_MUTUAL_AUTHENTICATION|Mutual authentication failed
LOGIN_ERROR_NETWORK_INACTIVE|Invalid - Experience Cloud site offline
LOGIN_ERROR_NO_NETWORK_ACCESS|No Experience Cloud site access
LOGIN_ERROR_NO_PORTAL_ACCESS|Invalid profile association
LOGIN_ERROR_OFFLINE_DISABLED|Offline disabled
LOGIN_ERROR_OFFLINE_TRIAL_EXP|Offline trial expired
LOGIN_ERROR_ORG_CLOSED|Organization closed
LOGIN_ERROR_ORG_DOMAIN_ONLY|Restricted domain
LOGIN_ERROR_ORG_IN_MAINTENANCE|Organization is in maintenance
LOGIN_ERROR_ORG_INACTIVE|Organization is inactive
LOGIN_ERROR_ORG_IS_DOT_ORG|Organization is a DOT
LOGIN_ERROR_ORG_LOCKOUT|Organization locked
LOGIN_ERROR_ORG_SUSPENDED|Organization suspended
LOGIN_ERROR_OUTLOOK_DISABLED|Outlook integration disabled
LOGIN_ERROR_PASSWORD_LOCKOUT|Password lockout
LOGIN_ERROR_PORTAL_INACTIVE|Invalid - Portal disabled
LOGIN_ERROR_RATE_EXCEEDED|Login rate exceeded
LOGIN_ERROR_RESTRICTED_DOMAIN|Restricted IP
LOGIN_ERROR_RESTRICTED_TIME|Restricted time
LOGIN_ERROR_SSO_PWD_INVALID|Invalid password
LOGIN_ERROR_SSO_SVC_DOWN|Your company's authentication service is down
LOGIN_ERROR_SSO_URL_INVALID|The Single Sign-On Gateway URL is invalid
LOGIN_ERROR_SYNCOFFLINE_DISBLD|Failed: Mobile disabled
LOGIN_ERROR_UNKNOWN_ERROR|Login invalid
LOGIN_ERROR_USER_API_ONLY|Failed: API-only user
LOGIN_ERROR_USER_FROZEN|User is frozen
LOGIN_ERROR_USER_INACTIVE|User is inactive
LOGIN_ERROR_USER_NON_MOBILE|Failed: Mobile license required
LOGIN_ERROR_WIRELESS_DISABLED|Wireless disabled
LOGIN_ERROR_WIRELESS_TRIAL_EXP|Wireless trial expired
LOGIN_OAUTH_API_DISABLED|Failed: OAuth API access disabled
LOGIN_OAUTH_CONSUMER_DELETED|Failed: Consumer Deleted
LOGIN_OAUTH_DS_NOT_EXPECTED|Failed: Activation secret not expected
LOGIN_OAUTH_EXCEED_GET_AT_LMT|Failed: Get Access Token Limit Exceeded
LOGIN_OAUTH_INVALID_CODE_CHALLENGE|Failed: Invalid Code Challenge
LOGIN_OAUTH_INVALID_CODE_VERIFIER|Failed: Invalid Code Verifier
LOGIN_OAUTH_INVALID_DEVICE|Failed: Device Id missing or not registered
LOGIN_OAUTH_INVALID_DS|Failed: Activation secret invalid
LOGIN_OAUTH_INVALID_DSIG|Failed: Signature Invalid
LOGIN_OAUTH_INVALID_IP|Failed: IP Address Not Allowed
LOGIN_OAUTH_INVALID_NONCE|Failed: Invalid Nonce
LOGIN_OAUTH_INVALID_SIG_METHOD|Failed: Invalid Signature Method
LOGIN_OAUTH_INVALID_TIMESTAMP|Failed: Invalid Timestamp
LOGIN_OAUTH_INVALID_TOKEN|Failed: Invalid Token
LOGIN_OAUTH_INVALID_VERIFIER|Failed: Invalid Verifier
LOGIN_OAUTH_INVALID_VERSION|Failed: Version Not Supported
LOGIN_OAUTH_MISSING_DS|Activation secret missing
LOGIN_OAUTH_NO_CALLBACK_URL|Failed: Invalid Callback URL
LOGIN_OAUTH_NO_CONSUMER|Missing Consumer Key Parameter
LOGIN_OAUTH_NO_TOKEN|Missing OAuth Token Parameter
LOGIN_OAUTH_NONCE_REPLAY|Failed: Nonce Replay Detected
LOGIN_OAUTH_PACKAGE_MISSING|Package for this consumer is not installed in your organization
LOGIN_OAUTH_PACKAGE_OLD|Installed package for this consumer is out of date
LOGIN_OAUTH_UNEXPECTED_PARAM|Failed: Unexpected parameter
LOGIN_ORG_TRIAL_EXP|Trial Expired
LOGIN_SAML_INVALID_AUDIENCE|Failed: Audience Invalid
LOGIN_SAML_INVALID_CONFIG|Failed: Configuration Error/Perm Disabled
LOGIN_SAML_INVALID_FORMAT|Failed: Assertion Invalid
LOGIN_SAML_INVALID_IN_RES_TO|Failed: InResponseTo Invalid
LOGIN_SAML_INVALID_ISSUER|Failed: Issuer Mismatched
LOGIN_SAML_INVALID_ORG_ID|Failed: Invalid Organization Id
LOGIN_SAML_INVALID_PORTAL_ID|Failed: Invalid Portal Id
LOGIN_SAML_INVALID_RECIPIENT|Failed: Recipient Mismatched
LOGIN_SAML_INVALID_SIGNATURE|Failed: Signature Invalid
LOGIN_SAML_INVALID_SITE_URL|Failed: Invalid Site URL
LOGIN_SAML_INVALID_STATUS|Failed: Status Invalid
LOGIN_SAML_INVALID_SUB_CONFIRM|Failed: Subject Confirmation Error
LOGIN_SAML_INVALID_TIMESTAMP|Failed: Assertion Expired
LOGIN_SAML_INVALID_USERNAME|Failed: Username Or SSO Id Invalid
LOGIN_SAML_MISMATCH_CERT|Failed: Signature Invalid/Configured Certificate Mismatch
LOGIN_SAML_MISSING_ORG_ID|Failed: Missing Organization Id for Portal login
LOGIN_SAML_MISSING_PORTAL_ID|Failed: Missing Portal Id
LOGIN_SAML_PROVISION_ERROR|Failed: SAML Provision Error
LOGIN_SAML_REPLAY_ATTEMPTED|Failed: Replay Detected
LOGIN_SAML_SITE_INACTIVE|Failed: Specified Site is Inactive
""".splitlines())
_STATUS_OF_TEXT = {text.casefold(): text for text in STATUS_OF_CODE.values()}
_STATUS_OF_TEXT["two-factor required"] = "Two-factor required"
_STATUS_OF_TEXT.update({code.casefold(): text for code, text in STATUS_OF_CODE.items()})

MFA_DEMANDED = {"Multi-factor required", "Two-factor required"}
_PENDING = MFA_DEMANDED | {"Lightning Login required"}


def outcome(status):
    """The official text of a status, and `succeeded`, `pending` or `failed`."""
    label = _STATUS_OF_TEXT.get(status.strip().casefold(), status)
    if label == "Success":
        return label, "succeeded"
    return label, "pending" if label in _PENDING else "failed"


_API_TYPE_OF_CODE = {
    "D": "Apex Class", "E": "SOAP Enterprise", "M": "SOAP Metadata", "P": "SOAP Partner",
    "S": "SOAP Apex", "T": "SOAP Tooling", "f": "Feed", "l": "Live Agent",
    "p": "SOAP ClientSync", "I": "SOAP Cross Instance", "O": "Old SOAP", "X": "XmlRPC"}
_TLS = re.compile(r"(?:TLS[ ]?v?)?(1\.[0-3])", re.IGNORECASE)


def api_type_label(value):
    """The label of an API type, whether the export gives the label or the event log's letter."""
    return _API_TYPE_OF_CODE.get(value.strip(), value)


def tls_label(value):
    """`TLSv1.2` and `1.2` as `TLS 1.2`; any other text unchanged."""
    match = _TLS.fullmatch(value.strip())
    return "TLS " + match.group(1) if match else value


def api_version_label(value):
    """The API version; 9998, which the event log writes for logins without one, is blank."""
    return "" if value.strip() in ("9998", "9998.0") else value


# Verifications
VERIFIED = {"succeeded", "automatedsuccess", "automaticsuccess"}
MFA_POLICIES = {
    "twofactorauthentication", "multifactorauthentication", "profilepolicy", "lightninglogin",
    "passwordlesspasskeylogin"}
STEP_UP_POLICIES = {"highassurance", "pageaccess", "customapex", "extraverification"}
LOGIN_ACTIVITIES = {"login", "enablell"}
IDENTITY_METHODS = {"email", "emailmessage", "customotpdelivery"}
SMS_METHODS = {"sms", "textmessage", "smsmessage"}

# What an identity provider says
STRONG_TOKENS = {t.casefold() for t in (
    "cert fido fido2 fpt hwk iris pin pki pop retina sc smartcard swk TLSClient user vbm wia x509 "
    "face mobiletwofactorcontract multipleauthn okta_verify passkey webauthn mfa otp").split()}
WEAK_TOKENS = {"pwd", "sms", "tel", "email"}


def provider_tokens(text):
    """The tokens of an AMR or ACR value: a JSON array, a list, or names that end in a token."""
    tokens = set()
    for item in re.split(r"[\s,;\[\]\"']+", text.casefold()):
        if item:
            tokens.add(re.split(r"[:/#]", item)[-1] or item)
    return tokens


PERMISSIONS = (
    "ApiUserOnly ForceTwoFactor TwoFactorApi BypassMFAForUiLogins ManageTwoFactor ModifyAllData "
    "ViewAllData CustomizeApplication AuthorApex ManageUsers ApiEnabled ViewSetup UseAnyApiAuth "
    "UseAnyApiClient IsSsoEnabled PasswordNeverExpires MonitorLoginHistory").split()

EXTERNAL_TYPES = {plain(t) for t in (
    "CspLitePortal", "PowerPartner", "PowerCustomerSuccess", "CustomerSuccess", "SelfService",
    "CsnOnly")}
SYSTEM_TYPES = {plain(t) for t in ("AutomatedProcess", "CloudIntegrationUser", "Guest")}
LICENCE_MANAGER = re.compile(r"033[0-9a-z]*@00d[0-9a-z]*", re.IGNORECASE)
INTEGRATION_WORDS = {
    "integration", "api", "svc", "service", "bot", "automation", "etl", "sync"}

_CLIENTS = [c.casefold() for c in (
    "Salesforce for iOS", "Salesforce for Android", "Outlook", "Gmail", "Salesforce for Outlook",
    "Salesforce CLI", "Data Loader", "Dataloader*", "Workbench", "Salesforce Inspector*",
    "Chatter Desktop", "Chatter Mobile for BlackBerry", "SalesforceA", "Salesforce Authenticator",
    "Salesforce Files", "Salesforce Touch", "Salesforce1*")]


def user_facing(application):
    """Whether an application is a client that a person holds."""
    name = application.strip().casefold()
    return any(name.startswith(c[:-1]) if c.endswith("*") else name == c for c in _CLIENTS)
