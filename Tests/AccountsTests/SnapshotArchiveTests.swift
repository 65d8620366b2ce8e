import Accounts
import SalesforceExports
import Testing

/// Snapshots as ledgers keep them.
struct SnapshotArchiveTests {
  @Test func tokensAreKeptWithoutWhatLetsSomebodyIn() {
    let columns = ColumnNames([
      "AppName", "UserId", "LastUsedDate", "UseCount", "AccessToken", "RequestToken", "DeleteToken",
    ])
    let fields = [
      "Loader", "005Hn0000000001IAA", "2026-08-01T00:00:00.000Z", "3", "secret-a", "secret-b",
      "secret-c",
    ]
    let forms = SnapshotForms(columns)
    forms.note(fields)
    var snapshots = Snapshots()
    snapshots.noteFile(0, kind: .oauthToken, date: nil, columns: columns)
    let record = SnapshotRecord(columns: columns, fields: fields, forms: forms)
    let isAdded = snapshots.add(record, kind: .oauthToken, times: TimestampReader())
    #expect(isAdded)
    snapshots.close()
    var writer = LedgerWriter()
    snapshots.archive.write(to: &writer)
    let text = String(decoding: writer.bytes, as: UTF8.self)
    #expect(text.contains("Loader") && text.contains("AccessToken"))
    #expect(!text.contains("secret"))
  }
}
