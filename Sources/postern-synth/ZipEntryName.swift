/// The records around the one entry of a ZIP archive, in ZIP64 form throughout.
struct ZipEntryName {
  private let name: [UInt8]

  /// The entry in an archive at `path`: the file's name without `.zip`.
  init(path: String) {
    let file = path.split(separator: "/").last ?? "export.csv"
    name = Array((file.hasSuffix(".zip") ? file.dropLast(4) : file).utf8)
  }

  /// Bytes of the local header.
  var localHeaderBytes: Int { 30 + name.count + 20 }

  /// The record in front of the data.
  func localHeader(checksum: UInt32, stored: UInt64, plain: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    Self.add(0x0403_4B50, 4, &bytes)
    addCommon(checksum, &bytes)
    Self.add(UInt64(name.count), 2, &bytes)
    Self.add(20, 2, &bytes)
    bytes += name
    Self.add(1, 2, &bytes)
    Self.add(16, 2, &bytes)
    Self.add(plain, 8, &bytes)
    Self.add(stored, 8, &bytes)
    return bytes
  }

  /// The records after the data, which begin at `start`.
  func directory(checksum: UInt32, stored: UInt64, plain: UInt64, at start: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    Self.add(0x0201_4B50, 4, &bytes)
    Self.add(45, 2, &bytes)
    addCommon(checksum, &bytes)
    Self.add(UInt64(name.count), 2, &bytes)
    Self.add(20, 2, &bytes)
    Self.add(0, 2 + 2 + 2, &bytes)
    Self.add(0, 4, &bytes)
    Self.add(0, 4, &bytes)
    bytes += name
    Self.add(1, 2, &bytes)
    Self.add(16, 2, &bytes)
    Self.add(plain, 8, &bytes)
    Self.add(stored, 8, &bytes)
    let size = UInt64(bytes.count)
    addEnd(size: size, start: start, &bytes)
    return bytes
  }

  private func addEnd(size: UInt64, start: UInt64, _ bytes: inout [UInt8]) {
    Self.add(0x0606_4B50, 4, &bytes)
    Self.add(44, 8, &bytes)
    Self.add(45, 2, &bytes)
    Self.add(45, 2, &bytes)
    Self.add(0, 8, &bytes)
    Self.add(1, 8, &bytes)
    Self.add(1, 8, &bytes)
    Self.add(size, 8, &bytes)
    Self.add(start, 8, &bytes)
    Self.add(0x0706_4B50, 4, &bytes)
    Self.add(0, 4, &bytes)
    Self.add(start + size, 8, &bytes)
    Self.add(1, 4, &bytes)
    Self.add(0x0605_4B50, 4, &bytes)
    Self.add(0, 4, &bytes)
    Self.add(1, 2, &bytes)
    Self.add(1, 2, &bytes)
    Self.add(min(size, 0xFFFF_FFFF), 4, &bytes)
    Self.add(0xFFFF_FFFF, 4, &bytes)
    Self.add(0, 2, &bytes)
  }

  private func addCommon(_ checksum: UInt32, _ bytes: inout [UInt8]) {
    Self.add(45, 2, &bytes)
    Self.add(0x0800, 2, &bytes)
    Self.add(8, 2, &bytes)
    Self.add(0, 2, &bytes)
    // 2026-01-01: archives of equal options are equal, so no clock.
    Self.add(0x5C21, 2, &bytes)
    Self.add(UInt64(checksum), 4, &bytes)
    Self.add(0xFFFF_FFFF, 4, &bytes)
    Self.add(0xFFFF_FFFF, 4, &bytes)
  }

  private static func add(_ value: UInt64, _ count: Int, _ bytes: inout [UInt8]) {
    for index in 0..<count {
      bytes.append(index < 8 ? UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) : 0)
    }
  }
}
