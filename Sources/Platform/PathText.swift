/// Paths as texts, whatever bytes they have.
///
/// A path is bytes, and a `String` holds UTF-8 alone. A byte that belongs to no UTF-8 is one scalar of a
/// private plane, U+10FF00 and the byte, in the text, and that byte again where a file is opened; so two
/// paths never become one text. Nothing that can be seen is written in that plane, so what shows texts
/// shows such a scalar by its number.
package enum PathText {
  private static let plane: UInt32 = 0x10_FF00

  /// The text of a path.
  ///
  /// - Complexity: O(*n*).
  package static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: stands)
    {
      return text
    }
    var result = String.UnicodeScalarView()
    var rest = bytes[...]
    while let byte = rest.first {
      let length = (1...4).first { length in
        length <= rest.count && String(validating: rest.prefix(length), as: UTF8.self) != nil
      }
      let scalar = length.flatMap {
        String(decoding: rest.prefix($0), as: UTF8.self).unicodeScalars.first
      }
      if let length, let scalar, !stands(scalar) {
        result.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        if let own = Unicode.Scalar(plane | UInt32(byte)) { result.append(own) }
        rest = rest.dropFirst()
      }
    }
    return String(result)
  }

  /// The bytes of a path, with a zero behind them, as the system takes them.
  ///
  /// - Complexity: O(*n*).
  package static func bytes(_ text: String) -> [CChar] {
    guard text.utf8.contains(0xF4), text.unicodeScalars.contains(where: stands) else {
      return text.utf8.map { CChar(bitPattern: $0) } + [0]
    }
    var result: [CChar] = []
    for scalar in text.unicodeScalars {
      if stands(scalar) {
        result.append(CChar(bitPattern: UInt8(truncatingIfNeeded: scalar.value)))
      } else {
        result.append(contentsOf: String(scalar).utf8.map { CChar(bitPattern: $0) })
      }
    }
    return result + [0]
  }

  /// Whether a scalar stands for a byte.
  private static func stands(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= plane + 0x80 && scalar.value <= plane + 0xFF
  }
}
