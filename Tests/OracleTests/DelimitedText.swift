import Foundation

/// A delimited text, read character by character: slow, and too simple to be wrong in the same way
/// as the program.
struct DelimitedText {
  /// One record: where it began and its fields by column.
  struct Record {
    let line: Int
    let fields: [String: String]

    /// The field of the first of some columns that the file has, trimmed; empty without any.
    subscript(names: String...) -> String {
      for name in names {
        if let text = fields[name.lowercased()] { return trimmed(text) }
      }
      return ""
    }
  }

  /// The header's names, lower case.
  let columns: Set<String>
  /// The records that have as many fields as the header.
  let records: [Record]
  /// How many have not, or have broken quotes, by reason.
  let rejects: [String: Int]

  /// Reads a whole text.
  init(_ bytes: [UInt8]) {
    var bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let header = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    let delimiter =
      [",", ";", "|", "^", "\t", "`"].map { $0.utf8.first ?? 0x2C }
      .max { one, other in header.count { $0 == one } < header.count { $0 == other } } ?? 0x2C
    let (rows, broken) = Self.split(bytes, delimiter)
    let names = (rows.first?.fields ?? []).map { Self.plain($0) }
    columns = Set(names)
    var records: [Record] = []
    var rejects = broken
    for row in rows.dropFirst() {
      guard row.fields.count == names.count else {
        rejects["field_count", default: 0] += 1
        continue
      }
      var fields: [String: String] = [:]
      for (name, text) in zip(names, row.fields) where fields[name] == nil { fields[name] = text }
      records.append(Record(line: row.line, fields: fields))
    }
    self.records = records
    self.rejects = rejects
  }

  /// A header name: lower case, without the time zone that Setup may put behind it.
  private static func plain(_ name: String) -> String {
    let text = trimmed(name).lowercased()
    return text.hasPrefix("login time (") ? "login time" : text
  }

  private static func split(
    _ bytes: [UInt8], _ delimiter: UInt8
  ) -> (rows: [(line: Int, fields: [String])], broken: [String: Int]) {
    var rows: [(line: Int, fields: [String])] = []
    var broken: [String: Int] = [:]
    var fields: [String] = []
    var field: [UInt8] = []
    var line = 1
    var start = 1
    var isQuoted = false
    var wasQuoted = false
    var isBroken = false
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    func endRow() {
      fields.append(text(field))
      if isBroken {
        broken[isQuoted ? "unterminated_quote" : "broken_quoting", default: 0] += 1
      } else if fields.count > 1 || fields[0] != "" {
        rows.append((start, fields))
      }
      (fields, field, isQuoted, wasQuoted, isBroken) = ([], [], false, false, false)
    }
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      index += 1
      if isQuoted {
        if byte == 0x22 && next == 0x22 {
          field.append(byte)
          index += 1
        } else if byte == 0x22 {
          isQuoted = false
        } else {
          if byte == 0x0A || byte == 0x0D && next != 0x0A { line += 1 }
          field.append(byte)
        }
      } else if byte == 0x22 && field.isEmpty && !wasQuoted {
        (isQuoted, wasQuoted) = (true, true)
      } else if byte == delimiter {
        fields.append(text(field))
        (field, wasQuoted) = ([], false)
      } else if byte == 0x0A || byte == 0x0D {
        if byte == 0x0D && next == 0x0A { index += 1 }
        endRow()
        line += 1
        start = line
      } else {
        if wasQuoted { isBroken = true }
        field.append(byte)
      }
    }
    if isQuoted { isBroken = true }
    if !field.isEmpty || !fields.isEmpty || wasQuoted { endRow() }
    return (rows, broken)
  }
}

/// Without blanks and line ends at both ends.
func trimmed(_ text: String) -> String {
  // Nearly all texts have nothing to trim, which Foundation takes long to find.
  func isPlain(_ byte: UInt8?) -> Bool { byte.map { $0 > 0x20 && $0 < 0x7F } ?? true }
  if isPlain(text.utf8.first), isPlain(text.utf8.last) { return text }
  return text.trimmingCharacters(in: .whitespacesAndNewlines)
}

/// Letters and digits alone, lower case: how names of types, policies and methods are compared.
func folded(_ text: String) -> String {
  String(text.lowercased().unicodeScalars.filter { CharacterSet.alphanumerics.contains($0) })
}
