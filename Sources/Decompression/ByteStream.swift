import Platform

/// The bytes of one file or zip entry, inflated as they are read.
///
/// What can be inflated is delivered before a failure is thrown; a failure, once thrown, is thrown
/// again by every later read. A stream belongs to one thread at a time.
@safe
package final class ByteStream {
  /// What comes next in the stored bytes.
  enum Phase {
    case plain
    /// A gzip header, whose first two bytes have been seen.
    case memberHeader
    case member
    case memberTrailer
    case betweenMembers
    /// An entry's data as it is.
    case storedEntry
    case deflatedEntry
    case entryEnd
    case zstdFrames
    case ended
  }

  /// How the bytes are stored; ``Compression/zip`` for an entry.
  package let compression: Compression
  /// How many gzip members were read whole and found sound.
  package private(set) var memberCount = 0

  private let stored: StoredBytes
  private let limits: InflateLimits
  /// The entry that is read; `nil` for a file.
  private let entry: ZipEntry?
  private let startOffset: UInt64
  private let inflater = Inflater()
  #if ZSTD
  private var zstdInflater: ZstdInflater?
  #endif

  private var phase: Phase
  private var failure: DecompressionError?
  private var producedByteCount: UInt64 = 0
  /// The CRC-32 and size of the member or entry so far.
  private(set) var checksum: UInt32 = 0
  private var checkedByteCount: UInt64 = 0
  /// Makes UTF-8 of what is read; `nil` reads the bytes as they are.
  package var decoder: UTF16Decoder?
  /// Bytes left of an entry of a tar archive, and its name.
  private var narrowed: (left: UInt64, place: FailurePlace)?
  /// Decoded text that did not fit.
  private var decodedAhead: ArraySlice<UInt8> = []
  /// Bytes inflated ahead, to be delivered first.
  private var inflatedAhead: ArraySlice<UInt8> = []

  init(
    stored: StoredBytes, compression: Compression, phase: Phase, limits: InflateLimits,
    entry: ZipEntry? = nil
  ) {
    self.stored = stored
    self.compression = compression
    self.phase = phase
    self.limits = limits
    self.entry = entry
    startOffset = stored.offset
  }

  /// How many bytes of the file, as stored, have been used; of the archive, for a zip entry.
  package var compressedOffset: UInt64 { stored.offset }

  /// Whether the file could not be read to its end, so that the observer has not seen all of it.
  package var hasReadError: Bool { stored.hasReadError }

  /// How many bytes were delivered.
  package var inflatedByteCount: UInt64 { producedByteCount - UInt64(inflatedAhead.count) }

  /// Reads the next bytes, as many as there are or fit.
  ///
  /// - Returns: How many; 0 at the end.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(DecompressionError) -> Int {
    guard let decoder else { return try unsafe readBytes(into: buffer) }
    while decodedAhead.isEmpty {
      let bytes = try read(count: Self.decodedByteCount)
      if bytes.isEmpty { return 0 }
      decodedAhead = decoder.decode(bytes)[...]
    }
    let count = min(decodedAhead.count, buffer.count)
    unsafe buffer.copyBytes(from: decodedAhead.prefix(count))
    decodedAhead = decodedAhead.dropFirst(count)
    return count
  }

  private static let decodedByteCount = 1 << 16

  /// Reads the next bytes as they are stored, as many as there are or are asked for.
  ///
  /// - Returns: The bytes; none at the end.
  package func read(count: Int) throws(DecompressionError) -> [UInt8] {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 1)
    defer { unsafe room.deallocate() }
    let filled = try unsafe readBytes(into: room)
    return unsafe [UInt8](room.prefix(filled))
  }

  /// Ends the stream after so many more bytes; one that ends before is cut.
  func narrow(to byteCount: UInt64, _ place: FailurePlace) {
    narrowed = (byteCount, place)
  }

  private func readBytes(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(DecompressionError) -> Int {
    guard let (left, place) = narrowed else { return try unsafe readAll(into: buffer) }
    if left == 0 { return 0 }
    let room = unsafe UnsafeMutableRawBufferPointer(
      rebasing: buffer.prefix(Int(min(left, UInt64(buffer.count)))))
    let count = try unsafe readAll(into: room)
    if count == 0, room.count > 0 {
      throw place.failure(
        .truncated, at: stored.offset, "ends before the archive says; fetch it again")
    }
    narrowed = (left - UInt64(count), place)
    return count
  }

  private func readAll(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(DecompressionError) -> Int {
    var count = min(inflatedAhead.count, buffer.count)
    for index in 0..<count { unsafe buffer[index] = inflatedAhead.removeFirst() }
    do throws(DecompressionError) {
      while count < buffer.count && phase != .ended && failure == nil {
        count += try unsafe advance(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
      }
    } catch {
      failure = error
    }
    if count == 0 && buffer.count > 0, let failure { throw failure }
    return count
  }

  /// Reads the stored bytes to the end, so that the observer has seen the whole file.
  ///
  /// Of no use for a zip entry, which has no observer.
  package func drain() throws(DecompressionError) {
    while try stored.refill() { unsafe stored.consume(stored.available.count) }
    phase = .ended
  }

  /// Inflates the first bytes ahead, for a look at them; a failure is kept for the first read.
  func lookAhead(_ count: Int) -> [UInt8] {
    var first = [UInt8](repeating: 0, count: count)
    let filled = unsafe first.withUnsafeMutableBytes { unsafe (try? read(into: $0)) ?? 0 }
    inflatedAhead = first[..<filled]
    if let (left, place) = narrowed { narrowed = (left + UInt64(filled), place) }
    return Array(inflatedAhead)
  }

  // MARK: Phases

  private func advance(
    into room: UnsafeMutableRawBufferPointer
  ) throws(DecompressionError) -> Int {
    switch phase {
    case .plain:
      let count = try unsafe stored.read(into: room)
      if count == 0 { phase = .ended }
      producedByteCount += UInt64(count)
      return count
    case .memberHeader:
      try GzipHeaderReader.skip(stored)
      inflater.reset()
      checksum = 0
      checkedByteCount = 0
      phase = .member
    case .member, .deflatedEntry: return try unsafe inflate(into: room)
    case .storedEntry: return try unsafe copy(into: room)
    case .memberTrailer:
      try checkMemberTrailer()
      memberCount += 1
      phase = .betweenMembers
    case .betweenMembers: phase = try findMember() ? .memberHeader : .ended
    case .entryEnd:
      try checkEntryEnd()
      phase = .ended
    case .zstdFrames:
      #if ZSTD
      return try unsafe inflateZstd(into: room)
      #else
      phase = .ended
      #endif
    case .ended: break
    }
    return 0
  }

  private func inflate(
    into room: UnsafeMutableRawBufferPointer
  ) throws(DecompressionError) -> Int {
    let hasInput = try stored.refill()
    let result = try unsafe withinLimit(room) { room throws(DecompressionError) in
      let step = unsafe inflater.inflate(stored.available, into: room)
      stored.consume(step.consumedByteCount)
      switch step.outcome {
      case .finished:
        stored.putBack(inflater.surplus)
        phase = phase == .member ? .memberTrailer : .entryEnd
      case .corrupt:
        failure = place.failure(
          .corrupt, at: stored.offset, "has compressed data that is damaged; fetch it again")
      case .running:
        if step.producedByteCount == 0 && (!hasInput || step.consumedByteCount == 0) {
          throw cutFailure
        }
      }
      return step.producedByteCount
    }
    return result
  }

  #if ZSTD
  private func inflateZstd(
    into room: UnsafeMutableRawBufferPointer
  ) throws(DecompressionError) -> Int {
    let hasInput = try stored.refill()
    let zstd = zstdInflater ?? ZstdInflater()
    zstdInflater = zstd
    if !hasInput, zstd.isAtFrameEnd {
      phase = .ended
      return 0
    }
    return try unsafe withinLimit(room) { room throws(DecompressionError) in
      let step = unsafe zstd.inflate(stored.available, into: room)
      stored.consume(step.consumedByteCount)
      if step.outcome == .corrupt {
        // Damage, or a window that needs more memory than zstd gives: its own words tell.
        failure = place.failure(
          .corrupt, at: stored.offset,
          "has zstd data that cannot be inflated (\(zstd.complaint)); fetch it again, or decompress "
            + "it first")
      } else if step.producedByteCount == 0, step.consumedByteCount == 0 {
        throw cutFailure
      }
      return step.producedByteCount
    }
  }
  #endif

  private func copy(into room: UnsafeMutableRawBufferPointer) throws(DecompressionError) -> Int {
    try unsafe withinLimit(room) { room throws(DecompressionError) in
      let count = try unsafe stored.read(into: room)
      if count == 0 {
        if stored.isCut { throw cutFailure }
        phase = .entryEnd
      }
      return count
    }
  }

  /// Lets `produce` write into the part of the room that the limits leave, and counts what it wrote.
  private func withinLimit(
    _ room: UnsafeMutableRawBufferPointer,
    _ produce: (UnsafeMutableRawBufferPointer) throws(DecompressionError) -> Int
  ) throws(DecompressionError) -> Int {
    let left = UInt64(limits.expandedBytes) - producedByteCount
    if left == 0 {
      // The limit may be just the size: one byte more tells.
      let count = try unsafe produce(UnsafeMutableRawBufferPointer(rebasing: room.prefix(1)))
      if count == 0 { return 0 }
      throw place.failure(
        .overLimit, at: stored.offset,
        "inflates to more than \(limits.expandedBytes.counted("byte")); limits.expanded_bytes of the "
          + "configuration allows more")
    }
    let allowed = unsafe UnsafeMutableRawBufferPointer(
      rebasing: room.prefix(Int(min(left, UInt64(room.count)))))
    let count = try unsafe produce(allowed)
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: allowed.prefix(count))
    checksum = unsafe Inflater.checksum(checksum, bytes)
    checkedByteCount += UInt64(count)
    producedByteCount += UInt64(count)
    checkRatio()
    return count
  }

  /// Keeps a failure for the next read, so that what was written by now is delivered.
  private func checkRatio() {
    if producedByteCount <= InflateLimits.ratioFreeByteCount { return }
    let storedByteCount = max(1, stored.offset - startOffset)
    if producedByteCount / UInt64(limits.expansionRatio) < storedByteCount { return }
    failure = place.failure(
      .overLimit, at: stored.offset,
      "inflates to more than \(limits.expansionRatio.counted("time")) its stored size, as a decompression bomb "
        + "does; limits.expansion_ratio of the configuration allows more")
  }

  // MARK: Ends

  private func checkMemberTrailer() throws(DecompressionError) {
    let expectedChecksum = try littleEndianInteger()
    let expectedByteCount = try littleEndianInteger()
    guard checksum == expectedChecksum else {
      throw place.failure(
        .checksumMismatch, at: stored.offset, "fails its CRC-32 checksum; fetch it again")
    }
    guard UInt32(truncatingIfNeeded: checkedByteCount) == expectedByteCount else {
      throw place.failure(
        .checksumMismatch, at: stored.offset, "decompressed size does not match the trailer")
    }
  }

  private func littleEndianInteger() throws(DecompressionError) -> UInt32 {
    var value: UInt32 = 0
    for shift in stride(from: 0, to: 32, by: 8) {
      guard let byte = try stored.nextByte() else { throw cutFailure }
      value |= UInt32(byte) << UInt32(shift)
    }
    return value
  }

  /// Looks for another member; zeros to the end are padding, as of tapes and blocks.
  private func findMember() throws(DecompressionError) -> Bool {
    let offset = stored.offset
    let first = try stored.peek(2)
    if first == [0x1F, 0x8B] { return true }
    if first == [0x1F] { throw cutFailure }
    if first.first == 0x1F {
      throw place.failure(.trailingGarbage, at: offset, "has other bytes after its gzip data")
    }
    while let byte = try stored.nextByte() {
      if byte != 0 {
        throw place.failure(
          .trailingGarbage, at: stored.offset - 1, "has other bytes after its gzip data")
      }
    }
    return false
  }

  private func checkEntryEnd() throws(DecompressionError) {
    guard let entry else { return }
    guard entry.end != .withoutChecksum else {
      throw place.failure(
        .truncated, at: stored.offset, "ends before the checksum of its data; fetch it again")
    }
    guard checksum == entry.crc32 else {
      throw place.failure(
        .checksumMismatch, at: stored.offset, "fails its CRC-32 checksum; fetch it again")
    }
    guard checkedByteCount == entry.byteCount else {
      throw place.failure(
        .checksumMismatch, at: stored.offset,
        "inflates to \(checkedByteCount) \(checkedByteCount.named("byte")), not to the "
          + "\(entry.byteCount) it states")
    }
    if try stored.refill() {
      throw place.failure(.trailingGarbage, at: stored.offset, "has other bytes after its data")
    }
  }

  private var place: FailurePlace { stored.file.place }

  private var cutFailure: DecompressionError {
    place.failure(
      .truncated, at: stored.offset, "ends before its compressed data does; fetch it again")
  }
}
