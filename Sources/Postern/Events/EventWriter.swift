import Reports

/// Writes login rows in one form to one place.
final class EventWriter {
  private let file: OutputFile
  private let format: EventFormat
  private let table: LoginTable?

  /// Opens the output and writes what goes before the rows.
  init(
    _ output: OutputTarget<EventFormat>, _ measure: LoginTable.Measure, width: Int?, usesColor: Bool
  ) throws {
    file = try OutputFile(path: output.path)
    format = output.format
    switch format {
    case .table:
      let table = LoginTable(measure, width: width, usesColor: usesColor)
      self.table = table
      try file.writeLine(Array(table.header.utf8))
    case .csv:
      table = nil
      try file.write(SafeText.csvRecord(LoginRecord.csvHeader))
    case .jsonl: table = nil
    }
  }

  /// Columns for which a terminal had no room; `nil` for other forms than a table.
  var omittedColumns: [String]? { table?.omitted }

  /// Writes a row.
  func write(_ login: LoginRecord) throws(OutputError) {
    switch format {
    case .table: try file.writeLine(Array((table?.line(login) ?? "").utf8))
    case .csv: try file.write(SafeText.csvRecord(login.csvFields))
    case .jsonl: try file.writeLine(login.jsonLine)
    }
  }

  /// Makes the output complete and visible.
  func finish() throws(OutputError) { try file.finish() }
}
