import Reports

/// Writes login rows in one form to one place.
final class EventWriter {
  private let file: OutputFile
  private let format: EventFormat
  private let table: LoginTable?

  private let version: String

  /// Opens the output and writes what goes before the rows.
  ///
  /// - Parameter version: Version of the program, which OCSF events name.
  init(
    _ output: OutputTarget<EventFormat>, _ measure: LoginTable.Measure, version: String,
    width: Int?, usesColor: Bool
  ) throws {
    file = try OutputFile(path: output.path)
    format = output.format
    self.version = version
    switch format {
    case .table:
      let table = LoginTable(measure, width: width, usesColor: usesColor)
      self.table = table
      try file.writeLine(Array(table.header.utf8))
    case .csv:
      table = nil
      try file.write(SafeText.csvRecord(LoginRecord.csvHeader))
    case .jsonl, .ocsf: table = nil
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
    case .ocsf: try file.writeLine(login.ocsfLine(version: version))
    }
  }

  /// Makes the output complete and visible.
  func finish() throws(OutputError) { try file.finish() }
}
