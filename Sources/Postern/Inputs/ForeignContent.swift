import Decompression
import Delimited
import Platform
import SalesforceExports

/// Tells what a file is that is no export, so that it can be named.
///
/// What could be an export that went wrong makes a run incomplete; the rest of a folder does not.
struct ForeignContent {
  /// What the file is and what to do about it, as half a sentence.
  let reason: String
  /// Whether it could be an export that went wrong.
  let couldBeExport: Bool

  private init(_ reason: String, couldBeExport: Bool) {
    self.reason = reason
    self.couldBeExport = couldBeExport
  }

  /// Looks at the first bytes of a file; `nil` for what may be an export.
  ///
  /// - Parameters:
  ///   - bytes: The first bytes, in UTF-8 or as they are stored.
  ///   - name: The file's name, which tells what it should be.
  init?(_ bytes: [UInt8], name: String) {
    if let reason = Self.damagedHead(bytes, name: name) {
      self.init(reason, couldBeExport: true)
      return
    }
    // What cannot be looked into could be an export.
    if let format = ForeignFormat.compression(firstBytes: bytes) {
      self.init(
        "is compressed by \(format), which is not read; decompress it first", couldBeExport: true)
      return
    }
    if let table = ForeignFormat.table(firstBytes: bytes) {
      self.init("is \(table); save it as CSV in UTF-8", couldBeExport: true)
      return
    }
    let isNamedAsExport = Self.isNamedAsExport(name)
    let start = bytes.prefix(1 << 16).drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
    guard let first = start.first else {
      self.init(
        bytes.contains(0) ? "holds nothing but zeros" : "is empty", couldBeExport: isNamedAsExport)
      return
    }
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      self.init(json: String(decoding: start, as: UTF8.self), isNamedAsExport: isNamedAsExport)
    case UInt8(ascii: "<"):
      self.init(markup: String(decoding: start.prefix(4_096), as: UTF8.self), isNamedAsExport)
    case UInt8(ascii: "%") where start.starts(with: "%PDF".utf8):
      self.init("is a PDF document", couldBeExport: isNamedAsExport)
    default: return nil
    }
  }

  /// Whether a name promises an export.
  static func isNamedAsExport(_ name: String) -> Bool {
    let own = name.lowercased()
    return [".csv", ".tsv"].contains { own.hasSuffix($0) } || isNamedAsArchive(name)
  }

  /// Whether a name promises a compressed file, an archive or a ledger, which nobody writes as text.
  static func isNamedAsArchive(_ name: String) -> Bool {
    let own = name.lowercased()
    return [".gz", ".tgz", ".zip", ".zst", ".tar", ".ledger"].contains { own.hasSuffix($0) }
  }

  /// Whether a name is that of a kind of export, as `VerificationHistory-2026-08.csv`: what has another
  /// form then went wrong on its way.
  static func isNamedAfterKind(_ name: String) -> Bool {
    guard isNamedAsExport(name) else { return false }
    let own = name.split(whereSeparator: { $0 == "/" || $0 == "!" }).last ?? ""
    let words = own.lowercased().split { !$0.isLetter }.map(String.init)
    let whole = words.joined()
    return FileKind.allCases.contains { kind in
      guard kind != .otherEvents, kind != .soapAPI else { return false }
      let text = (kind.eventType ?? kind.rawValue).lowercased()
      // Short names are parts of others.
      return text.utf8.count >= 9
        ? whole.contains(text) : words.first == text || words.first == text + "s"
    }
  }

  // MARK: Damaged heads

  /// First bytes by which files are known, with how many of them are enough to know a damaged one.
  private static let marks: [(name: String, bytes: [UInt8], least: Int)] = [
    ("a gzip file", [0x1F, 0x8B, 0x08], 2), ("a zip archive", [0x50, 0x4B, 0x03, 0x04], 3),
    ("zstd data", [0x28, 0xB5, 0x2F, 0xFD], 3), ("a ledger", LedgerInput.mark, 6),
  ]

  /// What a file is whose first bytes are damaged, and what is wrong with them; `nil` where they are not
  /// nearly those of a file that is read.
  private static func damagedHead(_ bytes: [UInt8], name: String) -> String? {
    // Text has no such bytes, and UTF-16 has single zeros.
    guard bytes.prefix(64).contains(where: { $0 < 0x07 || $0 >= 0x7F }) else { return nil }
    let again = "fetch it again"
    let zeros = bytes.prefix { $0 == 0 }.count
    let least = isNamedAsExport(name) ? 2 : 64
    if zeros >= least, zeros < bytes.count {
      return "begins with \(zeros.counted("zero")), as if its first block was lost; \(again)"
    }
    if LedgerInput.followsHead(bytes), !bytes.starts(with: LedgerInput.mark) {
      return "is a ledger whose first bytes are damaged"
    }
    for mark in marks where bytes.count > mark.bytes.count && !bytes.starts(with: mark.bytes) {
      if zip(bytes, mark.bytes).count(where: { $0 == $1 }) >= mark.least {
        return "begins nearly as \(mark.name) does, as if damaged; \(again)"
      }
    }
    return nil
  }

  // MARK: JSON and markup

  private init?(json text: String, isNamedAsExport: Bool) {
    // A header in brackets is none that Salesforce writes, but not JSON either.
    guard text.contains("\"") || text.hasPrefix("[]") || text.hasPrefix("{}") else { return nil }
    let keys = Self.keys(of: text)
    if keys.contains(where: {
      ["errorcode", "error", "error_description", "faultcode"].contains($0.lowercased())
    }) {
      self.init(
        "is an answer that tells of an error, not an export: \(Self.excerpt(text))",
        couldBeExport: isNamedAsExport)
      return
    }
    let names = ColumnNames(keys)
    let type = Self.objectType(in: text)
    let kind = FileKind.recognize(names)?.rawValue ?? FileKind(rawValue: type ?? "")?.rawValue
    if let kind {
      self.init(
        "is JSON with rows of \(kind), which is not read; export it as CSV (sf data query "
          + "--result-format csv)", couldBeExport: true)
    } else if InputProbe.resemblesExport(names) {
      self.init("is JSON, which is not read; export it as CSV", couldBeExport: true)
    } else {
      self.init("is JSON, which is not read", couldBeExport: isNamedAsExport)
    }
  }

  private init?(markup text: String, _ isNamedAsExport: Bool) {
    let folded = text.lowercased()
    let isPage = ["<!doctype html", "<html", "<head", "<body", "<script"].contains {
      folded.contains($0)
    }
    let isMarkup =
      isPage || folded.hasPrefix("<?xml") || folded.hasPrefix("<soap") || folded.hasPrefix("<!--")
    guard isMarkup || folded.prefix(200).contains("</") || folded.prefix(200).contains("xmlns")
    else { return nil }
    self.init(
      isPage
        ? "is a web page, as a session that has ended gives, not an export; export it again"
        : "is XML, which is not read; export it as CSV", couldBeExport: isNamedAsExport)
  }

  /// Names of members, each once, in their order.
  private static func keys(of text: String) -> [String] {
    var result: [String] = []
    var seen: Set<String> = []
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() where index + 1 < parts.count {
      let next = parts[index + 1].utf8.drop { $0 <= 0x20 }
      if next.first == UInt8(ascii: ":"), part.utf8.count <= 80, seen.insert(String(part)).inserted
      {
        result.append(String(part))
      }
    }
    return result
  }

  /// The object that `attributes` names in answers of the REST API.
  private static func objectType(in text: String) -> String? {
    guard let range = text.firstRange(of: "\"type\"") else { return nil }
    let rest = text[range.upperBound...].drop { $0 == " " || $0 == ":" }
    guard rest.first == "\"" else { return nil }
    return String(rest.dropFirst().prefix { $0 != "\"" })
  }

  private static func excerpt(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 160 ? String(line.prefix(160)) + "…" : line
  }

  // MARK: Text

  /// Looks at a header that no kind has.
  ///
  /// - Parameters:
  ///   - names: The first record.
  ///   - row: The second.
  init?(names: [String], row: [String], bytes: [UInt8], name: String) {
    if let shape = Self.headerless(names, row) {
      self.init(
        "has rows of \(shape) and no header, as a part of a file that was split; put the parts "
          + "together, or the header line before each", couldBeExport: true)
      return
    }
    if let kind = Self.looksLikeLogin(row) ? FileKind.loginHistory.rawValue : Self.likeness(row) {
      let shown = names.prefix(8).joined(separator: ", ")
      self.init(
        "has rows like those of \(kind) under names that are not known (\(shown)): export it by a "
          + "query, or with the user's language set to English", couldBeExport: true)
      return
    }
    let words = [
      "error", "exception", "expired", "invalid", "denied", "unauthorized", "forbidden",
      "not found", "timed out", "timeout", "unavailable", "exceeded", "insufficient", "failed",
    ]
    let text = String(decoding: bytes.prefix(4_096), as: UTF8.self).lowercased()
    if bytes.count < 1 << 16, Self.isNamedAsExport(name), names.count <= 3 || row.isEmpty,
      words.contains(where: { text.contains($0) })
    {
      self.init(
        "is an answer that tells of an error, not an export: \(Self.excerpt(text))",
        couldBeExport: true)
      return
    }
    return nil
  }

  /// Key prefixes of records that exports hold, with the kind of the export whose rows begin with them.
  private static let prefixes: [(prefix: String, kind: FileKind)] = [
    ("0Ya", .loginHistory), ("0PS", .permissionSet),
    ("0Pa", .permissionSetAssignment), ("0PG", .permissionSetGroup), ("00e", .profile),
    ("005", .user),
  ]

  /// The kind of export whose rows stand where a header should.
  private static func headerless(_ names: [String], _ row: [String]) -> String? {
    if let shape = shape(names) { return shape }
    // The first line may be the rest of a row.
    return names.count < row.count ? shape(row) : nil
  }

  /// The kind of export whose rows stand under a header that is not known; a user's Id may stand first
  /// in any report, so it tells only beside a profile's.
  private static func likeness(_ row: [String]) -> String? {
    guard let kind = shape(row) else { return nil }
    let hasProfile = row.contains {
      SalesforceID.reading($0).id?.text15.hasPrefix("00e") ?? false
    }
    return kind != FileKind.user.rawValue || hasProfile ? kind : nil
  }

  /// The kind of export that a row is of.
  private static func shape(_ fields: [String]) -> String? {
    let texts = fields.map(\.withoutGuard)
    let ids = texts.filter { SalesforceID.reading($0).id != nil }
    let times = TimestampReader(timeZone: .utc, dateOrder: .mdy)
    let hasTime = texts.contains { text in
      if case .instant = times.read(text) { true } else { false }
    }
    // The first id is the row's own.
    if let first = ids.first, let known = prefixes.first(where: { first.hasPrefix($0.prefix) }),
      hasTime || ids.count >= 2 || texts.contains(where: { $0.contains("@") })
        || texts.contains("true") || texts.contains("false")
    {
      return known.kind.rawValue
    }
    // A login's Id behind the row's own: only verifications have that.
    if ids.contains(where: { $0.hasPrefix("0Ya") }) {
      return FileKind.verificationHistory.rawValue
    }
    if let event = FileKind.allCases.first(where: {
      $0.eventType != nil && $0.eventType == texts.first
    }),
      hasTime
    {
      return event.rawValue
    }
    let hasAddress = texts.contains { NetworkAddress($0) != nil }
    return hasTime && hasAddress && texts.contains { $0.contains("@") }
      ? FileKind.loginHistory.rawValue : nil
  }

  /// Whether a row holds a name, an address and a time, as logins do.
  private static func looksLikeLogin(_ row: [String]) -> Bool {
    let texts = row.map(\.withoutGuard)
    let times = TimestampReader(timeZone: .utc, dateOrder: .dmy)
    return texts.contains { $0.hasPrefix("0Ya") && SalesforceID($0) != nil }
      || texts.contains { NetworkAddress($0) != nil } && texts.contains { $0.contains("@") }
        && texts.contains { times.read($0).isTime }
  }
}
