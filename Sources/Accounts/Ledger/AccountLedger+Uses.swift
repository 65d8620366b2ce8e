package import SalesforceExports

// What a ledger says of the shapes and addresses that an account used.
extension AccountLedger {
  /// How often an account had logins of one shape, and between which rows.
  package struct ShapeUse: Sendable {
    /// Number of rows; 0 when only copies were seen here.
    package var count = 0
    /// The earliest row.
    package var first: RowReference
    /// The latest row.
    package var last: RowReference
  }

  /// A row with the code of its shape.
  package struct ShapedRow: Hashable, Sendable {
    /// The row.
    package var row: RowReference
    /// Code of its shape in the ledger.
    package var shape: UInt32

    /// Makes a row.
    package init(row: RowReference, shape: UInt32) {
      self.row = row
      self.shape = shape
    }
  }

  /// What the fold has to know of a shape: marks, and above them the application of successful API logins.
  struct ShapeKind: OptionSet {
    let rawValue: UInt32
    /// An attempt through the API: counted by minute.
    static let api = ShapeKind(rawValue: 1)
    /// It is seen row by row: everything but a successful API login.
    static let logged = ShapeKind(rawValue: 2)
    /// Verifications may name it: a person's success, or a step on the way to one.
    static let verifiable = ShapeKind(rawValue: 4)

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Marks with an application.
    init(_ marks: ShapeKind, application: UInt32) {
      rawValue = marks.rawValue | application << Self.markBits
    }

    /// Code of the application in the ledger; 0 for shapes whose rows are logged one by one.
    var application: UInt32 { rawValue >> Self.markBits }

    private static let markBits: UInt32 = 8
    /// The largest code of an application.
    static let largestApplication = UInt32.max >> markBits
  }

  /// How often an account came from one address, by one application, and between which times.
  package struct AddressUse: Hashable, Sendable {
    /// Code of the address.
    package var code: UInt32
    /// Code of the application of successful API logins; 0 for rows that are logged one by one.
    package var application: UInt32
    /// Number of rows.
    package var count: Int
    /// Time of the earliest row.
    package var first: Instant
    /// Time of the latest row.
    package var last: Instant
    /// Number of successful API logins among them.
    package var apiSuccesses: Int { application == 0 ? 0 : count }
    /// UTC days with successful API logins: bit *d* modulo 64 for the day *d* since 1970.
    package var days: UInt64
    /// The earliest and the latest of these; `nil` when there are none.
    package var firstAPISuccess: ShapedRow?
    package var lastAPISuccess: ShapedRow?

    init(_ entry: AddressEntry) {
      code = entry.address
      application = entry.application
      days = entry.days
      count = entry.count
      first = entry.firstTime
      last = entry.lastTime
      guard entry.hasAPI, entry.count > 0 else { return }
      firstAPISuccess = ShapedRow(row: entry.firstAPI, shape: entry.firstAPIShape)
      lastAPISuccess = ShapedRow(row: entry.lastAPI, shape: entry.lastAPIShape)
    }
  }
}
