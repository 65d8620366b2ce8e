import TestSupport
import Testing

@testable import Reports

/// Texts that are made safe piece by piece are those that are made safe scalar by scalar.
struct SafeTextTests {
  private static let scalars: [Unicode.Scalar] =
    Array("abcXYZ019 .,;:_-@/=+<>&\"'\t\n\r\u{0}\u{1B}\u{7F}äöß€漢字“”").map(\.unicodeScalars)
    .flatMap { $0 } + [
      "\u{85}", "\u{AD}", "\u{301}", "\u{115F}", "\u{200B}", "\u{202E}", "\u{2028}", "\u{2066}",
      "\u{3164}", "\u{E000}", "\u{FE0F}", "\u{FF1D}", "\u{1F600}", "\u{E0041}", "\u{10FFFF}",
    ]

  /// Texts of every length up to 40 scalars, mostly of letters or of anything.
  private static func texts(_ seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    return (0..<2_000).map { number in
      var text = String.UnicodeScalarView()
      for _ in 0..<(number % 41) {
        let letters = scalars.prefix(9)
        let isPlain = Int.random(in: 0..<4, using: &random) > number % 4
        text.append((isPlain ? letters[...] : scalars[...]).randomElement(using: &random) ?? "a")
      }
      return String(text)
    }
  }

  private static let seeds: [UInt64] = [UInt64.random(in: 1...1 << 40)]

  private func escaped(_ scalar: Unicode.Scalar) -> String {
    SafeText.isUnsafe(scalar)
      ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
  }

  @Test(arguments: seeds)
  func textForATerminal(seed: UInt64) {
    for text in Self.texts(seed) {
      let expected = text.unicodeScalars.map(escaped).joined()
      #expect(Array(SafeText.terminal(text).utf8) == Array(expected.utf8))
    }
  }

  @Test(arguments: seeds, [nil, 0, 1, 7, 240])
  func textForAPage(seed: UInt64, limit: Int?) {
    for text in Self.texts(seed) {
      let scalars = Array(text.unicodeScalars)
      let shown = scalars.prefix(limit ?? .max)
      var expected = shown.map { scalar in
        switch scalar {
        case "<": "&lt;"
        case ">": "&gt;"
        case "&": "&amp;"
        case "\"": "&quot;"
        case "'": "&#39;"
        default: escaped(scalar)
        }
      }.joined()
      if shown.count < scalars.count { expected += "… [+\(scalars.count - shown.count)]" }
      #expect(Array(SafeText.html(text, limit: limit).utf8) == Array(expected.utf8))
      var name = ""
      var mayBreak = false
      for scalar in expected.unicodeScalars {
        if mayBreak { name += "<wbr>" }
        name.unicodeScalars.append(scalar)
        mayBreak = "@._/".unicodeScalars.contains(scalar)
      }
      #expect(Array(SafeText.htmlName(text, limit: limit).utf8) == Array(name.utf8))
    }
  }

  @Test(arguments: seeds)
  func aWordForAShell(seed: UInt64) {
    for text in Self.texts(seed) {
      let isHarmless =
        !text.isEmpty
        && text.utf8.allSatisfy {
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-:=@,".utf8.contains($0)
        }
      let quoted = text.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined()
      let expected = isHarmless ? text : "'" + quoted + "'"
      #expect(Array(SafeText.shell(text).utf8) == Array(expected.utf8))
    }
  }

  @Test(arguments: seeds)
  func aFieldOfATable(seed: UInt64) {
    for text in Self.texts(seed) {
      let field = SafeText.csvField(text)
      let needsQuotes = text.unicodeScalars.contains { ",\"\t\n\r".unicodeScalars.contains($0) }
      #expect((field.utf8.first == UInt8(ascii: "\"")) == needsQuotes)
      var inside = Array(field.unicodeScalars)
      if needsQuotes { inside = Array(inside.dropFirst().dropLast()) }
      let expected = text.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
        switch scalar {
        case "\"": return ["\"", "\""]
        case "\t", "\n", "\r": return [scalar]
        default: return Array(escaped(scalar).unicodeScalars)
        }
      }
      // An apostrophe before what a spreadsheet could take for a formula.
      #expect(inside == expected || inside == ["'"] + expected)
    }
  }
}

/// The first of many, by another way.
struct ShortlistTests {
  @Test(arguments: [UInt64.random(in: 1...1 << 40)])
  func theFirstAreKeptWhateverTheOrder(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for count in [0, 1, 2, 9, 10, 11, 40, 300] {
      let keys = (0..<count).map { $0 * 3 }.shuffled(using: &random)
      var (whole, one, other) = (
        Shortlist<Int, String>(limit: 10), Shortlist<Int, String>(limit: 10),
        Shortlist<Int, String>(limit: 10)
      )
      for key in keys {
        let isAccepted = whole.accepts(key)
        var isMade = false
        func made() -> String {
          isMade = true
          return "\(key)"
        }
        whole.offer(key, made())
        #expect(isMade == isAccepted)
        if Bool.random(using: &random) {
          one.offer(key, "\(key)")
        } else {
          other.offer(key, "\(key)")
        }
      }
      let expected = keys.sorted().prefix(10).map { "\($0)" }
      #expect(whole.elements == expected)
      #expect(whole.rest == max(0, count - 10))
      one.formUnion(other)
      #expect(one.elements == expected)
      #expect(one.rest == max(0, count - 10))
      #expect(one.offered == count)
    }
  }
}
