/// Finds some bytes in many, by the algorithm of Boyer, Moore and Horspool: most bytes are never
/// looked at.
package struct ByteSearch: Sendable {
  private let needle: [UInt8]
  /// How far the needle moves, by the byte under its last one.
  private let shifts: [Int]

  /// Prepares to look for some bytes, of which there is at least one.
  package init(_ needle: [UInt8]) {
    precondition(!needle.isEmpty, "something to look for")
    self.needle = needle
    var shifts = [Int](repeating: needle.count, count: 256)
    for (position, byte) in needle.dropLast().enumerated() {
      shifts[Int(byte)] = needle.count - 1 - position
    }
    self.shifts = shifts
  }

  /// Where the bytes stand next, from a position on; `nil` where they do not.
  ///
  /// - Complexity: O(*n* / *m*) for most texts of *n* bytes and a needle of *m*.
  package func position(in bytes: [UInt8], from start: Int) -> Int? {
    let last = needle.count - 1
    var position = start
    while position + last < bytes.count {
      let byte = bytes[position + last]
      if byte == needle[last] {
        var index = 0
        while index < last, bytes[position + index] == needle[index] { index += 1 }
        if index == last { return position }
      }
      position += shifts[Int(byte)]
    }
    return nil
  }
}
