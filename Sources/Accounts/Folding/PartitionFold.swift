import CByteScan
import SalesforceExports

// Before you change this file:
//
// - Reads past the ends. The marks of a slot are compared 32 bytes at a time, whatever their number,
//   so AccountIndex allocates one slot more than it has room for. Prefetched addresses need not be
//   readable.
// - Presumed first, checked later. `findAccounts` finds an account by 32 bits of its hash, and
//   `prefetchLists` a position by 16 bits of a code. `enter` compares the user in the slot and the
//   code in the list before it writes, and looks up anew where they differ. A position that was
//   presumed for an empty list is 0. A mark that is missing proves that a short list lacks an entry, so
//   nothing but `AccountSlot.append` may add entries.
// - Pointers move. A new account may move the slots of its partition, and an appended entry its list:
//   take `index.slots` again after `number(of:)`, and never keep a pointer to an entry over an append.
// - Locks. The caller holds the lock of the partition from the first line to the last. Nothing of
//   another partition may be touched, and no other lock taken.

/// Enters rows into a partition of a ledger.
///
/// Rows are gone through twice, so that no step waits for memory: first their users become places of
/// accounts (a guess by 32 bits of hash), then the rows enter, while the slots of rows further on and
/// the lists of nearer ones are asked for. The guess is checked there.
@safe
struct PartitionFold {
  /// Where a row's entries are looked for.
  private struct Guess {
    /// Place of the account in its partition.
    var account: UInt32
    /// Positions in the account's lists that the marks in its slot point to.
    var shape: UInt16 = 0
    var address: UInt16 = 0
  }

  private let ledger: AccountLedger
  private let guesses: UnsafeMutablePointer<Guess>
  /// Where the marks lie in a slot, in bytes.
  private let shapeCodeTagsOffset = MemoryLayout<AccountSlot>.offset(of: \.shapeCodeTags) ?? 0
  private let addressCodeTagsOffset = MemoryLayout<AccountSlot>.offset(of: \.addressCodeTags) ?? 0

  /// Makes a fold into a ledger of up to `capacity` rows at a time.
  init(_ ledger: AccountLedger, capacity: Int) {
    self.ledger = ledger
    unsafe guesses = .allocate(capacity: capacity)
  }

  /// Gives the memory back.
  func free() { unsafe guesses.deallocate() }

  private static let rowDistance = 32
  private static let bucketDistance = 8
  private static let slotDistance = 16
  private static let listDistance = 6

  /// Enters rows of one partition; nobody else may have it meanwhile.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - number: Number of the partition that all their users belong to.
  /// - Complexity: O(*n*) amortised.
  func enter(_ rows: UnsafeBufferPointer<FoldedLogin>, _ number: Int) {
    guard let start = rows.baseAddress, !rows.isEmpty else { return }
    let count = rows.count
    let partition = ledger.partition(number)
    unsafe findAccounts(start, count, partition)
    var slots = unsafe partition.index.slots
    for position in 0..<count {
      if position + Self.slotDistance < count {
        let ahead = unsafe slots + Int(guesses[position + Self.slotDistance].account)
        unsafe byte_scan_prefetch(ahead)
        unsafe byte_scan_prefetch(UnsafeRawPointer(ahead) + 64)
      }
      if position + Self.listDistance < count {
        let ahead = position + Self.listDistance
        unsafe prefetchLists(start[ahead], guesses + ahead, slots)
      }
      unsafe enter(start + position, guesses + position, &slots, partition, number)
    }
  }

  private func findAccounts(
    _ rows: UnsafePointer<FoldedLogin>, _ count: Int, _ partition: AccountPartition
  ) {
    // A copy of the index, whose look-up changes nothing; taken anew when an account was added.
    var index = partition.index
    for position in 0..<count {
      if position + Self.rowDistance < count {
        unsafe byte_scan_prefetch(rows + (position + Self.rowDistance))
      }
      if position + Self.bucketDistance < count {
        let tag = unsafe rows[position + Self.bucketDistance].tag
        unsafe byte_scan_prefetch(index.buckets + (Int(tag) & index.mask))
      }
      var place = unsafe index.presumed(rows[position].tag)
      if place == nil {
        place = unsafe partition.index.number(of: rows[position].user)
        index = partition.index
      }
      unsafe (guesses + position).initialize(
        to: Guess(account: UInt32(truncatingIfNeeded: place.unsafelyUnwrapped)))
    }
  }

  /// A bit for each of a list's first entries whose mark is the wanted one.
  @inline(__always)
  private func marked(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ marksOffset: Int, _ count: UInt32, _ mark: UInt16
  ) -> UInt32 {
    let marks = unsafe UnsafeRawPointer(slot) + marksOffset
    let found = unsafe byte_scan_equal_words(marks, mark)
    return found & ((1 &<< min(count, UInt32(AccountSlot.codeTagCount))) &- 1)
  }

  /// The first of a list's entries whose mark is the wanted one; `fallback` when none has it.
  @inline(__always)
  private func guess(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ marksOffset: Int, _ count: UInt32, _ mark: UInt16,
    _ fallback: UInt16
  ) -> UInt16 {
    let found = unsafe marked(slot, marksOffset, count, mark)
    return found == 0 ? fallback : UInt16(truncatingIfNeeded: found.trailingZeroBitCount)
  }

  /// Whether a list cannot hold what has a mark: every entry has one, and none is this.
  @inline(__always)
  private func lacks(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ marksOffset: Int, _ count: UInt32, _ mark: UInt16
  ) -> Bool {
    unsafe count <= UInt32(AccountSlot.codeTagCount)
      && marked(slot, marksOffset, count, mark) == 0
  }

  /// Asks for the entries that a row will change, as far as the marks in its slot tell them.
  @inline(__always)
  private func prefetchLists(
    _ row: FoldedLogin, _ guess: UnsafeMutablePointer<Guess>,
    _ slots: UnsafeMutablePointer<AccountSlot>
  ) {
    let slot = unsafe slots + Int(guess.pointee.account)
    if let base = unsafe slot.pointee.shapes.base {
      let position = unsafe self.guess(
        slot, shapeCodeTagsOffset, slot.pointee.shapes.count,
        UInt16(truncatingIfNeeded: row.shape), slot.pointee.lastShape)
      unsafe guess.pointee.shape = position
      let entry = unsafe UnsafeRawPointer(base + Int(position))
      unsafe byte_scan_prefetch(entry)
      unsafe byte_scan_prefetch(entry + (ShapeEntry.usualByteCount - 1))
    }
    if let base = unsafe slot.pointee.addresses.base {
      let position = unsafe self.guess(
        slot, addressCodeTagsOffset, slot.pointee.addresses.count,
        AddressEntry.tag(address: row.row.address, application: row.kind.application),
        slot.pointee.lastAddress)
      unsafe guess.pointee.address = position
      let entry = unsafe UnsafeRawPointer(base + Int(position))
      unsafe byte_scan_prefetch(entry)
      unsafe byte_scan_prefetch(entry + (AddressEntry.usualByteCount - 1))
    }
    if row.kind.contains(.logged) {
      if let head = unsafe slot.pointee.loggedRows.start { unsafe byte_scan_prefetch(head) }
    }
    if let entry = unsafe slot.pointee.minutes.end { unsafe byte_scan_prefetch(entry) }
  }

  @inline(__always)
  private func enter(
    _ row: UnsafePointer<FoldedLogin>, _ guess: UnsafeMutablePointer<Guess>,
    _ slots: inout UnsafeMutablePointer<AccountSlot>, _ partition: AccountPartition, _ number: Int
  ) {
    var place = unsafe Int(guess.pointee.account)
    if unsafe slots[place].user != row.pointee.user {
      place = unsafe partition.index.number(of: row.pointee.user)
      // A new account may have moved the slots.
      unsafe slots = partition.index.slots
    }
    let slot = unsafe slots + place
    let shape = unsafe shapePosition(slot, row, Int(guess.pointee.shape), partition)
    let address = unsafe addressPosition(slot, row, Int(guess.pointee.address), partition)
    unsafe ledger.enter(
      account: UInt32(
        truncatingIfNeeded: AccountLedger.number(partition: number, place: place)),
      slot, partition, shapePosition: shape, addressPosition: address, row: row.pointee.row,
      disposition: row.pointee.disposition, proof: row.pointee.proof)
  }

  @inline(__always)
  private func shapePosition(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ row: UnsafePointer<FoldedLogin>, _ guess: Int,
    _ partition: AccountPartition
  ) -> Int {
    let code = unsafe row.pointee.shape
    // The list may have been empty when the guess was made, and then the guess is the first entry.
    if unsafe slot.pointee.shapes.count > 0,
      unsafe slot.pointee.shapes.entry(guess).pointee.code == code
    {
      return guess
    }
    return unsafe lookUpShape(slot, row, partition)
  }

  @inline(never)
  private func lookUpShape(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ row: UnsafePointer<FoldedLogin>,
    _ partition: AccountPartition
  ) -> Int {
    let code = unsafe row.pointee.shape
    let position: Int
    let isNew = unsafe lacks(
      slot, shapeCodeTagsOffset, slot.pointee.shapes.count, UInt16(truncatingIfNeeded: code))
    if let known = isNew ? nil : unsafe slot.pointee.shapes.position(of: code) {
      position = known
    } else {
      // Whatever comes first is earlier than one and later than the other.
      let placeholder = RowReference(
        time: Instant(milliseconds: .max), id: .none, address: 0, file: 0, line: 0)
      position = unsafe slot.pointee.append(
        ShapeEntry(code: code, kind: row.pointee.kind, first: placeholder, last: placeholder),
        partition.memory)
      unsafe slot.pointee.shapes.entry(position).pointee.last.time = Instant(milliseconds: .min)
    }
    unsafe slot.pointee.lastShape = position <= Int(UInt16.max) ? UInt16(position) : 0
    return position
  }

  /// Position of a row's address in its account's list; −1 for a row without one.
  @inline(__always)
  private func addressPosition(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ row: UnsafePointer<FoldedLogin>, _ guess: Int,
    _ partition: AccountPartition
  ) -> Int {
    let address = unsafe row.pointee.row.address
    if address == 0 { return -1 }
    let code = unsafe AddressEntry.code(
      address: address, application: row.pointee.kind.application)
    if unsafe slot.pointee.addresses.count > 0,
      unsafe slot.pointee.addresses.entry(guess).pointee.code == code
    {
      return guess
    }
    return unsafe lookUpAddress(slot, code, partition)
  }

  @inline(never)
  private func lookUpAddress(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ code: UInt64, _ partition: AccountPartition
  ) -> Int {
    let address = UInt32(truncatingIfNeeded: code)
    let row = RowReference(
      time: Instant(milliseconds: 0), id: .none, address: address, file: 0, line: 0)
    let isNew = unsafe lacks(
      slot, addressCodeTagsOffset, slot.pointee.addresses.count,
      AddressEntry.tag(address: address, application: UInt32(truncatingIfNeeded: code >> 32)))
    let known = isNew ? nil : unsafe slot.pointee.addresses.position(of: code)
    let position =
      unsafe known ?? slot.pointee.append(AddressEntry(code: code, row: row), partition.memory)
    unsafe slot.pointee.lastAddress = position <= Int(UInt16.max) ? UInt16(position) : 0
    return position
  }
}
