/// Half of the day that words beside an hour of a twelve-hour clock name.
///
/// The words are those of CLDR's locales (`dayPeriods`, `am` and `pm`), in lower case, without dots and
/// blanks: `p. m.` and `PM` are one word.
enum DayPeriod {
  case beforeNoon
  case afterNoon
  /// Japanese hours are counted from 0 in both halves.
  case japaneseBeforeNoon
  case japaneseAfterNoon

  /// The half that a word names; `nil` for a word of something else.
  init?(_ word: String) {
    guard let period = Self.words[word] else { return nil }
    self = period
  }

  /// The hour from 0 to 23 that an hour beside the words is; `nil` for one that no such clock has.
  func hour(_ hour: Int64) -> Int64? {
    switch self {
    case .beforeNoon: (1...12).contains(hour) ? hour % 12 : nil
    case .afterNoon: (1...12).contains(hour) ? hour % 12 + 12 : nil
    case .japaneseBeforeNoon: (0...12).contains(hour) ? hour % 12 : nil
    case .japaneseAfterNoon: (0...12).contains(hour) ? hour % 12 + 12 : nil
    }
  }

  private static let words: [String: DayPeriod] = {
    var table: [String: DayPeriod] = ["午前": .japaneseBeforeNoon, "午後": .japaneseAfterNoon]
    for (before, after) in [
      ("am", "pm"), ("a", "p"), ("vorm", "nachm"), ("fm", "em"), ("ap", "ip"), ("dop", "odp"),
      ("dop", "pop"), ("de", "du"), ("πμ", "μμ"), ("öö", "ös"), ("오전", "오후"), ("上午", "下午"),
      ("sa", "ch"), ("ص", "م"), ("лпо", "сло"), ("дп", "пп"), ("прпл", "слпл"),
      ("преп", "посп"), ("pg", "ptg"), ("ก่อนเที่ยง", "หลังเที่ยง"), ("पूर्वाह्न", "अपराह्न"),
      ("לפנהצ", "אחהצ"), ("da manhã", "da tarde"), ("priešpiet", "popiet"), ("priekšp", "pēcp"),
      ("propb", "slob"), ("пробяд", "слобяд"), ("проб", "слоб"),
    ] {
      table[before] = .beforeNoon
      table[after] = .afterNoon
    }
    return table
  }()
}
