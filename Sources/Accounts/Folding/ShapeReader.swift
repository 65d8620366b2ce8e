import Delimited
import SalesforceExports

/// Decodes the shapes of records, each value of a column once.
///
/// A worker has one for each kind of file.
final class ShapeReader {
  private var values: ShapeValues

  /// Makes a reader that has seen nothing.
  init(kind: FileKind) { values = ShapeValues(kind: kind) }

  /// The shape of a record.
  ///
  /// - Parameters:
  ///   - record: Its number in the block.
  ///   - block: The block.
  ///   - columns: Positions of the columns by ``ShapeField``; negative for one that the file lacks.
  func shape(of record: Int, in block: RecordBlock, at columns: [Int]) -> LoginShape {
    values.shape(of: record, in: block, at: columns)
  }
}

/// What a reader of shapes has seen; apart from it, since each access to a class's property is checked for
/// overlap at run time.
private struct ShapeValues {
  private let kind: FileKind
  private var decoder: LoginShapeDecoder
  /// Numbers of values by the bytes of their fields, by column.
  private var numbers: [RawValueTable]
  private var valueCount = 0
  // Used again for each record.
  private var values: [Int]
  private var pieces = RawPieces()

  /// Values after which all are forgotten; text of an attacker must not fill the memory.
  private static let bound = 1 << 18

  init(kind: FileKind) {
    self.kind = kind
    decoder = LoginShapeDecoder(kind: kind)
    numbers = ShapeField.allCases.map { _ in RawValueTable() }
    values = ShapeField.allCases.map { _ in 0 }
    pieces.ranges = [0..<0]
  }

  mutating func shape(
    of record: Int, in block: RecordBlock, at columns: [Int]
  ) -> LoginShape {
    if valueCount > Self.bound { self = ShapeValues(kind: kind) }
    for column in ShapeField.allCases {
      let position = columns[column.rawValue]
      guard position >= 0 else {
        values[column.rawValue] = 0
        continue
      }
      pieces.ranges[0] = block.fieldStart(record, position)..<block.fieldEnd(record, position)
      values[column.rawValue] = Self.number(
        of: block[record][position], column, pieces, in: block, &numbers[column.rawValue], &decoder,
        &valueCount)
    }
    return decoder.shape(of: values)
  }

  /// Number of a column's value, which is decoded on first sight.
  @inline(__always)
  private static func number(
    of field: FieldBytes, _ column: ShapeField, _ pieces: RawPieces, in block: RecordBlock,
    _ numbers: inout RawValueTable, _ decoder: inout LoginShapeDecoder, _ valueCount: inout Int
  ) -> Int {
    Int(
      unsafe numbers.code(of: pieces, at: block.base) {
        valueCount += 1
        return UInt32(decoder.add(field.string, of: column))
      })
  }
}
