/// How the booleans of one column are written, found from all of its values.
///
/// Exports write `true` and `false`; databases, spreadsheets and locales write other pairs. A column
/// whose values are not all of one pair has none that can be told.
public struct BooleanColumn: Sendable, Hashable {
  /// Words for true and for false, in lower case, that stand beside each other in one column.
  ///
  /// Spreadsheets write the words of their user's language (TRUE and FALSE functions of Excel).
  private static let pairs: [(yes: Set<String>, no: Set<String>)] = [
    (["true", "=true()", "true()"], ["false", "=false()", "false()"]), (["1"], ["0"]),
    (["1.0", "1,0"], ["0.0", "0,0"]), (["-1"], ["0"]), (["t"], ["f"]), (["y"], ["n"]),
    (["yes"], ["no"]), (["on"], ["off"]), (["enabled"], ["disabled"]), (["active"], ["inactive"]),
    (["checked"], ["not checked", "unchecked"]),
    (["b'1'", "b'\\x01'", "\\x01"], ["b'0'", "b'\\x00'", "\\x00"]),
    (["wahr"], ["falsch"]), (["vrai"], ["faux"]), (["verdadero"], ["falso"]), (["vero"], ["falso"]),
    (["verdadeiro"], ["falso"]), (["waar"], ["onwaar"]), (["sant"], ["falskt"]),
    (["sann"], ["usann"]), (["sand"], ["falsk"]), (["tosi"], ["epätosi"]), (["prawda"], ["fałsz"]),
    (["pravda"], ["nepravda"]), (["igaz"], ["hamis"]), (["adevărat"], ["fals"]),
    (["истина"], ["ложь"]), (["doğru"], ["yanlış"]), (["αληθησ", "αληθής"], ["ψευδησ", "ψευδής"]),
    (["ja"], ["nein"]), (["ja"], ["nee"]), (["ja"], ["nej"]), (["ja"], ["nei"]),
    (["oui"], ["non"]), (["sí", "si"], ["no"]), (["sì", "si"], ["no"]), (["sim"], ["não", "nao"]),
    (["tak"], ["nie"]), (["да"], ["нет"]), (["evet"], ["hayır"]), (["kyllä"], ["ei"]),
    (["はい"], ["いいえ"]), (["是"], ["否"]), (["真"], ["假"]), (["真"], ["偽"]), (["예"], ["아니요"]),
    (["✓", "✔", "☑", "✅"], ["✗", "✘", "☐", "❌", ""]), (["x"], [""]), (["[x]"], ["[ ]", "[]"]),
  ]

  /// Pairs that all values so far are of, as bits.
  private var possible: UInt64 = (1 << UInt64(BooleanColumn.pairs.count)) - 1
  private var hasBlank = false
  private var hasValue = false

  /// Has seen no value.
  public init() {}

  /// Looks at a value of the column.
  ///
  /// - Parameter text: The field without guard and blanks; a word for nothing is passed over.
  public mutating func note(_ text: String) {
    if text.isEmpty {
      hasBlank = true
      return
    }
    // What contradicts itself does so whatever follows.
    if isContradictory || MissingValue.isMissing(text) { return }
    hasValue = true
    let pairs = Self.pairsWith(text)
    possible &= pairs.yes | pairs.no
  }

  /// Whether some value is of no pair with the others, so that none can be told.
  public var isContradictory: Bool { hasValue && possible == 0 }

  /// Whether no value was seen, so that other columns must tell how the file writes booleans.
  public var isBlank: Bool { !hasValue }

  /// Whether true is a mark in the column, and false nothing.
  public var isMarked: Bool { hasValue && possible != 0 && possible & ~Self.blankPairs == 0 }

  /// What a value of the column says.
  ///
  /// - Returns: `nil` for nothing, and for what cannot be told. A blank is false where the pair of the
  ///   column is a mark and nothing.
  public func value(_ text: String) -> Bool? {
    guard hasValue, possible != 0 else { return nil }
    if text.isEmpty {
      return possible & ~Self.blankPairs == 0 ? false : nil
    }
    if MissingValue.isMissing(text) { return nil }
    let pairs = Self.pairsWith(text)
    let (yes, no) = (pairs.yes & possible, pairs.no & possible)
    return yes != 0 && no == 0 ? true : no != 0 && yes == 0 ? false : nil
  }

  private static let blankPairs: UInt64 = pairs.indices.reduce(0) {
    pairs[$1].no.contains("") ? $0 | 1 << UInt64($1) : $0
  }

  private static let byWord: [String: (yes: UInt64, no: UInt64)] = {
    var table: [String: (yes: UInt64, no: UInt64)] = [:]
    for (index, pair) in pairs.enumerated() {
      for word in pair.yes { table[word, default: (0, 0)].yes |= 1 << UInt64(index) }
      for word in pair.no { table[word, default: (0, 0)].no |= 1 << UInt64(index) }
    }
    return table
  }()

  private static func pairsWith(_ text: String) -> (yes: UInt64, no: UInt64) {
    byWord[text] ?? byWord[text.lowercased()] ?? (0, 0)
  }
}
