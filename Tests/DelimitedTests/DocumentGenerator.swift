import Delimited
import TestSupport

/// Random documents: from proper exports to bytes that only an enemy sends.
struct DocumentGenerator {
  /// What kind of document to make.
  enum Character: CaseIterable {
    /// Every field quoted, LF, always the same number of columns.
    case export
    /// Proper quoting where it is needed; all line ends, blank lines, doubled quotes.
    case mixed
    /// Quotes, delimiters and line ends anywhere.
    case hostile
    /// A proper export with a stray quote now and then.
    case damaged
    /// Any byte.
    case noise
  }

  private var generator: SeededGenerator
  private let delimiter: UInt8

  init(seed: UInt64, delimiter: UInt8 = ASCII.comma) {
    generator = SeededGenerator(seed: seed)
    self.delimiter = delimiter
  }

  /// Makes a document of about `byteCount` bytes.
  mutating func document(_ character: Character, byteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = chance(4) ? [0xEF, 0xBB, 0xBF] : []
    while bytes.count < byteCount {
      switch character {
      case .export: addRow(&bytes, columnCount: 7, alwaysQuoted: true)
      case .mixed: addRow(&bytes, columnCount: Int.random(in: 1...9, using: &generator))
      case .hostile: bytes.append(hostileByte())
      case .damaged:
        let start = bytes.count
        addRow(&bytes, columnCount: 7, alwaysQuoted: chance(2))
        if chance(5) {
          let place = Int.random(in: start..<bytes.count, using: &generator)
          bytes.insert(ASCII.quote, at: place)
        }
      case .noise: bytes.append(UInt8.random(in: 0...255, using: &generator))
      }
    }
    return bytes
  }

  /// A text that needs quotes as often as not.
  mutating func text() -> [UInt8] {
    let length = chance(30) ? Int.random(in: 60...300, using: &generator) : small(14)
    return (0..<length).map { _ in chance(6) ? hostileByte() : ordinaryByte() }
  }

  /// Writes one field so that a reader gives `text` back.
  mutating func written(_ text: [UInt8], alwaysQuoted: Bool = false) -> [UInt8] {
    let special = [ASCII.quote, delimiter, ASCII.lineFeed, ASCII.carriageReturn]
    guard alwaysQuoted || text.contains(where: special.contains) || chance(3) else { return text }
    let doubled = text.flatMap { $0 == ASCII.quote ? [ASCII.quote, ASCII.quote] : [$0] }
    return [ASCII.quote] + doubled + [ASCII.quote]
  }

  /// One of the three line ends.
  mutating func lineEnd() -> [UInt8] {
    switch small(3) {
    case 0: [ASCII.carriageReturn, ASCII.lineFeed]
    case 1: [ASCII.carriageReturn]
    default: [ASCII.lineFeed]
    }
  }

  private mutating func addRow(_ bytes: inout [UInt8], columnCount: Int, alwaysQuoted: Bool = false)
  {
    for column in 0..<columnCount {
      if column > 0 { bytes.append(delimiter) }
      let text = alwaysQuoted ? (0..<small(20)).map { _ in ordinaryByte() } : text()
      bytes += written(text, alwaysQuoted: alwaysQuoted)
    }
    bytes += alwaysQuoted ? [ASCII.lineFeed] : lineEnd()
    if !alwaysQuoted && chance(8) { bytes += lineEnd() }
  }

  private mutating func ordinaryByte() -> UInt8 {
    UInt8.random(in: UInt8(ascii: "a")...UInt8(ascii: "z"), using: &generator)
  }

  private mutating func hostileByte() -> UInt8 {
    switch small(10) {
    case 0, 1: ASCII.quote
    case 2, 3: delimiter
    case 4: ASCII.lineFeed
    case 5: ASCII.carriageReturn
    case 6: 0
    case 7: 0xFF
    default: ordinaryByte()
    }
  }

  private mutating func small(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

  /// True once in `many` times.
  private mutating func chance(_ many: Int) -> Bool { small(many) == 0 }
}
