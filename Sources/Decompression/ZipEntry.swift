/// One file of a zip archive.
package struct ZipEntry: Sendable {
  /// What is known of where an entry ends.
  enum End {
    /// The archive says it.
    case stated
    /// The data says it, but the archive ends before the checksum.
    case withoutChecksum
    /// Nobody says it, in an archive without a directory; the sizes mean nothing.
    case unknown
  }

  /// The archive, as it was named.
  package let path: String
  /// The entry's own path in the archive.
  package let name: String
  /// How the data is compressed: 0 not at all, 8 by deflate.
  package let method: UInt16
  /// How many bytes the data has as stored.
  package let compressedByteCount: UInt64
  /// How many bytes the data has when inflated.
  package let byteCount: UInt64
  /// The checksum of the inflated data.
  package let crc32: UInt32
  /// Whether a password is needed.
  package let isEncrypted: Bool
  /// Whether this is a directory, which has no data.
  package let isDirectory: Bool
  /// Where in the archive the entry's own header begins.
  package let localHeaderOffset: UInt64
  /// What is known of where it ends.
  var end = End.stated
}

/// The names of zip entries.
enum ZipName {
  /// The upper half of code page 437, in which names without Unicode are written.
  private static let codePage437 = Array(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}")

  /// The name as text: UTF-8 where it is that, whatever the flags claim, else code page 437.
  static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return String(
      bytes.map { $0 < 128 ? Character(UnicodeScalar($0)) : codePage437[Int($0) - 128] })
  }
}
