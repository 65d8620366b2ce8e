import Accounts
import SalesforceExports

/// Parts that both classes of the Open Cybersecurity Schema Framework share.
///
/// The version is 1.8.0; times are milliseconds since the epoch; what is not known is left out.
enum OCSF {
  static let version = "1.8.0"

  /// Writes the members of what made an event.
  static func product(version: String, _ writer: inout OCSFWriter) {
    writer.string("name", "Postern")
    writer.string("vendor_name", "Postern")
    writer.string("version", version)
  }

  /// Writes the members of a user of the org; nothing when nothing is known of it.
  static func user(
    id: String, username: String, _ accountClass: AccountClass, _ writer: inout OCSFWriter
  ) {
    guard !id.isEmpty || !username.isEmpty else { return }
    let type = userType(accountClass)
    writer.object("account") { writer in
      writer.strings("labels", ["class:" + accountClass.rawValue])
      writer.string("name", username)
      writer.string("type", "Salesforce Account")
      writer.int("type_id", 14)
      writer.string("uid", id)
    }
    writer.string("name", username)
    writer.string("type", type.name)
    writer.int("type_id", type.id)
    writer.string("uid", id)
  }

  /// What stands behind an account, in the words of the schema.
  private static func userType(_ accountClass: AccountClass) -> (id: Int, name: String) {
    switch accountClass {
    case .human, .external: (1, "User")
    case .system: (3, "System")
    case .integration: (4, "Service")
    case .breakGlass: (99, "Break-glass")
    case .unknown: (0, "Unknown")
    }
  }

  /// Writes the members of where a login came from; exports also tell of sources that are no addresses.
  static func source(address: String, country: String, _ writer: inout OCSFWriter) {
    guard !address.isEmpty else { return }
    if NetworkAddress(address) != nil { writer.string("ip", address) }
    writer.object("location") { $0.string("country", country) }
    writer.string("name", address)
  }

  // MARK: Observables

  /// Writes the members of an address by which a SIEM joins events.
  static func observable(address: String, at member: String, _ writer: inout OCSFWriter) {
    observable(member, (2, "IP Address"), address, &writer)
  }

  /// Writes the members of the user by whom a SIEM joins events: its name, where it has one.
  static func observable(username: String, at member: String, _ writer: inout OCSFWriter) {
    if username.isEmpty {
      observable(member, (21, "User"), "", &writer)
    } else {
      observable(member + ".name", (4, "User Name"), username, &writer)
    }
  }

  /// Writes the members of an Id by which a SIEM joins events.
  static func observable(id: String, at member: String, _ writer: inout OCSFWriter) {
    observable(member, (10, "Resource UID"), id, &writer)
  }

  private static func observable(
    _ member: String, _ type: (id: Int, name: String), _ value: String,
    _ writer: inout OCSFWriter
  ) {
    writer.string("name", member)
    writer.string("type", type.name)
    writer.int("type_id", type.id)
    writer.string("value", value)
  }
}
