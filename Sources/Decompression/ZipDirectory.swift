import Platform

/// The directory of a zip archive.
package enum ZipDirectory {
  /// Reads the central directory, zip64 or not, of an archive that holds nothing else.
  ///
  /// - Returns: The entries in the order of the directory, without those for directories; never
  ///   empty. An archive without a directory, or with entries that it does not list, is refused with
  ///   `damagedArchive`.
  package static func read(path: String) throws(DecompressionError) -> [ZipEntry] {
    let listing = try Listing(of: try ZipArchiveFile(path: path))
    if let damage = listing.damage { throw damage }
    return try listing.files
  }

  /// Reads the central directory, and finds what it does not list.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - limits: How much an entry that is not listed may inflate to while its end is looked for.
  /// - Returns: The entries, never empty, and what is wrong with an archive whose directory does not
  ///   list all of it.
  /// - Throws: `damagedArchive` where there is no directory that could be read.
  package static func readWhole(
    path: String, limits: InflateLimits
  ) throws(DecompressionError) -> (entries: [ZipEntry], damage: DecompressionError?) {
    let archive = try ZipArchiveFile(path: path)
    var listing = try Listing(of: archive)
    for stretch in listing.unlisted {
      listing.entries += strayEntries(in: stretch, of: archive, limits)
    }
    return (try listing.files, listing.damage)
  }

  /// Whether a file that ends so is an archive without a comment, whatever stands at its beginning.
  ///
  /// - Parameter lastBytes: The last bytes; 22 are enough.
  package static func endsArchive(_ lastBytes: [UInt8]) -> Bool {
    ZipDirectoryEnd.isLast(in: lastBytes[...])
  }

  /// What a directory lists, and what lies between.
  struct Listing {
    private let archive: ZipArchiveFile
    fileprivate(set) var entries: [ZipEntry] = []
    /// Stretches of the archive before the directory that no entry accounts for.
    fileprivate(set) var unlisted: [Range<UInt64>] = []
    /// The first thing that is wrong.
    fileprivate(set) var damage: DecompressionError?

    /// The entries that are no directories.
    ///
    /// - Throws: `emptyArchive` where there is none.
    var files: [ZipEntry] {
      get throws(DecompressionError) {
        let files = entries.filter { !$0.isDirectory }
        if files.isEmpty {
          throw damage ?? archive.file.place.failure(.emptyArchive, at: 0, "holds no files")
        }
        return files
      }
    }

    init(of archive: ZipArchiveFile) throws(DecompressionError) {
      self.archive = archive
      let end = try ZipDirectoryEnd.find(in: archive)
      // Programs may stand before an archive, but the entries of another one would be passed over.
      if end.precedingByteCount > 0, try ZipLocalHeader.read(from: archive, at: 0) != nil {
        throw archive.file.place.failure(
          .damagedArchive, at: end.precedingByteCount,
          "has an archive before the one that its end tells of; give each by itself")
      }
      var offset = end.directoryOffset
      var count: UInt64 = 0
      // The number may be damaged, or count to 65,535 alone; the directory reaches to its end.
      while count < end.entryCount || offset < end.offset {
        let record = try readRecord(from: archive, at: offset, end: end)
        offset += record.byteCount
        guard offset <= end.offset else { throw damaged(archive, at: offset) }
        entries.append(record.entry)
        count += 1
      }
      if count != end.entryCount {
        damage = archive.file.place.failure(
          .damagedArchive, at: end.offset,
          "states \(end.entryCount) \(end.entryCount.takes("entry", "entries")) and lists "
            + "\(count), as if damaged; fetch it again")
      }
      try refuseOverlaps(
        entries.map { Span($0, atLeast: ZipLocalHeader.fixedByteCount) },
        before: end.directoryOffset, in: archive)
      try findUnlisted(from: end.precedingByteCount, before: end.directoryOffset)
    }

    /// The most bytes that may stand behind an entry: its sizes once more, in 64 bits.
    private static let descriptorByteCount: UInt64 = 24

    private mutating func findUnlisted(
      from start: UInt64, before directoryOffset: UInt64
    ) throws(DecompressionError) {
      var last = start
      func stretch(_ next: UInt64) throws(DecompressionError) -> Range<UInt64>? {
        guard next > last, next - last > Self.descriptorByteCount,
          try archive.holdsOther(than: 0, in: last..<next)
        else { return nil }
        return last..<next
      }
      for entry in entries.sorted(by: { $0.localHeaderOffset < $1.localHeaderOffset }) {
        if let found = try stretch(entry.localHeaderOffset) { unlisted.append(found) }
        // What stands before its data may be longer than the directory has it.
        let header = try ZipLocalHeader.read(from: archive, at: entry.localHeaderOffset)
        let dataOffset =
          header?.dataOffset ?? entry.localHeaderOffset + UInt64(ZipLocalHeader.fixedByteCount)
        last = max(last, dataOffset + entry.compressedByteCount)
      }
      if let found = try stretch(directoryOffset) { unlisted.append(found) }
      guard let first = unlisted.first else { return }
      damage =
        damage
        ?? archive.file.place.failure(
          .damagedArchive, at: first.lowerBound,
          "holds more than its directory lists, as if damaged; fetch it again")
    }
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
  fileprivate struct Span {
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
