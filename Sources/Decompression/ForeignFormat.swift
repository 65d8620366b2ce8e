/// Ways of storing files that are known by their first bytes and not read.
package enum ForeignFormat {
  private static let signatures: [(name: String, bytes: [UInt8])] = [
    ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("lz4", [0x04, 0x22, 0x4D, 0x18]),
    ("lz4", [0x02, 0x21, 0x4C, 0x18]), ("lzip", [0x4C, 0x5A, 0x49, 0x50]),
    ("lzma", [0x5D, 0x00, 0x00]), ("compress", [0x1F, 0x9D]), ("compress", [0x1F, 0xA0]),
    ("pack", [0x1F, 0x1E]), ("snappy", [0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50]),
    ("7-Zip", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    ("RAR", [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]),
  ]

  private static let tables: [(name: String, bytes: [UInt8])] = [
    ("a Parquet file", Array("PAR1".utf8)), ("an ORC file", Array("ORC".utf8) + [0x0A]),
    ("an Avro file", Array("Obj".utf8) + [0x01]),
    ("an SQLite database", Array("SQLite format 3".utf8) + [0x00]),
    ("an Excel workbook (.xls)", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
  ]

  /// The name of the compression that a file with these first bytes has; `nil` for none of them.
  package static func compression(firstBytes: some Collection<UInt8>) -> String? {
    // "BZh", a level, and the first bytes of pi, or of its root for no data.
    let head = Array(firstBytes.prefix(7))
    if head.count == 7, head.starts(with: "BZh".utf8),
      head[4...].elementsEqual("1AY".utf8) || head[4...].elementsEqual([0x17, 0x72, 0x45])
    {
      return "bzip2"
    }
    if let known = signatures.first(where: { firstBytes.starts(with: $0.bytes) }) {
      // Text may begin with the same letters.
      let isText = known.bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !holdsControls(firstBytes)
      return isText ? nil : known.name
    }
    let first = Array(firstBytes.prefix(4))
    // A skippable frame of zstd.
    if first.count == 4, first[0] & 0xF0 == 0x50, first[1...] == [0x2A, 0x4D, 0x18] {
      return "zstd"
    }
    // A zlib stream (RFC 1950): method 8, a check of the two bytes, and data that is no text.
    if first.count >= 2, first[0] & 0x0F == 8, first[0] >> 4 <= 7,
      (Int(first[0]) << 8 | Int(first[1])) % 31 == 0, holdsControls(firstBytes)
    {
      return "zlib"
    }
    return nil
  }

  /// The name of the table or workbook that a file with these first bytes is; `nil` for none of them.
  package static func table(firstBytes: some Collection<UInt8>) -> String? {
    tables.first { firstBytes.starts(with: $0.bytes) }?.name
  }

  private static func holdsControls(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.prefix(64).contains { $0 < 0x09 || ($0 > 0x0D && $0 < 0x20) || $0 >= 0x7F }
  }
}
