package import Results

extension SafeText {
  /// One record of a CSV file (RFC 4180), with its line end.
  package static func csvRecord(_ fields: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: csvField(field).utf8)
    }
    bytes.append(contentsOf: [0x0D, 0x0A])
    return bytes
  }

  /// Appends one field of a CSV file (RFC 4180).
  ///
  /// - Parameter cell: Its text; what is printable ASCII is copied, all else is looked at by scalars.
  package static func csvField(_ cell: borrowing ByteText, into text: inout ByteText) {
    let (isPlain, needsQuotes) = cell.plainness
    guard isPlain else {
      text.append(csvField(cell.string))
      return
    }
    if needsQuotes { text.append(UInt8(ascii: "\"")) }
    var first = 0
    while first < cell.count, cell[first] == 0x20 { first += 1 }
    if first < cell.count {
      switch cell[first] {
      case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"):
        text.append(UInt8(ascii: "'"))
      default: break
      }
    }
    text.append(contentsOf: cell)
    if needsQuotes { text.append(UInt8(ascii: "\"")) }
  }

  /// One field.
  ///
  /// - A text that a spreadsheet could take for a formula gets an apostrophe before it: one that
  ///   begins with a tab or a line break, or with `=`, `+`, `-`, `@` or their full-width forms,
  ///   blanks and controls before these passed over.
  /// - Controls but tabs and line breaks, and characters that reorder or hide text, are written as
  ///   `\u{…}`, as in ``terminal(_:)``: a CSV file is also looked at on a terminal.
  static func csvField(_ text: String) -> String {
    let isFormula = startsFormula(text)
    var needsQuotes = false
    let shown = replacing(text, isPlain: isPlainInCSV) { scalar in
      switch scalar {
      case "\"":
        needsQuotes = true
        return "\"\""
      case ",", "\t", "\n", "\r":
        needsQuotes = true
        return nil
      default: return shownIfUnsafe(scalar)
      }
    }
    let field = isFormula ? "'" + shown : shown
    return needsQuotes ? "\"" + field + "\"" : field
  }

  private static func isPlainInCSV(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ",")
  }

  private static func startsFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    if first == "\t" || first == "\n" || first == "\r" { return true }
    let shown = text.unicodeScalars.first { $0.value > 0x20 && !$0.properties.isWhitespace }
    return shown.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
  }
}
