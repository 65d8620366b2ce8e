/// In which cases letters stand in the Ids or keys of one column.
///
/// Salesforce's have both, so a column of many letters in one case has lost the other: a database that
/// compares without case wrote it, or a spreadsheet's `LOWER`.
public struct LetterCases: Sendable {
  private var capitals = Places()
  private var small = Places()

  /// Which letters stand at which places, a bit for each letter.
  private struct Places: Sendable {
    private var letters = [UInt32](repeating: 0, count: 18)

    var isEmpty: Bool { letters.allSatisfy { $0 == 0 } }
    var count: Int { letters.reduce(0) { $0 + $1.nonzeroBitCount } }

    mutating func note(_ letter: UInt8, at place: Int) {
      letters[place] |= 1 << UInt32(letter & 0x1F)
    }
  }

  /// Has seen nothing.
  public init() {}

  /// Whether capitals and small letters were seen.
  public private(set) var areMixed = false

  /// Whether some letter was seen.
  public var hasLetters: Bool { areMixed || !capitals.isEmpty || !small.isEmpty }

  /// Whether letters are of one case, and so many that by chance they would not be.
  ///
  /// Ids that Salesforce gave one after the other differ in their last character alone, and may be in
  /// capitals for 26 of them; no more different letters at one place are counted than there are.
  public var tellsLoss: Bool { !areMixed && max(capitals.count, small.count) >= Self.leastCount }

  private static let leastCount = 40

  /// Looks at an id, without its prefix of three characters, whose case its kind decides.
  public mutating func note(_ id: SalesforceID) {
    if areMixed { return }
    note(id.characters.dropFirst(3))
  }

  /// Looks at the characters of an id or a key; those behind the eighteenth are passed over.
  public mutating func note(_ characters: some Sequence<UInt8>) {
    if areMixed { return }
    for (place, byte) in characters.prefix(18).enumerated() {
      if byte &- 0x41 < 26 { capitals.note(byte, at: place) }
      if byte &- 0x61 < 26 { small.note(byte, at: place) }
    }
    areMixed = !capitals.isEmpty && !small.isEmpty
  }
}
