"""What the peers need to know of Salesforce: the same tables that Postern decides by.

LoginType and LoginSubType decide on the class of a login, Status on its outcome, and four columns of
VerificationHistory on what a verification proves.
"""

HUMAN_TYPES = [
    "Application", "Lightning Login", "Passwordless Login", "Passwordless Login via Passkeys",
    "SAML Sfdc Initiated SSO", "SAML Idp Initiated SSO", "Third Party SSO",
    "Certificate-based login", "Employee Login to Community", "AppExchange", "Help and Training",
    "Chatter Communities External User", "Chatter Communities External User Third Party SSO",
    "SAML Chatter Communities External User SSO", "Customer Service Portal",
    "Customer Service Portal Third-Party SSO", "SAML Customer Service Portal SSO",
    "Partner Portal", "Partner Portal Third-Party SSO", "SAML Partner Portal SSO",
    "SAML Site SSO", "SelfService",
]
API_TYPES = ["Other Apex API", "Partner Product", "Networks Portal API Only"]
OAUTH_TYPES = ["Remote Access 2.0", "Remote Access Client"]
# Sub-types of OAuth in which a person consents in a browser.
CONSENT_SUB_TYPES = [
    "OAuth Web Server", "OAuth Hybrid Web Server", "OAuth User-Agent",
    "OAuth User-Agent ID Token", "OAuth Hybrid User-Agent", "OAuth OTP Login",
]
PENDING_STATUSES = ["Multi-factor required", "Two-factor required", "Lightning Login required"]

PROVING_STATUSES = ["Succeeded", "AutomatedSuccess", "Automated Success", "Success"]
PROVING_POLICIES = [
    "TwoFactorAuthentication", "ProfilePolicy", "LightningLogin", "PasswordlessPasskeyLogin",
    "Two-Factor Authentication", "Multi-Factor Authentication", "Profile Policy",
    "Lightning Login", "Passwordless Passkey Login", "Passwordless Login via Passkeys",
]
LOGIN_ACTIVITIES = ["Login", "EnableLL"]
# Methods that are no MFA; text messages are, for external users, whose proofs are not compared.
WEAK_METHODS = [
    "Sms", "Text Message", "Email", "Email Message", "CustomOtpDelivery", "Custom OTP Delivery",
    "Password",
]

CLASSES = ["human", "api", "unclassified"]
OUTCOMES = ["succeeded", "failed", "pending"]
COUNTS = [f"{name}_{outcome}" for name in CLASSES for outcome in OUTCOMES]
EXTRAS = ["proven", "distinct_ips", "peak_hour"]
