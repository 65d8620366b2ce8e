/// How rows are written as text.
struct Dialect {
  /// Between fields.
  let delimiter: UInt8
  /// After a row.
  let lineEnd: [UInt8]
  /// Whether every field stands in quotes.
  let quotesAlways: Bool
  /// Whether a byte order mark opens a file.
  let hasByteOrderMark: Bool
  /// What follows the milliseconds of a time.
  let zoneSuffix: String
  /// Whether names in the header are upper case.
  let hasUpperCaseHeader: Bool
  /// What follows the seconds of a time.
  let fractionAndZone: [UInt8]

  /// The dialect of some options.
  init(options: SynthOptions) {
    delimiter = options.delimiter.byte
    lineEnd = options.lineEnd.bytes
    quotesAlways = options.quoting == .always
    hasByteOrderMark = options.hasByteOrderMark
    zoneSuffix = options.tool == .rest ? "+0000" : "Z"
    hasUpperCaseHeader = options.tool == .dataLoader
    fractionAndZone = Array(".000\(zoneSuffix)".utf8)
  }

  /// The one dialect of event-log files.
  init(eventLogOf options: SynthOptions) {
    delimiter = UInt8(ascii: ",")
    lineEnd = [0x0A]
    quotesAlways = true
    hasByteOrderMark = options.hasByteOrderMark
    zoneSuffix = "Z"
    hasUpperCaseHeader = false
    fractionAndZone = Array(".000Z".utf8)
  }

  /// The same dialect without quotes around plain fields.
  init(unquoted other: Dialect) {
    delimiter = other.delimiter
    lineEnd = other.lineEnd
    quotesAlways = false
    hasByteOrderMark = other.hasByteOrderMark
    zoneSuffix = other.zoneSuffix
    hasUpperCaseHeader = other.hasUpperCaseHeader
    fractionAndZone = other.fractionAndZone
  }

  /// A field as it stands in the file.
  func field(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let needsQuotes = bytes.contains { byte in
      byte == delimiter || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard quotesAlways || needsQuotes else { return bytes }
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { quoted.append(byte) }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    return quoted
  }

  /// A row as it stands in the file.
  func row(_ fields: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, text) in fields.enumerated() {
      if index > 0 { bytes.append(delimiter) }
      bytes += field(text)
    }
    return bytes + lineEnd
  }

  /// A header row, after the byte order mark where there is one.
  func header(_ names: [String]) -> [UInt8] {
    let names = hasUpperCaseHeader ? names.map { $0.uppercased() } : names
    return (hasByteOrderMark ? [0xEF, 0xBB, 0xBF] : []) + row(names)
  }

  /// A time as SOQL exports write it.
  func time(_ seconds: EpochSeconds) -> String {
    let date = CivilDate(daysSinceEpoch: seconds / 86_400).text
    let second = seconds % 86_400
    func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
    return
      "\(date)T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60)).000\(zoneSuffix)"
  }
}
