import Platform
import SalesforceExports

// What the ledger says of the shapes, addresses and minutes of an account, put together.
extension Judgement {
  /// Shapes that an account used, with their rows; in the order of shapes.
  ///
  /// - Parameters:
  ///   - numbers: The numbers of the account in the ledger.
  ///   - order: Memory that is used again.
  func shapes(
    of numbers: [UInt32], _ order: inout [UInt64]
  ) -> [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
    guard numbers.count <= 1 else { return unitedShapes(of: numbers) }
    guard let number = numbers.first else { return [] }
    // Uses are large and few numbers decide their order: those are sorted, and each use moves once.
    order.removeAll(keepingCapacity: true)
    let uses = ledger.shapeUses(of: Int(number))
    for position in uses.indices where uses[position].use.count > 0 {
      order.append(UInt64(shapeRanks[Int(uses[position].code)]) << 32 | UInt64(position))
    }
    order.sort()
    var result: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] = []
    result.reserveCapacity(order.count)
    for word in order {
      let position = Int(word & 0xFFFF_FFFF)
      let code = uses[position].code
      result.append((code, ledger.shapes[Int(code)], uses[position].use))
    }
    return result
  }

  /// The same of an account that may have several numbers.
  func unitedShapes(
    of numbers: [UInt32]
  ) -> [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] {
    var uses = numbers.flatMap { number in
      ledger.shapeUses(of: Int(number)).filter { $0.use.count > 0 }
    }
    uses.sort { shapeRanks[Int($0.code)] < shapeRanks[Int($1.code)] }
    var united: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)] = []
    for (code, use) in uses {
      guard let last = united.last, last.code == code else {
        united.append((code, ledger.shapes[Int(code)], use))
        continue
      }
      var known = last.use
      known.count += use.count
      if use.first.isBefore(known.first, addressOrder: addressOrder) { known.first = use.first }
      if use.last.isAfter(known.last, addressOrder: addressOrder) { known.last = use.last }
      united[united.count - 1].use = known
    }
    return united
  }

  private func addressOrder(_ one: UInt32, _ other: UInt32) -> Bool {
    ledger.addresses[Int(one)].precedes(ledger.addresses[Int(other)])
  }

  /// What all uses of each address come to.
  func addresses(_ uses: [AccountLedger.AddressUse]) -> [AddressFacts] {
    // Uses and facts are large: numbers that stand for them are sorted.
    var places: [UInt64] = []
    places.reserveCapacity(uses.count)
    for place in uses.indices { places.append(UInt64(uses[place].code) << 32 | UInt64(place)) }
    places.sort()
    var result: [AddressFacts] = []
    result.reserveCapacity(places.count)
    for word in places {
      let use = uses[Int(word & 0xFFFF_FFFF)]
      let facts = AddressFacts(
        code: use.code, network: network(ofAddress: use.code),
        use: ValueUse(
          value: ledger.addresses[Int(use.code)], count: use.count, first: use.first,
          last: use.last), apiSuccesses: use.apiSuccesses,
        firstAPISuccess: use.firstAPISuccess, lastAPISuccess: use.lastAPISuccess)
      if let last = result.last, last.code == use.code {
        unite(&result[result.count - 1], facts)
      } else {
        result.append(facts)
      }
    }
    guard result.count > 1 else { return result }
    return result.indices.sorted { ValueUse.ranks(result[$0].use, before: result[$1].use) }
      .map { result[$0] }
  }

  private func unite(_ known: inout AddressFacts, _ other: AddressFacts) {
    known.use.count += other.use.count
    known.use.first = min(known.use.first, other.use.first)
    known.use.last = max(known.use.last, other.use.last)
    known.apiSuccesses += other.apiSuccesses
    if let first = other.firstAPISuccess, known.firstAPISuccess.map({ precedes(first, $0) }) ?? true
    {
      known.firstAPISuccess = first
    }
    if let last = other.lastAPISuccess, known.lastAPISuccess.map({ precedes($0, last) }) ?? true {
      known.lastAPISuccess = last
    }
  }

  private func precedes(
    _ one: AccountLedger.ShapedRow, _ other: AccountLedger.ShapedRow
  ) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    if one.shape != other.shape {
      return shapeRanks[Int(one.shape)] < shapeRanks[Int(other.shape)]
    }
    return one.row.isPlacedBefore(other.row)
  }

  /// API attempts of an account by hour, ascending.
  func hours(
    of numbers: [UInt32], _ sequences: inout HourSequences
  ) -> [(hour: Int64, count: Int)] {
    if numbers.count == 1, let hours = ledger.apiHours(of: Int(numbers[0]), &sequences) {
      return hours
    }
    return AccountFacts.hours(of: minutes(of: numbers))
  }

  /// API attempts of an account by minute, ascending.
  func minutes(of numbers: [UInt32]) -> [(minute: Int64, count: Int)] {
    var result = numbers.first.map { ledger.apiMinutes(of: Int($0)) } ?? []
    for number in numbers.dropFirst() {
      var sums = Dictionary(result.map { ($0.minute, $0.count) }, uniquingKeysWith: +)
      for (minute, count) in ledger.apiMinutes(of: Int(number)) {
        sums[minute, default: 0] += count
      }
      result = sums.map { ($0.key, $0.value) }.sorted { $0.minute < $1.minute }
    }
    return result
  }
}
