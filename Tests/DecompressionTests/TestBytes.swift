import Decompression
import Glibc
import TestSupport

/// A text that compresses, but not to nothing.
func sampleText(byteCount: Int, seed: UInt64) -> [UInt8] {
  var generator = SeededGenerator(seed: seed)
  var bytes: [UInt8] = []
  while bytes.count < byteCount {
    bytes += "\"2026-01-\(Int.random(in: 10...31, using: &generator))\",\"".utf8
    bytes += "user\(Int.random(in: 0...9999, using: &generator))@example.com\"\n".utf8
  }
  return Array(bytes.prefix(byteCount))
}

/// A gzip member; `flags` adds the fields that RFC 1952 has.
func gzipMember(
  _ bytes: [UInt8], flags: UInt8 = 0, level: Int32 = 6, crc: UInt32? = nil, size: UInt32? = nil
) -> [UInt8] {
  var member: [UInt8] = [0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 0, 3]
  if flags & 4 != 0 { member += Archives.little(UInt16(300)) + [UInt8](repeating: 7, count: 300) }
  if flags & 8 != 0 { member += Array("logins.csv".utf8) + [0] }
  if flags & 16 != 0 { member += Array("a comment".utf8) + [0] }
  if flags & 2 != 0 { member += Archives.little(UInt16(truncatingIfNeeded: Archives.crc(member))) }
  member += Archives.deflated(bytes, level: level)
  return member + Archives.little(crc ?? Archives.crc(bytes))
    + Archives.little(size ?? UInt32(bytes.count))
}

/// A file that goes when the value does.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8]) {
    var template = Array("/tmp/postern-test-XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer {
      unsafe $0.baseAddress.map { unsafe mkstemp($0) } ?? -1
    }
    precondition(descriptor >= 0)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    unsafe bytes.withUnsafeBytes { bytes in
      precondition(unsafe write(descriptor, bytes.baseAddress, bytes.count) == bytes.count)
    }
    close(descriptor)
  }

  deinit { _ = unsafe unlink(path) }
}

/// What a stream gave, and how it ended.
struct Reading {
  var bytes: [UInt8] = []
  var failure: DecompressionError?
  var observed: [UInt8] = []
  var memberCount = 0

  /// Reads a stream to its end or failure, with buffers of random sizes when there is a seed.
  mutating func read(_ stream: ByteStream, seed: UInt64? = nil) {
    var generator = SeededGenerator(seed: seed ?? 0)
    var room = [UInt8](repeating: 0, count: 1 << 20)
    do throws(DecompressionError) {
      while true {
        let small = Bool.random(using: &generator) ? 17 : 9000
        let size = seed == nil ? room.count : Int.random(in: 1...small, using: &generator)
        let count = try Self.read(stream, into: &room, count: size)
        if count == 0 { break }
        bytes += room.prefix(count)
      }
    } catch {
      failure = error
      // A failure stays.
      var again: DecompressionError?
      do throws(DecompressionError) {
        _ = try Self.read(stream, into: &room, count: 1)
      } catch { again = error }
      precondition(again == error, "a later read must throw the same")
    }
    precondition(stream.inflatedByteCount == UInt64(bytes.count), "the bytes must be counted")
    memberCount = stream.memberCount
  }

  private static func read(
    _ stream: ByteStream, into room: inout [UInt8], count: Int
  ) throws(DecompressionError) -> Int {
    var failure: DecompressionError?
    let filled = unsafe room.withUnsafeMutableBytes { room in
      do throws(DecompressionError) {
        return try unsafe stream.read(into: .init(rebasing: room.prefix(count)))
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return filled
  }
}

/// Collects what an observer sees.
final class ObservedBytes {
  var bytes: [UInt8] = []
}

/// Reads a file to its end, and drains it.
func reading(
  _ fileBytes: [UInt8], limits: InflateLimits = InflateLimits(), seed: UInt64? = nil
) -> Reading {
  let file = TemporaryFile(fileBytes)
  let observed = ObservedBytes()
  var reading = Reading()
  do throws(DecompressionError) {
    let stream = try unsafe ByteStream.open(path: file.path, limits: limits) {
      unsafe observed.bytes += $0
    }
    reading.read(stream, seed: seed)
    try stream.drain()
  } catch {
    reading.failure = error
  }
  reading.observed = observed.bytes
  return reading
}
