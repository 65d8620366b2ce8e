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
  static func user(id: String, username: String) -> JSONValue? {
    guard !id.isEmpty || !username.isEmpty else { return nil }
    return object(["uid": .string(id), "name": .string(username)])
  }

  /// Where a login came from; exports also tell of sources that are no addresses.
  static func source(address: String, country: String = "") -> JSONValue? {
    guard !address.isEmpty else { return nil }
    return object([
      "ip": NetworkAddress(address) == nil ? nil : .string(address), "name": .string(address),
      "location": object(["country": .string(country)]),
    ])
  }
}
