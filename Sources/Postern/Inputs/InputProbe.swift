import Decompression
import Delimited
import SalesforceExports

/// The beginning of a file, and what it says about the rest.
struct ProbedInput: @unchecked Sendable {
  // Unchecked: `stream` and `digest` are set for inputs that come once, which one worker at a time
  // reads after the probe.

  /// The file.
  let candidate: InputCandidate
  /// What it holds.
  fileprivate(set) var kind: FileKind
  /// `EVENT_TYPE` of its first row; empty for other files.
  fileprivate(set) var eventType = ""
  /// Columns of its header.
  let header: ColumnNames
  /// Bytes of the header row.
  let headerBytes: [UInt8]
  /// How its fields are kept apart.
  let dialect: Dialect
  /// How it is compressed.
  let compression: Compression
  /// The open stream and the bytes read from it, of an input that cannot be opened again.
  let stream: ByteStream?
  let prefix: [UInt8]
  /// Has seen the stored bytes of the open stream.
  let digest: Digest?
  /// Size and time of change when it was probed.
  let stamp: FileStamp?
}

/// Why a file is not used.
enum ProbeFailure: Error {
  /// It cannot be read, or not as an export; the run is incomplete.
  case problem(String)
  /// It is something else, which a folder may hold.
  case ignored(String)
  /// It is a ledger.
  case ledger(LedgerInput)

  fileprivate var isLedger: Bool {
    if case .ledger = self { true } else { false }
  }
}

/// Reads the beginning of files.
struct InputProbe {
  /// Bytes within which a header must end.
  private static let byteCount = 1 << 20

  let limits: InflateLimits
  let recordLimits: RecordLimits

  /// Finds out what a file holds.
  ///
  /// - Throws: ``ProbeFailure``.
  func probe(_ candidate: InputCandidate) throws(ProbeFailure) -> ProbedInput {
    let isStream = candidate.path == "-"
    let stamp = isStream ? nil : FileStamp(path: candidate.path)
    let stream: ByteStream
    let digest = Digest()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.byteCount, alignment: 16)
    defer { unsafe buffer.deallocate() }
    var count = 0
    var failure: DecompressionError?
    do throws(DecompressionError) {
      stream = try open(candidate, digest)
      while count < Self.byteCount {
        // What came before a failure is enough for a header; the failure shows again later.
        let step: Int
        do throws(DecompressionError) {
          step = try unsafe stream.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
        } catch {
          if count == 0 { throw error }
          failure = error
          break
        }
        if step == 0 { break }
        count += step
      }
    } catch {
      throw .problem(error.placedDetail)
    }
    let bytes = unsafe [UInt8](buffer[..<count])
    do throws(ProbeFailure) {
      return try recognize(
        candidate, bytes, stream: stream, digest,
        keepsStream: isStream || stamp?.isRegular == false, stamp)
    } catch {
      // What tells no kind because no more of it could be read is no other file.
      guard let failure, !error.isLedger else { throw error }
      throw .problem(failure.placedDetail)
    }
  }

  private func open(
    _ candidate: InputCandidate, _ digest: Digest
  ) throws(DecompressionError) -> ByteStream {
    if candidate.path == "-" {
      return unsafe try ByteStream.standardInput(limits: limits) { unsafe digest.add($0) }
    }
    if let entry = candidate.entry { return try ByteStream.open(entry: entry, limits: limits) }
    return unsafe try ByteStream.open(path: candidate.path, limits: limits) {
      unsafe digest.add($0)
    }
  }

  private func recognize(
    _ candidate: InputCandidate, _ bytes: [UInt8], stream: ByteStream, _ digest: Digest,
    keepsStream: Bool, _ stamp: FileStamp?
  ) throws(ProbeFailure) -> ProbedInput {
    func refused(_ reason: String) -> ProbeFailure {
      candidate.isExplicit ? .problem(reason) : .ignored(reason)
    }
    if bytes.isEmpty { throw refused("the file is empty") }
    if bytes.starts(with: LedgerInput.mark) {
      throw .ledger(
        LedgerInput(
          candidate: candidate, stream: keepsStream ? stream : nil,
          prefix: keepsStream ? bytes : [], digest: keepsStream ? digest : nil))
    }
    if bytes.starts(with: Array("{\"schema\":\"postern.".utf8)) {
      throw refused("results of Postern")
    }
    // What cannot be looked into could be an export, so it is a problem in a folder too.
    if let format = ForeignCompression.name(firstBytes: bytes) {
      throw .problem("is compressed by \(format), which is not read; decompress it first")
    }
    if stream.compression == .gzip, Compression.detect(firstBytes: bytes) != .plain {
      throw .problem("is gzip data that holds another archive; decompress it first")
    }
    guard let dialect = Dialect.detect(header: bytes).dialect else {
      let reason = "UTF-16; convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8"
      throw resemblesExport(utf16: bytes) ? .problem(reason) : refused(reason)
    }
    let (names, headerBytes, firstRow): ([String], [UInt8], [String])
    switch firstRecord(bytes, dialect) {
    case .success(let record): (names, headerBytes, firstRow) = record
    case .failure(let defect):
      throw defect == .tooManyColumns
        ? .problem(
          "the header has more than \(recordLimits.columns) columns; limits.columns of the "
            + "configuration allows more")
        : refused("no header row within the first MiB")
    }
    let header = ColumnNames(names)
    guard let kind = FileKind.recognize(header) else {
      if let line = lateHeaderLine(bytes) {
        throw .problem("the header row is line \(line); delete the lines before it")
      }
      let reason = Self.unrecognized(header)
      throw candidate.isExplicit || Self.resemblesExport(header)
        ? .problem(reason) : .ignored(reason)
    }
    var input = ProbedInput(
      candidate: candidate, kind: kind, header: header, headerBytes: headerBytes,
      dialect: dialect, compression: stream.compression, stream: keepsStream ? stream : nil,
      prefix: keepsStream ? bytes : [], digest: keepsStream ? digest : nil, stamp: stamp)
    // Event logs of different events share columns; the first row says which event it is.
    if let column = header.position("eventtype"), column < firstRow.count {
      input.eventType = firstRow[column].trimmed
      input.kind = kind.corrected(byEventType: input.eventType)
    }
    return input
  }

  /// No header could be read.
  private enum HeaderDefect: Error {
    case none
    case tooManyColumns
  }

  /// The header with its bytes, and the fields of the row behind it; none where there is no such row.
  private func firstRecord(
    _ bytes: [UInt8], _ dialect: Dialect
  ) -> Result<(header: [String], bytes: [UInt8], row: [String]), HeaderDefect> {
    var reader = RecordReader(dialect: dialect, limits: recordLimits)
    var position = 0
    let block = unsafe reader.next { buffer in
      let count = min(buffer.count, bytes.count - position)
      unsafe buffer.copyBytes(from: bytes[position..<(position + count)])
      position += count
      return count
    }
    guard let block, block.recordCount > 0 else { return .failure(.none) }
    let record = block[0]
    guard record.defect == .none, record.fieldCount > 0 else {
      return .failure(record.defect == .tooManyColumns ? .tooManyColumns : .none)
    }
    // A header that the probe cut in the middle is none.
    if block.recordCount == 1, record.rawBytes.count >= Self.byteCount - 3 {
      return .failure(.none)
    }
    func fields(_ record: Record) -> [String] {
      record.defect == .none ? (0..<record.fieldCount).map { record[$0].string } : []
    }
    return .success(
      (fields(record), [UInt8](record.rawBytes), block.recordCount > 1 ? fields(block[1]) : []))
  }

  private static func unrecognized(_ header: ColumnNames) -> String {
    // What is no text has names of any length.
    let shown = header.original.prefix(12)
      .map { $0.unicodeScalars.count > 40 ? $0.prefix(40) + "…" : $0 }.joined(separator: ", ")
    let more = header.original.count > 12 ? ", …" : ""
    let nearest = FileKind.nearest(to: header)
    return "not recognised: columns found are \(shown)\(more); nearest kind is "
      + "\(nearest.kind.rawValue), which also needs \(nearest.missing.joined(separator: "; "))"
  }

  /// Columns that hardly any file but an export of a known kind has.
  private static let telling = [
    "logintime", "loginhistoryid", "loginstatus", "verificationtime", "assigneeid",
    "permissionsetid", "permissionsetgroupid", "hastotp", "permissionsapiuseronly",
    "permissionsmodifyalldata", "requiredsessionlevel", "userlicenseid",
  ]

  /// Lines before a header that are looked through.
  private static let preambleLineLimit = 20

  /// The line of the first known header behind other lines, as `sep=,` or a title before it.
  private func lateHeaderLine(_ bytes: [UInt8]) -> Int? {
    var rest = bytes[...]
    for line in 2...Self.preambleLineLimit {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      rest = rest[(end + 1)...]
      // A header is far shorter than what the probe holds.
      let text = Array(rest.prefix(1 << 16))
      guard let dialect = Dialect.detect(header: text).dialect,
        case .success(let record) = firstRecord(text, dialect)
      else { continue }
      if FileKind.recognize(ColumnNames(record.header)) != nil { return line }
    }
    return nil
  }

  /// Whether a file in UTF-16 has the header of an export, which is ASCII and so half NULs.
  private func resemblesExport(utf16 bytes: [UInt8]) -> Bool {
    let ascii = bytes.prefix(1 << 17).filter { $0 > 0 && $0 < 0x80 }
    guard let dialect = Dialect.detect(header: ascii).dialect,
      case .success(let record) = firstRecord(ascii, dialect)
    else { return false }
    let header = ColumnNames(record.header)
    return FileKind.recognize(header) != nil || Self.resemblesExport(header)
  }

  /// Columns of logins; four of them make a login file of which one column has another name.
  private static let loginColumns = [
    "userid", "logintype", "loginsubtype", "loginurl", "status", "sourceip", "application",
    "browser", "platform", "apitype", "apiversion", "tlsprotocol", "ciphersuite", "countryiso",
    "authmethodreference", "logingeoid", "clientversion",
  ]

  private static func resemblesExport(_ header: ColumnNames) -> Bool {
    header.hasAny(telling) || (header.hasAny(["username"]) && header.hasAny(["profileid"]))
      || loginColumns.count { header.hasAny([$0]) } >= 4
  }
}
