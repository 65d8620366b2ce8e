import SalesforceExports

/// Ids in the order in which they were met, with numbers from 1.
///
/// Looked up once a row, so by a table of its own: the standard one hashes with more care than a number needs.
struct NumberedIDs: Sendable {
  /// The Ids by their numbers less one.
  private(set) var ids: [SalesforceID] = []
  /// Numbers at the place of the Id's hash or behind it; 0 where none is.
  private var places = [UInt32](repeating: 0, count: 64)

  /// The number of an Id, which is added on first sight.
  ///
  /// - Complexity: O(1) amortised.
  mutating func number(of id: SalesforceID) -> UInt32 {
    let place = place(of: id)
    if places[place] > 0 { return places[place] }
    ids.append(id)
    let number = UInt32(ids.count)
    places[place] = number
    if 2 * ids.count > places.count { grow() }
    return number
  }

  /// The number of an Id; `nil` where it was not added.
  func known(_ id: SalesforceID) -> UInt32? {
    let number = places[place(of: id)]
    return number > 0 ? number : nil
  }

  /// Where an Id stands, or would.
  private func place(of id: SalesforceID) -> Int {
    // Ids of one org differ in few bits, which two rounds spread.
    var hash = RawHash()
    hash.add(id.high)
    hash.add(UInt64(id.low))
    var place = Int(hash.value) & (places.count - 1)
    while places[place] > 0, ids[Int(places[place]) - 1] != id {
      place = (place + 1) & (places.count - 1)
    }
    return place
  }

  private mutating func grow() {
    places = [UInt32](repeating: 0, count: 2 * places.count)
    for (position, id) in ids.enumerated() { places[place(of: id)] = UInt32(position + 1) }
  }
}
