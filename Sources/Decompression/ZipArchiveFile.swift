/// A zip archive as a file of numbered bytes.
struct ZipArchiveFile {
  let file: OpenFile
  let byteCount: UInt64

  /// Opens an archive, which must be a regular file.
  init(path: String, entry: String? = nil) throws(DecompressionError) {
    let place = FailurePlace(path: path, entry: entry)
    file = try OpenFile(path: path, place: place)
    guard let byteCount = file.regularByteCount else {
      throw place.failure(
        .zipOnPipe, at: 0, "is not a regular file, so that a zip archive cannot be read from it")
    }
    self.byteCount = byteCount
  }

  /// The bytes from `offset` on; fewer than asked for at the file's end.
  func bytes(at offset: UInt64, count: Int) throws(DecompressionError) -> LittleEndianBytes {
    guard offset < byteCount else { return LittleEndianBytes(bytes: []) }
    var bytes = [UInt8](repeating: 0, count: Int(min(UInt64(count), byteCount - offset)))
    var failure: DecompressionError?
    let filled = unsafe bytes.withUnsafeMutableBytes { room in
      do throws(DecompressionError) {
        return try unsafe file.readWhole(into: room, at: offset)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    bytes.removeLast(bytes.count - filled)
    return LittleEndianBytes(bytes: bytes)
  }

  private static let pieceByteCount: UInt64 = 1 << 16

  /// Whether a stretch has another byte than one.
  ///
  /// - Complexity: O(*n*) in the bytes up to the first other one.
  func holdsOther(
    than byte: UInt8, in stretch: Range<UInt64>
  ) throws(DecompressionError) -> Bool {
    var offset = stretch.lowerBound
    while offset < stretch.upperBound {
      let count = min(Self.pieceByteCount, stretch.upperBound - offset)
      let piece = try bytes(at: offset, count: Int(count))
      if piece.bytes.contains(where: { $0 != byte }) { return true }
      if piece.count == 0 { return false }
      offset += UInt64(piece.count)
    }
    return false
  }

  /// Where four bytes first stand in a stretch; `nil` where they do not.
  ///
  /// - Complexity: O(*n*) in the bytes of the stretch.
  func place(
    of signature: UInt32, in stretch: Range<UInt64>
  ) throws(DecompressionError) -> UInt64? {
    var offset = stretch.lowerBound
    while offset + 4 <= stretch.upperBound {
      let count = min(Self.pieceByteCount, stretch.upperBound - offset)
      let piece = try bytes(at: offset, count: Int(count))
      guard piece.count >= 4 else { return nil }
      let first = UInt8(truncatingIfNeeded: signature)
      for place in 0...(piece.count - 4)
      where piece.bytes[place] == first && piece.uint32(at: place) == signature {
        return offset + UInt64(place)
      }
      // The four may lie across two pieces.
      offset += UInt64(piece.count - 3)
    }
    return nil
  }
}

/// Bytes with integers in them, the lowest byte of each first.
struct LittleEndianBytes {
  let bytes: [UInt8]

  var count: Int { bytes.count }

  func uint16(at place: Int) -> UInt16 { integer(at: place) }
  func uint32(at place: Int) -> UInt32 { integer(at: place) }
  func uint64(at place: Int) -> UInt64 { integer(at: place) }

  private func integer<Integer: FixedWidthInteger>(at place: Int) -> Integer {
    var value: Integer = 0
    for index in (0..<Integer.bitWidth / 8).reversed() {
      value = value << 8 | Integer(truncatingIfNeeded: bytes[place + index])
    }
    return value
  }
}

/// The extra fields of an entry that give its sizes where 32 bits do not hold them.
struct Zip64ExtraField {
  private var values: ArraySlice<UInt64>

  /// Finds the field (0x0001) among the extra fields.
  init(in extraFields: ArraySlice<UInt8>) {
    let fields = LittleEndianBytes(bytes: Array(extraFields))
    var place = 0
    values = []
    while place + 4 <= fields.count {
      let size = Int(fields.uint16(at: place + 2))
      let end = min(place + 4 + size, fields.count)
      if fields.uint16(at: place) == 0x0001 {
        let starts = stride(from: place + 4, through: end - 8, by: 8)
        values = starts.map { fields.uint64(at: $0) }[...]
        return
      }
      place = end
    }
  }

  /// The next value if `short` says that it is here, else `short`; `nil` when it is missing.
  mutating func value(for short: UInt32) -> UInt64? {
    short == .max ? values.popFirst() : UInt64(short)
  }
}
