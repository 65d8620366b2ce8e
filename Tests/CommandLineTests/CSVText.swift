/// CSV as RFC 4180 has it, read back by the letter.
struct CSVText {
  let header: [String]
  let rows: [[String: String]]

  /// Reads a whole file; `nil` when it is none.
  init?(_ text: String) {
    var records: [[String]] = []
    var record: [String] = []
    var field = ""
    var isQuoted = false
    var wasQuoted = false
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      if isQuoted {
        if scalar == "\"", next == "\"" {
          field.unicodeScalars.append("\"")
          index += 1
        } else if scalar == "\"" {
          isQuoted = false
        } else {
          field.unicodeScalars.append(scalar)
        }
      } else if scalar == "\"" {
        // A quotation mark opens a field or stands in a quoted one.
        guard field.isEmpty, !wasQuoted else { return nil }
        isQuoted = true
        wasQuoted = true
      } else if scalar == "," || scalar == "\r" {
        record.append(field)
        field = ""
        wasQuoted = false
        if scalar == "\r" {
          guard next == "\n" else { return nil }
          records.append(record)
          record = []
          index += 1
        }
      } else if scalar == "\n" || wasQuoted {
        return nil
      } else {
        field.unicodeScalars.append(scalar)
      }
      index += 1
    }
    guard !isQuoted, record.isEmpty, field.isEmpty, let names = records.first,
      records.allSatisfy({ $0.count == names.count }), Set(names).count == names.count
    else { return nil }
    header = names
    rows = records.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
  }
}
