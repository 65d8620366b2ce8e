package import SalesforceExports

/// What identifies an account in login rows.
package enum AccountKey: Hashable, Sendable {
  /// The user's id, in either form.
  case id(SalesforceID)
  /// The lower-cased username, where rows carry no id.
  case username(String)

  /// Text in results: the 18-character id, or `username:` and the name (RULES.md §3).
  package var text: String {
    switch self {
    case .id(let id): id.text18
    case .username(let name): "username:" + name
    }
  }
}

extension AccountKey: Comparable {
  /// Orders as the bytes of ``text``.
  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.id(let one), .id(let other)): one < other
    default: left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
  }
}

/// The accounts of a ledger, numbered in the order of first sight.
struct AccountIndex: Sendable {
  private(set) var keys: [AccountKey] = []
  private var ids: [SalesforceID] = []
  private var numbers: [UInt32] = []
  private var places = [UInt32](repeating: 0, count: 256)
  private var mask = 255
  private var byUsername: [String: UInt32] = [:]

  /// Number of the account with this id, added on first sight.
  @inline(__always)
  mutating func number(of id: SalesforceID) -> UInt32 {
    var place = Self.hash(id) & mask
    while true {
      let entry = Int(places[place])
      if entry == 0 { break }
      if ids[entry - 1] == id { return numbers[entry - 1] }
      place = (place + 1) & mask
    }
    return add(id, at: place)
  }

  /// Number of the account with this lower-cased username, added on first sight.
  mutating func number(ofUsername name: String) -> UInt32 {
    if let number = byUsername[name] { return number }
    let number = UInt32(keys.count)
    keys.append(.username(name))
    byUsername[name] = number
    return number
  }

  mutating func number(of key: AccountKey) -> UInt32 {
    switch key {
    case .id(let id): number(of: id)
    case .username(let name): number(ofUsername: name)
    }
  }

  private mutating func add(_ id: SalesforceID, at place: Int) -> UInt32 {
    let number = UInt32(keys.count)
    keys.append(.id(id))
    ids.append(id)
    numbers.append(number)
    places[place] = UInt32(ids.count)
    if ids.count * 2 > places.count {
      mask = places.count * 2 - 1
      places = [UInt32](repeating: 0, count: mask + 1)
      for (index, id) in ids.enumerated() {
        var place = Self.hash(id) & mask
        while places[place] != 0 { place = (place + 1) & mask }
        places[place] = UInt32(index + 1)
      }
    }
    return number
  }

  @inline(__always)
  private static func hash(_ id: SalesforceID) -> Int {
    let mixed = id.high ^ (UInt64(id.low) << 30)
    let product = mixed.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }
}
