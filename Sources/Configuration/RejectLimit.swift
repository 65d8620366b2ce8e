/// How many rejected rows a run tolerates before it counts as incomplete (`--max-rejects`).
package struct RejectLimit: Hashable, Sendable {
  private enum Bound: Hashable, Sendable {
    case count(Int)
    /// Percent of a file's rows, exact as it was written.
    case percent(DecimalNumber)
  }

  private let bound: Bound

  /// No rejected row at all: the default.
  package static let none = RejectLimit(count: 0)

  /// Tolerates `count` rows in all.
  ///
  /// - Precondition: `count` is not negative.
  package init(count: Int) {
    precondition(count >= 0, "a limit of rejects cannot be negative")
    bound = .count(count)
  }

  /// Reads a number of rows (`5`) or a share of a file's rows (`0.5%`).
  ///
  /// - Throws: ``QuantityTextError`` when the text is neither, or a share above 100 %.
  package init(_ text: String) throws(QuantityTextError) {
    let expected = "expected a number of rows such as `5`, or a share such as `0.5%`"
    guard let (number, rest) = DecimalNumber.read(Array(text.utf8)[...]) else {
      throw QuantityTextError(.malformed, expected)
    }
    switch String(decoding: rest, as: UTF8.self) {
    case "":
      guard number.scale == 1 else {
        throw QuantityTextError(.malformed, "a number of rows has no fraction; " + expected)
      }
      bound = .count(number.digits)
    case "%", " %":
      guard number.scale <= 1_000_000_000 else {
        throw QuantityTextError(.malformed, "expected at most nine digits after the point")
      }
      guard number.digits <= 100 * number.scale else {
        throw QuantityTextError(.outOfRange, "a share of rows is at most 100%")
      }
      bound = .percent(number)
    default:
      throw QuantityTextError(.malformed, expected)
    }
  }

  /// Whether the limit is a share of each file's rows, to be asked file by file; else it is a
  /// number of rows over all files.
  package var isShare: Bool {
    if case .percent = bound { true } else { false }
  }

  /// Whether `rejected` of `rows` read rows are within the limit.
  ///
  /// - Parameters:
  ///   - rejected: Rejected rows: of the run, or of one file where ``isShare``.
  ///   - rows: Rows read from that file; not looked at unless ``isShare``.
  package func tolerates(rejected: Int, of rows: Int) -> Bool {
    switch bound {
    case .count(let count):
      return rejected <= count
    case .percent(let percent):
      // rejected / rows ≤ digits / (scale · 100), without rounding.
      let left = rejected.multipliedFullWidth(by: percent.scale * 100)
      let right = rows.multipliedFullWidth(by: percent.digits)
      return (left.high, left.low) <= (right.high, right.low)
    }
  }
}
