import Accounts
import Findings
import SalesforceExports

extension PivotReport {
  /// Accounts, values and findings that the text lists.
  private static let accountLimit = 20
  private static let valueLimit = 5
  private static let findingLimit = 12

  /// The report for people, on one screen.
  ///
  /// - Parameter width: Columns of the terminal, at which lines go on below; `nil` breaks none.
  package func text(width: Int?, usesColor: Bool) -> String {
    let style = TextStyle(usesColor: usesColor)
    var lines = [style.bold(SafeText.terminal(headline))]
    if let first, let last {
      lines.append("from \(FigureText.second(first)) to \(FigureText.second(last)) UTC")
      lines.append("")
      lines += accountLines(style, width: width)
      // All that a user did is what it turns around.
      lines += ["", style.bold(aroundTitle)]
      lines += field == .user ? neighbourLines(width: width) : aroundLines(width: width)
      lines += ["", style.bold("What came with it")] + valueLines(width: width)
      lines += ["", style.bold("Findings that rest on it")] + findingLines(style, width: width)
    }
    if !command.isEmpty, rows > 0 { lines += ["", "rows: " + SafeText.terminal(command)] }
    return IncompleteText(incompleteReasons, style).text + lines.joined(separator: "\n") + "\n"
  }

  /// A line whose text goes on below where the terminal is too narrow for it.
  ///
  /// - Parameters:
  ///   - head: What the line begins with, and may be coloured.
  ///   - headWidth: Columns that it takes.
  private static func broken(
    _ head: String, _ headWidth: Int, _ text: String, width: Int?
  ) -> [String] {
    guard let width, headWidth + DisplayWidth.of(text) > width else { return [head + text] }
    // Below a long beginning there is no room.
    let isBelow = headWidth > width / 2
    let indent = String(repeating: " ", count: isBelow ? 6 : headWidth)
    let lines = DisplayWidth.lines(of: text, width: max(20, width - indent.utf8.count))
    if isBelow {
      let end = head.lastIndex { $0 != " " } ?? head.startIndex
      return [String(head[...end])] + lines.map { indent + $0 }
    }
    return lines.enumerated().map { ($0.offset == 0 ? head : indent) + $0.element }
  }

  private func accountLines(_ style: TextStyle, width: Int?) -> [String] {
    let shown = accounts.prefix(Self.accountLimit)
    let more = accounts.count - Self.accountLimit
    let rest = more > 0 ? ["and \(FigureText.count(more, "more account")); -o jsonl has all"] : []
    func cells(_ use: AccountUse, _ time: (Instant) -> String) -> [String] {
      [
        SafeText.terminal(use.name), use.account.accountClass.shownName, Self.privileged(use),
        FigureText.number(use.human.succeeded), FigureText.number(use.api.succeeded),
        FigureText.number(use.rows - use.succeeded), time(use.first), time(use.last),
      ]
    }
    let titles = ["ACCOUNT", "CLASS", "PRIVILEGED", "HUMAN", "API", "FAILED"]
    let whole = Self.table(
      titles + ["FIRST (UTC)", "LAST (UTC)", "MFA OF HUMAN LOGINS"],
      shown.map { cells($0, FigureText.minute) + [Self.multiFactor($0)] }, width: nil)
    if width.map({ width in whole.allSatisfy { DisplayWidth.of($0) <= width } }) ?? true {
      return [style.bold(whole[0])] + whole.dropFirst() + rest
    }
    let narrow = Self.table(
      titles + ["FIRST", "LAST"], shown.map { cells($0, FigureText.date) }, width: width)
    let lines = zip(shown, narrow.dropFirst()).flatMap { use, line in
      let answers = Self.multiFactor(use)
      return [line]
        + (answers.isEmpty ? [] : Self.broken("  with MFA: ", 12, answers, width: width))
    }
    return [style.bold(narrow[0])] + lines + rest
  }

  /// A line for the titles, and one for each row.
  ///
  /// - Parameter width: What they have room in, for which the first column shrinks; `nil` for any.
  private static func table(_ titles: [String], _ rows: [[String]], width: Int?) -> [String] {
    var widths = titles.indices.map { column in
      rows.reduce(DisplayWidth.of(titles[column])) { max($0, DisplayWidth.of($1[column])) }
    }
    if let width {
      let excess = widths.reduce(2 * (widths.count - 1), +) - width
      if excess > 0 { widths[0] = max(min(widths[0], 12), widths[0] - excess) }
    }
    return ([titles] + rows).map { cells in
      var text = ""
      for (column, cell) in cells.enumerated() {
        let isNumber = (3...5).contains(column)
        let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(cell)))
        text += column > 0 ? "  " : ""
        text += isNumber ? padding + cell : DisplayWidth.fit(cell, widths[column])
      }
      while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
      return text
    }
  }

  private func aroundLines(width: Int?) -> [String] {
    let shown = accounts.prefix(Self.accountLimit)
    let widest = shown.reduce(0) { max($0, DisplayWidth.of(SafeText.terminal($1.name))) }
    return shown.flatMap { use in
      let name = DisplayWidth.fit(SafeText.terminal(use.name), widest)
      let places = [use.around.addresses, use.around.countries, use.around.applications]
        .map { Self.list($0, limit: 3) }.filter { !$0.isEmpty }
      return Self.broken(
        "  \(name)  ", widest + 4,
        SafeText.terminal(([Self.text(use.around)] + places).joined(separator: "; ")), width: width)
    }
  }

  private func neighbourLines(width: Int?) -> [String] {
    let shared = neighbours.filter { !$0.others.isEmpty }
    let widest = shared.prefix(Self.accountLimit).reduce(0) {
      max($0, DisplayWidth.of(SafeText.terminal($1.address)))
    }
    var lines = shared.prefix(Self.accountLimit).flatMap { shared -> [String] in
      let address = DisplayWidth.fit(SafeText.terminal(shared.address), widest)
      let more = shared.others.count - Self.valueLimit
      let others = shared.others.prefix(Self.valueLimit).flatMap {
        Self.broken("    ", 4, SafeText.terminal("\($0.name): \(Self.text($0))"), width: width)
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

  private func valueLines(width: Int?) -> [String] {
    listedFields.flatMap { listed in
      let uses = values[listed] ?? []
      let more = uses.count - Self.valueLimit
      let names =
        uses.isEmpty
        ? (untold[listed] == nil ? "none is named" : "")
        : uses.prefix(Self.valueLimit).map { "\($0.value) \(FigureText.number($0.rows))" }
          .joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
      let text = [names, untold[listed] ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
      return Self.broken(
        "  " + DisplayWidth.fit(listed.rawValue, 12), 14, SafeText.terminal(text), width: width)
    }
  }

  private func findingLines(_ style: TextStyle, width: Int?) -> [String] {
    guard !findings.isEmpty else { return ["  none"] }
    let more = findings.count - Self.findingLimit
    // The id comes first of what may be broken, since it is pasted into --finding and explain.
    return findings.prefix(Self.findingLimit).flatMap { finding in
      let word = style.severity(finding.severity, DisplayWidth.fit(finding.word, 10))
      let name = SafeText.terminal(DisplayWidth.fit(finding.rule, 12) + "  \(finding.id)  ")
      return Self.broken(
        "  \(word)  \(name)", 14 + DisplayWidth.of(name),
        SafeText.terminal(
          "\(finding.title): \(finding.accountName) "
            + "(\(FigureText.number(finding.rows)) of \(FigureText.count(finding.total, "row")))"),
        width: width)
    } + (more > 0 ? ["  and \(FigureText.count(more, "more finding")); -o jsonl has all"] : [])
  }
}
