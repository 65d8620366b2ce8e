import Crypto
import Platform

/// Names of places in the page that stay the same from report to report, so that a link to one keeps.
enum PageAnchor {
  private static let longest = 64

  /// The place of an account.
  static func account(_ key: String) -> Markup { "a-\(whole: safe(key))" }

  /// The place of a finding.
  static func finding(_ id: String) -> Markup {
    "f-\(whole: safe(id.hasPrefix("pf1:") ? String(id.dropFirst(4)) : id))"
  }

  /// A text of letters, digits and `-_.~` for each text, which needs no quotes anywhere.
  private static func safe(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        result.append(byte)
      default:
        result.append(UInt8(ascii: "~"))
        result.append(contentsOf: Hexadecimal.text([byte]).utf8)
      }
    }
    guard result.count <= longest else {
      return "~" + Hexadecimal.text(SHA256.hash(data: Array(text.utf8)).prefix(16))
    }
    return String(decoding: result, as: UTF8.self)
  }
}
