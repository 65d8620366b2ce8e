import Platform
package import SalesforceExports

/// What identifies an account in login rows.
package enum AccountKey: Hashable, Sendable {
  /// The user's id, in either form.
  case id(SalesforceID)
  /// The lower-cased username, where rows carry no id.
  case username(String)

  /// Text in results: the 18-character id, or `username:` and the name (docs/judgement.md).
  package var text: String {
    switch self {
    case .id(let id): id.text18
    case .username(let name): "username:" + name
    }
  }
}

extension AccountKey {
  /// Compares usernames by their bytes.
  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.id(let one), .id(let other)): one == other
    case (.username(let one), .username(let other)): one.hasBytes(of: other)
    default: false
    }
  }

  /// Hashes usernames by their bytes.
  package func hash(into hasher: inout Hasher) {
    switch self {
    case .id(let id): hasher.combine(id)
    case .username(let name): name.hashBytes(into: &hasher)
    }
  }
}

extension AccountKey: Comparable {
  /// Orders as the bytes of ``text``.
  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.id(let one), .id(let other)): one < other
    default: left.text.precedes(right.text)
    }
  }
}

/// The accounts of a part of a ledger, numbered in the order of first sight, with their slots.
///
/// A bucket is eight bytes: the number of a slot plus one below, and 32 bits of the key's hash above.
/// So a look-up costs one access to a table that stays in the processor's cache, and its guess is
/// checked in the slot, which the fold needs anyway.
@safe
struct AccountIndex {
  private(set) var slots: UnsafeMutablePointer<AccountSlot>
  private(set) var count = 0
  private var capacity = 8
  private(set) var buckets: UnsafeMutablePointer<UInt64>
  private(set) var mask = 31

  init() {
    precondition(MemoryLayout<AccountSlot>.stride == 128, "a slot is two cache lines")
    // Marks are compared 32 bytes at a time.
    let marks = MemoryLayout<AccountSlot>.offset(of: \.addressCodeTags) ?? .max
    precondition(marks <= 128 - 32, "what is compared with marks lies in their slot")
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
    let byteCount = capacity * 128
    let isLarge = byteCount >= 1 << 20
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: isLarge ? 2 << 20 : 128)
    if isLarge { unsafe ChunkArena.adviseHugePages(memory, byteCount) }
    return unsafe memory.bindMemory(to: AccountSlot.self, capacity: capacity)
  }

  /// The number that the bucket chain of a tag presumes; `nil` when the chain has none.
  ///
  /// The presumption is right unless two users share 32 bits of hash; whoever uses it compares the key
  /// in the slot.
  @inline(__always)
  func presumed(_ tag: UInt32) -> Int? {
    var place = Int(tag) & mask
    while true {
      let bucket = unsafe buckets[place]
      if bucket == 0 { return nil }
      if UInt32(truncatingIfNeeded: bucket >> 32) == tag { return Int(bucket & 0xFFFF_FFFF) - 1 }
      place = (place + 1) & mask
    }
  }

  /// Number of a user's account, added on first sight.
  ///
  /// - Complexity: O(1) amortised.
  mutating func number(of user: LedgerUser) -> Int {
    let tag = user.tag
    var place = Int(tag) & mask
    while true {
      let bucket = unsafe buckets[place]
      if bucket == 0 { break }
      if UInt32(truncatingIfNeeded: bucket >> 32) == tag {
        let number = Int(bucket & 0xFFFF_FFFF) - 1
        if unsafe slots[number].user == user { return number }
      }
      place = (place + 1) & mask
    }
    let number = add(AccountSlot(user: user))
    unsafe buckets[place] = UInt64(tag) << 32 | UInt64(number + 1)
    if count * 2 > mask { growBuckets() }
    return number
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
      var place = Int(bucket >> 32) & mask
      while unsafe buckets[place] != 0 { place = (place + 1) & mask }
      unsafe buckets[place] = bucket
    }
    unsafe old.deallocate()
  }
}
