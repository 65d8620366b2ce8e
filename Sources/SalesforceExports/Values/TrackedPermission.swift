/// The permissions that Postern follows; names are those of `Profile` and `PermissionSet` without
/// the prefix `Permissions` (docs/salesforce.md#permissions-and-licences).
public enum TrackedPermission: String, Sendable, CaseIterable, Comparable {
  case apiUserOnly = "ApiUserOnly"
  case forceTwoFactor = "ForceTwoFactor"
  case twoFactorAPI = "TwoFactorApi"
  case bypassMFAForUILogins = "BypassMFAForUiLogins"
  case manageTwoFactor = "ManageTwoFactor"
  case modifyAllData = "ModifyAllData"
  case viewAllData = "ViewAllData"
  case customizeApplication = "CustomizeApplication"
  case authorApex = "AuthorApex"
  case manageUsers = "ManageUsers"
  case apiEnabled = "ApiEnabled"
  case viewSetup = "ViewSetup"
  case useAnyAPIAuth = "UseAnyApiAuth"
  case useAnyAPIClient = "UseAnyApiClient"
  case isSSOEnabled = "IsSsoEnabled"
  case passwordNeverExpires = "PasswordNeverExpires"
  case monitorLoginHistory = "MonitorLoginHistory"
  case approveUninstalledConnectedApps = "ApproveUninstalledConnectedApps"

  /// Label in Setup where it is documented, otherwise the API name.
  public var label: String {
    switch self {
    case .apiUserOnly: "Api Only User"
    case .forceTwoFactor: "Multi-Factor Authentication for User Interface Logins"
    case .twoFactorAPI: "Multi-Factor Authentication for API Logins"
    case .bypassMFAForUILogins: "Waive Multi-Factor Authentication for Exempt Users"
    case .manageTwoFactor: "Manage Multi-Factor Authentication in API"
    case .modifyAllData: "Modify All Data"
    case .viewAllData: "View All Data"
    case .customizeApplication: "Customize Application"
    case .authorApex: "Author Apex"
    case .manageUsers: "Manage Users"
    case .useAnyAPIClient: "Use Any API Client"
    case .approveUninstalledConnectedApps: "Approve Uninstalled Connected Apps"
    default: rawValue
    }
  }

  /// The five that make an account privileged (docs/judgement.md).
  public static let privileged: [TrackedPermission] = [
    .modifyAllData, .viewAllData, .manageUsers, .customizeApplication, .authorApex,
  ]

  /// Those that let an account use applications that nobody approved for the org
  /// (docs/salesforce.md#permissions-and-licences).
  public static let unapprovedApplications: [TrackedPermission] = [
    .approveUninstalledConnectedApps, .useAnyAPIClient,
  ]

  /// Name as in the folded names of ``ColumnNames``.
  public var foldedName: String { rawValue.lowercased() }

  /// Compares cases: the standard comparison of raw values is one of their texts.
  public static func == (left: Self, right: Self) -> Bool { left.index == right.index }

  /// Hashes the case.
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }

  /// Orders by name.
  public static func < (left: Self, right: Self) -> Bool {
    ranks[left.index] < ranks[right.index]
  }

  /// All cases, in one array: the standard one is made anew for each use.
  static let all = allCases

  /// Place of each case in the order of names.
  private static let ranks: [Int] = {
    var ranks = [Int](repeating: 0, count: all.count)
    let order = all.sorted { $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8) }
    for (rank, permission) in order.enumerated() { ranks[permission.index] = rank }
    return ranks
  }()

  var bit: UInt32 { 1 << UInt32(index) }

  /// Place among all cases.
  var index: Int {
    switch self {
    case .apiUserOnly: 0
    case .forceTwoFactor: 1
    case .twoFactorAPI: 2
    case .bypassMFAForUILogins: 3
    case .manageTwoFactor: 4
    case .modifyAllData: 5
    case .viewAllData: 6
    case .customizeApplication: 7
    case .authorApex: 8
    case .manageUsers: 9
    case .apiEnabled: 10
    case .viewSetup: 11
    case .useAnyAPIAuth: 12
    case .useAnyAPIClient: 13
    case .isSSOEnabled: 14
    case .passwordNeverExpires: 15
    case .monitorLoginHistory: 16
    case .approveUninstalledConnectedApps: 17
    }
  }
}

/// What one row says about permissions: granted, not granted, or no such column.
public struct PermissionFlags: Hashable, Sendable {
  private var available: UInt32 = 0
  private var granted: UInt32 = 0

  /// Says nothing.
  public init() {}

  /// Grants some permissions.
  public init(granting permissions: some Sequence<TrackedPermission>) {
    for permission in permissions { grant(permission) }
  }

  /// Whether the row has no permission column at all.
  public var isEmpty: Bool { available == 0 }

  /// Notes what a column says.
  public mutating func set(_ permission: TrackedPermission, _ isGranted: Bool) {
    available |= permission.bit
    if isGranted { granted |= permission.bit }
  }

  /// Whether the permission is granted; `nil` when the row has no such column.
  public subscript(permission: TrackedPermission) -> Bool? {
    available & permission.bit == 0 ? nil : granted & permission.bit != 0
  }

  /// The permissions that are granted, in the order of cases.
  public var grantedPermissions: [TrackedPermission] {
    granted == 0 ? [] : TrackedPermission.all.filter { granted & $0.bit != 0 }
  }

  /// Grants a permission, whatever columns there are.
  public mutating func grant(_ permission: TrackedPermission) {
    available |= permission.bit
    granted |= permission.bit
  }

  /// Whether a permission is known to be granted.
  public func isGranted(_ permission: TrackedPermission) -> Bool { granted & permission.bit != 0 }

  /// Whether one of the permissions that others grant is known to be granted.
  public func isGranted(anyOf others: PermissionFlags) -> Bool { granted & others.granted != 0 }

  /// Unites what two rows say.
  public mutating func formUnion(_ other: PermissionFlags) {
    available |= other.available
    granted |= other.granted
  }

  /// Takes away what a muting permission set mutes.
  public mutating func subtract(_ muting: PermissionFlags) { granted &= ~muting.granted }
}
