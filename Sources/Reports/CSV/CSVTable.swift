import Accounts
import Results
import SalesforceExports

/// A table whose columns are named beside what they hold, written as CSV (RFC 4180).
struct CSVTable<Row>: Sendable {
  /// A column: its name, and what writes the text of a row's cell.
  typealias Column = (name: String, cell: @Sendable (Row, inout ByteText) -> Void)

  let columns: [Column]

  /// A column that names the org in every line; blank where nothing tells it.
  static func organization(_ id: String) -> Column { ("org", { $1.append(id) }) }

  /// Writes the line of names.
  func header(into text: inout ByteText) {
    line(into: &text) { column, cell in cell.append(columns[column].name) }
  }

  /// Writes the line of a row.
  func line(_ row: Row, into text: inout ByteText) {
    line(into: &text) { column, cell in columns[column].cell(row, &cell) }
  }

  private func line(into text: inout ByteText, _ write: (Int, inout ByteText) -> Void) {
    var cell = ByteText(capacity: 1 << 12)
    for column in columns.indices {
      if column > 0 { text.append(UInt8(ascii: ",")) }
      cell.removeAll()
      write(column, &cell)
      SafeText.csvField(cell, into: &text)
    }
    text.append(literal: "\r\n")
  }
}

extension ByteText {
  /// Writes `a; b`.
  mutating func list(_ texts: [String]) {
    list(texts) { $0.append($1) }
  }

  /// Writes what `write` makes of each element, with `; ` between them.
  mutating func list<Element>(
    _ elements: [Element], _ write: (inout ByteText, Element) -> Void
  ) {
    // Elements are large, and not copied.
    for position in elements.indices {
      if position > 0 { append(literal: "; ") }
      write(&self, elements[position])
    }
  }

  /// Writes `name=count; name=count`, in the order of the names' bytes.
  mutating func list(_ counts: NamedCounts) {
    list(counts.entries) { text, entry in
      text.append(entry.name)
      text.append(UInt8(ascii: "="))
      text.append(decimal: entry.count)
    }
  }

  /// Writes a time where there is one.
  mutating func append(_ instant: Instant?) {
    if let instant { append(instant) }
  }
}
