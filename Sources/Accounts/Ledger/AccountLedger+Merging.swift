import Platform
import SalesforceExports

// One ledger added to another. Accounts meet by their keys, everything else by codes that are translated
// once; a key lies in the same partition of both, so partitions merge side by side.

extension AccountLedger {
  /// Adds everything that `other` holds.
  ///
  /// - Parameters:
  ///   - other: The other ledger, of which nothing is kept.
  ///   - relocation: What another run's rows are in this one; `nil` for a part of the same run.
  ///   - threads: How many threads share the work.
  /// - Complexity: O(*n*) in the accounts, shapes, addresses, minutes and logged rows of `other`.
  package func merge(
    _ other: AccountLedger, _ relocation: LedgerRelocation? = nil, threads: Int = 1
  ) {
    var accounts = [UInt32](repeating: 0, count: other.accountBound)
    for number in other.accountNumbers { accounts[number] = account(other.key(of: number)) }
    let codes = MergedCodes(
      accounts: accounts, shapes: other.shapes.map { code(of: $0) },
      addresses: other.addresses.map { code(ofAddress: $0) },
      applications: other.applications.indices.map { code in
        code < 2 ? UInt32(code) : self.code(ofApplication: other.applications[code])
      }, relocation: relocation, kinds: other.kinds)
    let workerCount = min(
      threads,
      1 + other.accountCount / Self.mergedAloneCount
        + other.loggedCount / Self.mergedAloneRowCount, Self.partitionCount)
    // A key lies in the same partition of both.
    WorkerThreads.run(workerCount) { [self] worker in
      for number in stride(from: worker, to: Self.partitionCount, by: workerCount) {
        mergePartition(number, of: other, codes)
      }
    }
    hours.formUnion(other.hours)
    applicationDays.formUnion(other.applicationDays, codes: codes.applications)
    for login in other.joinedLogins { noteJoined(login) }
  }

  /// What the numbers of another ledger are in this one.
  private struct MergedCodes: Sendable {
    let accounts: [UInt32]
    let shapes: [UInt32]
    let addresses: [UInt32]
    let applications: [UInt32]
    let relocation: LedgerRelocation?
    /// What the fold knew of the other ledger's shapes.
    let kinds: [AccountLedger.ShapeKind]

    func translated(_ row: RowReference) -> RowReference {
      var row = row
      row.address = addresses[Int(row.address)]
      relocation?.move(&row)
      return row
    }
  }

  /// Accounts, and logged rows, for which no further thread is begun.
  private static let mergedAloneCount = 512
  private static let mergedAloneRowCount = 1 << 16

  private func mergePartition(_ number: Int, of other: AccountLedger, _ codes: MergedCodes) {
    let (partition, theirs) = (partitions[number], other.partitions[number])
    for place in 0..<theirs.index.count {
      let account = Self.number(partition: number, place: place)
      let slot = unsafe slot(Int(codes.accounts[account]))
      unsafe mergeAccount(slot, theirs.index.slots + place, codes, partition.memory)
      if let minutes = theirs.outlyingMinutes[place] {
        for (minute, count) in minutes {
          unsafe partition.add(minute: minute, of: slot, count: count)
        }
      }
      unsafe mergeRows(slot, partition, of: other, account, codes)
    }
  }

  private func mergeRows(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ partition: AccountPartition,
    of other: AccountLedger, _ account: Int, _ codes: MergedCodes
  ) {
    let number = codes.accounts[account]
    // What is looked at with each row lies in constants of its own, or each look would count references.
    let (shapes, addresses, kinds) = (codes.shapes, codes.addresses, codes.kinds)
    let relocation = codes.relocation
    other.forEachLoggedRow(ofAccount: account) { login in
      var login = login
      if let relocation {
        if kinds[Int(login.shape)].contains(.verifiable) {
          login.proof.formUnion(relocation.proof(of: login.row.id))
        }
        relocation.move(&login.row)
      }
      login.account = number
      login.shape = shapes[Int(login.shape)]
      login.row.address = addresses[Int(login.row.address)]
      unsafe partition.log(login, of: slot)
    }
  }

  private func mergeAccount(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ theirs: UnsafeMutablePointer<AccountSlot>,
    _ codes: MergedCodes, _ memory: ListAllocator
  ) {
    for position in 0..<Int(unsafe theirs.pointee.shapes.count) {
      let use = unsafe theirs.pointee.shapes.entry(position).pointee
      unsafe mergeShape(
        slot, code: codes.shapes[Int(use.code)], count: use.count,
        first: codes.translated(use.first), last: codes.translated(use.last), memory)
    }
    for position in 0..<Int(unsafe theirs.pointee.addresses.count) {
      let other = unsafe theirs.pointee.addresses.entry(position).pointee
      var use = AddressEntry(
        other, address: codes.addresses[Int(other.address)],
        application: codes.applications[Int(other.application)])
      use.firstAPI = codes.translated(use.firstAPI)
      use.lastAPI = codes.translated(use.lastAPI)
      if use.hasAPI {
        use.firstAPIShape = codes.shapes[Int(use.firstAPIShape)]
        use.lastAPIShape = codes.shapes[Int(use.lastAPIShape)]
      }
      unsafe mergeAddress(slot, use, memory)
    }
    unsafe slot.pointee.minutes.merge(theirs.pointee.minutes, memory)
  }

  func mergeShape(
    _ slot: UnsafeMutablePointer<AccountSlot>, code: UInt32, count: Int, first: RowReference,
    last: RowReference, _ memory: ListAllocator
  ) {
    // Seen outside the window alone: nothing but the log knows of it.
    if first.time.milliseconds == .max { return }
    let position =
      unsafe slot.pointee.shapes.position(of: code)
      ?? slot.pointee.append(
        ShapeEntry(code: code, kind: kinds[Int(code)], first: first, last: last), memory)
    let use = unsafe slot.pointee.shapes.entry(position)
    unsafe use.pointee.count += count
    unsafe widen(use, with: first)
    unsafe widen(use, with: last)
  }

  func mergeAddress(
    _ slot: UnsafeMutablePointer<AccountSlot>, _ other: AddressEntry, _ memory: ListAllocator
  ) {
    guard let position = unsafe slot.pointee.addresses.position(of: other.code) else {
      _ = unsafe slot.pointee.append(other, memory)
      return
    }
    let use = unsafe slot.pointee.addresses.entry(position)
    if other.count > 0 {
      if unsafe use.pointee.count == 0 {
        unsafe use.pointee.firstTime = other.firstTime
        unsafe use.pointee.lastTime = other.lastTime
      }
      unsafe use.pointee.firstTime = min(use.pointee.firstTime, other.firstTime)
      unsafe use.pointee.lastTime = max(use.pointee.lastTime, other.lastTime)
    }
    unsafe use.pointee.count += other.count
    unsafe use.pointee.days |= other.days
    if other.hasAPI {
      unsafe widenAPI(
        use, first: other.firstAPI, other.firstAPIShape, last: other.lastAPI, other.lastAPIShape)
    }
  }
}
