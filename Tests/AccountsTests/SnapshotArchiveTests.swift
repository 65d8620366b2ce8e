import Accounts
import Delimited
import SalesforceExports
import Testing

/// Snapshots as ledgers keep them.
struct SnapshotArchiveTests {
  /// Reads a snapshot file into snapshots, as a run does.
  private func read(
    _ text: String, _ kind: FileKind, date: Instant? = nil, into snapshots: inout Snapshots
  ) {
    let bytes = Array(text.utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    let header = Array(lines[0].utf8)
    let columns = ColumnNames(lines[0].split(separator: ",").map { String($0) })
    let forms = SnapshotForms(columns)
    snapshots.noteFile(0, kind: kind, date: date, columns: columns)
    func forEachBlock(_ body: (RecordBlock, _ first: Int) -> Void) {
      var rest = bytes[...]
      var reader = RecordReader(dialect: .comma)
      var first = 1
      while let block = unsafe reader.next(from: { room in
        let count = min(room.count, rest.count)
        unsafe room.copyBytes(from: rest.prefix(count))
        rest = rest.dropFirst(count)
        return count
      }) {
        body(block, first)
        first = 0
      }
    }
    forEachBlock { block, first in
      for index in first..<max(first, block.recordCount) { forms.note(block[index]) }
    }
    var fold = SnapshotFold(
      file: 0, kind: kind, header: columns, headerBytes: header, times: TimestampReader(),
      forms: forms)
    forEachBlock { block, first in
      fold.fold(block, from: first, into: &snapshots) { _ in }
    }
    #expect(fold.rejectedCount == 0)
  }

  @Test func tokensAreKeptWithoutWhatLetsSomebodyIn() {
    var snapshots = Snapshots()
    read(
      """
      AppName,UserId,LastUsedDate,UseCount,AccessToken,RequestToken,DeleteToken
      Loader,005Hn0000000001IAA,2026-08-01T00:00:00.000Z,3,secret-a,secret-b,secret-c

      """, .oauthToken, into: &snapshots)
    snapshots.close()
    var writer = LedgerWriter()
    snapshots.archive.write(to: &writer)
    let text = String(decoding: writer.bytes, as: UTF8.self)
    #expect(text.contains("Loader") && text.contains("AccessToken"))
    #expect(!text.contains("secret"))
  }

  @Test func rowsWithTheSameTextsInOtherColumnsAreTold() {
    var snapshots = Snapshots()
    read(
      #"""
      Id,Username,Name,IsActive,UserType
      005Hn0000000001IAA,a@example.com,b@example.com,true,Standard
      005Hn0000000002IAA,b@example.com,a@example.com,false,Standard
      005Hn0000000003IAA,"say ""hi""","a@example.com",true,Standard

      """#, .user, into: &snapshots)
    snapshots.close()
    let rows = snapshots.users.newest?.rows.values.sorted { $0.username < $1.username } ?? []
    #expect(rows.map(\.username) == ["a@example.com", "b@example.com", "say \"hi\""])
    #expect(rows.map(\.name) == ["b@example.com", "a@example.com", "a@example.com"])
    #expect(rows.map(\.isActive) == [true, false, true])
  }
}
