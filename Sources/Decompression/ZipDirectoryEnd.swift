/// Where the directory of a zip archive is, as the record at the archive's end says.
struct ZipDirectoryEnd {
  private static let signature: UInt32 = 0x0605_4B50
  private static let fixedByteCount = 22
  private static let locatorSignature: UInt32 = 0x0706_4B50
  private static let locatorByteCount: UInt64 = 20
  private static let zip64Signature: UInt32 = 0x0606_4B50
  private static let zip64ByteCount = 56

  /// Where the record itself begins.
  let offset: UInt64
  let entryCount: UInt64
  let directoryOffset: UInt64
  /// How many bytes come before the archive proper, as those of a self-extracting one.
  let precedingByteCount: UInt64

  /// Finds the record; throws `damagedArchive` when there is none.
  static func find(in archive: ZipArchiveFile) throws(DecompressionError) -> ZipDirectoryEnd {
    let tailByteCount = min(archive.byteCount, UInt64(fixedByteCount) + UInt64(UInt16.max))
    let tailOffset = archive.byteCount - tailByteCount
    let tail = try archive.bytes(at: tailOffset, count: Int(tailByteCount))
    guard let place = lastRecord(in: tail) else {
      throw archive.file.place.failure(
        .damagedArchive, at: archive.byteCount,
        "ends without a zip directory, as if cut; fetch it again")
    }
    let offset = tailOffset + UInt64(place)
    let entryCount = tail.uint16(at: place + 10)
    let byteCount = tail.uint32(at: place + 12)
    let directoryOffset = tail.uint32(at: place + 16)
    let isZip64 = entryCount == .max || byteCount == .max || directoryOffset == .max
    // Some writers add the longer record where the short one would do.
    if let end = try readZip64(in: archive, before: offset, isNeeded: isZip64) { return end }
    guard tail.uint16(at: place + 4) == 0, tail.uint16(at: place + 6) == 0 else {
      throw archive.file.place.failure(
        .unsupportedMethod, at: offset, "is one part of a split archive; join the parts first")
    }
    return try ZipDirectoryEnd(
      offset: offset, entryCount: UInt64(entryCount), directoryByteCount: UInt64(byteCount),
      statedOffset: UInt64(directoryOffset), archive: archive)
  }

  private init(
    offset: UInt64, entryCount: UInt64, directoryByteCount: UInt64, statedOffset: UInt64,
    archive: ZipArchiveFile
  ) throws(DecompressionError) {
    guard directoryByteCount <= offset, statedOffset <= offset - directoryByteCount,
      entryCount <= directoryByteCount / 46
    else {
      throw archive.file.place.failure(
        .damagedArchive, at: offset, "has a directory that is damaged; fetch it again")
    }
    self.offset = offset
    self.entryCount = entryCount
    directoryOffset = offset - directoryByteCount
    precedingByteCount = directoryOffset - statedOffset
  }

  /// Whether an archive ends with the record, without a comment behind it.
  ///
  /// - Parameter last: The last bytes of the file.
  static func isLast(in last: ArraySlice<UInt8>) -> Bool {
    let tail = LittleEndianBytes(bytes: Array(last.suffix(fixedByteCount)))
    return tail.count == fixedByteCount && tail.uint32(at: 0) == signature
      && tail.uint16(at: 20) == 0
  }

  /// The last record whose comment reaches just to the end, or else does not reach beyond it.
  private static func lastRecord(in tail: LittleEndianBytes) -> Int? {
    var lenient: Int?
    for place in stride(from: tail.count - fixedByteCount, through: 0, by: -1)
    where tail.bytes[place] == 0x50 && tail.uint32(at: place) == signature {
      let end = place + fixedByteCount + Int(tail.uint16(at: place + 20))
      if end == tail.count { return place }
      if end < tail.count && lenient == nil { lenient = place }
    }
    return lenient
  }

  private static func readZip64(
    in archive: ZipArchiveFile, before offset: UInt64, isNeeded: Bool
  ) throws(DecompressionError) -> ZipDirectoryEnd? {
    guard offset >= locatorByteCount else { return nil }
    let locator = try archive.bytes(
      at: offset - locatorByteCount, count: Int(locatorByteCount))
    guard locator.uint32(at: 0) == locatorSignature else { return nil }
    // Where bytes precede the archive the stated place is off; then the record stands right before.
    let (nearest, underflows) = (offset - locatorByteCount).subtractingReportingOverflow(
      UInt64(zip64ByteCount))
    for place in [locator.uint64(at: 8), underflows ? 0 : nearest] {
      let record = try archive.bytes(at: place, count: zip64ByteCount)
      guard record.count == zip64ByteCount, record.uint32(at: 0) == zip64Signature else { continue }
      return try ZipDirectoryEnd(
        offset: place, entryCount: record.uint64(at: 32), directoryByteCount: record.uint64(at: 40),
        statedOffset: record.uint64(at: 48), archive: archive)
    }
    guard isNeeded else { return nil }
    throw archive.file.place.failure(
      .damagedArchive, at: offset, "has a zip64 directory that cannot be found; fetch it again")
  }
}
