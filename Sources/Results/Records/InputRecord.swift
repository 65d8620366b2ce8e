import Platform
package import SalesforceExports

/// One file of a run.
package struct InputRecord: Sendable, Equatable {
  /// Name as it was given, or as it was found in a folder; `archive.zip!entry` inside an archive.
  package var name = ""
  /// The file to read for a replay, and the entry of the archive; not in results.
  package var path = ""
  package var entry: String?
  package var compression = ""
  package var kind: FileKind?
  /// Name of the kind in results; of results read back it may be one that this release lacks.
  package var kindName: String?
  /// Size as stored; of an entry the size of the archive.
  package var byteCount = 0
  /// SHA-256 of the file as stored, in hex.
  package var sha256 = ""
  package var read = 0
  package var filtered = 0
  package var rejected = 0
  package var first: Instant?
  package var last: Instant?
  /// Columns that are read.
  package var columnsUsed: [String] = []
  /// The delimiter; not in results.
  package var delimiter = ""
  package var columnsIgnored: [String] = []
  package var columnsMissing: [String] = []
  /// Date of a snapshot.
  package var date: Instant?
  /// Local times that occur twice, taken as the earlier.
  package var ambiguousTimes = 0
  /// Header rows repeated inside the file.
  package var repeatedHeaders = 0
  /// What was done to read it, for a person.
  package var notes: [String] = []
  /// Values that are not available to rules, since they have no form that could be read; results have
  /// them as reasons why the run is incomplete.
  package var unreadable = UnreadableValues()
  /// Why the file was not read to its end; `nil` when it was.
  package var problem: String?
  /// The ledger that its rows came with; `nil` for a file that was read.
  package var ledger: String?

  /// Notes what was done so that rows have the width of the header, and Ids their case.
  package mutating func note(arrangedRows: Int, restoredIDs: Int) {
    if arrangedRows > 0 {
      notes.append(
        "\(arrangedRows.counted("row")) \(arrangedRows.takes("has", "have")) other numbers of fields than the "
          + "header; what \(arrangedRows.takes("it lacks or has more at its", "they lack or have more at their")) "
          + "end is blank")
    }
    if restoredIDs > 0 {
      notes.append(
        "\(restoredIDs.counted("Id")) had lost the case of \(restoredIDs.takes("its", "their")) letters; restored "
          + "by \(restoredIDs.takes("its", "their")) check characters")
    }
  }

  /// Makes a blank record.
  package init() {}

  /// Makes a record of a file that was found.
  package init(
    name: String, path: String, entry: String?, compression: String, kind: FileKind?,
    byteCount: Int, sha256: String
  ) {
    self.name = name
    self.path = path
    self.entry = entry
    self.compression = compression
    self.kind = kind
    kindName = kind?.rawValue
    self.byteCount = byteCount
    self.sha256 = sha256
  }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.count("ambiguous_local_times", &ambiguousTimes)
    coder.count("bytes", &byteCount)
    coder.strings("columns_ignored", &columnsIgnored)
    coder.strings("columns_missing", &columnsMissing)
    coder.whenPresent("columns_used", !columnsUsed.isEmpty) {
      $0.strings("columns_used", &columnsUsed)
    }
    coder.string("compression", &compression)
    coder.instant("date", &date)
    coder.count("filtered", &filtered)
    coder.instant("first", &first)
    coder.string("kind", &kindName)
    coder.instant("last", &last)
    coder.whenPresent("ledger", ledger != nil) { $0.string("ledger", &ledger) }
    coder.string("name", &name)
    coder.whenPresent("notes", !notes.isEmpty) { $0.strings("notes", &notes) }
    coder.string("problem", &problem)
    coder.count("read", &read)
    coder.count("rejected", &rejected)
    coder.count("repeated_headers", &repeatedHeaders)
    // A file of which nothing could be read has no digest.
    var digest: String? = sha256.isEmpty ? nil : sha256
    coder.string("sha256", &digest)
    sha256 = digest ?? ""
    if path.isEmpty { path = name }
    if kind == nil { kind = kindName.flatMap(FileKind.init) }
  }
}

/// A file that was found and not read.
package struct IgnoredRecord: Sendable, Equatable {
  package var name = ""
  package var reason = ""

  /// Makes a record.
  package init(name: String = "", reason: String = "") {
    self.name = name
    self.reason = reason
  }

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.string("name", &name)
    coder.string("reason", &reason)
  }
}
