import Decompression

/// An archive's entries are what its directory says, or refused; each byte belongs to one entry.
enum ZipProperty {
  private static let entryBound = 64

  static func check(_ input: inout FuzzInput) throws {
    let choices = input.choice()
    let portion = input.choice()
    let archive = input.rest()
    let file = AnonymousFile.shared
    file.hold(archive)
    var limits = InflateLimits(expandedBytes: choices & 1 == 1 ? portion * 7 : 1 << 14)
    limits.readByteCount = 4_096
    // The entries of a directory have no byte of the archive in common.
    if let entries = try entries({ try ZipDirectory.read(path: file.path) }) {
      try FuzzFailure.unless(!entries.isEmpty, "a directory without entries")
      let sum = entries.reduce(UInt64(0)) { $0 &+ $1.compressedByteCount }
      try FuzzFailure.unless(
        sum <= UInt64(archive.count), "entries of \(sum) bytes in \(archive.count)")
      try checkEntries(entries, limits, portion)
    }
    let recovered = try entries({ try ZipDirectory.readDamaged(path: file.path, limits: limits) })
    if let entries = recovered {
      try FuzzFailure.unless(!entries.isEmpty, "an archive recovered without entries")
      try checkEntries(entries, limits, portion)
    }
  }

  private static func entries(
    _ read: () throws -> [ZipEntry]
  ) throws -> [ZipEntry]? {
    do {
      return try read()
    } catch is DecompressionError {
      return nil
    }
  }

  private static func checkEntries(
    _ entries: [ZipEntry], _ limits: InflateLimits, _ portion: Int
  ) throws {
    for entry in entries.prefix(entryBound) {
      let whole = try Inflated(entry, limits: limits, portion: 1 << 12)
      var few = limits
      few.readByteCount = 16 + portion
      let portions = try Inflated(entry, limits: few, portion: 1 + portion)
      try FuzzFailure.unless(
        whole == portions,
        "\(whole.bytes.count) bytes, \(String(describing: whole.failure)); in portions "
          + "\(portions.bytes.count), \(String(describing: portions.failure))")
      try FuzzFailure.unless(
        whole.bytes.count <= limits.expandedBytes, "\(whole.bytes.count) bytes, over the limit")
      guard whole.failure == nil else { continue }
      try FuzzFailure.unless(
        UInt64(whole.bytes.count) == entry.byteCount && crc32(of: whole.bytes) == entry.crc32,
        "\(whole.bytes.count) bytes read as sound, stated are \(entry.byteCount)")
    }
  }
}
