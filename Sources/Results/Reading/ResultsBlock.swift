/// What a line of results is, by its first bytes.
package enum LineKind: Int, Sendable, Comparable {
  case run
  case account
  /// A finding about the account before it.
  case accountFinding
  case application
  case organizationFinding
  case goneFinding
  case end

  private static let kinds: [(start: [UInt8], kind: LineKind)] = [
    (start(FindingRecord.schema) + Array(",\"account\":{".utf8), .accountFinding),
    (start(AccountRecord.schema) + Array(",".utf8), .account),
    (start(ApplicationRecord.schema) + Array(",".utf8), .application),
    (start(FindingRecord.schema) + Array(",\"account\":null".utf8), .organizationFinding),
    (start(FindingRecord.goneSchema) + Array(",".utf8), .goneFinding),
    (start(EndRecord.schema) + Array(",".utf8), .end),
    (start(RunRecord.schema) + Array(",".utf8), .run),
  ]

  private static func start(_ schema: String) -> [UInt8] { Array("{\"schema\":\"\(schema)\"".utf8) }

  /// The kind of the line that begins at `position`; `nil` when it is no line of results.
  package init?(_ bytes: [UInt8], at position: Int) {
    let match = Self.kinds.first { start, _ in
      guard position + start.count <= bytes.count else { return false }
      for index in start.indices where bytes[position + index] != start[index] { return false }
      return true
    }
    guard let match else { return nil }
    self = match.kind
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Whole lines of results that lie one behind the other: an account and its findings stay together.
package struct ResultsBlock: Sendable {
  /// Number of the block in its file, from 0.
  package let number: Int
  package let bytes: [UInt8]
  /// Where the block begins in its file.
  package let byteOffset: Int

  /// Gives each line's range, its line feed left out.
  package func forEachLine(_ body: (Range<Int>) throws -> Void) rethrows {
    var start = 0
    while start < bytes.count {
      let end = Self.lineEnd(bytes, from: start)
      try body(start..<end)
      start = end + 1
    }
  }

  /// The line feed at or behind a position; the number of bytes where there is none.
  static func lineEnd(_ bytes: [UInt8], from start: Int) -> Int {
    var position = start
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    return position
  }

  /// The range of the line that holds the byte at a position.
  package func line(holding position: Int) -> Range<Int> {
    let start = (bytes[..<position].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    return start..<Self.lineEnd(bytes, from: position)
  }
}
