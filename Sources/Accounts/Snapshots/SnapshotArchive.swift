import Platform
package import SalesforceExports

/// The rows of snapshot files as they were read, so that a later run can judge with them.
///
/// Rows are kept whole, since the content of a row decides between two that contradict each other.
/// Equal rows of several snapshots are kept once.
package struct SnapshotArchive: Sendable {
  /// One file.
  package struct File: Sendable {
    /// Number of the file among the run's inputs.
    package var number: UInt32
    /// What it holds.
    package let kind: FileKind
    /// Date of the snapshot.
    package let date: Instant?
    /// Names of its columns as they stand in the header.
    package let columns: [String]
    fileprivate var rows: [Int] = []
  }

  /// The files in the order in which they were read.
  package private(set) var files: [File] = []
  private var rows: [[String]] = []
  private var positions: [[ExactText]: Int] = [:]

  /// Holds nothing.
  package init() {}

  mutating func begin(_ number: UInt32, kind: FileKind, date: Instant?, columns: [String]) {
    files.append(File(number: number, kind: kind, date: date, columns: columns))
  }

  /// Adds a row of the file begun last.
  mutating func add(_ fields: [String]) {
    guard !files.isEmpty else { return }
    let position: Int
    let exact = fields.map { ExactText($0) }
    if let known = positions[exact] {
      position = known
    } else {
      position = rows.count
      rows.append(fields)
      positions[exact] = position
    }
    files[files.count - 1].rows.append(position)
  }

  /// Gives everything to `snapshots`, under the file numbers of this run.
  package func replay(
    into snapshots: inout Snapshots, _ relocation: LedgerRelocation, times: TimestampReader
  ) {
    for file in files {
      let columns = ColumnNames(file.columns)
      snapshots.noteFile(
        relocation.file(file.number), kind: file.kind, date: file.date, columns: columns)
      let forms = SnapshotForms(columns)
      for row in file.rows { forms.note(rows[row]) }
      for row in file.rows {
        _ = snapshots.add(
          SnapshotRecord(columns: columns, fields: rows[row], forms: forms), kind: file.kind,
          date: file.date,
          times: times)
      }
    }
  }

  /// Numbers of files that a judgement of times from `forgotten` on does not need: snapshots older
  /// than the one of their kind that is in force then, undated ones among them.
  package func superseded(before forgotten: Instant) -> Set<UInt32> {
    var result: Set<UInt32> = []
    for (_, files) in Dictionary(grouping: files, by: \.kind) {
      guard let inForce = files.compactMap(\.date).filter({ $0 <= forgotten }).max() else {
        continue
      }
      for file in files where file.date.map({ $0 < inForce }) ?? true {
        result.insert(file.number)
      }
    }
    return result
  }

  /// Columns that say about whom a row of each kind is.
  private static let subjectColumns: [FileKind: [String]] = [
    .user: ["id", "userid"], .permissionSetAssignment: ["assigneeid", "assignee.id"],
    .permissionSetLicenseAssign: ["assigneeid", "assignee.id"],
    .twoFactorMethodsInfo: ["userid"], .userLogin: ["userid"], .oauthToken: ["userid"],
  ]

  /// Relationships of a row with a user.
  private static let userRelationships = [
    "manager.", "createdby.", "lastmodifiedby.", "delegatedapprover.", "owner.", "assignee.",
    "user.",
  ]

  /// What a row of `User` says of who somebody is, in lower case; blank where it does not.
  struct UserNames {
    let id: SalesforceID
    let username: ExactText
    let fullName: ExactText
    /// Mail address and number at the identity provider.
    let values: [ExactText]
  }

  /// Who the rows of `User` are about.
  var users: [UserNames] {
    var result: [UserNames] = []
    for file in files where file.kind == .user {
      let columns = ColumnNames(file.columns)
      func text(_ column: String, _ row: [String]) -> ExactText {
        ExactText(
          columns.position(column).map { row[$0].withoutGuard.trimmed.lowercased() } ?? "")
      }
      guard let subject = Self.subjects(file.kind, columns).first else { continue }
      for row in file.rows {
        guard let id = SalesforceID.reading(rows[row][subject].withoutGuard).id else { continue }
        result.append(
          UserNames(
            id: id, username: text("username", rows[row]), fullName: text("name", rows[row]),
            values: ["email", "federationidentifier"].map { text($0, rows[row]) }))
      }
    }
    return result
  }

  /// Positions of the columns that say about whom a row is.
  private static func subjects(_ kind: FileKind, _ columns: ColumnNames) -> [Int] {
    (subjectColumns[kind] ?? []).compactMap { columns.position($0) }
  }

  /// The same snapshots without some files, without rows about people who are forgotten, and without what
  /// names them in rows about others: ids, usernames, mail addresses, and their names as managers and the
  /// like.
  func forgetting(_ people: ForgottenPeople, dropping dropped: Set<UInt32>) -> SnapshotArchive {
    var result = SnapshotArchive()
    for file in files where !dropped.contains(file.number) {
      result.begin(file.number, kind: file.kind, date: file.date, columns: file.columns)
      let columns = ColumnNames(file.columns)
      let subjects = Self.subjects(file.kind, columns)
      let isRelated = file.columns.map { column in
        let name = ColumnNames.fold(column)
        return Self.userRelationships.contains { name.hasPrefix($0) }
      }
      for row in file.rows {
        var fields = rows[row]
        let isAbout = subjects.contains {
          people.contains(SalesforceID.reading(fields[$0].withoutGuard).id)
        }
        if isAbout { continue }
        for position in fields.indices {
          let text = fields[position].withoutGuard.trimmed
          if people.isNamed(by: text) || isRelated[position] && people.haveFullName(text) {
            fields[position] = ""
          }
        }
        result.add(fields)
      }
    }
    return result
  }

  /// Writes the files by number; those in `dropped` are left out.
  package func write(to writer: inout LedgerWriter, dropping dropped: Set<UInt32> = []) {
    let kept = files.filter { !dropped.contains($0.number) }.sorted { $0.number < $1.number }
    var order: [Int: Int] = [:]
    writer.put(kept.count)
    for file in kept {
      writer.put(Int(file.number))
      writer.put(file.kind.rawValue)
      writer.put(file.date)
      writer.put(file.columns)
      writer.put(file.rows.count)
      for row in file.rows {
        // A row that was not met before follows at once; others are named by their number.
        if let known = order[row] {
          writer.put(known + 1)
        } else {
          order[row] = order.count
          writer.put(0)
          writer.put(rows[row])
        }
        writer.spill()
      }
    }
  }

  /// Reads what ``write(to:dropping:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    var known: [[String]] = []
    for _ in 0..<(try reader.count()) {
      let number = try reader.file()
      guard let kind = FileKind(rawValue: try reader.text()), kind.isSnapshot else {
        throw .damaged
      }
      let date = try reader.optionalInstant()
      let columns = try reader.texts()
      begin(number, kind: kind, date: date, columns: columns)
      for _ in 0..<(try reader.count()) {
        let position = try reader.number(below: known.count + 1)
        if position == 0 { known.append(try reader.texts()) }
        let fields = position == 0 ? known[known.count - 1] : known[position - 1]
        guard fields.count == columns.count else { throw .damaged }
        add(fields)
      }
    }
  }
}
