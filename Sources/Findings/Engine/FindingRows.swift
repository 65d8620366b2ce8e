package import Accounts
package import SalesforceExports

/// Rows that a finding rests on and that are not at hand one by one, as conditions that each meets by itself.
///
/// Of successful API logins a ledger keeps numbers and the first and last; a pass over the exports finds the
/// others by these conditions.
package struct RowExtent: Sendable {
  /// The accounts; `nil` for that of the finding.
  package var accounts: Set<AccountKey>?
  /// Codes of the shapes; `nil` for all.
  package var shapes: Set<UInt32>?
  /// Codes of the addresses; `nil` for all.
  package var addresses: Set<UInt32>?
  /// When; `nil` for always.
  package var dates: IndicatorDates?

  /// Makes an extent.
  package init(
    accounts: Set<AccountKey>? = nil, shapes: Set<UInt32>? = nil, addresses: Set<UInt32>? = nil,
    dates: IndicatorDates? = nil
  ) {
    self.accounts = accounts
    self.shapes = shapes
    self.addresses = addresses
    self.dates = dates
  }
}

/// All login rows that a finding rests on.
package struct FindingRows: Sendable {
  private let account: AccountKey?
  private var ids: Set<SalesforceID> = []
  /// Places of rows without an Id, which have no copies, with their times: login rows of exports that lack the
  /// column, and rows of other exports.
  package private(set) var places: [RowPlace: Instant] = [:]
  private let extents: [RowExtent]
  /// Rows that it rests on beside these, and of which nothing is kept that would find them.
  package let unknownRowCount: Int
  /// Whether successful API logins, of which no single row is kept, are among those with an Id or place.
  private var namesAPISuccesses = false

  /// How many of the rows that have something in common are among them.
  package enum Share: Sendable {
    case none
    /// Each has to be asked for by itself.
    case some
    case all
  }

  /// Collects what a rule said.
  ///
  /// - Parameter account: The account; `nil` for a finding about the org.
  init(_ draft: FindingDraft, account: AccountKey?) {
    self.account = account
    extents =
      draft.extents.isEmpty && !draft.shapes.isEmpty
      ? [RowExtent(shapes: draft.shapes)] : draft.extents
    unknownRowCount = draft.restsOnLogins ? 0 : max(0, draft.evidenceTotal - draft.heldRowCount)
    for citation in draft.citations { for login in citation.logins { insert(login.row) } }
    for row in draft.evidence {
      insert(row.row)
      if row.shape.isAPISuccess { namesAPISuccesses = true }
    }
  }

  /// Collects rows that are named.
  ///
  /// - Parameter places: Places of rows without an Id, with their times.
  package init(ids: Set<SalesforceID>, places: [RowPlace: Instant]) {
    account = nil
    extents = []
    unknownRowCount = 0
    self.ids = ids
    self.places = places
    namesAPISuccesses = true
  }

  private mutating func insert(_ row: RowReference) {
    if row.id == .none {
      places[RowPlace(file: row.file, line: row.line)] = row.time
    } else {
      ids.insert(row.id)
    }
  }

  /// Whether it is known to rest on no row.
  package var isEmpty: Bool { ids.isEmpty && places.isEmpty && extents.isEmpty }

  /// Whether it is known to rest on none but rows at some places.
  package func isConfined(to places: Set<RowPlace>) -> Bool {
    ids.isEmpty && extents.isEmpty && self.places.keys.allSatisfy(places.contains)
  }

  /// How many of the rows of one account, shape and address are among them.
  ///
  /// - Parameters:
  ///   - code: Code of the shape.
  ///   - address: Code of the address.
  ///   - account: Whose they are.
  package func share(
    of shape: LoginShape, _ code: UInt32, address: UInt32, of account: AccountKey
  ) -> Share {
    var share = Share.none
    for extent in extents where isMeant(code, address, account, by: extent) {
      if extent.dates == nil { return .all }
      share = .some
    }
    let isNamed = !(ids.isEmpty && places.isEmpty) && (namesAPISuccesses || !shape.isAPISuccess)
    return isNamed ? .some : share
  }

  private func isMeant(
    _ shape: UInt32, _ address: UInt32, _ account: AccountKey, by extent: RowExtent
  ) -> Bool {
    (extent.shapes?.contains(shape) ?? true) && (extent.addresses?.contains(address) ?? true)
      && (extent.accounts?.contains(account) ?? (self.account.map { $0 == account } ?? true))
  }

  /// Whether a row is among them.
  ///
  /// - Parameters:
  ///   - shape: Code of its shape.
  ///   - account: Whose it is.
  package func contains(_ row: RowReference, shape: UInt32, of account: AccountKey) -> Bool {
    // What costs least is asked first: a pass over the exports asks for each row.
    let isInExtent = extents.contains { extent in
      (extent.dates?.contains(row.time) ?? true)
        && isMeant(shape, row.address, account, by: extent)
    }
    if isInExtent { return true }
    return row.id == .none
      ? places[RowPlace(file: row.file, line: row.line)] != nil : ids.contains(row.id)
  }
}

extension FindingDraft {
  /// Whether rows of logins are among what it rests on.
  var restsOnLogins: Bool { !citations.isEmpty || !extents.isEmpty || !shapes.isEmpty }

  /// Number of the rows that are at hand one by one.
  var heldRowCount: Int {
    citations.reduce(evidence.count + omittedRowCount) { $0 + $1.logins.count }
  }
}

extension LoginShape {
  /// Whether its rows are successful API logins, of which rows are not kept one by one.
  fileprivate var isAPISuccess: Bool { door == .api && outcome == .succeeded }
}

extension AccountFacts {
  /// Codes of the shapes of successful API logins, of which rows are not kept one by one.
  var apiSuccessShapes: Set<UInt32> {
    Set(
      shapes.lazy.filter { $0.shape.door == .api && $0.shape.outcome == .succeeded }.map(\.code))
  }
}
