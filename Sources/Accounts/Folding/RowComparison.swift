package import SalesforceExports

/// By what rows with one Id are compared: the columns that all login files have (docs/judgement.md).
package struct RowComparison: Sendable {
  fileprivate(set) var userMask = UInt64.max
  fileprivate(set) var addressMask = UInt32.max
  private var comparesType = true

  /// Compares everything.
  package init() {}

  /// Compares what all of some files have.
  package init(_ files: [LoginColumns]) {
    let files = files.filter { $0.id >= 0 }
    // An id and a name are two columns, though they may mean one user.
    if !files.allSatisfy({ $0.user >= 0 }), !files.allSatisfy({ $0.user < 0 }) { userMask = 0 }
    if !files.allSatisfy({ $0.address >= 0 }) { addressMask = 0 }
    comparesType = files.allSatisfy { $0.shape[ShapeField.type.rawValue] >= 0 }
  }

  /// Stands for what a shape says about type and status.
  func identity(of shape: LoginShape) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ text: String) {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    if comparesType { add(shape.type) }
    add(shape.status)
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
