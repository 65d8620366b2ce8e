import Platform
import SalesforceExports

extension ImpersonationTable {
  /// Writes a table that is not closed: the same bytes for equal tables.
  ///
  /// - Parameter forgotten: What is left out.
  package func write(to writer: inout LedgerWriter, forgetting forgotten: Forgotten = Forgotten()) {
    let all =
      rows.map { ($0.value, $0.key.identifier.string) } + rowsWithoutIdentifier.map { ($0, "") }
    let sorted = all.filter { row, _ in forgotten.keeps(row.time) && !row.names(forgotten.people) }
      .sorted { one, other in
        let (left, right) = (one.0, other.0)
        if left.time != right.time { return left.time < right.time }
        if left.file != right.file { return left.file < right.file }
        return left.line != right.line ? left.line < right.line : one.1.precedes(other.1)
      }
    writer.put(sorted.count)
    for (row, identifier) in sorted {
      writer.put(row.account)
      writer.put(row.admin)
      writer.put(row.adminName)
      writer.put(row.time)
      writer.put(row.address)
      writer.put(row.application)
      writer.put(row.kind.rawValue)
      writer.put(Int(row.file))
      writer.put(row.line)
      writer.put(identifier)
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
      let admin = try reader.key()
      let name = try reader.text()
      let time = try reader.instant()
      let address = try reader.text()
      let application = try reader.text()
      guard let kind = FileKind(rawValue: try reader.text()) else { throw .damaged }
      let file = try reader.file()
      let row = Impersonation(
        account: account, admin: admin, adminName: name, time: time, address: address,
        application: application, kind: kind, file: file, line: try reader.line())
      add(row, identifier: try reader.text())
    }
  }

  /// Keys of everybody in it, before it is closed.
  package var keys: Set<AccountKey> {
    let all = Array(rows.values) + rowsWithoutIdentifier
    return Set(all.flatMap { [$0.account, $0.admin] })
  }

  /// Adds the rows of an earlier run.
  package mutating func merge(_ other: ImpersonationTable, _ relocation: LedgerRelocation) {
    func moved(_ row: Impersonation) -> Impersonation {
      var row = row
      row.file = relocation.file(row.file)
      return row
    }
    for (identity, row) in other.rows { add(moved(row), identifier: identity.identifier.string) }
    for row in other.rowsWithoutIdentifier { add(moved(row), identifier: "") }
  }
}

extension Impersonation {
  /// Whether it is about people who are forgotten: inside whose account it was, or who was there.
  fileprivate func names(_ people: ForgottenPeople) -> Bool {
    people.contains(account) || people.contains(admin) || people.isNamed(by: adminName)
  }
}
