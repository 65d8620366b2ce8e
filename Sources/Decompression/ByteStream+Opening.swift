import Glibc

extension ByteStream {
  /// Opens a plain or gzip file; which of them is told by its first bytes.
  ///
  /// A zip archive is refused with `unsupportedMethod`: its entries are opened one by one.
  ///
  /// - Parameters:
  ///   - path: A file, pipe or device.
  ///   - limits: How much it may inflate to.
  ///   - observer: Sees every stored byte once, in order.
  package static func open(
    path: String, limits: InflateLimits, observer: ((UnsafeRawBufferPointer) -> Void)? = nil
  ) throws(DecompressionError) -> ByteStream {
    let file = try OpenFile(path: path, place: FailurePlace(path: path))
    return try unsafe open(file: file, limits: limits, observer: observer)
  }

  /// Opens standard input, which is gzip or plain; a zip archive is refused with `zipOnPipe`.
  package static func standardInput(
    limits: InflateLimits, observer: ((UnsafeRawBufferPointer) -> Void)? = nil
  ) throws(DecompressionError) -> ByteStream {
    let place = FailurePlace(path: "standard input")
    let file = OpenFile(descriptor: STDIN_FILENO, place: place, closesAtEnd: false)
    return try unsafe open(file: file, limits: limits, observer: observer, isStandardInput: true)
  }

  /// Opens what a descriptor stands at; the descriptor remains the caller's to close.
  package static func open(
    descriptor: Int32, name: String, limits: InflateLimits,
    observer: ((UnsafeRawBufferPointer) -> Void)? = nil
  ) throws(DecompressionError) -> ByteStream {
    let place = FailurePlace(path: name)
    let file = OpenFile(descriptor: descriptor, place: place, closesAtEnd: false)
    return try unsafe open(file: file, limits: limits, observer: observer)
  }

  /// Opens an entry of a zip archive.
  ///
  /// An entry that is encrypted, compressed by other than deflate, or itself a zip archive or gzip
  /// file is refused here.
  package static func open(
    entry: ZipEntry, limits: InflateLimits
  ) throws(DecompressionError) -> ByteStream {
    let place = FailurePlace(path: entry.path, entry: entry.name)
    if entry.isEncrypted {
      throw place.failure(
        .encrypted, at: entry.localHeaderOffset, "is encrypted; extract it with its password")
    }
    guard entry.method == 0 || entry.method == 8 else {
      throw place.failure(
        .unsupportedMethod, at: entry.localHeaderOffset,
        "is compressed by method \(entry.method); pack it again with deflate")
    }
    if entry.method == 0, entry.end == .unknown {
      throw place.failure(
        .damagedArchive, at: entry.localHeaderOffset,
        "is stored with its size behind it, so that without the archive's directory its end cannot "
          + "be found; fetch it again")
    }
    let archive = try ZipArchiveFile(path: entry.path, entry: entry.name)
    let header = try ZipLocalHeader.read(from: archive, at: entry.localHeaderOffset)
    guard let header, header.name == entry.name else {
      throw place.failure(
        .corrupt, at: entry.localHeaderOffset, "is not where the archive's directory says")
    }
    // Where the two differ, other programs would read another file.
    guard header.agrees(with: entry) else {
      throw place.failure(
        .corrupt, at: entry.localHeaderOffset, "has a header that contradicts the directory")
    }
    try archive.file.seek(to: header.dataOffset)
    let stored = unsafe StoredBytes(
      file: archive.file, offset: header.dataOffset, byteCount: entry.compressedByteCount,
      readByteCount: limits.readByteCount)
    let stream = ByteStream(
      stored: stored, compression: .zip, phase: entry.method == 0 ? .storedEntry : .deflatedEntry,
      limits: limits, entry: entry)
    let inside = Compression.detect(firstBytes: stream.lookAhead(4))
    if inside != .plain {
      throw place.failure(
        .nestedArchive, at: header.dataOffset,
        "is itself a \(inside.rawValue) file; extract it and give it by itself")
    }
    return stream
  }

  private static func open(
    file: OpenFile, limits: InflateLimits, observer: ((UnsafeRawBufferPointer) -> Void)?,
    isStandardInput: Bool = false
  ) throws(DecompressionError) -> ByteStream {
    let stored = unsafe StoredBytes(
      file: file, readByteCount: limits.readByteCount, observer: observer)
    let compression = Compression.detect(firstBytes: try stored.peek(4))
    switch compression {
    case .plain:
      return ByteStream(stored: stored, compression: .plain, phase: .plain, limits: limits)
    case .gzip:
      return ByteStream(stored: stored, compression: .gzip, phase: .memberHeader, limits: limits)
    case .zstd:
      return ByteStream(stored: stored, compression: .zstd, phase: .zstdFrames, limits: limits)
    case .zip:
      if isStandardInput || file.regularByteCount == nil {
        throw file.place.failure(
          .zipOnPipe, at: 0, "is a zip archive, which cannot be read from a pipe; give its path")
      }
      throw file.place.failure(
        .unsupportedMethod, at: 0, "is a zip archive, whose entries are opened one by one")
    }
  }
}
