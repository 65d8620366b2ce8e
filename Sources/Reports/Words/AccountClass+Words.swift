import Accounts
import SalesforceExports

extension AccountClass {
  /// What an account is, as people write it.
  var shownName: String {
    switch self {
    case .breakGlass: "break-glass"
    case .integration: "integration"
    case .human: "person"
    case .external: "external"
    case .system: "Salesforce’s own"
    case .unknown: "not in the User export"
    }
  }

  /// A number of accounts: `3 people`.
  func counted(_ count: Int) -> String {
    FigureText.number(count) + " " + (self == .human && count != 1 ? "people" : shownName)
  }
}

extension LoginDoor {
  /// The door through which a login came, as people write it.
  var shownName: String {
    switch self {
    case .human: "browser"
    case .api: "API"
    case .unclassified: "unclassified"
    }
  }
}

/// Names of permissions for people.
enum PermissionName {
  /// The label in Setup of an API name: `Modify All Data`.
  ///
  /// A name without a documented label is parted into its words.
  static func spelt(_ name: String) -> String {
    if let label = TrackedPermission(rawValue: name)?.label, label != name { return label }
    var result = ""
    var previous: Character = " "
    for character in name {
      if character.isUppercase, previous.isLowercase { result.append(" ") }
      result.append(character)
      previous = character
    }
    return result
  }
}
