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

  /// A field that no spreadsheet takes for a formula: an apostrophe goes before text that begins
  /// with `=`, `+`, `-`, `@`, their full-width forms, or blanks and controls before one of them.
  static func csvField(_ text: String) -> String {
    var text = text
    let first = text.unicodeScalars.first { $0.value > 0x20 && $0.value != 0xA0 }
    if let first, "=+-@＝＋－＠".unicodeScalars.contains(first) { text = "'" + text }
    let needsQuotes = text.unicodeScalars.contains {
      $0 == "," || $0 == "\"" || $0.value < 0x20 || $0 == "\u{2028}" || $0 == "\u{2029}"
    }
    guard needsQuotes else { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
