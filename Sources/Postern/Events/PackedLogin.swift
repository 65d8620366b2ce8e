import Accounts
import SalesforceExports

/// One login row as it waits to be sorted: numbers that stand for texts of ``LoginTables``.
struct PackedLogin: BitwiseCopyable, Sendable {
  var time: Instant
  var id: SalesforceID
  var line: UInt64
  var address: UInt32
  var shape: UInt32
  var account: UInt32
  var file: UInt32
  /// Code of the verdict in ``VerdictIndex``; 0 for a row that has none.
  var verdict: UInt16
  /// Whether a row with this Id counts already; the copy can only give it an earlier place.
  var isCopy: Bool

  /// Orders places as evidence does: by file name, then line.
  func isPlacedBefore(_ other: PackedLogin) -> Bool {
    file != other.file ? file < other.file : line < other.line
  }
}

/// An account of the run, as rows of it show it.
struct EventAccount: Sendable {
  var key: AccountKey
  var username = ""
  var accountClass = AccountClass.unknown
  var profile = ""
}

/// The texts that numbers in ``PackedLogin`` stand for.
///
/// They are as many as there are distinct values, never as many as rows.
final class LoginTables {
  private(set) var shapes: [LoginShape] = []
  /// What the shapes say, at hand without copying a shape.
  private(set) var traits: [ShapeTraits] = []
  private(set) var addresses: [String] = [""]
  let accounts: [EventAccount]
  private var shapeCodes: [LoginShape: UInt32] = [:]
  private var addressCodes: [String: UInt32] = ["": 0]

  init(accounts: [EventAccount]) { self.accounts = accounts }

  /// Number of a shape; added on first sight.
  func code(of shape: LoginShape) -> UInt32 {
    if let code = shapeCodes[shape] { return code }
    let code = UInt32(shapes.count)
    shapes.append(shape)
    traits.append(ShapeTraits(shape))
    shapeCodes[shape] = code
    return code
  }

  /// Number of a canonical address, 0 for the empty one; added on first sight.
  func code(ofAddress address: String) -> UInt32 {
    if let code = addressCodes[address] { return code }
    let code = UInt32(addresses.count)
    addresses.append(address)
    addressCodes[address] = code
    return code
  }

  /// Whether a row comes before another, whatever the order in which they were read.
  ///
  /// Rows go by time, Id, address, shape and account, and by place only where they are equal in all
  /// of these.
  func precedes(_ one: PackedLogin, _ other: PackedLogin) -> Bool {
    if one.time != other.time { return one.time < other.time }
    if one.id != other.id { return one.id < other.id }
    if one.address != other.address {
      return addresses[Int(one.address)].utf8.lexicographicallyPrecedes(
        addresses[Int(other.address)].utf8)
    }
    if one.shape != other.shape { return shapes[Int(one.shape)] < shapes[Int(other.shape)] }
    if one.account != other.account {
      return accounts[Int(one.account)].key < accounts[Int(other.account)].key
    }
    return one.isPlacedBefore(other)
  }
}
