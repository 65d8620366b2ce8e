/// The directory of a zip archive.
package enum ZipDirectory {
  /// Reads the central directory, zip64 or not.
  ///
  /// - Returns: The entries in the order of the directory, without those for directories; never
  ///   empty. An archive without a directory is refused with `damagedArchive`.
  package static func read(path: String) throws(DecompressionError) -> [ZipEntry] {
    let archive = try ZipArchiveFile(path: path)
    let end = try ZipDirectoryEnd.find(in: archive)
    // Programs may stand before an archive, but the entries of another one would be passed over.
    if end.precedingByteCount > 0, try ZipLocalHeader.read(from: archive, at: 0) != nil {
      throw archive.file.place.failure(
        .damagedArchive, at: end.precedingByteCount,
        "has an archive before the one that its end tells of; give each by itself")
    }
    var entries: [ZipEntry] = []
    var spans: [Span] = []
    var offset = end.directoryOffset
    for _ in 0..<end.entryCount {
      let record = try readRecord(from: archive, at: offset, end: end)
      offset += record.byteCount
      let entry = record.entry
      spans.append(Span(entry, atLeast: ZipLocalHeader.fixedByteCount))
      if !entry.isDirectory { entries.append(entry) }
    }
    guard offset <= end.offset else { throw damaged(archive, at: offset) }
    try refuseOverlaps(spans, before: end.directoryOffset, in: archive)
    if entries.isEmpty { throw archive.file.place.failure(.emptyArchive, at: 0, "holds no files") }
    return entries
  }

  // MARK: Records

  private static let recordSignature: UInt32 = 0x0201_4B50
  private static let recordByteCount = 46

  private static func readRecord(
    from archive: ZipArchiveFile, at offset: UInt64, end: ZipDirectoryEnd
  ) throws(DecompressionError) -> (entry: ZipEntry, byteCount: UInt64) {
    let fixed = try archive.bytes(at: offset, count: recordByteCount)
    guard fixed.count == recordByteCount, fixed.uint32(at: 0) == recordSignature else {
      throw damaged(archive, at: offset)
    }
    let nameByteCount = Int(fixed.uint16(at: 28))
    let extraByteCount = Int(fixed.uint16(at: 30))
    let commentByteCount = Int(fixed.uint16(at: 32))
    let rest = try archive.bytes(
      at: offset + UInt64(recordByteCount), count: nameByteCount + extraByteCount)
    guard rest.count == nameByteCount + extraByteCount else { throw damaged(archive, at: offset) }
    var zip64 = Zip64ExtraField(in: rest.bytes[nameByteCount...])
    let byteCount = zip64.value(for: fixed.uint32(at: 24))
    let compressedByteCount = zip64.value(for: fixed.uint32(at: 20))
    let headerOffset = zip64.value(for: fixed.uint32(at: 42))
    guard let byteCount, let compressedByteCount, let headerOffset,
      headerOffset <= archive.byteCount, compressedByteCount <= archive.byteCount
    else { throw damaged(archive, at: offset) }
    let name = ZipName.decode(rest.bytes[..<nameByteCount])
    let entry = ZipEntry(
      path: archive.file.place.path, name: name, method: fixed.uint16(at: 10),
      compressedByteCount: compressedByteCount, byteCount: byteCount,
      crc32: fixed.uint32(at: 16), isEncrypted: fixed.uint16(at: 8) & 1 != 0,
      isDirectory: name.hasSuffix("/"), localHeaderOffset: headerOffset + end.precedingByteCount)
    let wholeByteCount = recordByteCount + nameByteCount + extraByteCount + commentByteCount
    return (entry, UInt64(wholeByteCount))
  }

  // MARK: Overlaps

  /// The least part of the archive that an entry takes up.
  private struct Span {
    let start: UInt64
    let end: UInt64

    init(_ entry: ZipEntry, atLeast headerByteCount: Int) {
      start = entry.localHeaderOffset
      end = start + UInt64(headerByteCount) + entry.compressedByteCount
    }
  }

  /// Refuses entries that share their data, by which a small archive can stand for a huge one.
  private static func refuseOverlaps(
    _ spans: [Span], before directoryOffset: UInt64, in archive: ZipArchiveFile
  ) throws(DecompressionError) {
    var lastEnd: UInt64 = 0
    for span in spans.sorted(by: { $0.start < $1.start }) {
      if span.start < lastEnd || span.end > directoryOffset {
        throw archive.file.place.failure(
          .damagedArchive, at: span.start, "has a directory with entries that overlap")
      }
      lastEnd = span.end
    }
  }

  private static func damaged(_ archive: ZipArchiveFile, at offset: UInt64) -> DecompressionError {
    archive.file.place.failure(
      .damagedArchive, at: offset, "has a directory that is damaged; fetch it again")
  }
}
