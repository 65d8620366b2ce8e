import SalesforceExports

/// Ids in the order in which they were met, with numbers from 1.
///
/// Looked up once a row, so by a table of its own: the standard one hashes with more care than a number needs.
struct NumberedIDs: Sendable {
  /// The Ids by their numbers less one.
  private(set) var ids: [SalesforceID] = []
  /// Ids at the place of their hash or behind it, with their numbers, so that a look-up waits for memory once.
  private var places = [Place](repeating: Place(), count: 64)

  private struct Place: Sendable, BitwiseCopyable {
    var id = SalesforceID.none
    /// 0 where no Id is.
    var number: UInt32 = 0
  }

  /// The number of an Id, which is added on first sight.
  ///
  /// - Complexity: O(1) amortised.
  mutating func number(of id: SalesforceID) -> UInt32 {
    let place = place(of: id)
    if places[place].number > 0 { return places[place].number }
    ids.append(id)
    let number = UInt32(ids.count)
    places[place] = Place(id: id, number: number)
    if 4 * ids.count > 3 * places.count { grow() }
    return number
  }

  /// The number of an Id; `nil` where it was not added.
  func known(_ id: SalesforceID) -> UInt32? {
    let number = places[place(of: id)].number
    return number > 0 ? number : nil
  }

  /// Where an Id stands, or would.
  private func place(of id: SalesforceID) -> Int {
    // Ids of one org differ in few bits, which two rounds spread.
    var hash = RawHash()
    hash.add(id.high)
    hash.add(UInt64(id.low))
    var place = Int(hash.value) & (places.count - 1)
    while places[place].number > 0, places[place].id != id {
      place = (place + 1) & (places.count - 1)
    }
    return place
  }

  private mutating func grow() {
    places = [Place](repeating: Place(), count: 2 * places.count)
    for (position, id) in ids.enumerated() {
      places[place(of: id)] = Place(id: id, number: UInt32(position + 1))
    }
  }
}
