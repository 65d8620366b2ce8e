extension ZipDirectory {
  /// Finds the entries of an archive whose directory is missing, from the first on.
  ///
  /// Deflate data ends itself, so that an entry whose sizes stand behind its data is inflated to find
  /// them. Other data does not: such an entry ends the search, and is refused when it is opened.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - limits: How much an entry may inflate to while its end is looked for.
  /// - Returns: The entries, never empty; the last one's data may be cut.
  /// - Complexity: O(*n*) in the bytes of entries whose sizes stand behind their data.
  package static func readDamaged(
    path: String, limits: InflateLimits
  ) throws(DecompressionError) -> [ZipEntry] {
    let archive = try ZipArchiveFile(path: path)
    var entries: [ZipEntry] = []
    var offset: UInt64? = 0
    while let place = offset, let header = header(in: archive, at: place) {
      let recovered = recover(header, at: place, in: archive, limits)
      if !recovered.entry.isDirectory { entries.append(recovered.entry) }
      offset = recovered.end
    }
    if entries.isEmpty {
      throw archive.file.place.failure(
        .damagedArchive, at: offset ?? 0,
        "has no directory, and no entry can be recovered; fetch it again")
    }
    return entries
  }

  /// The entries in a stretch of an archive that its directory does not list.
  ///
  /// - Complexity: O(*n*) in the bytes of the stretch.
  static func strayEntries(
    in stretch: Range<UInt64>, of archive: ZipArchiveFile, _ limits: InflateLimits
  ) -> [ZipEntry] {
    var entries: [ZipEntry] = []
    var offset = stretch.lowerBound
    while let place = try? archive.place(
      of: ZipLocalHeader.signature, in: offset..<stretch.upperBound)
    {
      offset = place + 1
      guard let header = header(in: archive, at: place) else { continue }
      let recovered = recover(header, at: place, in: archive, limits)
      entries.append(recovered.entry)
      guard let end = recovered.end, end < stretch.upperBound else { break }
      offset = max(offset, end)
    }
    return entries
  }

  /// The header at a place; `nil` also where it cannot be read, which does not undo what was found.
  private static func header(in archive: ZipArchiveFile, at offset: UInt64) -> ZipLocalHeader? {
    do throws(DecompressionError) {
      return try ZipLocalHeader.read(from: archive, at: offset)
    } catch {
      return nil
    }
  }

  /// An entry, and where the next one begins; `nil` where that is not known.
  private static func recover(
    _ header: ZipLocalHeader, at offset: UInt64, in archive: ZipArchiveFile, _ limits: InflateLimits
  ) -> (entry: ZipEntry, end: UInt64?) {
    func entry(_ sizes: Sizes, end: ZipEntry.End) -> ZipEntry {
      ZipEntry(
        path: archive.file.place.path, name: header.name, method: header.method,
        compressedByteCount: sizes.compressedByteCount, byteCount: sizes.byteCount,
        crc32: sizes.crc32, isEncrypted: header.flags & 1 != 0,
        isDirectory: header.name.hasSuffix("/"), localHeaderOffset: offset, end: end)
    }
    guard header.hasDataDescriptor else {
      let sizes = Sizes(
        crc32: header.crc32, compressedByteCount: header.compressedByteCount,
        byteCount: header.byteCount)
      let (end, overflows) = header.dataOffset.addingReportingOverflow(sizes.compressedByteCount)
      return (entry(sizes, end: .stated), overflows ? nil : end)
    }
    let rest = Sizes(
      crc32: 0, compressedByteCount: archive.byteCount - min(header.dataOffset, archive.byteCount),
      byteCount: 0)
    guard header.method == 8, header.flags & 1 == 0 else {
      return (entry(rest, end: .unknown), nil)
    }
    // Damaged or cut data is read again to where it is, and says so then.
    guard let found = deflated(at: header.dataOffset, in: archive, limits) else {
      return (entry(rest, end: .unknown), nil)
    }
    let end = header.dataOffset + found.compressedByteCount
    guard let descriptor = descriptor(at: end, in: archive, of: found) else {
      return (entry(found, end: .withoutChecksum), nil)
    }
    var stated = descriptor.sizes
    stated.compressedByteCount = found.compressedByteCount
    return (entry(stated, end: .stated), end + UInt64(descriptor.byteCount))
  }

  private struct Sizes: Equatable {
    var crc32: UInt32
    var compressedByteCount: UInt64
    var byteCount: UInt64
  }

  /// What deflate data turns out to be; `nil` where it does not come to its end.
  private static func deflated(
    at offset: UInt64, in archive: ZipArchiveFile, _ limits: InflateLimits
  ) -> Sizes? {
    do throws(DecompressionError) {
      try archive.file.seek(to: offset)
      let stored = unsafe StoredBytes(
        file: archive.file, offset: offset, readByteCount: limits.readByteCount)
      let stream = ByteStream(
        stored: stored, compression: .zip, phase: .deflatedEntry, limits: limits)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { unsafe buffer.deallocate() }
      while try unsafe stream.read(into: buffer) > 0 {}
      return Sizes(
        crc32: stream.checksum, compressedByteCount: stream.compressedOffset - offset,
        byteCount: stream.inflatedByteCount)
    } catch {
      return nil
    }
  }

  private static let descriptorSignature: UInt32 = 0x0807_4B50

  /// The sizes behind an entry's data; `nil` where the archive ends before them.
  ///
  /// They stand in 32 or 64 bits, with or without a signature, and nothing tells in which form: it is
  /// the one that fits the data, else the usual one.
  private static func descriptor(
    at offset: UInt64, in archive: ZipArchiveFile, of found: Sizes
  ) -> (sizes: Sizes, byteCount: Int)? {
    guard let bytes = try? archive.bytes(at: offset, count: 24), bytes.count >= 12 else {
      return nil
    }
    let isSigned = bytes.uint32(at: 0) == descriptorSignature
    if isSigned, bytes.count < 16 { return nil }
    var usual: (Sizes, Int)?
    for (start, isLong) in [(4, false), (4, true), (0, false), (0, true)] {
      let byteCount = start + (isLong ? 20 : 12)
      guard isSigned || start == 0, bytes.count >= byteCount else { continue }
      let sizes = Sizes(
        crc32: bytes.uint32(at: start),
        compressedByteCount: isLong
          ? bytes.uint64(at: start + 4) : UInt64(bytes.uint32(at: start + 4)),
        byteCount: isLong
          ? bytes.uint64(at: start + 12) : UInt64(bytes.uint32(at: start + 8)))
      if sizes == found { return (sizes, byteCount) }
      usual = usual ?? (sizes, byteCount)
    }
    return usual
  }
}
