import Accounts
import SalesforceExports

/// What reading one file of a run gave.
struct FileOutcome: Sendable {
  /// Its number among the files of the run.
  let number: Int
  let reading: ReadOutcome
  let readCount: Int
  let filteredCount: Int
  let rejectedCount: Int
  let first: Instant?
  let last: Instant?
  /// Rows whose local time occurs twice, taken as the earlier.
  let ambiguousTimeCount: Int
  /// Header rows repeated inside the file.
  let repeatedHeaderCount: Int
  let columns: ColumnUse
  /// Ids whose case was lost and that are restored.
  var restoredIDCount = 0
  /// Values of a snapshot that are not available to rules.
  var unreadable = UnreadableValues()

  /// What a login file gave.
  init(_ number: Int, _ reading: ReadOutcome, _ counts: LoginFold.Counts, _ columns: ColumnUse) {
    self.number = number
    self.reading = reading
    readCount = counts.read
    filteredCount = counts.filtered
    rejectedCount = counts.rejected
    first = counts.first
    last = counts.last
    ambiguousTimeCount = counts.ambiguousTimes
    repeatedHeaderCount = counts.repeatedHeaders
    self.columns = columns
  }

  /// What a file of events gave.
  init(_ file: UnreadFile, _ reading: ReadOutcome, _ rows: EventRows, _ columns: ColumnUse) {
    number = file.number
    self.reading = reading
    readCount = rows.readCount
    filteredCount = rows.filteredCount
    rejectedCount = rows.rejectedCount
    first = rows.first
    last = rows.last
    ambiguousTimeCount = 0
    repeatedHeaderCount = rows.repeatedHeaderCount
    self.columns = columns
  }

  /// What a verification history gave.
  init(_ file: UnreadFile, _ reading: ReadOutcome, _ fold: VerificationFold) {
    number = file.number
    self.reading = reading
    readCount = fold.readCount
    filteredCount = 0
    rejectedCount = fold.rejectedCount
    first = fold.first
    last = fold.last
    ambiguousTimeCount = 0
    repeatedHeaderCount = 0
    columns = ColumnUse(file.input, used: VerificationFold.usedColumns)
  }

  /// What a snapshot gave.
  init(_ file: UnreadFile, _ reading: ReadOutcome, _ fold: SnapshotFold) {
    number = file.number
    self.reading = reading
    readCount = fold.readCount
    filteredCount = 0
    rejectedCount = fold.rejectedCount
    first = nil
    last = nil
    ambiguousTimeCount = 0
    repeatedHeaderCount = 0
    columns = ColumnUse(file.input, used: SnapshotColumns.used(file.input.kind))
  }
}
