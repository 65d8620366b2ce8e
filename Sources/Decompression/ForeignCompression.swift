/// Compressions that are known by their first bytes and not read.
package enum ForeignCompression {
  private static let signatures: [(name: String, bytes: [UInt8])] = [
    ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), ("bzip2", [0x42, 0x5A, 0x68]),
    ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("lz4", [0x04, 0x22, 0x4D, 0x18]),
    ("compress", [0x1F, 0x9D]), ("7-Zip", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    ("RAR", [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]),
  ]

  /// The name of the compression that a file with these first bytes has; `nil` for none of them.
  package static func name(firstBytes: some Collection<UInt8>) -> String? {
    signatures.first { firstBytes.starts(with: $0.bytes) }?.name
  }
}
