package import SalesforceExports

/// Where a login row begins.
package struct RowPlace: Hashable, Comparable, Sendable {
  /// Number of the file among the run's inputs.
  package let file: UInt32
  /// Line in which the row begins, 1-based.
  package let line: UInt64

  /// Makes a place.
  package init(file: UInt32, line: UInt64) {
    self.file = file
    self.line = line
  }

  /// Orders places as evidence does: by file, then line.
  package static func < (left: Self, right: Self) -> Bool {
    left.file != right.file ? left.file < right.file : left.line < right.line
  }
}

/// Which login rows are asked for, as far as a row itself tells it.
///
/// Every condition must hold, unless ``eitherSuffices``. A condition is tested once per worker and distinct value, never once
/// per row.
package struct RowFilter: Sendable {
  /// Which copies of rows are handed on, since they may give a row that is shown an earlier place.
  package enum Copies: Sendable {
    case none
    /// Those that no ledger logs: a counted row that is logged may have one in another export.
    case unlogged
    case all
  }

  /// First instant of the window, inclusive; `nil` for none.
  package var since: Instant?
  /// End of the window, exclusive; `nil` for none.
  package var until: Instant?
  /// Whether an account's rows are asked for; `nil` asks for those of all accounts.
  package var account: (@Sendable (AccountKey) -> Bool)?
  /// Whether rows of a shape are asked for.
  package var shape: @Sendable (LoginShape) -> Bool = { _ in true }
  /// Whether rows from a canonical address (empty for none) are asked for; `nil` asks for all.
  package var address: (@Sendable (String) -> Bool)?
  /// Whether a row is asked for by its shape or by its address, instead of by both.
  package var eitherSuffices = false
  /// Ids of logins; they are one condition with places, since both name rows.
  package var ids: Set<SalesforceID> = []
  /// Places of rows.
  package var places: Set<RowPlace> = []
  /// Which copies are handed on.
  package var copies = Copies.all

  /// Asks for every row.
  package init() {}

  /// Whether rows are named by Id or place.
  package var namesRows: Bool { !ids.isEmpty || !places.isEmpty }

  /// Whether a time lies in the window.
  @inline(__always)
  package func contains(_ time: Instant) -> Bool {
    (since.map { $0 <= time } ?? true) && (until.map { time < $0 } ?? true)
  }
}

/// A login row that was picked out while it was folded; 56 bytes.
package struct PickedLogin: Sendable, BitwiseCopyable {
  /// How it stands to other rows with its Id.
  package enum RowDisposition: UInt8, Sendable, BitwiseCopyable {
    /// It counts, and is asked for.
    case counted
    /// A copy, which can give the counted row an earlier place.
    case copy
    /// A copy of a successful API login that is asked for; the counted row may be in a ledger, which
    /// keeps no such row.
    case matchingCopy
  }

  /// The row, with the code of its address in the ledger.
  package var row: RowReference
  /// Code of its shape in the ledger.
  package var shape: UInt32
  /// Whose row it is.
  package var user: LedgerUser
  /// How it stands to other rows with its Id.
  package var disposition: RowDisposition
  /// Number that the asker gives to what it knows of the row; 0 for nothing.
  package var mark: UInt16 = 0

  /// Makes a row.
  package init(
    row: RowReference, shape: UInt32, user: LedgerUser, disposition: RowDisposition = .counted
  ) {
    self.row = row
    self.shape = shape
    self.user = user
    self.disposition = disposition
  }

  /// Whether a row with this Id counts already.
  package var isCopy: Bool { disposition != .counted }

  /// The row's Id; ``SalesforceID/none`` also for an Id of another form than Salesforce's.
  package var id: SalesforceID { row.id.isNone ? .none : row.id }

  /// Lets the row begin where another does.
  package mutating func takePlace(of other: PickedLogin) { row.place = other.row.place }

  /// Where the row begins.
  package var place: RowPlace { RowPlace(file: row.file, line: row.line) }
}

extension AccountLedger {
  /// Whether one picked row comes before another, whatever the order in which they were read.
  ///
  /// Rows go by time, Id, address, shape and account, and by place only where they are equal in all
  /// of these.
  package func precedes(_ one: PickedLogin, _ other: PickedLogin) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    let (id, otherID) = (one.id, other.id)
    if id != otherID { return id < otherID }
    if one.row.address != other.row.address {
      return precedesAddress(one.row.address, other.row.address)
    }
    if one.shape != other.shape { return precedesShape(one.shape, other.shape) }
    if one.user != other.user { return key(of: one.user) < key(of: other.user) }
    // Ids of another form, which only tell copies.
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    return one.row.place < other.row.place
  }

  /// The user that stands for an account; a username gets a number on first sight.
  package func user(of key: AccountKey) -> LedgerUser {
    switch key {
    case .id(let id): LedgerUser(id)
    case .username(let name): user(named: name)
    }
  }
}
