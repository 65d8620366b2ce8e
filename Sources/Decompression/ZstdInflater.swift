#if ZSTD
import CZstd

/// Inflates zstd frames (RFC 8878) with libzstd, one after the other.
@safe
final class ZstdInflater {
  private let stream: OpaquePointer

  /// Whether what was read ends where a frame does, and all of it was given.
  private(set) var isAtFrameEnd = true

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
    if source.pos > 0 || target.pos > 0 { isAtFrameEnd = !isCorrupt && result == 0 }
    return InflateStep(
      consumedByteCount: source.pos, producedByteCount: target.pos,
      outcome: isCorrupt ? .corrupt : .running)
  }
}
#endif
