import Yams

/// A place in a text: line and column, both counted from 1, columns in Unicode scalars.
struct TextPlace: Hashable, Comparable, Sendable {
  var line: Int
  var column: Int

  static func < (one: Self, other: Self) -> Bool {
    (one.line, one.column) < (other.line, other.column)
  }
}

/// Why a text is no YAML document that a configuration could be.
struct YAMLDocumentError: Error, Hashable, Sendable {
  var code: ConfigurationProblem.Code
  var place: TextPlace?
  var detail: String
  var help: String?
}

/// The nodes of a YAML text with their places, keys given twice included.
///
/// Yams stops at the first mapping that has a key twice, and would so hide every other problem of
/// the file. Such a key is therefore told apart from its twin by one private-use character in
/// front, the text is composed again, and places and keys are given without that character.
struct YAMLDocument {
  /// The root; `nil` when the text holds nothing.
  let root: Node?

  /// Where a character was inserted, in places of the original text.
  private struct Insertion {
    var key: TextPlace
    var column: Int
  }

  private var insertions: [Int: [Insertion]] = [:]
  /// How many repeated keys are told apart; each costs one more pass over the text.
  private static let insertionBound: UInt32 = 50
  /// How many bytes may be read in all these passes.
  private static let passByteBound = 1 << 20

  /// Reads a text.
  ///
  /// - Throws: ``YAMLDocumentError`` when it is not one well-formed document.
  init(_ text: String) throws(YAMLDocumentError) {
    var text = text
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    if let place = YAMLKeys.firstEndless(in: text) {
      throw YAMLDocumentError(
        code: .wrongType, place: place,
        detail: "expected a name as key, found an alias of a list or of keys",
        help: "write the key out; aliases of whole values work")
    }
    var insertions: [Int: [Insertion]] = [:]
    for round in 0...Self.insertionBound {
      do {
        root = try Yams.compose(yaml: text)
        self.insertions = insertions
        return
      } catch let error as YamlError {
        guard case .duplicatedKeysInMapping(_, let context) = error else {
          throw Self.error(error, insertions)
        }
        let patched = TextPlace(context.mark)
        let place = Self.original(patched, insertions)
        guard round < Self.insertionBound,
          text.utf8.count * (Int(round) + 1) < Self.passByteBound,
          let mark = Unicode.Scalar(0xE000 + round),
          let width = Self.insert(mark, at: patched, into: &text),
          !(insertions[place.line] ?? []).contains(where: { $0.key == place })
        else {
          throw YAMLDocumentError(
            code: .duplicateKey, place: place, detail: "the key is given twice",
            help: "remove one of the two; other problems of the file show only then")
        }
        var line = insertions[place.line] ?? []
        line.append(Insertion(key: place, column: place.column + width))
        insertions[place.line] = line.sorted { $0.column < $1.column }
      } catch {
        throw YAMLDocumentError(
          code: .malformedYAML, place: nil, detail: "the file is not well-formed YAML")
      }
    }
    preconditionFailure("the last round returns or throws")
  }

  /// The place of a node in the text as it was given; of an alias, the place of its anchor.
  func place(of node: Node) -> TextPlace? {
    node.mark.map { Self.original(TextPlace($0), insertions) }
  }

  /// The text of a key as it was given.
  func text(ofKey node: Node, _ scalar: Node.Scalar) -> String {
    guard let place = place(of: node),
      (insertions[place.line] ?? []).contains(where: { $0.key == place })
    else { return scalar.string }
    return String(String.UnicodeScalarView(scalar.string.unicodeScalars.dropFirst()))
  }

  private static func original(_ place: TextPlace, _ insertions: [Int: [Insertion]]) -> TextPlace {
    let before = (insertions[place.line] ?? []).enumerated().filter { index, insertion in
      insertion.column + index < place.column
    }
    return TextPlace(line: place.line, column: place.column - before.count)
  }

  /// Inserts a character at the front of the key at a place.
  ///
  /// - Returns: How far behind the place it stands (1 inside quotes, else 0), or `nil` when the
  ///   key is written in a way that leaves no such place, such as an alias or a list.
  private static func insert(
    _ mark: Unicode.Scalar, at place: TextPlace, into text: inout String
  ) -> Int? {
    var scalars = text.unicodeScalars
    guard var index = Self.index(of: place, in: scalars), index < scalars.endIndex
    else { return nil }
    var width = 0
    switch scalars[index] {
    case "\"", "'":
      index = scalars.index(after: index)
      width = 1
    case "&", "!", "*", "?", "[", "{", "|", ">", "\n", "\r": return nil
    default: break
    }
    scalars.insert(mark, at: index)
    text = String(scalars)
    return width
  }

  private static func index(
    of place: TextPlace, in scalars: String.UnicodeScalarView
  ) -> String.Index? {
    var index = scalars.startIndex
    var line = 1
    while line < place.line {
      guard index < scalars.endIndex else { return nil }
      let scalar = scalars[index]
      index = scalars.index(after: index)
      switch scalar {
      case "\r":
        if index < scalars.endIndex, scalars[index] == "\n" { index = scalars.index(after: index) }
        line += 1
      case "\n", "\u{85}", "\u{2028}", "\u{2029}": line += 1
      default: break
      }
    }
    return scalars.index(index, offsetBy: place.column - 1, limitedBy: scalars.endIndex)
  }

  private static func error(
    _ error: YamlError, _ insertions: [Int: [Insertion]]
  ) -> YAMLDocumentError {
    func malformed(
      _ problem: String, _ place: TextPlace?, help: String? = nil
    ) -> YAMLDocumentError {
      YAMLDocumentError(
        code: .malformedYAML, place: place.map { original($0, insertions) },
        detail: "not well-formed YAML: \(problem.escapedForMessage)", help: help)
    }
    switch error {
    case .composer(_, "but found another document", let mark, _):
      return malformed(
        "a second document begins here", TextPlace(mark), help: "a configuration is one document")
    case .composer(_, let problem, let mark, _):
      // The one other problem that composing has is an alias to nothing, such as `- *@acme.com`.
      return malformed(problem, TextPlace(mark), help: "put text that begins with `*` in quotes")
    case .scanner(let context, let problem, let mark, _):
      let isAlias = context?.text == "while scanning an alias"
      return malformed(
        problem, TextPlace(mark), help: isAlias ? "put text that begins with `*` in quotes" : nil)
    case .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting level"):
      return malformed("lists and keys are nested too deeply", TextPlace(mark))
    case .parser(_, let problem, let mark, _): return malformed(problem, TextPlace(mark))
    case .reader(let problem, let offset, _, let text):
      return malformed(problem, offset.flatMap { place(at: $0, in: text) })
    default: return malformed("it cannot be read", nil)
    }
  }

  /// The place of the character at an offset.
  private static func place(at offset: Int, in text: String) -> TextPlace? {
    guard let end = text.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex)
    else { return nil }
    let head = text[..<end]
    let line = head.lazy.filter(\.isNewline).count + 1
    let start = head.lastIndex(where: \.isNewline).map { head.index(after: $0) } ?? head.startIndex
    return TextPlace(line: line, column: head[start...].unicodeScalars.count + 1)
  }
}

extension TextPlace {
  /// The place that a mark of Yams stands for.
  fileprivate init(_ mark: Mark) {
    line = mark.line
    column = mark.column
  }
}
