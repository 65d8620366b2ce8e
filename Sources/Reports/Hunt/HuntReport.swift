package import Accounts
import Platform
package import SalesforceExports

/// What a history says of a list of indicators, for people and for programs.
package struct HuntReport: Sendable {
  /// The indicators in the order of their lists.
  package let indicators: [HuntedIndicator]
  private let rows: Int
  /// Time of the earliest and latest of them.
  private let reach: (first: Instant, last: Instant)?
  /// Stretches in which the org is usually busy and no login was read.
  private let gaps: [ActivityGaps.Gap]
  private let incompleteReasons: [String]

  /// Accounts that the text lists for one indicator.
  private static let accountLimit = 6
  /// Indicators that the text lists of those that are not met, and of those that cannot be told.
  private static let otherLimit = 20
  /// Gaps that the text lists.
  private static let gapLimit = 5

  /// Makes a report.
  ///
  /// - Parameters:
  ///   - rows: Login rows that were looked through.
  ///   - reach: Time of the earliest and latest of them; `nil` for none.
  ///   - gaps: Stretches in which the org is usually busy and no login was read.
  ///   - incompleteReasons: What was not looked at, and why.
  package init(
    _ indicators: [HuntedIndicator], rows: Int, reach: (first: Instant, last: Instant)?,
    gaps: [ActivityGaps.Gap], incomplete incompleteReasons: [String]
  ) {
    self.indicators = indicators
    self.rows = rows
    self.reach = reach
    self.gaps = gaps
    self.incompleteReasons = incompleteReasons
  }

  private func count(_ state: HuntedIndicator.State) -> Int {
    indicators.count { $0.state == state }
  }

  // MARK: Text

  /// The report for people.
  package func text(usesColor: Bool) -> String {
    let style = TextStyle(usesColor: usesColor)
    var lines = [style.bold(headline)]
    if let reach {
      lines.append(
        "looked through \(FigureText.count(rows, "login")) from \(FigureText.minute(reach.first)) to "
          + "\(FigureText.minute(reach.last)) UTC")
    }
    for gap in gaps.prefix(Self.gapLimit) {
      lines.append(
        "no logins were read from \(FigureText.minute(gap.from)) to \(FigureText.minute(gap.until))"
      )
    }
    let rest = gaps.count - Self.gapLimit
    if rest > 0 { lines.append("and " + rest.counted("more gap")) }
    for indicator in indicators where indicator.state == .matched {
      lines.append("")
      lines.append(style.bold("matched  \(title(indicator))"))
      lines += details(indicator)
    }
    for (state, word) in [(HuntedIndicator.State.unknown, "cannot be told"), (.none, "not met")] {
      let others = indicators.filter { $0.state == state }
      guard !others.isEmpty else { continue }
      lines.append("")
      lines.append(style.bold(word))
      for indicator in others.prefix(Self.otherLimit) {
        lines.append("  \(title(indicator))")
        if !indicator.note.isEmpty { lines.append("    \(indicator.note)") }
      }
      let more = others.count - Self.otherLimit
      if more > 0 { lines.append("  and \(more) more; -o csv lists all") }
    }
    return IncompleteText(incompleteReasons, style).text + lines.joined(separator: "\n") + "\n"
  }

  private var headline: String {
    let matched = count(.matched)
    var text =
      "\(matched) of \(indicators.count.counted("indicator")) met: \(count(.none)) not met"
    if count(.unknown) > 0 { text += ", \(count(.unknown)) cannot be told" }
    return text
  }

  private func title(_ indicator: HuntedIndicator) -> String {
    let place = "\(indicator.list):\(indicator.listLine)"
    return SafeText.terminal("\(indicator.text)  (\(place))")
  }

  private func details(_ indicator: HuntedIndicator) -> [String] {
    var lines: [String] = []
    func add(_ name: String, _ text: String) {
      let padding = String(repeating: " ", count: max(1, 10 - name.count))
      lines.append("  \(name)\(padding)\(SafeText.terminal(text))")
    }
    let ends = [
      indicator.from.map { "from " + Self.date($0) },
      indicator.until.map { "until " + Self.date($0) },
    ].compactMap { $0 }
    if !ends.isEmpty { add("dates", ends.joined(separator: " ")) }
    if !indicator.source.isEmpty { add("source", indicator.source) }
    let outcome =
      indicator.succeeded == indicator.rows
      ? "all succeeded" : "\(indicator.succeeded) succeeded"
    let accounts = indicator.accounts.count
    add(
      "logins",
      "\(FigureText.number(indicator.rows)), \(outcome), of \(FigureText.count(accounts, "account"))"
    )
    if let first = indicator.first { add("first", Self.line(first)) }
    if let last = indicator.last { add("last", Self.line(last)) }
    let shown = indicator.accounts.prefix(Self.accountLimit).map {
      "\(Self.name($0.account)) \($0.rows)"
    }
    let more = accounts - shown.count
    add("accounts", shown.joined(separator: ", ") + (more > 0 ? ", and \(more) more" : ""))
    if !indicator.note.isEmpty { add("note", indicator.note) }
    if !indicator.command.isEmpty { add("rows", indicator.command) }
    return lines
  }

  private static func name(_ account: LoginAccount) -> String {
    account.username.isEmpty ? account.key.text : account.username
  }

  private static func line(_ row: HuntedIndicator.Row) -> String {
    let place = row.shape.country.isEmpty ? row.address : "\(row.address) (\(row.shape.country))"
    let door = [row.shape.type, row.shape.subType, row.shape.application, row.shape.status]
    return
      "\(FigureText.second(row.time))  \(name(row.account))  from \(place.isEmpty ? "?" : place), "
      + door.filter { !$0.isEmpty }.joined(separator: ", ") + "  \(row.file):\(row.line)"
  }

  /// A day where the instant begins one.
  private static func date(_ time: Instant) -> String {
    time.milliseconds % Instant.dayMilliseconds == 0
      ? FigureText.date(time) : time.text
  }

  // MARK: CSV

  private static let columns = [
    "state", "indicator", "list", "list_line", "from", "until", "source", "rows", "succeeded",
    "accounts", "first_time", "first_account", "first_source_ip", "first_file", "first_line",
    "last_time", "last_account", "last_source_ip", "last_file", "last_line", "note",
  ]

  /// A record for each indicator (RFC 4180).
  package var csv: [UInt8] {
    func fields(_ row: HuntedIndicator.Row?) -> [String] {
      guard let row else { return ["", "", "", "", ""] }
      return [row.time.text, Self.name(row.account), row.address, row.file, String(row.line)]
    }
    return indicators.reduce(into: SafeText.csvRecord(Self.columns)) { bytes, indicator in
      let record =
        [
          indicator.state.rawValue, indicator.text, indicator.list, String(indicator.listLine),
          indicator.from?.text ?? "", indicator.until?.text ?? "", indicator.source,
          String(indicator.rows), String(indicator.succeeded), String(indicator.accounts.count),
        ] + fields(indicator.first) + fields(indicator.last) + [indicator.note]
      bytes += SafeText.csvRecord(record)
    }
  }

  // MARK: JSON Lines

  /// A line of `postern.indicator/1` for each indicator.
  package var jsonLines: [UInt8] {
    indicators.reduce(into: []) { bytes, indicator in
      bytes += Self.json(indicator).line(schema: "postern.indicator/1")
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  private static func json(_ indicator: HuntedIndicator) -> JSONValue {
    let accounts = indicator.accounts.map { use in
      JSONValue.object([
        "class": .string(use.account.accountClass.rawValue), "id": .string(use.account.id),
        "key": .string(use.account.key.text), "username": .string(use.account.username),
        "rows": .int(use.rows), "first": .string(use.first.text), "last": .string(use.last.text),
      ])
    }
    return .object([
      "indicator": .string(indicator.text), "list": .string(indicator.list),
      "list_line": .int(indicator.listLine), "from": JSONValue(indicator.from?.text),
      "until": JSONValue(indicator.until?.text), "source": .string(indicator.source),
      "state": .string(indicator.state.rawValue), "note": .string(indicator.note),
      "rows": .int(indicator.rows), "succeeded": .int(indicator.succeeded),
      "accounts": .array(accounts), "first": json(indicator.first), "last": json(indicator.last),
      "command": .string(indicator.command),
    ])
  }

  private static func json(_ row: HuntedIndicator.Row?) -> JSONValue {
    guard let row else { return .null }
    return .object([
      "time": .string(row.time.text), "record_id": .string(row.id),
      "account": .string(row.account.key.text), "username": .string(row.account.username),
      "kind": .string(row.shape.door.name), "outcome": .string(row.shape.outcome.name),
      "status": .string(row.shape.status), "login_type": .string(row.shape.type),
      "login_sub_type": .string(row.shape.subType),
      "application": .string(row.shape.application), "browser": .string(row.shape.browser),
      "source_ip": .string(row.address), "country": .string(row.shape.country),
      "file": .string(row.file), "line": .int(Int(row.line)),
    ])
  }
}
