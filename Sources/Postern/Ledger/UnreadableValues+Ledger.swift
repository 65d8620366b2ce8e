import Accounts
import Platform
import SalesforceExports

extension UnreadableValues {
  /// Writes the columns by name.
  func write(to writer: inout LedgerWriter) {
    writer.put(columns.count)
    for (name, column) in columns.sorted(by: { $0.key.precedes($1.key) }) {
      writer.put(name)
      writer.put(column.count)
      writer.put(column.samples)
    }
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  init(from reader: inout LedgerReader) throws(LedgerError) {
    var columns: [String: Column] = [:]
    for _ in 0..<(try reader.count()) {
      let name = try reader.text()
      columns[name] = Column(count: try reader.rows(), samples: try reader.texts())
    }
    self.init(columns: columns)
  }
}
