/// How the fields of a file are kept apart.
///
/// The quote is always `"`, doubled inside quotes, and a line ends with LF, CR LF or a lone CR,
/// freely mixed; so the delimiter is all that a dialect has to say.
public struct Dialect: Hashable, Sendable {
  /// The byte between two fields.
  public let delimiter: UInt8

  /// Makes a dialect.
  ///
  /// - Parameter delimiter: Any byte but the quote, CR and LF.
  public init(delimiter: UInt8) {
    precondition(
      delimiter != ASCII.quote && delimiter != ASCII.lineFeed
        && delimiter != ASCII.carriageReturn,
      "a quote or a line end cannot be the delimiter")
    self.delimiter = delimiter
  }

  /// Fields kept apart by commas.
  public static let comma = Dialect(delimiter: ASCII.comma)

  /// The delimiters that Salesforce exports can have, the likelier first.
  ///
  /// They are the six values of `columnDelimiter` in Bulk API 2.0 query jobs (`COMMA`,
  /// `SEMICOLON`, `TAB`, `PIPE`, `CARET`, `BACKQUOTE`).
  public static let candidates: [Dialect] = [
    ASCII.comma, ASCII.semicolon, ASCII.tab, ASCII.verticalBar, ASCII.caret, ASCII.backquote,
  ].map(Dialect.init(delimiter:))

  /// Tells the dialect from the first record of a file.
  ///
  /// A UTF-8 byte order mark and blank lines before the record are passed over. The candidate that
  /// occurs most often outside quotes wins; of equally frequent ones the earlier in
  /// ``candidates``. Without any, the file has a single column.
  ///
  /// - Parameter header: The first bytes of the file, best with the whole first record.
  /// - Complexity: O(*n*) where *n* is the length of the first record.
  public static func detect(header: some Collection<UInt8>) -> DialectGuess {
    if isUTF16(header.prefix(2)) { return .utf16 }
    var counts = [Int](repeating: 0, count: candidates.count)
    var isInsideQuotes = false
    var isBlank = true
    let text = header.starts(with: byteOrderMark) ? header.dropFirst(3) : header[...]
    for byte in text {
      let endsLine = byte == ASCII.lineFeed || byte == ASCII.carriageReturn
      if endsLine && !isInsideQuotes {
        if isBlank { continue }
        break
      }
      isBlank = false
      if byte == ASCII.quote {
        isInsideQuotes.toggle()
      } else if !isInsideQuotes,
        let candidate = candidates.firstIndex(where: { $0.delimiter == byte })
      {
        counts[candidate] += 1
      }
    }
    var winner = 0
    for candidate in counts.indices where counts[candidate] > counts[winner] {
      winner = candidate
    }
    return counts[winner] == 0 ? .singleColumn : .delimited(candidates[winner])
  }

  /// The UTF-8 byte order mark, which a file may begin with.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Tells UTF-16 by its byte order mark or, as a header is mostly ASCII, by one NUL of two bytes.
  private static func isUTF16(_ firstTwo: some Collection<UInt8>) -> Bool {
    let bytes = [UInt8](firstTwo)
    guard bytes.count == 2 else { return false }
    return bytes == [0xFF, 0xFE] || bytes == [0xFE, 0xFF] || (bytes[0] == 0) != (bytes[1] == 0)
  }
}

/// What the first record of a file says about its dialect.
public enum DialectGuess: Hashable, Sendable {
  /// Fields are kept apart so.
  case delimited(Dialect)
  /// No candidate delimiter outside quotes: one column, or a delimiter that no export has.
  case singleColumn
  /// The file is UTF-16, which the reader cannot read; convert it to UTF-8 first.
  case utf16

  /// The dialect to read with; comma for a single column, `nil` if the reader cannot read the file.
  public var dialect: Dialect? {
    switch self {
    case .delimited(let dialect): dialect
    case .singleColumn: .comma
    case .utf16: nil
    }
  }
}
