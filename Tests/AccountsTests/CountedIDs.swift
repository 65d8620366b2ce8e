import SalesforceExports

extension SalesforceID {
  /// The id whose letters and digits are a number, written with 62 digits.
  static func counting(_ number: Int) -> SalesforceID {
    var (rest, high, low) = (number, UInt64(0), UInt32(0))
    for position in 0..<15 {
      let digit = rest % 62
      rest /= 62
      if position < 5 {
        low |= UInt32(digit) << UInt32(6 * position)
      } else {
        high |= UInt64(digit) << UInt64(6 * (position - 5))
      }
    }
    return SalesforceID(high: high, low: low)
  }
}
