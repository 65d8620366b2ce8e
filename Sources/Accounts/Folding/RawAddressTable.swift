import Delimited

/// Codes of addresses by the bytes of their fields, so that each spelling is parsed once.
final class RawAddressTable {
  private var keys: [RawAddress] = []
  private var codes: [UInt32] = []
  private var places = [UInt32](repeating: 0, count: 256)
  private var longTexts = RawValueTable()
  private var longTextCount: UInt32 = 0
  private var pieces = RawPieces()

  /// Spellings after which all are forgotten; text of an attacker must not fill the memory.
  private static let bound = 1 << 21

  /// The code of a field, which `decode()` gives on first sight.
  func code(of raw: RawAddress, orDecode decode: () -> UInt32) -> UInt32 {
    var place = Int(raw.hash) & (places.count - 1)
    while true {
      let entry = Int(places[place])
      if entry == 0 { break }
      if keys[entry - 1] == raw { return codes[entry - 1] }
      place = (place + 1) & (places.count - 1)
    }
    let code = decode()
    if keys.count == Self.bound {
      keys = []
      codes = []
      places = [UInt32](repeating: 0, count: 256)
    }
    keys.append(raw)
    codes.append(code)
    if keys.count * 2 > places.count {
      places = [UInt32](repeating: 0, count: places.count * 2)
      for entry in keys.indices { occupy(entry) }
    } else {
      occupy(keys.count - 1)
    }
    return code
  }

  private func occupy(_ entry: Int) {
    var place = Int(keys[entry].hash) & (places.count - 1)
    while places[place] != 0 { place = (place + 1) & (places.count - 1) }
    places[place] = UInt32(entry + 1)
  }

  /// The raw address of a field; a text of more than 15 bytes gets a number.
  @inline(__always)
  func raw(_ field: FieldBytes, _ block: RecordBlock) -> RawAddress {
    field.count <= 15
      ? unsafe RawAddress.short(field.start, count: field.count) : long(field, block)
  }

  private func long(_ field: FieldBytes, _ block: RecordBlock) -> RawAddress {
    let start = unsafe field.start - block.base
    pieces.ranges.removeAll(keepingCapacity: true)
    pieces.ranges.append(start..<(start + field.count))
    let number = unsafe longTexts.code(of: pieces, at: block.base) {
      longTextCount += 1
      return longTextCount
    }
    return .long(number)
  }
}
