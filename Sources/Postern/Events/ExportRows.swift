import Accounts
import Delimited
import Reports
import Results
import SalesforceExports

/// Rows of exports other than logins that are named by their places.
struct ExportRows {
  /// The rows in the order of files and lines.
  private(set) var rows: [ExportRow] = []
  /// Places at which no row begins.
  private(set) var missing: [RowPlace] = []

  /// Reads the files that the places are in, which the run has read already.
  ///
  /// - Throws: ``Cancelled``.
  /// - Complexity: O(*n*) in the bytes of these files.
  init(_ plan: RunPlan, _ places: Set<RowPlace>) throws {
    var found: [RowPlace: ExportRow] = [:]
    for (number, lines) in Dictionary(grouping: places, by: { Int($0.file) }) {
      // What came through a pipe is not there a second time.
      guard let input = plan.files[number].input, input.stream == nil else { continue }
      let wanted = Set(lines.map(\.line))
      _ = try plan.limits.reader(input).read { block, first, _ in
        try Cancelled.check()
        for index in first..<block.recordCount where wanted.contains(block[index].line) {
          let record = block[index]
          found[RowPlace(file: UInt32(number), line: record.line)] = Self.row(
            record, of: input, plan.files[number].record.name)
        }
      }
    }
    for place in places.sorted() {
      if let row = found[place] { rows.append(row) } else { missing.append(place) }
    }
  }

  /// What stands for a value that lets somebody in.
  private static let withheld = "(not shown)"

  private static func row(_ record: Record, of input: ProbedInput, _ file: String) -> ExportRow {
    let names = input.header.original
    let secrets = input.kind.secretColumns.compactMap { input.header.position($0) }
    return ExportRow(
      file: file, line: record.line, kind: input.kind,
      columns: (0..<min(names.count, record.fieldCount)).map { column in
        let value = record[column].string
        return (names[column], secrets.contains(column) && !value.isEmpty ? withheld : value)
      })
  }
}
