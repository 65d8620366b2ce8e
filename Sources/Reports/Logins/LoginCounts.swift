import Accounts
import SalesforceExports

/// Counts of login rows, as a table, CSV or JSON Lines.
package struct LoginCounts: Sendable {
  private let fields: [LoginField]
  private let counts: [LoginCount]
  private let hasVerifications: Bool

  /// Makes a report.
  ///
  /// - Parameters:
  ///   - counts: In the order in which they are shown.
  ///   - hasVerifications: Whether a verification export was read.
  package init(_ fields: [LoginField], _ counts: [LoginCount], hasVerifications: Bool) {
    self.fields = fields
    self.counts = counts
    self.hasVerifications = hasVerifications
  }

  // MARK: Table

  /// What a value may shrink to on a terminal.
  private static let leastWidth = 10

  /// A line for each count, for people.
  ///
  /// - Parameter width: Columns of the terminal; `nil` shows values whole.
  ///   Without counts there is no table.
  package func table(width: Int?, usesColor: Bool) -> String {
    guard !counts.isEmpty else { return "" }
    let style = TextStyle(usesColor: usesColor)
    let titles =
      fields.map(\.title) + ["ROWS", "SUCCESSES", "ACCOUNTS", "FIRST (UTC)", "LAST (UTC)"]
    let lines = counts.map(cells)
    var widths = titles.indices.map { column in
      lines.reduce(DisplayWidth.of(titles[column])) { max($0, DisplayWidth.of($1[column])) }
    }
    if let width {
      while widths.reduce(2 * (widths.count - 1), +) > width {
        let widest = fields.indices.filter { widths[$0] > Self.leastWidth }
          .max { widths[$0] < widths[$1] }
        guard let widest else { break }
        widths[widest] -= 1
      }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let isNumber = (fields.count..<fields.count + 3).contains(column)
        let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(cell)))
        if column > 0 { text += "  " }
        text += isNumber ? padding + cell : DisplayWidth.fit(cell, widths[column])
      }
      while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
      return text + "\n"
    }
    var text = style.bold(line(titles).replacing("\n", with: "")) + "\n"
    for cells in lines { text += line(cells) }
    return text
  }

  private func cells(_ count: LoginCount) -> [String] {
    let values = fields.indices.map { index in
      var value = count.values[index]
      switch fields[index] {
      case .account where !count.username.isEmpty: value = count.username
      case .hour: value = String(value.prefix(16)).replacing("T", with: " ")
      case .day: value = String(value.prefix(10))
      case .accountClass: value = AccountClass(rawValue: value)?.shownName ?? value
      case .kind:
        value = LoginDoor.allCases.first { $0.name == value }?.shownName ?? value
      case .mfa: value = VerdictState(rawValue: value)?.answer ?? value
      case .basis: value = VerdictBasis.sentence(value, hasVerifications: hasVerifications)
      default: break
      }
      return value.isEmpty ? "-" : SafeText.terminal(value)
    }
    return values + [
      FigureText.number(count.rows), FigureText.number(count.successes),
      FigureText.number(count.accounts), FigureText.second(count.first),
      FigureText.second(count.last),
    ]
  }

  // MARK: CSV

  /// A record for each count (RFC 4180).
  package var csv: [UInt8] {
    let columns =
      fields.flatMap(\.columns) + ["rows", "successes", "accounts", "first", "last"]
    return counts.reduce(into: SafeText.csvRecord(columns)) { bytes, count in
      let values = fields.indices.flatMap { index in
        fields[index] == .account
          ? [count.values[index], count.username] : [count.values[index]]
      }
      bytes += SafeText.csvRecord(
        values + [
          String(count.rows), String(count.successes), String(count.accounts), count.first.text,
          count.last.text,
        ])
    }
  }

  // MARK: JSON Lines

  /// A line of `postern.event_count/1` for each count.
  package var jsonLines: [UInt8] {
    counts.reduce(into: []) { bytes, count in
      var by: [String: JSONValue] = [:]
      for (index, field) in fields.enumerated() {
        let value = count.values[index]
        // Rows without a verdict have none of its values.
        let isNothing = value.isEmpty && (field == .mfa || field == .basis)
        by[field.columns[0]] = isNothing ? .null : .string(value)
        if field == .account { by["username"] = .string(count.username) }
      }
      let value = JSONValue.object([
        "by": .object(by), "rows": .int(count.rows), "successes": .int(count.successes),
        "accounts": .int(count.accounts), "first": .string(count.first.text),
        "last": .string(count.last.text),
      ])
      bytes += value.line(schema: "postern.event_count/1")
      bytes.append(UInt8(ascii: "\n"))
    }
  }
}
