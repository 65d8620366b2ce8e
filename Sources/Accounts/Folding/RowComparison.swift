package import SalesforceExports

/// By what rows with one Id are compared: the columns that all login files have (docs/judgement.md).
package struct RowComparison: Sendable, Equatable {
  /// The column that users are compared by.
  ///
  /// An id and a name are two columns, though they may mean one user.
  enum UserColumn: UInt8, Sendable {
    /// No file has said.
    case any
    case id, name
    /// Not all files have the same.
    case none
  }

  private(set) var user = UserColumn.any
  private(set) var comparesAddress = true
  private(set) var comparesType = true

  /// Compares everything.
  package init() {}

  /// Compares what all of some files have.
  package init(_ files: [LoginColumns]) {
    for file in files where file.id >= 0 {
      var one = RowComparison()
      one.user = file.user >= 0 ? .id : .name
      one.comparesAddress = file.address >= 0
      one.comparesType = file.shape[ShapeField.type.rawValue] >= 0
      formIntersection(one)
    }
  }

  /// Compares what another compares too, and nothing else.
  package mutating func formIntersection(_ other: RowComparison) {
    if user == .any {
      user = other.user
    } else if other.user != .any, other.user != user {
      user = .none
    }
    comparesAddress = comparesAddress && other.comparesAddress
    comparesType = comparesType && other.comparesType
  }

  var userMask: UInt64 { user == .none ? 0 : .max }
  var addressMask: UInt32 { comparesAddress ? .max : 0 }

  /// Stands for what a shape says about type and status.
  func identity(of shape: LoginShape) -> UInt32 {
    var hash = Self.start
    if comparesType { Self.add(shape.type, to: &hash) }
    Self.add(shape.status, to: &hash)
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }

  /// Stands for an address in its canonical form; 0 for none.
  static func identity(ofAddress text: String) -> UInt32 {
    if text.isEmpty { return 0 }
    var hash = start
    add(text, to: &hash)
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }

  // FNV-1a: ledgers keep what is made of it, so it must not depend on the process.
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325

  private static func add(_ text: String, to hash: inout UInt64) {
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ 0xFF) &* 0x100_0000_01B3
  }

  // MARK: Ledgers

  /// Writes what is compared.
  package func write(to writer: inout LedgerWriter) {
    writer.put(Int(user.rawValue))
    writer.put(comparesAddress)
    writer.put(comparesType)
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: ``LedgerError`` for anything else.
  package init(from reader: inout LedgerReader) throws(LedgerError) {
    guard let user = UserColumn(rawValue: UInt8(try reader.number(below: 4))) else {
      throw .damaged
    }
    self.user = user
    comparesAddress = try reader.flag()
    comparesType = try reader.flag()
  }
}
