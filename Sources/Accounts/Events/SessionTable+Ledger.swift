import SalesforceExports

extension SessionTable {
  /// Writes a closed table that kept its links: the same bytes for equal tables.
  ///
  /// Places of rows are not written: ``LoginKeyPlaces`` has them with their keys.
  package func write(to writer: inout LedgerWriter) {
    byLogin.write(to: &writer)
    byKey.write(to: &writer)
    writer.put(links.count)
    for link in links {
      writer.put(link.key.high)
      writer.put(Int(link.key.low))
      writer.put(link.login)
      writer.spill()
    }
  }

  /// Reads what ``write(to:)`` wrote; close the table before it is asked.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    self.init()
    keepsLinks = true
    byLogin = try SessionProofIndex(from: &reader)
    byKey = try SessionProofIndex(from: &reader)
    for _ in 0..<(try reader.count()) {
      let high = try reader.unsigned()
      let low = UInt32(try reader.number(below: 1 << 32))
      links.append(Link(key: LoginKey(high: high, low: low), login: try reader.id()))
    }
  }

  /// Adds the rows of another table; close this one before it is asked.
  package mutating func merge(_ other: SessionTable) {
    byLogin.add(other.byLogin)
    byKey.add(other.byKey)
    byPlace.add(other.byPlace)
    links.append(contentsOf: other.links)
  }
}

extension SessionProofIndex {
  fileprivate func write(to writer: inout LedgerWriter) {
    writer.put(entries.count)
    for entry in entries {
      writer.put(entry.high)
      writer.put(Int(entry.low))
      writer.put(Int(entry.proof))
      writer.spill()
    }
  }

  fileprivate init(from reader: inout LedgerReader) throws(LedgerError) {
    for _ in 0..<(try reader.count()) {
      entries.append(
        Entry(
          high: try reader.unsigned(), low: UInt32(try reader.number(below: 1 << 32)),
          proof: UInt8(try reader.number(below: 256))))
    }
  }
}

/// Login keys of event log rows that can be a person's, with the places of the rows: what a later
/// `Logout` may prove something about.
package struct LoginKeyPlaces: Sendable {
  private struct Entry: Sendable, Comparable {
    var key: LoginKey
    var file: UInt32
    var line: UInt64

    static func < (left: Entry, right: Entry) -> Bool {
      if left.file != right.file { return left.file < right.file }
      return left.line != right.line ? left.line < right.line : left.key < right.key
    }
  }

  private var entries: [Entry] = []

  /// Holds nothing.
  package init() {}

  mutating func add(_ key: LoginKey, file: UInt32, line: UInt64) {
    entries.append(Entry(key: key, file: file, line: line))
  }

  /// Adds the rows of another part, or of an earlier run.
  package mutating func add(_ other: LoginKeyPlaces, _ relocation: LedgerRelocation? = nil) {
    for var entry in other.entries {
      if let relocation { entry.file = relocation.file(entry.file) }
      entries.append(entry)
    }
  }

  /// The rows about which `sessions` prove something.
  package func places(_ sessions: SessionTable) -> SessionPlaces {
    var places = SessionPlaces()
    for entry in entries {
      let proof = sessions.proof(of: entry.key)
      if !proof.isEmpty { places.add(file: entry.file, line: entry.line, proof) }
    }
    return places
  }

  /// Writes the rows in the order of files and lines; those of files in `dropped` are left out.
  package func write(to writer: inout LedgerWriter, dropping dropped: Set<UInt32> = []) {
    let kept = entries.filter { !dropped.contains($0.file) }.sorted()
    writer.put(kept.count)
    for entry in kept {
      writer.put(entry.key.high)
      writer.put(Int(entry.key.low))
      writer.put(Int(entry.file))
      writer.put(entry.line)
      writer.spill()
    }
  }

  /// Reads what ``write(to:dropping:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    for _ in 0..<(try reader.count()) {
      let key = LoginKey(
        high: try reader.unsigned(), low: UInt32(try reader.number(below: 1 << 32)))
      let file = try reader.file()
      entries.append(Entry(key: key, file: file, line: try reader.line()))
    }
  }
}
