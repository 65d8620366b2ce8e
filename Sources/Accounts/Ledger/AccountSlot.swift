import SalesforceExports

/// How often an account had logins of one shape, between which rows, and the raw fields seen last.
struct ShapeEntry: CodedEntry {
  /// Code of the shape in the ledger.
  let code: UInt32
  /// What the fold has to know of the shape.
  let kind: AccountLedger.ShapeKind
  /// Number of the raw fields that last stood for it; see ``ShapeDictionary``.
  var raw: UInt32
  /// Fingerprint of those.
  var fingerprint: UInt32
  /// Rows counted; 0 when only copies were seen.
  var count = 0
  /// The earliest row.
  var first: RowReference
  /// The latest row.
  var last: RowReference
}

/// How often an account came from one address, and the raw field seen last.
struct AddressEntry: CodedEntry {
  /// Code of the canonical address in the ledger.
  let code: UInt32
  /// The raw field that last stood for it.
  var raw: RawAddress
  /// Rows counted; 0 when only copies were seen.
  var count: Int
  /// Successful API logins among them.
  var apiSuccesses: Int
  /// Times of the earliest and latest row counted.
  var firstTime: Instant
  var lastTime: Instant
  /// The earliest and the latest successful API login, with their shapes; meaningless
  /// unless ``hasAPI``.
  var firstAPI: RowReference
  var lastAPI: RowReference
  var firstAPIShape: UInt32
  var lastAPIShape: UInt32

  /// The same use under another code, without its raw field.
  init(_ other: AddressEntry, code codes: [UInt32]) {
    code = codes[Int(other.code)]
    raw = .blank
    count = other.count
    apiSuccesses = other.apiSuccesses
    firstTime = other.firstTime
    lastTime = other.lastTime
    firstAPI = other.firstAPI
    lastAPI = other.lastAPI
    firstAPIShape = other.firstAPIShape
    lastAPIShape = other.lastAPIShape
  }

  /// Whether a successful API login, or a copy of one, was seen.
  var hasAPI: Bool { firstAPIShape != .max }

  init(code: UInt32, raw: RawAddress, row: RowReference) {
    self.code = code
    self.raw = raw
    count = 0
    apiSuccesses = 0
    firstTime = row.time
    lastTime = row.time
    firstAPI = row
    lastAPI = row
    firstAPIShape = .max
    lastAPIShape = .max
  }
}

/// The bytes of an address field as they stand in the file, in 16 bytes.
///
/// Up to 15 bytes are the text itself with its length on top; a longer text is a number that the
/// ledger's table of long texts gives it.
struct RawAddress: Hashable, Sendable, BitwiseCopyable {
  var low: UInt64
  var high: UInt64

  /// No bytes.
  static let blank = RawAddress(low: 0, high: 0)

  /// A text of more than 15 bytes by its number.
  static func long(_ number: UInt32) -> RawAddress {
    RawAddress(low: UInt64(number), high: 0xFF << 56)
  }

  /// Reads up to 15 bytes; 16 are readable at `bytes`.
  @inline(__always)
  static func short(_ bytes: UnsafePointer<UInt8>, count: Int) -> RawAddress {
    let raw = unsafe UnsafeRawPointer(bytes)
    let low = unsafe raw.loadUnaligned(as: UInt64.self)
    let length = UInt64(truncatingIfNeeded: count) << 56
    if count <= 8 {
      // A shift by 64 gives zero, which is right for an empty field.
      return RawAddress(low: low & ~(UInt64.max << UInt64(8 * count)), high: length)
    }
    let high = unsafe (raw + 8).loadUnaligned(as: UInt64.self)
    return RawAddress(low: low, high: high & ~(UInt64.max << UInt64(8 * (count - 8))) | length)
  }

  @inline(__always)
  var hash: UInt32 {
    let product = (low ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: high ^ 0xA076_1D64_78BD_642F)
    return UInt32(truncatingIfNeeded: product.high ^ product.low)
  }
}

/// What a ledger holds of one account: two cache lines, and the lists they point to.
///
/// The fold looks a row's shape and address up by fingerprints that lie here, so that a row touches
/// one entry of each list and no other.
struct AccountSlot {
  /// The id; of an account known by username alone `high` is `.max` and `low` its number there.
  let idHigh: UInt64
  let idLow: UInt32
  /// Positions of the entries used last.
  var lastShape: UInt16 = 0
  var lastAddress: UInt16 = 0
  var shapes = EntryList<ShapeEntry>()
  var addresses = EntryList<AddressEntry>()
  /// API attempts by minute.
  var minutes = MinuteCounts()
  /// Bucket of the log that the account's rows go to.
  let logBucket: UInt8
  /// Parts of the fingerprints of the first entries of ``shapes``.
  var shapeMarks: [14 of UInt16] = .init(repeating: 0)
  /// Parts of the hashes of the raw fields of the first entries of ``addresses``.
  var addressMarks: [14 of UInt16] = .init(repeating: 0)

  /// Entries of each list that have a mark in the slot.
  static let markCount = 14

  init(idHigh: UInt64, idLow: UInt32, logBucket: Int) {
    self.idHigh = idHigh
    self.idLow = idLow
    self.logBucket = UInt8(logBucket)
  }
}
