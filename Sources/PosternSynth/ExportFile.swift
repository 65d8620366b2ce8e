import CZlib
import Glibc

/// How fields and lines of an export are written.
struct ExportDialect {
  var delimiter = UInt8(ascii: ",")
  var lineEnd: [UInt8] = [0x0A]
  var quotesAlways = true
  var hasByteOrderMark = false
}

/// How an export is stored.
enum ExportCompression: String, CaseIterable {
  case none
  case gzip
  /// Several gzip members one after the other, as joined downloads have them.
  case gzipMembers = "gzip-members"
  case zip
}

/// Why an export could not be written.
struct ExportError: Error, CustomStringConvertible {
  let description: String
}

/// A file that is written record by record, compressed on the way.
@safe
final class ExportFile {
  private let dialect: ExportDialect
  private let compression: ExportCompression
  private let descriptor: Int32
  private let path: String
  private let entryName: String
  private var plain: [UInt8] = []
  private var record: [UInt8] = []
  private var isFirstField = true
  private var stream = unsafe z_stream()
  private var isStreamOpen = false
  private var memberBytes = 0
  private var zipData: [UInt8] = []
  private var zipPlainCount = 0
  private var zipChecksum: UInt = 0
  private var failure: ExportError?

  init(path: String, dialect: ExportDialect, compression: ExportCompression) throws {
    let suffix = compression == .none ? "" : compression == .zip ? ".zip" : ".gz"
    self.path = path + suffix
    self.dialect = dialect
    self.compression = compression
    entryName = String(path.split(separator: "/").last ?? "export.csv")
    descriptor = unsafe open(self.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw ExportError(description: "\(self.path): \(unsafe String(cString: strerror(errno)))")
    }
    if compression != .none { openStream() }
    if dialect.hasByteOrderMark { plain += [0xEF, 0xBB, 0xBF] }
  }

  // MARK: Records

  func field(_ text: String) {
    var text = text
    text.withUTF8 { bytes in unsafe field(UnsafeRawBufferPointer(bytes)) }
  }

  func field(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe field($0) } }

  private func field(_ bytes: UnsafeRawBufferPointer) {
    if !isFirstField { record.append(dialect.delimiter) }
    isFirstField = false
    var hasQuote = false
    var needsQuotes = dialect.quotesAlways
    for index in bytes.indices {
      let byte = unsafe bytes[index]
      if byte == 0x22 { hasQuote = true }
      if byte == dialect.delimiter || byte == 0x0A || byte == 0x0D { needsQuotes = true }
    }
    guard needsQuotes || hasQuote else {
      unsafe record.append(contentsOf: bytes)
      return
    }
    record.append(0x22)
    if hasQuote {
      for index in bytes.indices {
        let byte = unsafe bytes[index]
        record.append(byte)
        if byte == 0x22 { record.append(0x22) }
      }
    } else {
      unsafe record.append(contentsOf: bytes)
    }
    record.append(0x22)
  }

  /// How many of the last records to keep for ``lastRecords``.
  var keptRecordCount = 0
  /// The last records, for copies in another file.
  private(set) var lastRecords: [[UInt8]] = []

  /// Ends the record.
  func endRecord() {
    record += dialect.lineEnd
    plain += record
    if keptRecordCount > 0 {
      lastRecords.append(record)
      if lastRecords.count > 2 * keptRecordCount {
        lastRecords.removeFirst(lastRecords.count - keptRecordCount)
      }
    }
    record.removeAll(keepingCapacity: true)
    isFirstField = true
    if plain.count >= 1 << 18 { drain() }
  }

  func records(_ rows: [[String]]) {
    for row in rows {
      for value in row { field(value) }
      endRecord()
    }
  }

  /// Adds bytes as they are: copies of records, and faults.
  func raw(_ bytes: [UInt8]) {
    plain += bytes
    if plain.count >= 1 << 18 { drain() }
  }

  // MARK: Storing

  private func openStream() {
    unsafe stream = z_stream()
    let bits: Int32 = compression == .zip ? -15 : 31
    _ = unsafe postern_deflate_init(&stream, 5, bits)
    isStreamOpen = true
  }

  private func drain() {
    guard compression != .none else {
      write(plain)
      plain.removeAll(keepingCapacity: true)
      return
    }
    if compression == .zip {
      zipPlainCount += plain.count
      zipChecksum = unsafe plain.withUnsafeBufferPointer {
        unsafe crc32(zipChecksum, $0.baseAddress, UInt32($0.count))
      }
    }
    deflate(finish: false)
    memberBytes += plain.count
    plain.removeAll(keepingCapacity: true)
    if compression == .gzipMembers, memberBytes > 1 << 19 {
      deflate(finish: true)
      unsafe deflateEnd(&stream)
      memberBytes = 0
      openStream()
    }
  }

  private func deflate(finish: Bool) {
    var output = [UInt8](repeating: 0, count: 1 << 17)
    let plainCount = finish ? 0 : plain.count
    unsafe plain.withUnsafeMutableBufferPointer { input in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(plainCount)
      var produced = 0
      repeat {
        produced = unsafe output.withUnsafeMutableBufferPointer { buffer in
          unsafe stream.next_out = buffer.baseAddress
          unsafe stream.avail_out = UInt32(buffer.count)
          _ = unsafe CZlib.deflate(&stream, finish ? Z_FINISH : Z_NO_FLUSH)
          return unsafe buffer.count - Int(stream.avail_out)
        }
        let piece = Array(output[..<produced])
        if compression == .zip { zipData += piece } else { write(piece) }
      } while produced == output.count
    }
  }

  private func write(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count, failure == nil {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + start, $0.count - start)
      }
      if count < 0 {
        failure = ExportError(description: "\(path): \(unsafe String(cString: strerror(errno)))")
      }
      start += max(count, 0)
    }
  }

  /// Completes the file.
  ///
  /// - Parameter cutBytes: How many bytes to cut off at the end, for a truncated file.
  func finish(cutBytes: Int = 0) throws {
    drain()
    if isStreamOpen {
      deflate(finish: true)
      unsafe deflateEnd(&stream)
    }
    if compression == .zip { write(zipArchive()) }
    if cutBytes > 0 {
      let size = lseek(descriptor, 0, SEEK_END)
      ftruncate(descriptor, max(0, size - off_t(cutBytes)))
    }
    close(descriptor)
    if let failure { throw failure }
  }

  /// An archive of one deflated entry (APPNOTE 4.3.7, 4.3.12, 4.3.16).
  private func zipArchive() -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let name = Array(entryName.utf8)
    let common =
      little(20, 2) + little(0x800, 2) + little(8, 2) + little(0, 2) + little(0x5821, 2)
      + little(Int(zipChecksum), 4) + little(zipData.count, 4) + little(zipPlainCount, 4)
      + little(name.count, 2) + little(0, 2)
    let local = [0x50, 0x4B, 3, 4] + common + name
    let central =
      [0x50, 0x4B, 1, 2] + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2)
      + little(0, 4) + little(0, 4) + name
    let end =
      [0x50, 0x4B, 5, 6] + little(0, 4) + little(1, 2) + little(1, 2) + little(central.count, 4)
      + little(local.count + zipData.count, 4) + little(0, 2)
    return local + zipData + central + end
  }
}
