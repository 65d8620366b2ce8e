import Platform
package import SalesforceExports

// What is left of snapshots without old files and without people who are forgotten.
extension SnapshotArchive {
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
      // Every row was once the first of its kind, in the file that added it.
      for row in file.added {
        let fields = pool.fields(of: row)
        guard let id = SalesforceID.reading(fields[subject].withoutGuard).id else { continue }
        result.append(
          UserNames(
            id: id, username: text("username", fields), fullName: text("name", fields),
            values: ["email", "federationidentifier"].map { text($0, fields) }))
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
    if people.isEmpty { result.pool = pool }
    var walk = Walk()
    /// Of each family and row what is left of it; `nil` for nothing.
    var left: [Int: [UInt32: UInt32?]] = [:]
    for (position, file) in files.enumerated() where !dropped.contains(file.number) {
      result.begin(file.number, kind: file.kind, date: file.date, columns: file.columns)
      let rows = walk.rows(of: position, in: self)
      if people.isEmpty {
        result.settle(with: rows)
        continue
      }
      let forgetting = RowForgetting(people, file)
      var rest: [UInt32] = []
      for row in rows {
        let kept: UInt32?
        if let known = left[file.family]?[row] {
          kept = known
        } else {
          kept = forgetting.rest(of: pool.fields(of: row)).map { result.pool.number(of: $0) }
          left[file.family, default: [:]][row] = .some(kept)
        }
        if let kept { rest.append(kept) }
      }
      result.settle(with: rest)
    }
    return result
  }

  /// Takes people out of the rows of one file.
  private struct RowForgetting {
    let people: ForgottenPeople
    let subjects: [Int]
    let isRelated: [Bool]

    init(_ people: ForgottenPeople, _ file: File) {
      self.people = people
      subjects = SnapshotArchive.subjects(file.kind, ColumnNames(file.columns))
      isRelated = file.columns.map { column in
        let name = ColumnNames.fold(column)
        return SnapshotArchive.userRelationships.contains { name.hasPrefix($0) }
      }
    }

    /// A row without what names people; `nil` for one about them.
    func rest(of row: [String]) -> [String]? {
      let isAbout = subjects.contains {
        people.contains(SalesforceID.reading(row[$0].withoutGuard).id)
      }
      if isAbout { return nil }
      var fields = row
      for position in fields.indices {
        let text = fields[position].withoutGuard.trimmed
        if people.isNamed(by: text) || isRelated[position] && people.haveFullName(text) {
          fields[position] = ""
        }
      }
      return fields
    }
  }
}
