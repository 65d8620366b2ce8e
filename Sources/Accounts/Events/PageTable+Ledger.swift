import SalesforceExports

extension PageTable {
  /// Writes a table that is not closed: the same bytes for equal tables.
  ///
  /// - Parameter forgotten: What is left out; of an hour its first row decides.
  package func write(to writer: inout LedgerWriter, forgetting forgotten: Forgotten = Forgotten()) {
    var kept: [(account: AccountKey, entry: PageHour)] = []
    for (account, entries) in hours.sorted(by: { $0.key < $1.key })
    where !forgotten.people.contains(account) {
      for entry in entries.values.sorted(by: { $0.hour < $1.hour })
      where forgotten.keeps(entry.first.time) {
        kept.append((account, entry))
      }
    }
    writer.put(kept.count)
    for (account, entry) in kept {
      writer.put(account)
      writer.put(entry.first.time)
      writer.put(Int(entry.first.file))
      writer.put(entry.first.line)
      writer.put(entry.address)
      writer.put(entry.kind.rawValue)
      writer.put(entry.count)
      writer.spill()
    }
  }

  /// Reads what ``write(to:forgetting:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    self.init()
    for _ in 0..<(try reader.count()) {
      let account = try reader.key()
      let time = try reader.instant()
      let file = try reader.file()
      let line = try reader.line()
      let address = try reader.text()
      guard let kind = FileKind(rawValue: try reader.text()), kind.holdsPages else {
        throw .damaged
      }
      add(
        PageHour(
          first: EventPlace(time: time, file: file, line: line), address: address, kind: kind,
          count: try reader.rows()),
        of: account)
    }
  }

  /// Keys of everybody in it, before it is closed.
  package var keys: Set<AccountKey> { Set(hours.keys) }

  /// Adds the entries of an earlier run.
  package mutating func merge(_ other: PageTable, _ relocation: LedgerRelocation) {
    for (account, entries) in other.hours {
      for entry in entries.values {
        let first = EventPlace(
          time: entry.first.time, file: relocation.file(entry.first.file), line: entry.first.line)
        add(
          PageHour(first: first, address: entry.address, kind: entry.kind, count: entry.count),
          of: account)
      }
    }
  }
}
