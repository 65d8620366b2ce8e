package import SalesforceExports

/// Forgetting is leaving out when a table is written: what is read back is what a ledger
/// keeps, and nothing else has to know what that is.
private func again<Table>(
  _ write: (inout LedgerWriter) -> Void, _ read: (inout LedgerReader) throws(LedgerError) -> Table
) -> Table {
  var writer = LedgerWriter()
  write(&writer)
  var reader = LedgerReader(bytes: writer.bytes)
  do throws(LedgerError) {
    return try read(&reader)
  } catch {
    preconditionFailure("a table cannot be read back: \(error)")
  }
}

extension AccountLedger {
  /// The ledger without what is forgotten.
  package func forgetting(_ forgotten: Forgotten) -> AccountLedger {
    again {
      write(to: &$0, forgetting: forgotten)
    } _: { reader throws(LedgerError) in
      try AccountLedger(from: &reader)
    }
  }

  /// Attempts of all accounts.
  package var attemptCount: Int {
    var count = 0
    forEachShapeUse { _, _, use in count += use.count }
    return count
  }

  /// Time of the newest row; `nil` without rows.
  package var newestTime: Instant? {
    var newest: Instant?
    forEachShapeUse { _, _, use in newest = max(newest ?? use.last.time, use.last.time) }
    return newest
  }
}

extension VerificationTable {
  /// The table without what is forgotten, closed.
  package func forgetting(_ forgotten: Forgotten) -> VerificationTable {
    var table = again {
      write(to: &$0, forgetting: forgotten)
    } _: { reader throws(LedgerError) in
      try VerificationTable(from: &reader)
    }
    table.looksAtPlaces = looksAtPlaces
    table.close()
    return table
  }
}

extension ImpersonationTable {
  /// The table, which is not closed, without what is forgotten.
  package func forgetting(_ forgotten: Forgotten) -> ImpersonationTable {
    again {
      write(to: &$0, forgetting: forgotten)
    } _: { reader throws(LedgerError) in
      try ImpersonationTable(from: &reader)
    }
  }
}

extension PageTable {
  /// The table, which is not closed, without what is forgotten.
  package func forgetting(_ forgotten: Forgotten) -> PageTable {
    again {
      write(to: &$0, forgetting: forgotten)
    } _: { reader throws(LedgerError) in
      try PageTable(from: &reader)
    }
  }
}

extension APIRequestLedger {
  /// The ledger without what is forgotten.
  package func forgetting(_ forgotten: Forgotten) -> APIRequestLedger {
    again {
      write(to: &$0, forgetting: forgotten)
    } _: { reader throws(LedgerError) in
      try APIRequestLedger(from: &reader)
    }
  }
}

extension Snapshots {
  /// The snapshots, which are settled and not closed, without those that are superseded, and without rows
  /// about people.
  package func forgetting(_ forgotten: Forgotten) -> Snapshots {
    let people = forgotten.people
    let superseded = forgotten.before.map { archive.superseded(before: $0) } ?? []
    guard !people.isEmpty || !superseded.isEmpty else { return self }
    var result = Snapshots()
    result.add(
      archive.forgetting(people, dropping: superseded), LedgerRelocation(files: []) { _ in .none })
    result.add(rejectedUsers.forgetting(people))
    return result
  }
}
