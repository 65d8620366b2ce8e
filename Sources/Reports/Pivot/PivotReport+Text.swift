import Accounts
import Findings

extension PivotReport {
  /// Accounts, values and findings that the text lists.
  private static let accountLimit = 20
  private static let valueLimit = 5
  private static let findingLimit = 12

  /// The report for people, on one screen.
  ///
  /// - Parameter width: Columns of the terminal; `nil` cuts nothing.
  package func text(width: Int?, usesColor: Bool) -> String {
    let style = TextStyle(usesColor: usesColor)
    var lines = [style.bold(SafeText.terminal(headline))]
    if let first, let last {
      lines.append("from \(FigureText.second(first)) to \(FigureText.second(last)) UTC")
      lines.append("")
      lines += accountLines(style)
      // All that a user did is what it turns around.
      lines += ["", style.bold(aroundTitle)] + (field == .user ? neighbourLines : aroundLines)
      lines += ["", style.bold("What came with it")] + valueLines
      lines += ["", style.bold("Findings that rest on it")] + findingLines(style)
    }
    lines = lines.map { line in
      guard let width, !line.contains("\u{1B}"), DisplayWidth.of(line) > width else { return line }
      return DisplayWidth.fit(line, width)
    }
    if !command.isEmpty, rows > 0 { lines += ["", "rows: " + SafeText.terminal(command)] }
    return IncompleteText(incompleteReasons, style).text + lines.joined(separator: "\n") + "\n"
  }

  private func accountLines(_ style: TextStyle) -> [String] {
    let titles = [
      "ACCOUNT", "CLASS", "PRIVILEGED", "HUMAN", "API", "FAILED", "FIRST (UTC)", "LAST (UTC)",
      "MFA OF HUMAN LOGINS",
    ]
    let cells = accounts.prefix(Self.accountLimit).map { use in
      [
        SafeText.terminal(use.name), use.account.accountClass.shownName, Self.privileged(use),
        FigureText.number(use.human.succeeded), FigureText.number(use.api.succeeded),
        FigureText.number(use.rows - use.succeeded), FigureText.minute(use.first),
        FigureText.minute(use.last), Self.multiFactor(use),
      ]
    }
    let widths = titles.indices.map { column in
      cells.reduce(DisplayWidth.of(titles[column])) { max($0, DisplayWidth.of($1[column])) }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let isNumber = (3...5).contains(column)
        let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(cell)))
        text += (column > 0 ? "  " : "") + (isNumber ? padding + cell : cell + padding)
      }
      while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
      return text
    }
    let more = accounts.count - Self.accountLimit
    return [style.bold(line(titles))] + cells.map(line)
      + (more > 0 ? ["and \(FigureText.count(more, "more account")); -o jsonl has all"] : [])
  }

  private var aroundLines: [String] {
    let shown = accounts.prefix(Self.accountLimit)
    let width = shown.reduce(0) { max($0, DisplayWidth.of(SafeText.terminal($1.name))) }
    return shown.map { use in
      let name = DisplayWidth.fit(SafeText.terminal(use.name), width)
      let places = [use.around.addresses, use.around.countries, use.around.applications]
        .map { Self.list($0, limit: 3) }.filter { !$0.isEmpty }
      return "  \(name)  "
        + SafeText.terminal(([Self.text(use.around)] + places).joined(separator: "; "))
    }
  }

  private var neighbourLines: [String] {
    let shared = neighbours.filter { !$0.others.isEmpty }
    let width = shared.prefix(Self.accountLimit).reduce(0) {
      max($0, DisplayWidth.of(SafeText.terminal($1.address)))
    }
    var lines = shared.prefix(Self.accountLimit).flatMap { shared -> [String] in
      let address = DisplayWidth.fit(SafeText.terminal(shared.address), width)
      let more = shared.others.count - Self.valueLimit
      let others = shared.others.prefix(Self.valueLimit).map {
        "    " + SafeText.terminal("\($0.name): \(Self.text($0))")
      }
      return [
        "  \(address)  \(FigureText.count(shared.others.count, "other account")) beside "
          + FigureText.count(shared.rows, "row") + " of the user"
      ] + others + (more > 0 ? ["    and \(FigureText.count(more, "more account"))"] : [])
    }
    let more = shared.count - Self.accountLimit
    if more > 0 {
      lines.append("  and from \(Self.addresses(more)) more; -o jsonl has all")
    }
    let own = neighbours.count - shared.count
    if own > 0 {
      lines.append("  nobody from " + (shared.isEmpty ? "" : "the other ") + Self.addresses(own))
    }
    return lines.isEmpty ? ["  no address is named"] : lines
  }

  private var valueLines: [String] {
    listedFields.map { listed in
      let uses = values[listed] ?? []
      let more = uses.count - Self.valueLimit
      let names =
        uses.isEmpty
        ? (untold[listed] == nil ? "none is named" : "")
        : uses.prefix(Self.valueLimit).map { "\($0.value) \(FigureText.number($0.rows))" }
          .joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
      let text = [names, untold[listed] ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
      return "  " + DisplayWidth.fit(listed.rawValue, 12) + SafeText.terminal(text)
    }
  }

  private func findingLines(_ style: TextStyle) -> [String] {
    guard !findings.isEmpty else { return ["  none"] }
    let more = findings.count - Self.findingLimit
    return findings.prefix(Self.findingLimit).map { finding in
      "  " + style.severity(finding.severity, DisplayWidth.fit(finding.word, 10))
        + SafeText.terminal(
          "  \(finding.rule)  \(finding.title): \(finding.accountName) "
            + "(\(FigureText.number(finding.rows)) of \(FigureText.count(finding.total, "row")))  "
            + "\(finding.id)")
    } + (more > 0 ? ["  and \(FigureText.count(more, "more finding")); -o jsonl has all"] : [])
  }
}
