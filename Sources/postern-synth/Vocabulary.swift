/// Texts that rows of many accounts share.
enum Vocabulary {
  /// Source addresses of the documentation ranges: 762 of IPv4, then 256 of IPv6.
  static let addresses: [String] = {
    var list: [String] = []
    for network in ["192.0.2", "198.51.100", "203.0.113"] {
      for host in 1...254 { list.append("\(network).\(host)") }
    }
    for host in 1...256 { list.append("2001:db8:\(String(host / 16, radix: 16))::\(host)") }
    return list
  }()

  /// Addresses that only incidents use; their numbers follow those of ``addresses``.
  static let incidentAddresses = ["2001:db8:beef::7", "2001:db8:bad::1"]
  /// Every address that a row may have.
  static let allAddresses = addresses + incidentAddresses
  /// An address in a country of its own.
  static var foreignAddress: Int { addresses.count }
  /// The address that the sample configuration names as an indicator.
  static var indicatorAddress: Int { addresses.count + 1 }

  /// Countries by address: one per network, so that accounts keep to few.
  static func country(address: Int) -> String {
    switch address {
    case ..<254: "DE"
    case ..<508: "US"
    case ..<762: "AU"
    case foreignAddress: "BR"
    case ..<allAddresses.count: "FR"
    default: "NO"
    }
  }

  /// An address in the country of another one: people move about in their country.
  static func address(_ number: Int, inCountryOf home: Int) -> Int {
    let country = home / 254
    guard country < 3 else { return 762 + number % (addresses.count - 762) }
    return country * 254 + number % 254
  }

  /// The country's name, as Setup shows it.
  static func countryName(address: Int) -> String {
    switch country(address: address) {
    case "DE": "Germany"
    case "US": "United States"
    case "AU": "Australia"
    case "BR": "Brazil"
    case "NO": "Norway"
    default: "France"
    }
  }

  /// Applications; those of persons come first.
  static let applications = [
    "Browser", "Salesforce for iOS", "Salesforce for Android", "Salesforce CLI", "Quote Desk",
    "N/A", "Warehouse Connector", "Ledger, Feeds & Co", "Billing \"Nightly\" Loader",
    "Élan Bridge", "Stock Mirror", "Parcel Courier",
  ]
  /// Applications that only incidents use; their numbers follow those of ``applications``.
  static let incidentApplications = ["Quiet Exporter", "My Ticket Portal"]
  /// An application new to its account.
  static var newApplication: Int { applications.count }
  /// An application new to the org, which a person consents to.
  static var consentedApplication: Int { applications.count + 1 }
  /// The application of a staged campaign, which the options name.
  static var stagedApplication: Int { applications.count + incidentApplications.count }
  /// The applications that people use, and that say nothing about a system.
  static let userFacing = 1...3
  /// An application that people consent to.
  static let consented = 4
  /// The first application that only systems use.
  static let firstSystem = 6

  /// Browsers; programs come last.
  static let browsers = [
    "Chrome 138", "Firefox 141", "Safari 19", "Edge 138", "Salesforce Mobile",
    "Java (Salesforce.com)", "Unknown",
  ]
  /// What each browser calls itself in the event log.
  static let userAgents = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0.0.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Firefox/141.0",
    "Mozilla/5.0 (Macintosh) Version/19.0 Safari/619.1", "Mozilla/5.0 (Windows) Edg/138.0.0.0",
    "SalesforceMobileSDK/13.0 iOS", "Jakarta Commons-HttpClient/3.1", "Go-http-client/1.1",
  ]
  /// The platform of each browser.
  static let platforms = [
    "Windows 11", "Linux", "Mac OSX", "Windows 10", "iPhone", "Unknown", "Unknown",
  ]
  /// The first browser that is a program.
  static let firstProgram = 5

  /// Given names.
  static let givenNames = [
    "Ada", "Björn", "Chiara", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ines", "Jonas",
    "Kavya", "Liam", "Mei", "Noor", "Olga", "Pavel",
  ]
  /// Family names; one holds a comma, one an apostrophe.
  static let familyNames = [
    "Adler", "Brandt", "Castillo", "Dubois", "Eriksen", "Fischer", "Goldberg", "Haddad",
    "Ivanova", "Jensen", "Kowalski", "Lindqvist", "Moreau", "Nakamura", "O'Brien", "Petrov, Jr.",
  ]
  /// First words of the names of integration accounts.
  static let systems = [
    "Warehouse", "Billing", "Ledger", "Parcel", "Stock", "Payroll", "Catalogue",
  ]
}
