import Delimited
import Platform
import SalesforceExports

/// One row of a snapshot file with access by column name.
///
/// Snapshots are small beside histories, so plain strings serve here.
package struct SnapshotRecord {
  /// How the file writes booleans and dates, and where its columns are.
  private let forms: SnapshotForms
  /// Texts of many rows.
  private let texts: [String]
  /// Which of the texts the fields are, in file order.
  private let codes: ArraySlice<UInt32>

  /// Makes a record of a row of a pool, whose texts are not copied.
  init(row: ArraySlice<UInt32>, of pool: SnapshotRowPool, forms: SnapshotForms) {
    self.forms = forms
    texts = pool.texts
    codes = row
  }

  /// Number of the text of a field.
  private func code(at position: Int) -> UInt32 { codes[codes.startIndex + position] }

  /// Text of a field without what guards it.
  private func text(at position: Int) -> String { texts[Int(code(at: position))].withoutGuard }

  private func flag(at position: Int) -> Bool? {
    forms.flag(code(at: position), at: position) { text(at: position) }
  }

  /// Text of a field; empty where it holds a word for nothing, and `nil` when no column has it.
  func text(_ field: SnapshotField) -> String? {
    guard let position = forms.position(field) else { return nil }
    let text = text(at: position)
    return MissingValue.isMissing(text, keepingMarks: true) ? "" : text
  }

  /// Text that is not empty.
  func value(_ field: SnapshotField) -> String? {
    guard let position = forms.position(field) else { return nil }
    let text = text(at: position)
    return MissingValue.isMissing(text, keepingMarks: true) ? nil : text
  }

  /// An id; `nil` for none and for one that cannot be read.
  func id(_ field: SnapshotField) -> SalesforceID? {
    guard let position = forms.position(field) else { return nil }
    return forms.id(text(at: position), at: position)
  }

  /// What a field of ids holds, of which nothing is noted yet.
  func idReading(_ field: SnapshotField) -> SalesforceID.Reading {
    forms.position(field).map { SalesforceID.reading(text(at: $0)) } ?? .none
  }

  /// The id that was read; notes that one is restored.
  func id(_ reading: SalesforceID.Reading) -> SalesforceID? {
    if case .restored = reading { forms.noteRestoredID() }
    return reading.id
  }

  /// A boolean; `nil` where no column or value tells.
  func flag(_ field: SnapshotField) -> Bool? { forms.position(field).flatMap { flag(at: $0) } }

  /// A boolean; `absent` where there is no such column, `nil` where its value does not tell.
  func flag(_ field: SnapshotField, absent: Bool) -> Bool? {
    guard let position = forms.position(field) else { return absent }
    return flag(at: position)
  }

  /// A date; `nil` for none.
  func instant(_ field: SnapshotField, _ times: TimestampReader) -> Instant? {
    guard let position = forms.position(field) else { return nil }
    return forms.instant(text(at: position), at: position, times)
  }

  /// Whether the file has a column for a field.
  func has(_ field: SnapshotField) -> Bool { forms.position(field) != nil }

  /// Whether a column holds a value at all; zeros are none.
  func isFilled(_ field: SnapshotField) -> Bool {
    guard let position = forms.position(field) else { return false }
    if case .none = SalesforceID.reading(text(at: position)) { return false }
    return true
  }

  /// The permission columns of a record; a value that cannot be read is as if its column were missing.
  func permissions(_ owner: SnapshotForms.PermissionOwner) -> PermissionFlags {
    var flags = PermissionFlags()
    for (permission, position) in forms.permissions(of: owner) {
      if let value = flag(at: position) { flags.set(permission, value) }
    }
    return flags
  }

  /// Values of columns of true and false that are neither, with the names of their columns.
  var unreadableFlags: [UnreadableValue] {
    var values: [UnreadableValue] = []
    for position in forms.flagPositions {
      let value = forms.unreadableFlag(code(at: position), at: position) { text(at: position) }
      guard let value else { continue }
      values.append(UnreadableValue(column: forms.columns.original[position], value: value))
    }
    return values
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
