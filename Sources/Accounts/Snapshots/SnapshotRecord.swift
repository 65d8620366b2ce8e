import Delimited
import Platform
package import SalesforceExports

/// One row of a snapshot file with access by column name.
///
/// Snapshots are small beside histories, so plain strings serve here.
package struct SnapshotRecord {
  /// The file's columns.
  package let columns: ColumnNames
  /// How the file writes booleans and dates.
  let forms: SnapshotForms
  /// Texts of many rows.
  private let texts: [String]
  /// Which of the texts the fields are, in file order.
  private let codes: ArraySlice<UInt32>

  /// Makes a record of a row of a pool, whose texts are not copied.
  init(
    columns: ColumnNames, row: ArraySlice<UInt32>, of pool: SnapshotRowPool, forms: SnapshotForms
  ) {
    self.columns = columns
    self.forms = forms
    texts = pool.texts
    codes = row
  }

  /// Text of a field without what guards it.
  private func text(at position: Int) -> String {
    texts[Int(codes[codes.startIndex + position])].withoutGuard
  }

  private func field(_ names: [String]) -> (position: Int, text: String)? {
    for name in names {
      if let position = forms.position(name) { return (position, text(at: position)) }
    }
    return nil
  }

  /// Text of the first of these columns that exists; empty where it holds a word for nothing, and `nil`
  /// when none exists.
  func text(_ names: String...) -> String? {
    field(names).map { MissingValue.isMissing($0.text, keepingMarks: true) ? "" : $0.text }
  }

  /// Text that is not empty.
  func value(_ names: String...) -> String? {
    field(names).flatMap { MissingValue.isMissing($0.text, keepingMarks: true) ? nil : $0.text }
  }

  /// An id; `nil` for none and for one that cannot be read.
  func id(_ names: String...) -> SalesforceID? {
    field(names).flatMap { forms.id($0.text, at: $0.position) }
  }

  /// Whether the first of these columns that exists holds what is neither an id nor nothing.
  func hasUnreadableID(_ names: String...) -> Bool {
    field(names).map { SalesforceID.reading($0.text) == .unreadable } ?? false
  }

  /// A boolean; `nil` where no column or value tells.
  func flag(_ names: String...) -> Bool? {
    field(names).flatMap { forms.flag($0.text, at: $0.position) }
  }

  /// A boolean; `absent` where there is no such column, `nil` where its value does not tell.
  func flag(_ name: String, absent: Bool) -> Bool? {
    guard let field = field([name]) else { return absent }
    return forms.flag(field.text, at: field.position)
  }

  /// A date; `nil` for none.
  func instant(_ name: String, _ times: TimestampReader) -> Instant? {
    field([name]).flatMap { forms.instant($0.text, at: $0.position, times) }
  }

  /// Whether a column holds a value at all; zeros are none.
  func isFilled(_ name: String) -> Bool {
    field([name]).map { SalesforceID.reading($0.text) != .none } ?? false
  }

  /// The permission columns under a prefix such as `profile.`; a value that cannot be read is as if its
  /// column were missing.
  func permissions(prefix: String) -> PermissionFlags {
    var flags = PermissionFlags()
    for (permission, position) in columns.permissions(prefix: prefix) {
      if let value = forms.flag(text(at: position), at: position) {
        flags.set(permission, value)
      }
    }
    return flags
  }

  /// Values of columns of true and false that are neither, with the names of their columns.
  var unreadableFlags: [UnreadableValue] {
    forms.flagPositions.compactMap { position in
      let text = text(at: position)
      return forms.tellsNothing(text, at: position)
        ? UnreadableValue(column: columns.original[position], value: text) : nil
    }
  }

  /// Columns of true and false beside those of permissions.
  static let flagColumns = [
    "isactive", "isfrozen", "userlogin.isfrozen", "isrevoked", "hasactivationrequired",
    "isownedbyprofile",
  ]

  /// A row's content for the order of contradictory rows: decoded values in file order, so that
  /// the dialect of the export does not matter.
  static func content(_ fields: [String]) -> [UInt8] {
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

  /// Compares bytes.
  package static func == (left: Self, right: Self) -> Bool {
    left.column.hasBytes(of: right.column) && left.value.hasBytes(of: right.value)
  }

  /// Hashes the bytes.
  package func hash(into hasher: inout Hasher) {
    column.hashBytes(into: &hasher)
    value.hashBytes(into: &hasher)
  }

  /// Orders by column, then value.
  package static func < (left: Self, right: Self) -> Bool {
    left.column.hasBytes(of: right.column)
      ? left.value.precedes(right.value) : left.column.precedes(right.column)
  }
}
