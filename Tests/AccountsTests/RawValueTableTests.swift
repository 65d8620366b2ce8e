import Testing

@testable import Accounts

struct RawValueTableTests {
  /// Two values with the same joined bytes whose hashes collide are still told apart.
  ///
  /// Cuts of one text into six pieces are tried until two have the same hash, which 32 bits make
  /// likely among half a million.
  @Test func valuesThatDifferOnlyInTheirBordersAreTwo() throws {
    let text = [UInt8](repeating: UInt8(ascii: "x"), count: 40)
    let pair = try #require(Self.collision(of: text, pieceCount: 6))
    var table = RawValueTable(key: 0)
    let codes = unsafe text.withUnsafeBufferPointer { buffer in
      let base = unsafe buffer.baseAddress.unsafelyUnwrapped
      return unsafe [
        table.code(of: Self.pieces(pair.0), at: base, orDecode: { 1 }),
        table.code(of: Self.pieces(pair.1), at: base, orDecode: { 2 }),
        table.code(of: Self.pieces(pair.0), at: base, orDecode: { 3 }),
      ]
    }
    #expect(codes == [1, 2, 1])
  }

  /// Two cuts of a text whose hashes are equal.
  private static func collision(of text: [UInt8], pieceCount: Int) -> ([Int], [Int])? {
    var cutsByHash: [UInt32: [Int]] = [:]
    for cuts in cuts(of: text.count, into: pieceCount) {
      let hash = unsafe text.withUnsafeBufferPointer {
        unsafe pieces(cuts).hash(at: $0.baseAddress.unsafelyUnwrapped, key: 0)
      }
      if let other = cutsByHash.updateValue(cuts, forKey: hash) { return (other, cuts) }
    }
    return nil
  }

  private static func pieces(_ cuts: [Int]) -> RawPieces {
    RawPieces(ranges: zip(cuts, cuts.dropFirst()).map { $0..<$1 })
  }

  /// Borders of all cuts of `length` bytes into `count` pieces, the shortest first pieces first.
  private static func cuts(of length: Int, into count: Int) -> [[Int]] {
    var cuts: [[Int]] = [[0]]
    for piece in 1..<count {
      cuts = cuts.flatMap { start in
        ((start[start.count - 1] + 1)...(length - count + piece)).map { start + [$0] }
      }
    }
    return cuts.map { $0 + [length] }
  }
}
