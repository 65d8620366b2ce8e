import Platform

/// What the columns of an API request say beside user, time and place: few distinct values, decoded
/// once per distinct tuple.
public struct APIRequestShape: Hashable, Sendable {
  /// Whether a request counts against the org's limit.
  public enum LimitShare: String, Sendable, CaseIterable {
    case yes, no
    /// The log does not say.
    case unknown
  }

  /// The event log that the request stands in.
  public var source = FileKind.apiTotalUsage
  /// `API_FAMILY`, or what the log itself says: `REST`, `SOAP`, `Bulk`, `Metadata`.
  public var family = ""
  /// Version such as `58.0`; empty where the row names none.
  public var version = ""
  /// Name of the connected app, else of the client, else the app's id; empty for none.
  public var application = ""
  /// Class of the HTTP status (`2xx`), `succeeded` or `failed`, the job's status verbatim, or empty.
  public var status = ""
  /// Whether it counts against the limit.
  public var limitShare = LimitShare.unknown

  /// Makes an empty shape.
  public init() {}

  /// Compares values by their bytes.
  public static func == (left: Self, right: Self) -> Bool {
    left.source == right.source && left.limitShare == right.limitShare
      && left.family.hasBytes(of: right.family) && left.version.hasBytes(of: right.version)
      && left.application.hasBytes(of: right.application)
      && left.status.hasBytes(of: right.status)
  }

  /// Hashes the bytes of the values.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(source)
    hasher.combine(limitShare)
    family.hashBytes(into: &hasher)
    version.hashBytes(into: &hasher)
    application.hashBytes(into: &hasher)
    status.hashBytes(into: &hasher)
  }

  /// Major version of the API; `nil` when the row names none.
  public var versionNumber: Int? { Int(version.prefix { $0 != "." }) }

  /// Brings `58.0`, `v58.0` and `58` to the first form; `9998.0`, which stands for none, is blank.
  public static func version(_ text: String) -> String {
    let value = text.trimmed
    let digits = value.hasPrefix("v") || value.hasPrefix("V") ? value.dropFirst() : value[...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let number = parts.first.flatMap({ Int($0) }), number >= 0,
      parts.count == 1 || parts[1].allSatisfy({ $0 == "0" })
    else { return value }
    return number == 0 || number >= 1_000 ? "" : "\(number).0"
  }

  /// The version that a path names in a part of its own, as `/services/data/v58.0/query` and
  /// `/services/async/58.0/job` do; 0 for none.
  ///
  /// - Complexity: O(*n*).
  public static func version(inPath bytes: some RandomAccessCollection<UInt8>) -> Int {
    var number = 0
    // Digits of the major version so far; −1 in a part that names no version.
    var digits = -1
    var hasPrefix = false
    var hasDot = false
    var fraction = 0
    func isVersion() -> Bool { digits > 0 && digits <= 3 && hasDot && fraction > 0 }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "/"):
        if isVersion() { return number }
        (number, digits, hasPrefix, hasDot, fraction) = (0, 0, false, false, 0)
      case UInt8(ascii: "?"):
        return isVersion() ? number : 0
      case UInt8(ascii: "v") where digits == 0 && !hasPrefix: hasPrefix = true
      case UInt8(ascii: "0")...UInt8(ascii: "9") where digits >= 0:
        if hasDot {
          fraction += 1
        } else {
          digits += 1
          if digits <= 3 { number = number * 10 + Int(byte - UInt8(ascii: "0")) }
        }
      case UInt8(ascii: ".") where digits > 0 && !hasDot: hasDot = true
      default: digits = -1
      }
    }
    return isVersion() ? number : 0
  }

  /// `STATUS_CODE` `200` as `2xx`, `SUCCESS` `1` or `true` as `succeeded`; other text as it is.
  public static func statusClass(_ value: String) -> String {
    let text = value.trimmed
    switch text.lowercased() {
    case "1", "true": return "succeeded"
    case "0", "false": return "failed"
    default: break
    }
    let isCode = text.utf8.count == 3 && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    return isCode ? "\(text.prefix(1))xx" : text
  }
}

extension APIRequestShape.LimitShare {
  /// Reads `COUNTS_AGAINST_API_LIMIT`, which is `1`/`0` or `true`/`false`.
  public init(_ text: String) {
    switch text.trimmed.lowercased() {
    case "1", "true": self = .yes
    case "0", "false": self = .no
    default: self = .unknown
    }
  }
}

extension APIRequestShape: Comparable {
  private var key: [String] {
    [source.rawValue, family, version, application, status, limitShare.rawValue]
  }

  /// A total order by the bytes of the values.
  public static func < (left: APIRequestShape, right: APIRequestShape) -> Bool {
    for (one, other) in zip(left.key, right.key) where !one.hasBytes(of: other) {
      return one.precedes(other)
    }
    return false
  }
}
