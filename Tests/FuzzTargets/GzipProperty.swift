import CZlib
import Decompression
import Glibc

/// A gzip file gives the same bytes and the same end in any portions, and those that zlib finds.
enum GzipProperty {
  private static let expandedByteBound = 1 << 16

  static func check(_ input: inout FuzzInput) throws {
    let choices = input.choice()
    let portion = input.choice()
    var file = input.rest()
    // A changed byte nearly always breaks the checksum; a true one lets the fuzzer get behind it.
    if choices & 1 == 1 { file = repaired(file) }
    guard file.starts(with: [0x1F, 0x8B]) else { return }
    let bound = choices & 2 == 2 ? portion * 7 : expandedByteBound
    let held = AnonymousFile.shared
    held.hold(file)
    var limits = InflateLimits(expandedBytes: bound)
    limits.readByteCount = 4_096

    let whole = try Inflated(held, limits: limits, portion: 1 << 12)
    limits.readByteCount = 16 + portion
    let portions = try Inflated(held, limits: limits, portion: 1 + portion)
    try FuzzFailure.unless(
      whole == portions,
      "\(whole.bytes.count) bytes, \(String(describing: whole.failure)); in portions "
        + "\(portions.bytes.count), \(String(describing: portions.failure))")
    try FuzzFailure.unless(whole.bytes.count <= bound, "\(whole.bytes.count) bytes, over the limit")

    let reference = ReferenceGunzip(file, byteBound: expandedByteBound + 1)
    if whole.failure == nil {
      try FuzzFailure.unless(reference.isSound, "read as sound, which zlib refuses")
    } else if whole.failure != .overLimit {
      try FuzzFailure.unless(
        !reference.isSound, "refused as \(String(describing: whole.failure)), sound to zlib")
    }
    guard InflateBackEnd.inUse == .zlib || whole.failure == nil else { return }
    try FuzzFailure.unless(
      reference.bytes.starts(with: whole.bytes),
      "\(whole.bytes.count) bytes that are not the first of zlib's \(reference.bytes.count)")
    if whole.failure != .overLimit {
      try FuzzFailure.unless(
        reference.bytes.count == whole.bytes.count,
        "\(whole.bytes.count) bytes, of zlib's \(reference.bytes.count)")
    }
  }

  /// The file as members with true trailers: each deflate stream found is followed by its own.
  private static func repaired(_ file: [UInt8]) -> [UInt8] {
    let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    let body = file.starts(with: [0x1F, 0x8B]) ? Array(file.dropFirst(10)) : file
    let reading = RawInflation(body, windowBits: -MAX_WBITS, byteBound: expandedByteBound)
    guard reading.isFinished else { return header + body }
    let trailer = littleEndian(crc32(of: reading.bytes)) + littleEndian(UInt32(reading.bytes.count))
    return header + body.prefix(reading.consumedByteCount) + trailer
      + body.dropFirst(reading.consumedByteCount)
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }
}

/// What came out of a compressed file, and how it ended.
struct Inflated: Equatable {
  var bytes: [UInt8] = []
  var failure: DecompressionError.Code?

  /// Reads a gzip or plain file.
  init(_ file: AnonymousFile, limits: InflateLimits, portion: Int) throws(FuzzFailure) {
    lseek(file.descriptor, 0, SEEK_SET)
    do throws(DecompressionError) {
      let stream = try unsafe ByteStream.open(
        descriptor: file.descriptor, name: "fuzzed", limits: limits)
      failure = try read(stream, portion: portion)
    } catch {
      failure = error.code
    }
  }

  /// Reads an entry of an archive.
  init(_ entry: ZipEntry, limits: InflateLimits, portion: Int) throws(FuzzFailure) {
    do throws(DecompressionError) {
      failure = try read(try ByteStream.open(entry: entry, limits: limits), portion: portion)
    } catch {
      failure = error.code
    }
  }

  /// Reads to the end or to the failure, which a later read must give again.
  private mutating func read(
    _ stream: ByteStream, portion: Int
  ) throws(DecompressionError) -> DecompressionError.Code? {
    var room = [UInt8](repeating: 0, count: portion)
    while true {
      switch Self.step(stream, &room) {
      case .success(0): return nil
      case .success(let count): bytes += room[..<count]
      case .failure(let failure):
        guard case .failure(let again) = Self.step(stream, &room), again == failure else {
          preconditionFailure("a failure must be thrown again by a later read")
        }
        return failure.code
      }
    }
  }

  private static func step(
    _ stream: ByteStream, _ room: inout [UInt8]
  ) -> Result<Int, DecompressionError> {
    unsafe room.withUnsafeMutableBytes { room in
      do throws(DecompressionError) {
        return .success(try unsafe stream.read(into: room))
      } catch {
        return .failure(error)
      }
    }
  }
}

/// The CRC-32 of gzip and zip.
func crc32(of bytes: [UInt8]) -> UInt32 {
  unsafe bytes.withUnsafeBufferPointer { bytes in
    UInt32(truncatingIfNeeded: unsafe crc32_z(0, bytes.baseAddress, bytes.count))
  }
}

/// zlib's reading of one stream, in one call.
struct RawInflation {
  var bytes: [UInt8] = []
  var consumedByteCount = 0
  var isFinished = false

  /// Inflates; what is in a gzip wrapper is checked by zlib itself.
  init(_ input: [UInt8], windowBits: Int32, byteBound: Int) {
    var input = input
    var stream = unsafe z_stream()
    precondition(unsafe postern_inflate_init(&stream, windowBits) == Z_OK, "zlib cannot start")
    var room = [UInt8](repeating: 0, count: min(byteBound, 1 << 12))
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      var result = Z_OK
      while result == Z_OK, bytes.count < byteBound {
        let count = unsafe room.withUnsafeMutableBufferPointer { room in
          unsafe stream.next_out = room.baseAddress
          unsafe stream.avail_out = UInt32(room.count)
          result = unsafe inflate(&stream, Z_NO_FLUSH)
          return unsafe room.count - Int(stream.avail_out)
        }
        bytes += room[..<count]
      }
      isFinished = result == Z_STREAM_END
      consumedByteCount = unsafe input.count - Int(stream.avail_in)
    }
    unsafe inflateEnd(&stream)
  }
}

/// A gzip file as zlib reads it: members one after the other, with zeros to the end as padding.
private struct ReferenceGunzip {
  var bytes: [UInt8] = []
  var isSound = false

  init(_ file: [UInt8], byteBound: Int) {
    var rest = file[...]
    while rest.starts(with: [0x1F, 0x8B]), bytes.count < byteBound {
      let member = RawInflation(
        Array(rest), windowBits: MAX_WBITS + 16, byteBound: byteBound - bytes.count)
      bytes += member.bytes
      guard member.isFinished else { return }
      rest = rest.dropFirst(member.consumedByteCount)
    }
    isSound = rest.allSatisfy { $0 == 0 }
  }
}
