#if ZSTD
import CZstd

/// Inflates zstd frames (RFC 8878) with libzstd, one after the other.
@safe
final class ZstdInflater {
  private let stream: OpaquePointer

  /// Whether what was read ends where a frame does, and all of it was given.
  private(set) var isAtFrameEnd = true
  /// What libzstd says of data that it does not take; empty before.
  private(set) var complaint = ""

  init() {
    guard let stream = unsafe ZSTD_createDStream() else {
      preconditionFailure("zstd cannot start: out of memory")
    }
    unsafe self.stream = unsafe stream
    _ = unsafe ZSTD_initDStream(stream)
  }

  deinit {
    _ = unsafe ZSTD_freeDStream(stream)
  }

  /// Inflates as much as input and room allow.
  func inflate(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> InflateStep {
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    let result = unsafe ZSTD_decompressStream(stream, &target, &source)
    let isCorrupt = ZSTD_isError(result) != 0
    let (consumed, produced) = unsafe (source.pos, target.pos)
    if isCorrupt { complaint = unsafe String(cString: ZSTD_getErrorName(result)) }
    if consumed > 0 || produced > 0 { isAtFrameEnd = !isCorrupt && result == 0 }
    return InflateStep(
      consumedByteCount: consumed, producedByteCount: produced,
      outcome: isCorrupt ? .corrupt : .running)
  }
}
#endif
