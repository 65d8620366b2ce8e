import Foundation
import Results
import Testing

/// Texts of results are written by words of eight bytes; here they are written byte by byte once more.
@Suite struct ByteTextTests {
  /// Bytes and characters that are escaped, or that lie beside those that are.
  private static let special = [
    "\"", "\\", "\n", "\u{1F}", " ", "\u{7F}", "\u{85}", "\u{2028}", "é", "~", "!", "#", "[", "]",
    "😀",
  ]

  @Test(arguments: 0...33)
  func textsOfAllLengthsAreWrittenAsJSON(length: Int) throws {
    let plain = String((0..<length).map { Character(UnicodeScalar(UInt8(0x61 + $0 % 26))) })
    #expect(Self.json(plain) == "\"\(plain)\"")
    for position in 0..<length {
      for special in Self.special {
        let before = plain.prefix(position)
        let text = before + special + plain.dropFirst(position + 1)
        let written = Self.json(String(text))
        #expect(written == Self.naive(String(text)), "\(text.debugDescription)")
        let read = try JSONDecoder().decode([String].self, from: Data("[\(written)]".utf8))
        #expect(read.map { Array($0.utf8) } == [Array(text.utf8)])
      }
    }
  }

  @Test func numbersAreWrittenInDecimalDigits() {
    var numbers = [0, Int.max, Int.min]
    var power = 1
    while power < Int.max / 10 {
      numbers += [power - 1, power, power + 1, -power + 1, -power, -power - 1]
      power *= 10
    }
    numbers += Array(-1_100...11_000)
    for number in numbers {
      var text = ByteText(capacity: 0)
      text.append(decimal: number)
      #expect(String(decoding: text.array, as: UTF8.self) == String(number))
    }
  }

  @Test(arguments: [[], [7], [0, 9, 10, -1, 99_999, .min], Array(0..<300)])
  func listsOfNumbersAreJSON(numbers: [Int]) throws {
    var text = ByteText(capacity: 0)
    text.append(list: numbers)
    #expect(text.string == "[" + numbers.map(String.init).joined(separator: ",") + "]")
    #expect(try JSONDecoder().decode([Int].self, from: Data(text.array)) == numbers)
  }

  private static func json(_ value: String) -> String {
    var text = ByteText(capacity: 0)
    text.append(json: value)
    return String(decoding: text.array, as: UTF8.self)
  }

  private static func naive(_ value: String) -> String {
    var result = "\""
    for scalar in value.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
