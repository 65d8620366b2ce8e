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
      text.append(csvField(String(decoding: cell.array, as: UTF8.self)))
      return
    }
    if needsQuotes { text.append(UInt8(ascii: "\"")) }
    var first = 0
    while first < cell.count, cell[first] == 0x20 { first += 1 }
    if first < cell.count, "=+-@".utf8.contains(cell[first]) { text.append(UInt8(ascii: "'")) }
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
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: false
      }
    }
    if isPlain { return text }
    var field = ""
    if startsFormula(text) { field = "'" }
    var needsQuotes = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"":
        needsQuotes = true
        field += "\"\""
      case ",", "\t", "\n", "\r":
        needsQuotes = true
        field.unicodeScalars.append(scalar)
      case _ where isUnsafe(scalar):
        field += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: field.unicodeScalars.append(scalar)
      }
    }
    return needsQuotes ? "\"" + field + "\"" : field
  }

  private static func startsFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    if first == "\t" || first == "\n" || first == "\r" { return true }
    let shown = text.unicodeScalars.first { $0.value > 0x20 && !$0.properties.isWhitespace }
    return shown.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
  }
}
