import Delimited
import SalesforceExports

/// Decodes the shapes of records, each value of a column once.
///
/// A worker has one for each kind of file.
final class ShapeReader {
  private let kind: FileKind
  private var decoder: LoginShapeDecoder
  /// Numbers of values by the bytes of their fields, by column.
  private var numbers: [RawValueTable] = []
  private var valueCount = 0
  // Used again for each record.
  private var values: [Int]
  private var pieces = RawPieces()

  /// Values after which all are forgotten; text of an attacker must not fill the memory.
  private static let bound = 1 << 18

  /// Makes a reader that has seen nothing.
  init(kind: FileKind) {
    self.kind = kind
    decoder = LoginShapeDecoder(kind: kind)
    values = ShapeField.allCases.map { _ in 0 }
    forget()
  }

  private func forget() {
    decoder = LoginShapeDecoder(kind: kind)
    numbers = ShapeField.allCases.map { _ in RawValueTable() }
    valueCount = 0
  }

  /// The shape of a record.
  ///
  /// - Parameters:
  ///   - record: Its number in the block.
  ///   - block: The block.
  ///   - columns: Positions of the columns by ``ShapeField``; negative for one that the file lacks.
  func shape(of record: Int, in block: RecordBlock, at columns: [Int]) -> LoginShape {
    if valueCount > Self.bound { forget() }
    for column in ShapeField.allCases {
      let position = columns[column.rawValue]
      guard position >= 0 else {
        values[column.rawValue] = 0
        continue
      }
      pieces.ranges.removeAll(keepingCapacity: true)
      pieces.ranges.append(
        block.fieldStart(record, position)..<block.fieldEnd(record, position))
      let number = unsafe numbers[column.rawValue].code(of: pieces, at: block.base) {
        valueCount += 1
        return UInt32(decoder.add(block[record][position].string, of: column))
      }
      values[column.rawValue] = Int(number)
    }
    return decoder.shape(of: values)
  }
}
