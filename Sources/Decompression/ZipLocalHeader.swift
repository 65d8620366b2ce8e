/// The header that stands right before an entry's data.
struct ZipLocalHeader {
  static let signature: UInt32 = 0x0403_4B50
  static let fixedByteCount = 30

  let name: String
  let flags: UInt16
  let method: UInt16
  let crc32: UInt32
  let compressedByteCount: UInt64
  let byteCount: UInt64
  let dataOffset: UInt64

  /// Whether the sizes stand after the data instead of here.
  var hasDataDescriptor: Bool { flags & 0x0008 != 0 }

  /// Whether the header says of the data what the archive's directory says.
  func agrees(with entry: ZipEntry) -> Bool {
    guard method == entry.method, (flags & 1 != 0) == entry.isEncrypted else { return false }
    return hasDataDescriptor
      || (crc32 == entry.crc32 && compressedByteCount == entry.compressedByteCount
        && byteCount == entry.byteCount)
  }

  /// Reads the header at a place; `nil` when there is none or it is cut.
  static func read(
    from archive: ZipArchiveFile, at offset: UInt64
  ) throws(DecompressionError) -> ZipLocalHeader? {
    let fixed = try archive.bytes(at: offset, count: fixedByteCount)
    guard fixed.count == fixedByteCount, fixed.uint32(at: 0) == signature else { return nil }
    let nameByteCount = Int(fixed.uint16(at: 26))
    let extraByteCount = Int(fixed.uint16(at: 28))
    let rest = try archive.bytes(
      at: offset + UInt64(fixedByteCount), count: nameByteCount + extraByteCount)
    guard rest.count == nameByteCount + extraByteCount else { return nil }
    var zip64 = Zip64ExtraField(in: rest.bytes[nameByteCount...])
    let byteCount = zip64.value(for: fixed.uint32(at: 22))
    let compressedByteCount = zip64.value(for: fixed.uint32(at: 18))
    guard let byteCount, let compressedByteCount else { return nil }
    return ZipLocalHeader(
      name: ZipName.decode(rest.bytes[..<nameByteCount]), flags: fixed.uint16(at: 6),
      method: fixed.uint16(at: 8), crc32: fixed.uint32(at: 14),
      compressedByteCount: compressedByteCount, byteCount: byteCount,
      dataOffset: offset + UInt64(fixedByteCount + rest.count))
  }
}
