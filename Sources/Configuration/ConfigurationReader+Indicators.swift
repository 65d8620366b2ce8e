import SalesforceExports
import Yams

extension ConfigurationReader {
  /// Reads `indicators`: bare networks, `application: X`, `user_agent: X`, `file: PATH`.
  mutating func readIndicators(_ node: Node, _ path: String) {
    for item in items(node, path) {
      guard case .mapping = item.node else {
        if let prefix = network(item.node, item.path) {
          append(.network(prefix), file: file, line: line(of: item.node))
        }
        continue
      }
      let keys = ["application", "user_agent", "file"]
      for member in members(item.node, item.path, .fixed(keys)) {
        guard let value = text(member.value, member.path) else { continue }
        let line = line(of: member.keyNode)
        switch member.key {
        case "application": append(.application(NamePattern(value)), file: file, line: line)
        case "user_agent": append(.userAgent(NamePattern(value)), file: file, line: line)
        default: readIndicatorFile(value, member)
        }
      }
    }
  }

  private mutating func append(_ subject: Indicator.Subject, file: String, line: Int) {
    configuration.indicators.append(Indicator(subject, file: file, line: line))
  }

  /// Reads a file of indicators, one a line; its path counts from the configuration's folder.
  private mutating func readIndicatorFile(_ name: String, _ member: Member) {
    let folder = name.hasPrefix("/") ? "" : file.prefix(through: file.lastIndex(of: "/"))
    let resolved = folder + name
    let bytes: [UInt8]
    do throws(FileContents.Failure) {
      bytes = try FileContents.read(resolved)
    } catch {
      report(
        .unreadable, member.value, member.path,
        "\(resolved.quotedForMessage): \(error.detail)")
      return
    }
    configuration.sources.append(Configuration.SourceFile(path: resolved, bytes: bytes))
    guard let text = String(validating: bytes, as: UTF8.self) else {
      report(
        .notText, member.value, member.path,
        "\(resolved.quotedForMessage) is not text in UTF-8")
      return
    }
    var scalars = text.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars = scalars.dropFirst() }
    let lines = scalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let content = String(line.withoutComment).trimmed
      guard !content.isEmpty else { continue }
      let column = line.prefix { $0 == " " || ("\u{9}"..."\u{D}").contains($0) }.count + 1
      let place = TextPlace(line: index + 1, column: column)
      readIndicatorLine(content, file: resolved, place, member)
    }
  }

  private mutating func readIndicatorLine(
    _ content: String, file: String, _ place: TextPlace, _ member: Member
  ) {
    let detail: String
    var help: String?
    if let name = content.suffix(afterPrefix: "application:") {
      guard name.isEmpty else {
        append(.application(NamePattern(name)), file: file, line: place.line)
        return
      }
      detail = "expected the name of an application after `application:`"
    } else if let name = content.suffix(afterPrefix: "user_agent:") {
      guard name.isEmpty else {
        append(.userAgent(NamePattern(name)), file: file, line: place.line)
        return
      }
      detail = "expected a user agent after `user_agent:`"
    } else {
      do throws(NetworkPrefixError) {
        append(.network(try NetworkPrefix(content)), file: file, line: place.line)
        return
      } catch {
        detail = "\(content.quotedForMessage): \(error.detail)"
        help = error.help
      }
    }
    report(
      ConfigurationProblem(
        code: .invalidValue, file: file, line: place.line, column: place.column,
        keyPath: member.path, detail: detail, help: help),
      at: member.value)
  }
}

extension String {
  /// The text up to an index and with it; nothing when there is none.
  fileprivate func prefix(through index: Index?) -> String {
    index.map { String(self[...$0]) } ?? ""
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
