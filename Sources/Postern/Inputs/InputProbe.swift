import Decompression
import Delimited
import Platform
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
  /// `ORGANIZATION_ID` of its first row; `nil` where there is none, or it is no id.
  fileprivate(set) var organizationID: String?
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
  fileprivate(set) var prefix: [UInt8]
  /// Has seen the stored bytes of the open stream.
  let digest: Digest?
  /// Size and time of change when it was probed.
  let stamp: FileStamp?
  /// How its text is encoded.
  let encoding: TextEncoding
  /// What stands before the header.
  let preamble: Preamble
  /// How many fields its records may have.
  let width: RecordWidth
  /// Fields of the first row; none where there is no such row, or it is broken.
  fileprivate(set) var firstRow: [String] = []
  /// What its times count, where all of them are numbers.
  var epochUnit: EpochUnit?

  /// The input with all of its bytes at hand, so that it can be read twice.
  ///
  /// What fails while they are gathered fails again when they are read.
  func gathered() -> ProbedInput {
    guard let stream else { return self }
    var result = self
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { unsafe room.deallocate() }
    while let count = try? unsafe stream.read(into: room), count > 0 {
      unsafe result.prefix.append(contentsOf: room[..<count])
    }
    return result
  }
}

extension TimestampReader {
  /// The reader of one input's times: with what its header and its column of times say of them.
  func reading(_ input: ProbedInput) -> TimestampReader {
    var reader = self
    reader.epochUnit = input.epochUnit
    if input.header.namesUniversalTime { reader.timeZone = .utc }
    return reader
  }
}

/// A line before the header that tells the delimiter, as Excel reads it: `sep=;`.
struct Preamble {
  /// Bytes and lines before the header; 0 where there is no such line.
  private(set) var byteCount = 0
  private(set) var lineCount = 0
  /// The delimiter that the line tells.
  private(set) var dialect: Dialect?

  /// Looks for the line at the beginning of a text.
  init(_ text: [UInt8]) {
    let mark: [UInt8] = text.starts(with: [0xEF, 0xBB, 0xBF]) ? [0xEF, 0xBB, 0xBF] : []
    let line = text.dropFirst(mark.count).prefix {
      $0 != ASCII.lineFeed && $0 != ASCII.carriageReturn
    }
    var content = Array(line)
    if content.first == ASCII.quote, content.last == ASCII.quote, content.count > 2 {
      content = Array(content.dropFirst().dropLast())
    }
    guard content.count == 5, let delimiter = content.last,
      String(decoding: content.dropLast(), as: UTF8.self).lowercased() == "sep=",
      delimiter != ASCII.quote
    else { return }
    var end = line.endIndex
    if end < text.count, text[end] == ASCII.carriageReturn { end += 1 }
    if end < text.count, text[end] == ASCII.lineFeed { end += 1 }
    byteCount = end
    lineCount = 1
    dialect = Dialect(delimiter: delimiter)
  }
}

/// Why a file is not used.
enum ProbeFailure: Error {
  /// It cannot be read, or not as an export; the run is incomplete.
  case problem(String)
  /// It is something else, which a folder may hold.
  case ignored(String)
  /// It is a ledger.
  case ledger(LedgerInput)
  /// It is an archive whose files are looked at one by one.
  case tar

  /// Whether a failure to read more does not matter.
  fileprivate var isKnown: Bool {
    switch self {
    case .ledger, .tar: true
    case .problem, .ignored: false
    }
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
    let keepsStream = isStream || stamp?.isRegular == false
    let stream: ByteStream
    // What can be opened again is digested when it is read.
    let digest = keepsStream ? Digest() : nil
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
        candidate, bytes, stream: stream, digest, keepsStream: keepsStream, stamp)
    } catch {
      // What tells no kind because no more of it could be read is no other file.
      guard let failure, !error.isKnown else { throw error }
      throw .problem(failure.placedDetail)
    }
  }

  private func open(
    _ candidate: InputCandidate, _ digest: Digest?
  ) throws(DecompressionError) -> ByteStream {
    if candidate.path == "-" {
      return unsafe try ByteStream.standardInput(limits: limits) { unsafe digest?.add($0) }
    }
    if let entry = candidate.entry { return try entry.open(limits: limits) }
    guard let digest else {
      return unsafe try ByteStream.open(path: candidate.path, limits: limits)
    }
    return unsafe try ByteStream.open(path: candidate.path, limits: limits) {
      unsafe digest.add($0)
    }
  }

  private func recognize(
    _ candidate: InputCandidate, _ bytes: [UInt8], stream: ByteStream, _ digest: Digest?,
    keepsStream: Bool, _ stamp: FileStamp?
  ) throws(ProbeFailure) -> ProbedInput {
    let isExpected =
      candidate.isExplicit || ForeignContent.isNamedAfterKind(candidate.name)
      || (stream.compression == .plain && candidate.entry == nil
        && ForeignContent.isNamedAsArchive(candidate.name))
    func refused(_ reason: String) -> ProbeFailure {
      isExpected ? .problem(reason) : .ignored(reason)
    }
    func refused(_ content: ForeignContent) -> ProbeFailure {
      isExpected || content.couldBeExport ? .problem(content.reason) : .ignored(content.reason)
    }
    if bytes.isEmpty {
      throw ForeignContent.isNamedAsExport(candidate.name)
        ? .problem("the file is empty") : refused("the file is empty")
    }
    if bytes.starts(with: LedgerInput.mark) {
      throw .ledger(
        LedgerInput(
          candidate: candidate, stream: keepsStream ? stream : nil,
          prefix: keepsStream ? bytes : [], digest: digest))
    }
    if let name = OwnOutput.name(bytes) { throw refused(name) }
    if TarArchive.isTar(firstBytes: bytes) {
      if keepsStream {
        throw .problem("is a tar archive, which cannot be read from a pipe; give its path")
      }
      if candidate.entry != nil { throw .problem("is itself a tar archive; extract it") }
      throw .tar
    }
    if stream.compression == .gzip, Compression.detect(firstBytes: bytes) != .plain {
      throw .problem("is gzip data that holds another archive; decompress it first")
    }
    if let content = ForeignContent(bytes, name: candidate.name) { throw refused(content) }
    let encoding = TextEncoding.detect(bytes)
    var text = bytes
    if let decoder = encoding.decoder {
      text = decoder.decode(bytes)
      if keepsStream { stream.decoder = decoder }
      if let content = ForeignContent(text, name: candidate.name) { throw refused(content) }
    }
    let preamble = Preamble(text)
    let rows = preamble.byteCount == 0 ? text : Array(text[preamble.byteCount...])
    guard let dialect = preamble.dialect ?? Dialect.detect(header: rows).dialect else {
      throw refused("is no text in UTF-8, Windows-1252 or UTF-16")
    }
    let sample: Sample
    switch firstRecords(rows, dialect) {
    case .success(let records): sample = records
    case .failure(let defect):
      throw defect == .tooManyColumns
        ? .problem(
          "the header has more than \(recordLimits.columns.counted("column")); limits.columns of the "
            + "configuration allows more")
        : refused("no header row within the first MiB")
    }
    let header = ColumnNames(sample.header)
    guard let kind = FileKind.recognize(header) else {
      if let line = lateHeaderLine(rows) {
        throw .problem(
          "the header row is line \(line + preamble.lineCount); delete the lines before it")
      }
      if !Self.resemblesExport(header),
        let content = ForeignContent(
          names: sample.header, row: sample.row, bytes: text, name: candidate.name)
      {
        throw refused(content)
      }
      let reason = Self.unrecognized(header)
      throw Self.resemblesExport(header) ? .problem(reason) : refused(reason)
    }
    if let name = Self.repeatedName(sample) {
      throw .problem(
        "has two columns “\(name)” that differ, so that it cannot be told which is meant: export each "
          + "once")
    }
    var input = ProbedInput(
      candidate: candidate, kind: kind, header: header, headerBytes: sample.headerBytes,
      dialect: dialect, compression: stream.compression, stream: keepsStream ? stream : nil,
      prefix: keepsStream ? text : [], digest: digest, stamp: stamp, encoding: encoding,
      preamble: preamble, width: sample.width, firstRow: sample.row)
    // Event logs of different events share columns; the first row says which event it is.
    if let column = header.position("eventtype"), column < sample.row.count {
      input.eventType = sample.row[column].withoutGuard
      input.kind = kind.corrected(byEventType: input.eventType)
    }
    if let column = header.position("organizationid"), column < sample.row.count {
      input.organizationID = SalesforceID(sample.row[column].withoutGuard)?.text18
    }
    return input
  }

  /// No header could be read.
  private enum HeaderDefect: Error {
    case none
    case tooManyColumns
  }

  /// What the first records of a file tell.
  private struct Sample {
    var header: [String] = []
    var headerBytes: [UInt8] = []
    /// Fields of the first row; none where there is no such row.
    var row: [String] = []
    var width: RecordWidth
  }

  /// A name that two columns have, as of two tables that were joined, whose values in the first row
  /// differ; the first one counts where the other says nothing else.
  private static func repeatedName(_ sample: Sample) -> String? {
    guard sample.row.count == sample.header.count else { return nil }
    var positions: [String: Int] = [:]
    for (position, name) in sample.header.enumerated() {
      let own = name.withoutGuard.lowercased()
      guard !own.isEmpty else { continue }
      guard let first = positions.updateValue(position, forKey: own) else { continue }
      let value = sample.row[position].withoutGuard
      if !MissingValue.isMissing(value), value != sample.row[first].withoutGuard { return name }
    }
    return nil
  }

  private func firstRecords(_ bytes: [UInt8], _ dialect: Dialect) -> Result<Sample, HeaderDefect> {
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
    let header = fields(record)
    // The last record may be cut by the end of what was read.
    let isCut = bytes.count >= Self.byteCount - 4
    let rows = block.part(1..<max(1, block.recordCount - (isCut ? 1 : 0)))
    return .success(
      Sample(
        header: header, headerBytes: [UInt8](record.rawBytes),
        row: block.recordCount > 1 ? fields(block[1]) : [],
        width: Self.width(header: header, rows)))
  }

  /// How many fields records may have, by those that were seen.
  ///
  /// A spreadsheet leaves blank cells at the end of a row out, or writes a delimiter more. Fewer fields
  /// are taken where the columns that they lack are blank in all rows that have them, more where all
  /// rows have as many more and these are blank.
  private static func width(header: [String], _ rows: RecordBlock) -> RecordWidth {
    let count = header.count
    if count == 0 || rows.isEmpty || rows.allSatisfy({ $0.fieldCount == count }) {
      return RecordWidth(columnCount: count)
    }
    func isBlank(_ field: FieldBytes) -> Bool {
      field.withoutQuotes.allSatisfy { $0 == 0x20 || $0 == ASCII.tab }
    }
    var shortest = count
    var filled = 0
    var counts: Set<Int> = []
    var areExtrasBlank = true
    for record in rows where record.defect == .none {
      // A header inside is no row.
      if record.fieldCount != count, !RecordArranger.beginsWithDigit(record[0]),
        RecordArranger.header(record) != nil
      {
        return RecordWidth(columnCount: count)
      }
      counts.insert(record.fieldCount)
      if record.fieldCount < count {
        shortest = min(shortest, record.fieldCount)
      } else {
        for column in stride(from: count - 1, through: filled, by: -1)
        where !isBlank(record[column]) {
          filled = column + 1
          break
        }
        areExtrasBlank =
          areExtrasBlank && (count..<record.fieldCount).allSatisfy { isBlank(record[$0]) }
      }
    }
    // Rows of one field are text between rows; half of the columns must be there.
    let canPad =
      shortest < count && shortest >= filled && shortest >= 2 && shortest * 2 >= count
      && count - shortest <= RecordBlockBuilder.addedFieldLimit
    let most = counts.max() ?? count
    let canTrim = most > count && areExtrasBlank && counts.allSatisfy { $0 == most }
    return RecordWidth(
      columnCount: count, leastCount: canPad ? shortest : nil, mostCount: canTrim ? most : nil)
  }

  private static func unrecognized(_ header: ColumnNames) -> String {
    // What is no text has names of any length.
    let shown = header.original.prefix(12)
      .map { $0.unicodeScalars.count > 40 ? $0.prefix(40) + "…" : $0 }.joined(separator: ", ")
    let more = header.original.count > 12 ? ", …" : ""
    let found = "not recognised: columns found are \(shown)\(more)"
    guard let nearest = FileKind.nearest(to: header) else {
      return found + "; no export that is known resembles it"
    }
    return found + "; nearest kind is \(nearest.kind.rawValue), which also needs "
      + nearest.missing.joined(separator: "; ")
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
        case .success(let record) = firstRecords(text, dialect)
      else { continue }
      if FileKind.recognize(ColumnNames(record.header)) != nil { return line }
    }
    return nil
  }

  /// Columns of logins; four of them make a login file of which one column has another name.
  private static let loginColumns = [
    "userid", "logintype", "loginsubtype", "loginurl", "status", "sourceip", "application",
    "browser", "platform", "apitype", "apiversion", "tlsprotocol", "ciphersuite", "countryiso",
    "authmethodreference", "logingeoid", "clientversion",
  ]

  static func resemblesExport(_ header: ColumnNames) -> Bool {
    header.hasAny(telling) || (header.hasAny(["username"]) && header.hasAny(["profileid"]))
      || loginColumns.count { header.hasAny([$0]) } >= 4
  }
}
