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

/// The accounts of a ledger, numbered in the order of first sight, with their slots.
///
/// A bucket is eight bytes: the number of a slot plus one below, and 32 bits of the key's hash above.
/// So a look-up costs one access to a table that stays in the processor's cache, and its guess is
/// checked in the slot, which the fold needs anyway.
@safe
struct AccountIndex {
  private(set) var slots: UnsafeMutablePointer<AccountSlot>
  private(set) var count = 0
  private var capacity = 1_024
  private(set) var buckets: UnsafeMutablePointer<UInt64>
  private(set) var mask = 4_095
  private(set) var usernames: [String] = []
  private var numbersByUsername: [String: UInt32] = [:]

  init() {
    precondition(MemoryLayout<AccountSlot>.stride == 128, "a slot is two cache lines")
    unsafe slots = Self.allocateSlots(capacity)
    unsafe buckets = .allocate(capacity: mask + 1)
    unsafe buckets.initialize(repeating: 0, count: mask + 1)
  }

  /// Gives the memory back, but for that of the slots' lists.
  func free() {
    unsafe slots.deallocate()
    unsafe buckets.deallocate()
  }

  private static func allocateSlots(_ capacity: Int) -> UnsafeMutablePointer<AccountSlot> {
    // One slot more than there is room for: marks are compared 32 bytes at a time.
    let byteCount = (capacity + 1) * 128
    let isLarge = byteCount >= 1 << 20
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: isLarge ? 2 << 20 : 128)
    if isLarge { unsafe ListMemory.adviseHugePages(memory, byteCount) }
    return unsafe memory.bindMemory(to: AccountSlot.self, capacity: capacity + 1)
  }

  // MARK: Keys

  /// What identifies the account with a number.
  func key(of number: Int) -> AccountKey {
    let (high, low) = unsafe (slots[number].idHigh, slots[number].idLow)
    return high == .max ? .username(usernames[Int(low)]) : .id(SalesforceID(high: high, low: low))
  }

  /// A hash of an id: the upper half is the tag of its bucket, the lower half tells the place.
  @inline(__always)
  static func hash(_ id: SalesforceID) -> UInt64 {
    let product = (id.high ^ UInt64(id.low) << 34).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let mixed = (product.high ^ product.low) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ mixed >> 29
  }

  /// The bucket of the login log that an account's rows go to, the same in every ledger.
  @inline(__always)
  static func logBucket(_ hash: UInt64) -> Int { Int(hash >> 24 & 255) }

  // MARK: Look-up

  /// The number that the bucket chain of a hash presumes, or the first free place of the chain.
  ///
  /// The presumption is right unless two ids share 32 bits of hash; whoever uses it compares the key
  /// in the slot.
  @inline(__always)
  func presumed(_ hash: UInt64) -> Int? {
    let tag = hash >> 32
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let bucket = unsafe buckets[place]
      if bucket == 0 { return nil }
      if bucket >> 32 == tag { return Int(bucket & 0xFFFF_FFFF) - 1 }
      place = (place + 1) & mask
    }
  }

  /// Number of the account with this id, added on first sight.
  mutating func number(of id: SalesforceID, hash: UInt64) -> Int {
    let tag = hash >> 32
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let bucket = unsafe buckets[place]
      if bucket == 0 { break }
      if bucket >> 32 == tag {
        let number = Int(bucket & 0xFFFF_FFFF) - 1
        if unsafe slots[number].idHigh == id.high && slots[number].idLow == id.low {
          return number
        }
      }
      place = (place + 1) & mask
    }
    let number = add(AccountSlot(idHigh: id.high, idLow: id.low, logBucket: Self.logBucket(hash)))
    unsafe buckets[place] = tag << 32 | UInt64(number + 1)
    if count * 2 > mask { growBuckets() }
    return number
  }

  /// Number of the account with this lower-cased username, added on first sight.
  mutating func number(ofUsername name: String) -> Int {
    if let number = numbersByUsername[name] { return Int(number) }
    // The bucket must not depend on the process, as a Hasher would make it.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let number = add(
      AccountSlot(
        idHigh: .max, idLow: UInt32(usernames.count), logBucket: Self.logBucket(hash)))
    usernames.append(name)
    numbersByUsername[name] = UInt32(number)
    return number
  }

  mutating func number(of key: AccountKey) -> Int {
    switch key {
    case .id(let id): number(of: id, hash: Self.hash(id))
    case .username(let name): number(ofUsername: name)
    }
  }

  private mutating func add(_ slot: AccountSlot) -> Int {
    if count == capacity {
      let larger = unsafe Self.allocateSlots(capacity * 2)
      unsafe larger.moveInitialize(from: slots, count: count)
      unsafe slots.deallocate()
      unsafe slots = larger
      capacity *= 2
    }
    unsafe (slots + count).initialize(to: slot)
    count += 1
    return count - 1
  }

  private mutating func growBuckets() {
    let old = unsafe buckets
    let oldMask = mask
    mask = mask * 2 + 1
    unsafe buckets = .allocate(capacity: mask + 1)
    unsafe buckets.initialize(repeating: 0, count: mask + 1)
    for oldPlace in 0...oldMask {
      let bucket = unsafe old[oldPlace]
      guard bucket != 0 else { continue }
      let number = Int(bucket & 0xFFFF_FFFF) - 1
      let id = unsafe SalesforceID(high: slots[number].idHigh, low: slots[number].idLow)
      var place = Int(truncatingIfNeeded: Self.hash(id)) & mask
      while unsafe buckets[place] != 0 { place = (place + 1) & mask }
      unsafe buckets[place] = bucket
    }
    unsafe old.deallocate()
  }
}
