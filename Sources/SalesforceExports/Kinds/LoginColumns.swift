/// Positions of the columns of a login file that Postern uses; −1 where the file has none.
public struct LoginColumns: Sendable {
  /// The file's kind: login history or event log.
  public let kind: FileKind
  /// Number of columns of the header.
  public let columnCount: Int
  /// The Id of the login.
  public let id: Int
  /// The time of the login.
  public let time: Int
  /// Where the time stands when that column is empty.
  public let timeAlternative: Int
  /// The id of the user.
  public let user: Int
  /// Where the id stands when that column holds none.
  public let userAlternative: Int
  /// The name that was used to log in.
  public let username: Int
  /// The source address.
  public let address: Int
  /// Where the address stands when that column is empty.
  public let addressAlternative: Int
  /// Columns of few distinct values, in the order of ``ShapeField``.
  public let shape: [Int]
  /// Zone name in the header of the time column, as written.
  public let headerTimeZone: String?

  /// Finds the columns in a header.
  public init(kind: FileKind, header: ColumnNames) {
    self.kind = kind
    columnCount = header.original.count
    func at(_ position: Int?) -> Int { position ?? -1 }
    if kind == .eventLogLogin {
      id = -1
      time = at(header.position("timestampderived", "timestamp"))
      timeAlternative = at(header.position("timestamp"))
      user = at(header.position("useridderived", "userid"))
      userAlternative = at(header.position("userid"))
      address = at(header.position("sourceip", "clientip"))
      addressAlternative = at(header.position("clientip"))
    } else {
      id = at(header.position("id", "loginid", "loginhistoryid"))
      time = at(header.position("logintime"))
      timeAlternative = -1
      user = at(header.position("userid"))
      userAlternative = -1
      address = at(header.position("sourceip"))
      addressAlternative = -1
    }
    username = at(header.position("username", "user.username"))
    shape = ShapeField.allCases.map { field in
      let position: Int? =
        switch field {
        case .type: header.position("logintype")
        case .subType: header.position("loginsubtype")
        case .status: header.position("loginstatus", "status")
        case .application: header.position("application")
        case .browser: header.position("browser", "browsertype")
        case .platform: header.position("platform")
        case .apiType: header.position("apitype")
        case .apiVersion: header.position("apiversion")
        case .tls: header.position("tlsprotocol")
        case .country: header.position("countryiso", "countrycode", "country", "location")
        case .methods: header.position("authmethodreference", "authenticationmethodreference")
        case .context:
          header.position("authcontextclassref", "authenticationcontextclassreference")
        case .uri: kind == .eventLogLogin ? header.position("uri") : nil
        case .userType: kind == .eventLogLogin ? header.position("usertype") : nil
        }
      return position ?? -1
    }
    let timeName = time >= 0 ? header.original[time] : ""
    headerTimeZone = timeName.firstIndex(of: "(").map { open in
      String(timeName[timeName.index(after: open)...].prefix { $0 != ")" })
    }
  }

  /// Positions in use, for the list of columns that are ignored.
  public var used: Set<Int> {
    Set(
      [
        id, time, timeAlternative, user, userAlternative, username, address, addressAlternative,
      ] + shape)
  }

  /// Names of columns that rules need and the file lacks.
  public var missing: [String] {
    ShapeField.allCases.filter { shape[$0.rawValue] < 0 && $0 != .uri && $0 != .userType }.map(
      \.name)
      + (id < 0 ? ["Id"] : []) + (address < 0 ? ["SourceIp"] : [])
  }
}

/// The low-cardinality columns of a login row, decoded once per distinct tuple.
public enum ShapeField: Int, Sendable, CaseIterable {
  case type, subType, status, application, browser, platform, apiType, apiVersion, tls, country
  case methods, context, uri, userType

  /// Name of the column in LoginHistory.
  public var name: String {
    switch self {
    case .type: "LoginType"
    case .subType: "LoginSubType"
    case .status: "Status"
    case .application: "Application"
    case .browser: "Browser"
    case .platform: "Platform"
    case .apiType: "ApiType"
    case .apiVersion: "ApiVersion"
    case .tls: "TlsProtocol"
    case .country: "CountryIso"
    case .methods: "AuthMethodReference"
    case .context: "AuthContextClassRef"
    case .uri: "URI"
    case .userType: "USER_TYPE"
    }
  }
}
