import Accounts
import SalesforceExports

/// Parts that both classes of the Open Cybersecurity Schema Framework share.
///
/// The version is 1.8.0; times are milliseconds since the epoch; what is not known is left out.
enum OCSF {
  static let version = "1.8.0"

  /// Members whose value is known and not empty.
  static func object(_ members: [String: JSONValue?]) -> JSONValue {
    .object(
      members.compactMapValues { value in
        switch value {
        case nil, .null, .string(""), .array([]), .object([:]): nil
        default: value
        }
      })
  }

  static func time(_ instant: Instant?) -> JSONValue? {
    instant.map { .int(Int($0.milliseconds)) }
  }

  static func product(version: String) -> JSONValue {
    object([
      "name": .string("Postern"), "vendor_name": .string("Postern"), "version": .string(version),
    ])
  }

  /// A user of the org; `nil` when nothing is known of it.
  static func user(id: String, username: String, _ accountClass: AccountClass) -> JSONValue? {
    guard !id.isEmpty || !username.isEmpty else { return nil }
    let type = userType(accountClass)
    return object([
      "uid": .string(id), "name": .string(username), "type_id": .int(type.id),
      "type": .string(type.name),
      "account": object([
        "uid": .string(id), "name": .string(username),
        "labels": .array([.string("class:" + accountClass.rawValue)]), "type_id": .int(14),
        "type": .string("Salesforce Account"),
      ]),
    ])
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

  /// Where a login came from; exports also tell of sources that are no addresses.
  static func source(address: String, country: String = "") -> JSONValue? {
    guard !address.isEmpty else { return nil }
    return object([
      "ip": NetworkAddress(address) == nil ? nil : .string(address), "name": .string(address),
      "location": object(["country": .string(country)]),
    ])
  }

  // MARK: Observables

  /// An address by which a SIEM joins events; `nil` for a source that is none.
  static func observable(address: String, at member: String) -> JSONValue? {
    guard NetworkAddress(address) != nil else { return nil }
    return observable(member, (2, "IP Address"), address)
  }

  /// The user by whom a SIEM joins events: its name, where it has one.
  static func observable(username: String, at member: String) -> JSONValue {
    username.isEmpty
      ? observable(member, (21, "User"), "")
      : observable(member + ".name", (4, "User Name"), username)
  }

  /// An Id by which a SIEM joins events.
  static func observable(id: String, at member: String) -> JSONValue {
    observable(member, (10, "Resource UID"), id)
  }

  private static func observable(
    _ member: String, _ type: (id: Int, name: String), _ value: String
  ) -> JSONValue {
    object([
      "name": .string(member), "type_id": .int(type.id), "type": .string(type.name),
      "value": .string(value),
    ])
  }
}
