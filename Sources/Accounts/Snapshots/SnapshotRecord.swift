import Delimited
package import SalesforceExports

/// One row of a snapshot file with access by column name.
///
/// Snapshots are small beside histories, so plain strings serve here.
package struct SnapshotRecord {
  /// The file's columns.
  package let columns: ColumnNames
  /// Text of the fields in file order.
  package let fields: [String]

  /// Makes a record.
  package init(columns: ColumnNames, fields: [String]) {
    self.columns = columns
    self.fields = fields
  }

  /// Text of the first of these columns that exists; `nil` when none does.
  func text(_ names: [String]) -> String? {
    for name in names {
      if let position = columns.position(name) { return fields[position].trimmed }
    }
    return nil
  }

  func text(_ names: String...) -> String? { text(names) }

  /// Text that is not empty.
  func value(_ names: String...) -> String? {
    text(names).flatMap { $0.isEmpty ? nil : $0 }
  }

  func id(_ names: String...) -> SalesforceID? { text(names).flatMap { SalesforceID($0) } }

  func flag(_ names: String...) -> Bool? { text(names).flatMap(Self.flag) }

  /// Exports write `true`, `TRUE` or `1`.
  private static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "1", "yes": true
    case "false", "0", "no", "": false
    default: nil
    }
  }

  /// The permission columns under a prefix such as `profile.`.
  func permissions(prefix: String) -> PermissionFlags {
    var flags = PermissionFlags()
    for (permission, position) in columns.permissions(prefix: prefix) {
      // What cannot be read is not known, which is not "no".
      let text = fields[position].trimmed
      guard !text.isEmpty, let isGranted = Self.flag(text) else { continue }
      flags.set(permission, isGranted)
    }
    return flags
  }

  /// Values of columns of true and false that are neither, with the names of their columns.
  var unreadableFlags: [UnreadableValue] {
    var positions = Self.flagColumns.compactMap { columns.position($0) }
    for prefix in ["", "profile.", "permissionset."] {
      positions += columns.permissions(prefix: prefix).map(\.1)
    }
    return positions.compactMap { position in
      let text = fields[position].trimmed
      return Self.flag(text) == nil
        ? UnreadableValue(column: columns.original[position], value: text) : nil
    }
  }

  private static let flagColumns = [
    "isactive", "isfrozen", "userlogin.isfrozen", "isrevoked", "hasactivationrequired",
    "isownedbyprofile",
  ]

  /// Whether the `ContactId` names a contact: words for nothing and Ids of zeros name none.
  var hasContact: Bool {
    guard let id = id("contactid") else { return false }
    let text = id.text15
    return text.hasPrefix("003") && text.dropFirst(3).contains { $0 != "0" }
  }

  /// The row's content for the order of contradictory rows: decoded values in file order, so that
  /// the dialect of the export does not matter.
  var content: [UInt8] {
    var bytes: [UInt8] = []
    for field in fields {
      bytes.append(contentsOf: field.utf8)
      bytes.append(0)
    }
    return bytes
  }
}

/// A value that cannot be read, and its column.
package struct UnreadableValue: Hashable, Sendable, Comparable {
  /// Name of the column as the header has it.
  package let column: String
  /// The value, without blanks around it.
  package let value: String

  /// Orders by column, then value.
  package static func < (left: Self, right: Self) -> Bool {
    left.column != right.column
      ? left.column.utf8.lexicographicallyPrecedes(right.column.utf8)
      : left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
  }
}
