import Yams

extension ConfigurationReader {
  private static let indicatorKeys = [
    "address", "application", "user_agent", "file", "from", "until", "source",
  ]

  /// Reads `indicators`: bare networks, and mappings of what to look for, its dates and its source;
  /// `file: PATH` names a list.
  mutating func readIndicators(_ node: Node, _ path: String) {
    for item in items(node, path) {
      guard case .mapping = item.node else {
        if let prefix = network(item.node, item.path) {
          configuration.indicators.append(
            Indicator(.network(prefix), file: file, line: line(of: item.node)))
        }
        continue
      }
      readIndicator(item)
    }
  }

  private mutating func readIndicator(_ item: Item) {
    let all = members(item.node, item.path, .fixed(Self.indicatorKeys))
    let stated = all.filter { ["from", "until", "source"].contains($0.key) }
    let subjects = all.filter { !["from", "until", "source"].contains($0.key) }
    if let first = stated.first, subjects.isEmpty {
      report(
        .missingKey, first.keyNode, item.path,
        "expected what to look for: `address`, `application` or `user_agent`")
    }
    var dates = Configuration.InstantRange()
    var source = ""
    for member in stated {
      switch member.key {
      case "from": dates.from = instant(member.value, member.path)
      case "until": dates.until = instant(member.value, member.path)
      default: source = text(member.value, member.path) ?? ""
      }
    }
    if let from = dates.from, let until = dates.until, from >= until,
      let end = stated.first(where: { $0.key == "until" })
    {
      report(.invalidValue, end.value, end.path, "expected a time after `from`")
    }
    for member in subjects {
      let line = line(of: member.keyNode)
      let subject: Indicator.Subject
      switch member.key {
      case "address":
        guard let prefix = network(member.value, member.path) else { continue }
        subject = .network(prefix)
      case "application":
        guard let name = text(member.value, member.path) else { continue }
        subject = .application(NamePattern(name))
      case "user_agent":
        guard let name = text(member.value, member.path) else { continue }
        subject = .userAgent(NamePattern(name))
      default:
        if let first = stated.first {
          report(
            .invalidValue, first.keyNode, first.path,
            "a list states dates and sources line by line",
            help: "write them behind its entries: `192.0.2.1; from: 2026-06-11`")
        }
        if let name = text(member.value, member.path) { readIndicatorFile(name, member) }
        continue
      }
      configuration.indicators.append(
        Indicator(subject, dates: dates, source: source, file: file, line: line))
    }
  }

  /// Reads a list of indicators; its path counts from the configuration's folder.
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
    let list = IndicatorList(text, file: resolved, keyPath: member.path)
    configuration.indicators += list.indicators
    for problem in list.problems { report(problem, at: member.value) }
  }
}

extension String {
  /// The text up to an index and with it; nothing when there is none.
  fileprivate func prefix(through index: Index?) -> String {
    index.map { String(self[...$0]) } ?? ""
  }
}
