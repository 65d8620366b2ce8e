import SalesforceExports

/// A file of indicators, one a line.
///
/// A line is an address or network, `application: NAME` or `user_agent: NAME`, and may go on with
/// `; from: DATE`, `; until: DATE` and `; source: TEXT`. Blank lines are left out, and so is what
/// follows a `#` at the start of a line or after a blank.
package struct IndicatorList: Hashable, Sendable {
  /// The indicators in the order of the lines.
  package private(set) var indicators: [Indicator] = []
  /// What is wrong with the other lines.
  private(set) var problems: [ConfigurationProblem] = []

  private let file: String
  /// The key of the configuration that names the file; empty where none does.
  private let keyPath: String

  /// Reads the file at a path.
  ///
  /// - Throws: ``ConfigurationError`` with the problems of all lines, or why the file cannot be read.
  /// - Complexity: O(*n*) in the length of the file.
  package static func load(_ path: String) throws(ConfigurationError) -> [Indicator] {
    let bytes: [UInt8]
    do throws(FileContents.Failure) {
      bytes = try FileContents.read(path)
    } catch {
      throw ConfigurationError(.unreadable, file: path, detail: error.detail)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(.notText, file: path, detail: "the file is not text in UTF-8")
    }
    let list = IndicatorList(text, file: path, keyPath: "")
    guard list.problems.isEmpty else { throw ConfigurationError(list.problems) }
    return list.indicators
  }

  /// Reads the text of a file.
  init(_ text: String, file: String, keyPath: String) {
    self.file = file
    self.keyPath = keyPath
    var scalars = text.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars = scalars.dropFirst() }
    let lines = scalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let content = String(line.withoutComment).trimmed
      guard !content.isEmpty else { continue }
      let column = line.prefix { $0 == " " || ("\u{9}"..."\u{D}").contains($0) }.count + 1
      read(content, TextPlace(line: index + 1, column: column))
    }
  }

  private mutating func read(_ content: String, _ place: TextPlace) {
    let parts = content.parts
    var dates = Configuration.InstantRange()
    var source: String?
    for part in parts.dropFirst() {
      if let text = part.suffix(afterPrefix: "source:") {
        if source != nil { return report(place, "`source:` is given twice") }
        source = text
      } else if let text = part.suffix(afterPrefix: "from:") {
        if dates.from != nil { return report(place, "`from:` is given twice") }
        guard let instant = instant(text, "from", place) else { return }
        dates.from = instant
      } else if let text = part.suffix(afterPrefix: "until:") {
        if dates.until != nil { return report(place, "`until:` is given twice") }
        guard let instant = instant(text, "until", place) else { return }
        dates.until = instant
      }
    }
    if let from = dates.from, let until = dates.until, from >= until {
      return report(place, "expected `until:` to be after `from:`")
    }
    guard let subject = subject(parts[0], place) else { return }
    indicators.append(
      Indicator(subject, dates: dates, source: source ?? "", file: file, line: place.line))
  }

  private mutating func subject(_ text: String, _ place: TextPlace) -> Indicator.Subject? {
    if let name = text.suffix(afterPrefix: "application:") {
      if !name.isEmpty { return .application(NamePattern(name)) }
      report(place, "expected the name of an application after `application:`")
      return nil
    }
    if let name = text.suffix(afterPrefix: "user_agent:") {
      if !name.isEmpty { return .userAgent(NamePattern(name)) }
      report(place, "expected a user agent after `user_agent:`")
      return nil
    }
    do throws(NetworkPrefixError) {
      return .network(try NetworkPrefix(text))
    } catch {
      report(place, "\(text.quotedForMessage): \(error.detail)", help: error.help)
      return nil
    }
  }

  private mutating func instant(_ text: String, _ key: String, _ place: TextPlace) -> Int64? {
    do throws(InstantTextError) {
      return try InstantText.parse(text)
    } catch {
      report(place, "`\(key):` \(text.quotedForMessage): \(error.detail)")
      return nil
    }
  }

  private mutating func report(_ place: TextPlace, _ detail: String, help: String? = nil) {
    problems.append(
      ConfigurationProblem(
        code: .invalidValue, file: file, line: place.line, column: place.column,
        keyPath: keyPath, detail: detail, help: help))
  }
}

extension String {
  /// The parts of a line: the subject, and what is stated of it behind `;`.
  ///
  /// Names hold semicolons too, so one parts nothing unless a key follows.
  fileprivate var parts: [String] {
    var result: [String] = []
    for piece in split(separator: ";", omittingEmptySubsequences: false).map(String.init) {
      let text = piece.trimmed
      let isKey = ["from:", "until:", "source:"].contains { text.suffix(afterPrefix: $0) != nil }
      if result.isEmpty || isKey {
        result.append(isKey ? text : piece)
      } else {
        result[result.count - 1] += ";" + piece
      }
    }
    return result.map(\.trimmed)
  }
}

extension Substring.UnicodeScalarView {
  /// The line up to a `#` at its start or after a blank: `C# Client` keeps its own.
  fileprivate var withoutComment: Self {
    var previous: Unicode.Scalar = " "
    for index in indices {
      let scalar = self[index]
      if scalar == "#", previous == " " || previous == "\t" { return self[..<index] }
      previous = scalar
    }
    return self
  }
}
