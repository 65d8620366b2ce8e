package import Delimited
package import SalesforceExports

/// Pages of the user interface that an account opened within one UTC hour.
package struct PageHour: Sendable, Equatable {
  /// The first of them.
  package fileprivate(set) var first: EventPlace
  /// Canonical source address of the first; empty where the row has none.
  package fileprivate(set) var address: String
  /// Which event log has the first.
  package fileprivate(set) var kind: FileKind
  /// Number of rows.
  package fileprivate(set) var count: Int

  /// Hours since 1970 UTC.
  var hour: Int64 { floorDivide(first.time.milliseconds, 3_600_000) }

  /// Makes an entry.
  init(first: EventPlace, address: String, kind: FileKind, count: Int) {
    self.first = first
    self.address = address
    self.kind = kind
    self.count = count
  }

  fileprivate mutating func formUnion(_ other: PageHour) {
    let count = count + other.count
    if other.first.precedes(first) { self = other }
    self.count = count
  }
}

/// Which accounts opened pages of the user interface, by hour; rows may be added in any order.
///
/// People open thousands of pages a day, so an account keeps one entry an hour. Rows have no Ids by which
/// a copy could be told: counts are of rows.
package struct PageTable: Sendable {
  // Not private for ledger files.
  private(set) var hours: [AccountKey: [Int64: PageHour]] = [:]
  private var byAccount: [AccountKey: [PageHour]] = [:]

  /// Makes an empty table.
  package init() {}

  /// Adds an entry.
  mutating func add(_ entry: PageHour, of account: AccountKey) {
    let hour = entry.hour
    if hours[account]?[hour]?.formUnion(entry) == nil {
      hours[account, default: [:]][hour] = entry
    }
  }

  /// Notes a row.
  ///
  /// - Parameter address: Gives its canonical address; asked where it is the first of its hour alone,
  ///   since rows mostly come in the order of time.
  fileprivate mutating func note(
    _ place: EventPlace, _ kind: FileKind, of account: AccountKey, address: () -> String
  ) {
    let hour = floorDivide(place.time.milliseconds, 3_600_000)
    if hours[account]?[hour]?.first.precedes(place) == true {
      hours[account]?[hour]?.count += 1
    } else {
      add(PageHour(first: place, address: address(), kind: kind, count: 1), of: account)
    }
  }

  /// Makes the table ready to be asked; names become ids where a user snapshot knows them.
  package mutating func close(_ snapshots: Snapshots) {
    var resolved = PageTable()
    for (account, entries) in hours {
      let key = snapshots.resolved(account)
      for entry in entries.values { resolved.add(entry, of: key) }
    }
    byAccount = resolved.hours.mapValues { entries in
      entries.values.sorted { $0.first.precedes($1.first) }
    }
    hours = [:]
  }

  /// Accounts that opened pages.
  var accounts: [AccountKey] { Array(byAccount.keys) }

  /// All entries, in no order.
  package var entries: some Sequence<PageHour> { byAccount.values.joined() }

  /// Entries of an account, in the order of time.
  func pages(of account: AccountKey) -> [PageHour] { byAccount[account] ?? [] }
}

/// Turns the records of an event log of pages (`URI`, `AuraRequest`, `LightningPageView`) into entries of
/// a table (docs/salesforce.md#event-log-files).
package struct PageFold {
  /// The rows and their counts.
  package private(set) var rows: EventRows
  private let address: Int

  /// Makes a fold of one file.
  package init(rows: EventRows) {
    self.rows = rows
    address = rows.columns.position("clientip", "sourceip") ?? -1
  }

  /// Columns in use, by folded name.
  package static let usedColumns: Set<String> = EventRows.usedColumns.union([
    "clientip", "sourceip",
  ])

  /// Adds the rows of a block to `table`.
  package mutating func fold(
    _ block: RecordBlock, from first: Int = 0, into table: inout PageTable,
    reject: (RowReject) -> Void
  ) {
    var rows = rows
    let reader = rows
    rows.forEachRow(of: block, from: first, reject: reject) { record, _, time in
      guard let account = reader.user(record) else { return .invalidUser }
      let place = EventPlace(time: time, file: reader.file, line: record.line)
      table.note(place, reader.kind, of: account) {
        let source = EventRows.text(record, address)
        return NetworkAddress(source)?.description ?? source
      }
      return nil
    }
    self.rows = rows
  }
}
