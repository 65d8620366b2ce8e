import SalesforceExports

/// Marks by a key of 96 bits, 16 bytes an entry: rows may be added in any order.
struct SessionProofIndex: Sendable {
  struct Entry: Sendable {
    var high: UInt64
    var low: UInt32
    var proof: UInt8

    func precedes(_ other: Entry) -> Bool {
      high != other.high ? high < other.high : low < other.low
    }
  }

  // What is not private here is for ledger files.
  var entries: [Entry] = []

  init() {}

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ high: UInt64, _ low: UInt32, _ proof: SessionProof) {
    entries.append(Entry(high: high, low: low, proof: proof.rawValue))
  }

  mutating func add(_ other: SessionProofIndex) { entries.append(contentsOf: other.entries) }

  /// Unites the marks of equal keys; until then nothing may be asked.
  mutating func close() {
    entries.sort { $0.precedes($1) }
    var kept = 0
    for entry in entries {
      if kept > 0, entries[kept - 1].high == entry.high, entries[kept - 1].low == entry.low {
        entries[kept - 1].proof |= entry.proof
      } else {
        entries[kept] = entry
        kept += 1
      }
    }
    entries.removeLast(entries.count - kept)
  }

  /// - Complexity: O(log *n*).
  func proof(_ high: UInt64, _ low: UInt32) -> SessionProof {
    var from = 0
    var to = entries.count
    while from < to {
      let middle = (from + to) / 2
      let entry = entries[middle]
      if entry.high < high || (entry.high == high && entry.low < low) {
        from = middle + 1
      } else {
        to = middle
      }
    }
    guard from < entries.count, entries[from].high == high, entries[from].low == low else {
      return []
    }
    return SessionProof(rawValue: entries[from].proof)
  }
}

/// What `LoginEvent` and the event log `Logout` prove about logins, by login Id or login key.
///
/// Only rows that prove something are kept, and logins that are known to be no person's are left
/// out. Rows may be added in any order, and tables of parts can be united.
package struct SessionTable: Sendable {
  struct Link: Sendable, Hashable, Comparable {
    let key: LoginKey
    let login: SalesforceID

    static func < (left: Link, right: Link) -> Bool {
      left.key != right.key ? left.key < right.key : left.login < right.login
    }
  }

  var byLogin = SessionProofIndex()
  var byKey = SessionProofIndex()
  /// By line and number of the file, for the rows of event logs.
  var byPlace = SessionProofIndex()
  var links: [Link] = []
  /// Whether logins are kept with their keys, for a later run that knows more of the keys.
  package var keepsLinks = false

  /// Makes an empty table.
  package init() {}

  /// Adds what one event proves.
  mutating func add(login: SalesforceID?, key: LoginKey?, proof: SessionProof) {
    if let login, let key { links.append(Link(key: key, login: login)) }
    guard !proof.isEmpty else { return }
    if let login { byLogin.add(login.high, login.low, proof) }
    if let key { byKey.add(key.high, key.low, proof) }
  }

  /// Makes the table ready to be asked.
  ///
  /// A `LoginEvent` with both Id and key carries what is known of the key over to the login.
  ///
  /// - Complexity: O(*n* log *n*).
  package mutating func close() {
    byKey.close()
    for link in links {
      let proof = byKey.proof(link.key.high, link.key.low)
      if !proof.isEmpty { byLogin.add(link.login.high, link.login.low, proof) }
    }
    links = keepsLinks ? Set(links).sorted() : []
    byLogin.close()
    byPlace.close()
  }

  /// Whether some login key proves something.
  package var hasKeys: Bool { !byKey.isEmpty }

  /// What is known of a login key.
  func proof(of key: LoginKey) -> SessionProof { byKey.proof(key.high, key.low) }

  /// A closed table with the places of event log rows whose keys prove something.
  ///
  /// - Complexity: O(*n* log *n*) in the places; all else is shared with this table.
  package func placing(_ places: SessionPlaces) -> SessionTable {
    var table = self
    table.byPlace.add(places.index)
    table.byPlace.close()
    return table
  }

  /// What is known of a login row: by its Id, or, in event logs, by its place.
  func proof(of row: RowReference) -> SessionProof {
    if !row.id.isNone { return byLogin.proof(row.id.high, row.id.low) }
    return byPlace.isEmpty ? [] : byPlace.proof(row.line, row.file)
  }
}

/// Rows of event log `Login` files whose login key proves something, by line and file.
package struct SessionPlaces: Sendable {
  fileprivate(set) var index = SessionProofIndex()

  /// Holds nothing.
  package init() {}

  mutating func add(file: UInt32, line: UInt64, _ proof: SessionProof) {
    index.add(line, file, proof)
  }

  /// Adds the rows of another part.
  package mutating func add(_ other: SessionPlaces) { index.add(other.index) }
}
