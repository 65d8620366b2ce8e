import CZlib
import Glibc

/// A file that is written from front to end, compressed on the way.
@safe
final class ExportFile {
  /// Where the file lies.
  let path: String
  private let descriptor: Int32
  private let packing: Packing
  private let level: Int32
  private var stream = unsafe z_stream()
  private var isDeflating = false
  private var chunk: [UInt8] = []
  private var memberBytes = 0
  private var checksum: UInt = 0
  private var plainBytes: UInt64 = 0
  private var storedBytes: UInt64 = 0
  private let entry: ZipEntryName

  private static let chunkBytes = 1 << 18
  private static let bytesPerMember = 1 << 20

  /// Creates the file, or empties the one that is there.
  init(path: String, packing: Packing, level: Int) throws(SynthError) {
    self.path = path
    self.packing = packing
    self.level = Int32(level)
    entry = ZipEntryName(path: path)
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw SynthError.file(operation: "create", path: path, code: errno)
    }
    guard packing != .none else { return }
    chunk = Array(repeating: 0, count: Self.chunkBytes)
    if packing == .zip { try put(entry.localHeader(checksum: 0, stored: 0, plain: 0)) }
    try startStream()
  }

  /// Adds the bytes of a block.
  func write(_ block: ByteBlock) throws(SynthError) {
    try unsafe block.withBytes { (bytes) throws(SynthError) in
      try unsafe self.write(bytes)
    }
  }

  /// Adds bytes.
  func write(_ bytes: [UInt8]) throws(SynthError) {
    let block = ByteBlock(capacity: bytes.count + 1)
    block.append(contentsOf: bytes)
    try write(block)
  }

  /// Ends the file; `cut` bytes are then taken off its end.
  func close(cutting cut: Int = 0) throws(SynthError) {
    if packing != .none { try finishStream() }
    if packing == .zip { try finishArchive() }
    if cut > 0 {
      let size = lseek(descriptor, 0, SEEK_END)
      guard ftruncate(descriptor, max(0, size - cut)) == 0 else {
        throw SynthError.file(operation: "cut", path: path, code: errno)
      }
    }
    guard Glibc.close(descriptor) == 0 else {
      throw SynthError.file(operation: "close", path: path, code: errno)
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(SynthError) {
    guard bytes.count > 0 else { return }
    guard packing != .none else { return try unsafe put(bytes) }
    if packing == .gzipMembers && memberBytes >= Self.bytesPerMember {
      try finishStream()
      try startStream()
    }
    memberBytes += bytes.count
    plainBytes += UInt64(bytes.count)
    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    if packing == .zip { unsafe checksum = crc32(checksum, start, UInt32(bytes.count)) }
    unsafe stream.next_in = UnsafeMutablePointer(mutating: start)
    unsafe stream.avail_in = UInt32(bytes.count)
    while unsafe stream.avail_in > 0 { try deflateOnce(Z_NO_FLUSH) }
  }

  private func startStream() throws(SynthError) {
    let windowBits: Int32 = packing == .zip ? -15 : 31
    unsafe stream = z_stream()
    let code = unsafe postern_deflate_init(&stream, level, windowBits)
    guard code == Z_OK else { throw SynthError.compression(path: path, code: code) }
    isDeflating = true
    memberBytes = 0
  }

  private func finishStream() throws(SynthError) {
    guard isDeflating else { return }
    unsafe stream.avail_in = 0
    while try deflateOnce(Z_FINISH) != Z_STREAM_END {}
    unsafe deflateEnd(&stream)
    isDeflating = false
  }

  @discardableResult
  private func deflateOnce(_ flush: Int32) throws(SynthError) -> Int32 {
    var code: Int32 = Z_OK
    var made = 0
    unsafe chunk.withUnsafeMutableBufferPointer { output in
      unsafe stream.next_out = output.baseAddress
      unsafe stream.avail_out = UInt32(output.count)
      code = unsafe deflate(&stream, flush)
      made = unsafe output.count - Int(stream.avail_out)
    }
    guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
      throw SynthError.compression(path: path, code: code)
    }
    try put(chunk[..<made])
    return code
  }

  private func finishArchive() throws(SynthError) {
    let sum = UInt32(truncatingIfNeeded: checksum)
    let stored = storedBytes - UInt64(entry.localHeaderBytes)
    let directoryStart = storedBytes
    try put(entry.directory(checksum: sum, stored: stored, plain: plainBytes, at: directoryStart))
    // Sizes are known only now.
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw SynthError.file(operation: "seek in", path: path, code: errno)
    }
    try put(entry.localHeader(checksum: sum, stored: stored, plain: plainBytes))
  }

  private func put(_ bytes: some Collection<UInt8>) throws(SynthError) {
    let contiguous = ContiguousArray(bytes)
    var failure: SynthError?
    unsafe contiguous.withUnsafeBytes { buffer in
      do throws(SynthError) { try unsafe put(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws(SynthError) {
    var done = 0
    while done < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      let written = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw SynthError.file(operation: "write", path: path, code: errno) }
      done += written
    }
    storedBytes += UInt64(bytes.count)
  }
}
