package import SalesforceExports

/// Dropping detail is leaving it out when a table is written: what is read back is what a ledger
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
  /// The ledger without detail before a time.
  package func forgetting(before time: Instant) -> AccountLedger {
    again {
      write(to: &$0, forgettingBefore: time)
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
}

extension VerificationTable {
  /// The table without detail before a time, closed.
  package func forgetting(before time: Instant) -> VerificationTable {
    var table = again {
      write(to: &$0, forgettingBefore: time)
    } _: { reader throws(LedgerError) in
      try VerificationTable(from: &reader)
    }
    table.looksAtPlaces = looksAtPlaces
    table.close()
    return table
  }
}

extension ImpersonationTable {
  /// The table, which is not closed, without rows before a time.
  package func forgetting(before time: Instant?) -> ImpersonationTable {
    again {
      write(to: &$0, forgettingBefore: time)
    } _: { reader throws(LedgerError) in
      try ImpersonationTable(from: &reader)
    }
  }
}

extension PageTable {
  /// The table, which is not closed, without entries before a time.
  package func forgetting(before time: Instant?) -> PageTable {
    again {
      write(to: &$0, forgettingBefore: time)
    } _: { reader throws(LedgerError) in
      try PageTable(from: &reader)
    }
  }
}

extension APIRequestLedger {
  /// The ledger without days before a time.
  package func forgetting(before time: Instant?) -> APIRequestLedger {
    again {
      write(to: &$0, forgettingBefore: time)
    } _: { reader throws(LedgerError) in
      try APIRequestLedger(from: &reader)
    }
  }
}
