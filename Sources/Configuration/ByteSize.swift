/// Reads sizes that a person writes, such as `512MiB`.
package enum ByteSize {
  /// Reads a number of bytes.
  ///
  /// A number, with a decimal fraction if wanted, and a unit: none or `B` = bytes; `KiB`, `MiB`,
  /// `GiB`, `TiB` = powers of 1,024; `kB`, `MB`, `GB`, `TB` = powers of 1,000; a bare `K`, `M`,
  /// `G`, `T` = powers of 1,024, as GNU tools read them. Case does not matter, and one space
  /// between number and unit is fine.
  ///
  /// - Returns: The size, at least 1; a fraction of a byte is dropped.
  /// - Throws: ``QuantityTextError`` when the text is no size, is zero, or is beyond 2⁶³ − 1.
  package static func parse(_ text: String) throws(QuantityTextError) -> Int {
    let bytes = Array(text.utf8)
    guard let (number, rest) = DecimalNumber.read(bytes[...]) else {
      throw QuantityTextError(.malformed, "expected a size such as `64KiB`, `512MiB` or `2GB`")
    }
    var unit = rest
    if unit.count > 1, unit.first == UInt8(ascii: " ") { unit = unit.dropFirst() }
    let unitName = String(decoding: unit, as: UTF8.self)
    guard let factor = factors[unitName.lowercased()] else {
      throw QuantityTextError(
        .malformed,
        "expected a unit of B, KiB, MiB, GiB, TiB, kB, MB, GB or TB, found "
          + unitName.quotedForMessage)
    }
    guard let size = number.multiplied(by: factor) else {
      throw QuantityTextError(.outOfRange, "the size is too large")
    }
    guard size > 0 else {
      throw QuantityTextError(.outOfRange, "expected a size of at least one byte")
    }
    return size
  }

  private static let factors: [String: Int] = [
    "": 1, "b": 1,
    "k": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mib": 1 << 20,
    "g": 1 << 30, "gib": 1 << 30, "t": 1 << 40, "tib": 1 << 40,
    "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
  ]
}

/// Why a text is no size and no limit.
package struct QuantityTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Kind of a defect.
  package enum Code: Hashable, Sendable {
    /// The text does not have the form of such a quantity.
    case malformed
    /// The form is right and the value is too small or too large.
    case outOfRange
  }

  /// What is wrong, to match on.
  package let code: Code
  /// What is wrong, as half a sentence for people.
  package let detail: String

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// The detail.
  package var description: String { detail }
}

/// A number without sign as it was written: digits and how many of them follow the point.
///
/// Kept exact, so that neither a size nor a share of rows depends on binary rounding.
struct DecimalNumber: Hashable, Sendable {
  /// All digits as one number.
  let digits: Int
  /// 10 to the number of digits after the point.
  let scale: Int

  /// Reads a number from the front of `bytes`.
  ///
  /// - Returns: The number and what follows it, or `nil` when the front is no number or has more
  ///   than 18 digits in all.
  static func read(_ bytes: ArraySlice<UInt8>) -> (number: Self, rest: ArraySlice<UInt8>)? {
    var rest = bytes
    var digits = 0
    var scale = 1
    var count = 0
    var hasPoint = false
    while let byte = rest.first {
      if byte == UInt8(ascii: "."), !hasPoint, count > 0 {
        hasPoint = true
      } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        count += 1
        guard count <= 18 else { return nil }
        digits = digits * 10 + Int(byte - UInt8(ascii: "0"))
        if hasPoint { scale *= 10 }
      } else {
        break
      }
      rest = rest.dropFirst()
    }
    guard count > 0, !hasPoint || scale > 1 else { return nil }
    return (Self(digits: digits, scale: scale), rest)
  }

  /// The whole part of the number times `factor`, or `nil` when it does not fit.
  func multiplied(by factor: Int) -> Int? {
    let product = digits.multipliedFullWidth(by: factor)
    // `dividingFullWidth` traps when the quotient does not fit, which is when high ≥ scale.
    guard product.high < scale else { return nil }
    let (quotient, _) = UInt(scale).dividingFullWidth((UInt(product.high), product.low))
    return Int(exactly: quotient)
  }
}
