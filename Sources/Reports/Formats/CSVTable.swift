/// A table whose columns are named beside what they hold, written as CSV.
struct CSVTable<Row> {
  /// A column: its name, and the text of a row in it.
  typealias Column = (name: String, text: (Row) -> String)

  let columns: [Column]

  /// The line of names.
  var header: [UInt8] { SafeText.csvRecord(columns.map(\.name)) }

  /// The line of a row.
  func line(_ row: Row) -> [UInt8] { SafeText.csvRecord(columns.map { $0.text(row) }) }
}

/// Lists and maps as the text of one cell.
enum CellText {
  /// `a; b`.
  static func list(_ texts: [String]) -> String { texts.joined(separator: "; ") }

  /// `name=count; name=count`, in the order of the names' bytes.
  static func counts(_ counts: [String: Int]) -> String {
    list(
      counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\($0.key)=\($0.value)" })
  }
}
