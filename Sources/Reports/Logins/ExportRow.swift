package import SalesforceExports

/// A row of an export other than logins, as it stands there.
package struct ExportRow: Sendable {
  private let file: String
  private let line: UInt64
  private let kind: FileKind
  private let columns: [(name: String, value: String)]

  /// Makes a row.
  ///
  /// - Parameters:
  ///   - file: Name of the file among the run's inputs.
  ///   - line: Line in which the row begins, 1-based.
  ///   - columns: Names of the header with their values, in the order of the file.
  package init(
    file: String, line: UInt64, kind: FileKind, columns: [(name: String, value: String)]
  ) {
    self.file = file
    self.line = line
    self.kind = kind
    self.columns = columns
  }

  /// The row for people: its place, then each column that is not blank.
  package func text(usesColor: Bool) -> String {
    let style = TextStyle(usesColor: usesColor)
    let shown = columns.filter { !$0.value.isEmpty }.map {
      (name: SafeText.terminal($0.name), value: SafeText.terminal($0.value))
    }
    let width = shown.reduce(0) { max($0, DisplayWidth.of($1.name)) }
    let place = SafeText.terminal("\(file):\(line)")
    let blank = columns.count - shown.count
    return style.bold("\(place)  row of \(kind.rawValue)") + "\n"
      + shown.map { "  \(DisplayWidth.fit($0.name, width))  \($0.value)\n" }.joined()
      + (blank > 0 ? "  and \(FigureText.count(blank, "blank column"))\n" : "")
  }

  /// The row as a line of `postern.export_row/1`, with its end.
  package var jsonLine: [UInt8] {
    let columns = columns.map { column in
      JSONValue.object(["name": .string(column.name), "value": .string(column.value)])
    }
    let value = JSONValue.object([
      "file": .string(file), "line": .int(Int(clamping: line)), "kind": .string(kind.rawValue),
      "columns": .array(columns),
    ])
    return value.line(schema: "postern.export_row/1") + [UInt8(ascii: "\n")]
  }
}
