import SalesforceExports

/// How often an account had logins of one shape, and between which rows.
struct ShapeEntry: CodedEntry {
  /// Code of the shape in the ledger.
  let code: UInt32
  /// What the fold has to know of the shape.
  let kind: AccountLedger.ShapeKind
  /// Rows counted; 0 when only copies were seen.
  var count = 0
  /// The latest row.
  var last: RowReference
  /// The earliest row.
  var first: RowReference

  /// Bytes from the beginning that most rows look at: of the earliest row its time.
  static let usualByteCount = 56

  init(code: UInt32, kind: AccountLedger.ShapeKind, first: RowReference, last: RowReference) {
    self.code = code
    self.kind = kind
    self.last = last
    self.first = first
  }
}

/// How often an account came from one address: by successful API logins of one application, or by all
/// rows that are logged one by one.
struct AddressEntry: CodedEntry {
  /// Codes of the canonical address and, above it, of the application in the ledger.
  let code: UInt64
  /// Rows counted; 0 when only copies were seen.
  var count: Int
  /// UTC days with successful API logins, copies among them: bit *d* modulo 64 for the day *d* since 1970.
  var days: UInt64
  /// Times of the earliest and latest row counted.
  var firstTime: Instant
  var lastTime: Instant
  /// The latest and the earliest successful API login, with their shapes; meaningless
  /// unless ``hasAPI``.
  var lastAPI: RowReference
  var lastAPIShape: UInt32
  var firstAPIShape: UInt32
  var firstAPI: RowReference

  /// Bytes from the beginning that most rows look at: all but the earliest login.
  static let usualByteCount = 80

  /// The same use under another code.
  init(_ other: AddressEntry, address: UInt32, application: UInt32) {
    code = Self.code(address: address, application: application)
    count = other.count
    days = other.days
    firstTime = other.firstTime
    lastTime = other.lastTime
    firstAPI = other.firstAPI
    lastAPI = other.lastAPI
    firstAPIShape = other.firstAPIShape
    lastAPIShape = other.lastAPIShape
  }

  /// Code of the canonical address in the ledger.
  var address: UInt32 { UInt32(truncatingIfNeeded: code) }
  /// Code of the application in the ledger; 0 for rows that are logged one by one.
  var application: UInt32 { UInt32(truncatingIfNeeded: code >> 32) }

  /// The code of an address and an application.
  @inline(__always)
  static func code(address: UInt32, application: UInt32) -> UInt64 {
    UInt64(application) << 32 | UInt64(address)
  }

  /// What of a code stands in the slot: of rows that are logged one by one the lower half of the address.
  @inline(__always)
  static func tag(address: UInt32, application: UInt32) -> UInt16 {
    UInt16(truncatingIfNeeded: address ^ application &* 0x9E37)
  }

  /// Bit of a day in ``days``.
  @inline(__always)
  static func bit(ofDay day: Int64) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: day & 63) }

  /// Whether a successful API login, or a copy of one, was seen.
  var hasAPI: Bool { firstAPIShape != .max }

  init(code: UInt64, row: RowReference) {
    self.code = code
    count = 0
    days = 0
    firstTime = row.time
    lastTime = row.time
    firstAPI = row
    lastAPI = row
    firstAPIShape = .max
    lastAPIShape = .max
  }
}

/// What a ledger holds of one account: two cache lines, and the lists they point to.
///
/// The fold looks a row's shape and address up by marks that lie here, so that a row touches one entry
/// of each list and no other.
struct AccountSlot {
  /// Whose account it is.
  let user: LedgerUser
  /// Positions of the entries used last.
  var lastShape: UInt16 = 0
  var lastAddress: UInt16 = 0
  var shapes = EntryList<ShapeEntry>()
  var addresses = EntryList<AddressEntry>()
  /// API attempts by minute.
  var minutes = MinuteCounts()
  /// Lower halves of the codes of the first entries of ``shapes``, all of which have one.
  var shapeCodeTags: [14 of UInt16] = .init(repeating: 0)
  /// Marks of the first entries of ``addresses``, all of which have one: see ``AddressEntry/tag(address:application:)``.
  var addressCodeTags: [14 of UInt16] = .init(repeating: 0)
  /// Rows that the judgement sees one by one: everything but successful API logins.
  ///
  /// Last, so that the marks before it, which are compared 32 bytes at a time, lie in the slot's second line
  /// with what follows them.
  var loggedRows = LoggedRows()

  /// Entries of each list that have a mark in the slot.
  static let codeTagCount = 14

  init(user: LedgerUser) {
    self.user = user
  }

  /// Adds a use of a shape that is not in ``shapes``, with its mark; returns its position.
  mutating func append(_ entry: ShapeEntry, _ memory: ListAllocator) -> Int {
    let position = shapes.append(entry, memory)
    if position < Self.codeTagCount {
      shapeCodeTags[position] = UInt16(truncatingIfNeeded: entry.code)
    }
    return position
  }

  /// Adds a use of an address that is not in ``addresses``, with its mark; returns its position.
  mutating func append(_ entry: AddressEntry, _ memory: ListAllocator) -> Int {
    let position = addresses.append(entry, memory)
    if position < Self.codeTagCount {
      addressCodeTags[position] = AddressEntry.tag(
        address: entry.address, application: entry.application)
    }
    return position
  }
}
