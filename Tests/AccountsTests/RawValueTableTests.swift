import Delimited
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

  /// Words may overlap at the end of a text, and none of its bytes is left out.
  @Test func everyByteCountsInHashesAndComparisons() {
    for count in 1...25 {
      let text = (0..<count).map { UInt8(0x61 + $0) }
      var table = RawValueTable()
      let code = unsafe text.withUnsafeBufferPointer {
        unsafe table.code(of: Self.pieces([0, count]), at: $0.baseAddress.unsafelyUnwrapped) { 0 }
      }
      #expect(code == 0)
      for place in 0..<count {
        var other = text
        other[place] ^= 1
        let (hashes, code) = unsafe text.withUnsafeBufferPointer { one in
          unsafe other.withUnsafeBufferPointer { two in
            let one = unsafe one.baseAddress.unsafelyUnwrapped
            let two = unsafe two.baseAddress.unsafelyUnwrapped
            let pieces = Self.pieces([0, count])
            return unsafe (
              [pieces.hash(at: one, key: 0), pieces.hash(at: two, key: 0)],
              table.code(of: pieces, at: two) { 1 }
            )
          }
        }
        #expect(hashes[0] != hashes[1] && code == 1)
      }
    }
  }

  /// Neighbouring fields are one stretch of bytes, and still two values where they end elsewhere in it.
  @Test func neighboursWithTheSameBytesAreToldByTheirBorders() {
    var table = RawValueTable()
    func codes(_ text: String, _ delimiter: Dialect) -> [UInt32] {
      var rest = Array(text.utf8)[...]
      var reader = RecordReader(dialect: delimiter)
      let block = unsafe reader.next { room in
        let count = min(room.count, rest.count)
        unsafe room.copyBytes(from: rest.prefix(count))
        rest = rest.dropFirst(count)
        return count
      }
      guard let block else { return [] }
      var pieces = RawPieces()
      return (0..<block.recordCount).map { index in
        pieces.take([1, 2, 3], of: index, in: block)
        return unsafe table.code(of: pieces, at: block.base) {
          UInt32(block[index][1].count * 100 + block[index][2].count)
        }
      }
    }
    let long = String(repeating: "x", count: 70_000)
    #expect(codes("0,a;b,c;d,e\n1,a;b,c;d,e\n", .comma) == [303, 303])
    #expect(codes("0;a;b,c;d,e\n", Dialect(delimiter: ASCII.semicolon)) == [103])
    #expect(codes("0,a,bb,\(long)\n1,aa,b,\(long)\n2,a,bb,\(long)\n", .comma) == [102, 201, 102])
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
