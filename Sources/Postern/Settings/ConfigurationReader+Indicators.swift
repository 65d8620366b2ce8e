import Foundation
import Yams

extension ConfigurationReader {
  /// Reads `indicators`: bare networks, `application: X`, `user_agent: X`, `file: PATH`.
  mutating func readIndicators(_ node: Node, _ key: String) {
    for item in items(node, key) {
      let line = item.node.mark?.line ?? 0
      if case .scalar = item.node {
        if let prefix = network(item.node, item.path) {
          configuration.indicators.append(Indicator(.network(prefix), file: file, line: line))
        }
        continue
      }
      let entries = members(item.node, item.path, keys: ["application", "user_agent", "file"])
      for (name, _, value) in entries {
        guard let text = text(value, join(item.path, name)) else { continue }
        switch name {
        case "application":
          configuration.indicators.append(
            Indicator(.application(NamePattern(text)), file: file, line: line))
        case "user_agent":
          configuration.indicators.append(
            Indicator(.userAgent(NamePattern(text)), file: file, line: line))
        default: readIndicatorFile(text, value, join(item.path, name))
        }
      }
    }
  }

  /// Reads a file of indicators, one a line, `#` before comments; its path counts from the
  /// configuration.
  private mutating func readIndicatorFile(_ name: String, _ node: Node, _ path: String) {
    let folder = (file as NSString).deletingLastPathComponent
    let resolved =
      name.hasPrefix("/") || folder.isEmpty
      ? name : (folder as NSString).appendingPathComponent(name)
    let bytes: [UInt8]
    do throws(ConfigurationProblem) {
      bytes = try Configuration.wholeFile(resolved)
    } catch {
      report(.unreadable, node, path, "\(name.quotedForMessage): \(error.detail)")
      return
    }
    configuration.sources.append(Configuration.SourceFile(path: resolved, bytes: bytes))
    guard let text = String(validating: bytes, as: UTF8.self) else {
      report(.notText, node, path, "\(name.quotedForMessage) is not text in UTF-8")
      return
    }
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() {
      let content = String(line.prefix { $0 != "#" }).withoutSurroundingBlanks
      guard !content.isEmpty else { continue }
      readIndicatorLine(content, file: resolved, line: index + 1, node, path)
    }
  }

  private mutating func readIndicatorLine(
    _ content: String, file: String, line: Int, _ node: Node, _ path: String
  ) {
    if let name = content.suffix(afterPrefix: "application:"), !name.isEmpty {
      configuration.indicators.append(
        Indicator(.application(NamePattern(name)), file: file, line: line))
      return
    }
    if let name = content.suffix(afterPrefix: "user_agent:"), !name.isEmpty {
      configuration.indicators.append(
        Indicator(.userAgent(NamePattern(name)), file: file, line: line))
      return
    }
    do throws(NetworkPrefixError) {
      configuration.indicators.append(
        Indicator(.network(try NetworkPrefix(content)), file: file, line: line))
    } catch {
      report(
        .invalidValue, node, path,
        "\(file.escapedForMessage):\(line): \(content.quotedForMessage): \(error.detail)")
    }
  }
}
