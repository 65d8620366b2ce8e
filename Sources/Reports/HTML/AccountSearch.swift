import Accounts
import Results
import SalesforceExports

/// What the search of the table of accounts finds of one beside what its row shows: the person's name,
/// applications and addresses.
struct AccountSearch {
  /// How many bytes of it the page holds.
  enum Room: Int {
    case short = 64
    case ample = 1_500
  }

  private let texts: [String]

  init(_ account: AccountRecord) {
    var texts = account.name.isEmpty || account.name == account.shownName ? [] : [account.name]
    texts += account.values.applications.uses.map(\.value).filter { $0 != "N/A" }
    // What people used is asked for before what systems use.
    let addresses = account.values.addresses.uses
    let sorted = addresses.filter { $0.human > 0 } + addresses.filter { $0.human == 0 }
    texts += Self.grouped(sorted.map(\.value))
    self.texts = texts.filter { !$0.isEmpty }
  }

  /// Addresses in the order of their networks; of an IPv4 network of 24 bits the later ones are their
  /// last number alone, `203.0.113.7+12+90`, which the script writes out.
  private static func grouped(_ addresses: [String]) -> [String] {
    var result: [String] = []
    var positions: [Substring: Int] = [:]
    for address in addresses {
      guard let dot = address.lastIndex(of: "."), NetworkAddress(address)?.family == .version4
      else {
        result.append(address)
        continue
      }
      if let position = positions[address[..<dot]] {
        result[position] += "+" + address[address.index(after: dot)...]
      } else {
        positions[address[..<dot]] = result.count
        result.append(address)
      }
    }
    return result
  }

  /// The terms for an attribute, as many as there is room for.
  func terms(_ room: Room) -> Markup {
    var result = Markup()
    for text in texts {
      var term: Markup = "\(text)"
      if result.byteCount + term.byteCount > room.rawValue {
        // Of a long list of addresses as many as fit.
        guard let cut = Self.cut(text, room.rawValue - result.byteCount) else { continue }
        term = "\(cut)"
      }
      result += result.isEmpty ? term : "|" + term
    }
    return result
  }

  private static func cut(_ text: String, _ count: Int) -> String? {
    guard text.contains("+"), text.utf8.allSatisfy({ $0 == 0x2B || $0 == 0x2E || $0.isDigit }),
      let end = text.prefix(max(0, count)).lastIndex(of: "+")
    else { return nil }
    return String(text[..<end])
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
