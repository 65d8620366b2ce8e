/// Many pieces of markup one behind the other in one memory, where a text each would be too much.
struct MarkupStore: Sendable {
  /// Where a piece lies.
  struct Piece: Sendable {
    fileprivate let start: Int
    fileprivate let byteCount: Int
  }

  private var bytes: [UInt8] = []

  /// Bytes of all pieces.
  var byteCount: Int { bytes.count }

  /// Stores a piece.
  mutating func add(_ markup: Markup) -> Piece {
    let piece = Piece(start: bytes.count, byteCount: markup.byteCount)
    bytes.append(contentsOf: markup.html.utf8)
    return piece
  }

  /// A piece as it was stored.
  subscript(_ piece: Piece) -> Markup {
    Markup(stored: bytes[piece.start..<piece.start + piece.byteCount])
  }
}
