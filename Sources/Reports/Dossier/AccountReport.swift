package import Accounts
import Findings
import Platform
package import Results
import SalesforceExports

/// What is known of one account, on one screen.
package struct AccountReport {
  /// What the terminal can show.
  package struct Screen: Sendable {
    /// Columns; `nil` when nothing need be cut.
    package var width: Int?
    package var usesColor = false
    package var usesUnicode = true

    /// Any file or pipe.
    package init() {}
  }

  /// Values of one column that are listed.
  private static let valueLimit = 6
  /// Entries of the timeline that are listed.
  package static let timelineLimit = 30

  private let facts: AccountFacts
  private let findings: [FindingRecord]
  private let timeline: [TimelineEntry]
  private let sources: [AccountSource]
  private let hasVerifications: Bool
  private let command: ReplayCommand
  private let screen: Screen
  private let style: TextStyle
  private let width: Int

  /// Makes a report.
  ///
  /// - Parameters:
  ///   - findings: The account's findings.
  ///   - timeline: All that could be told, in any order.
  ///   - sources: Its addresses, most frequent first.
  ///   - run: What was read.
  ///   - command: For the commands that show the rest.
  package init(
    _ facts: AccountFacts, findings: [FindingRecord], timeline: [TimelineEntry],
    sources: [AccountSource], run: RunRecord, command: ReplayCommand, screen: Screen
  ) {
    self.facts = facts
    self.findings = findings
    self.timeline = timeline
    self.sources = sources
    hasVerifications = run.hasVerifications
    self.command = command
    self.screen = screen
    style = TextStyle(usesColor: screen.usesColor)
    width = screen.width ?? .max
  }

  /// The whole report.
  package var text: String {
    let lines =
      identity + privileges + use + requests + activity + values + findingLines + timelineLines
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Who it is

  private var identity: [String] {
    let key = facts.key.text
    let name = facts.username.isEmpty ? key : facts.username
    var lines = [style.bold(cut(name, 20)) + (name == key ? "" : "  " + cut(key, 0))]
    var what =
      "\(facts.accountClass.shownName), \(facts.classification.confidence.rawValue) confidence"
    if facts.isPrivileged { what += ", " + style.warning("privileged") }
    if facts.isAutomation { what += ", UI automation" }
    switch facts.user?.isActive {
    case true?: what += ", active"
    case false?: what += ", " + style.warning("inactive")
    case nil: break
    }
    lines.append(field("Class", what))
    for reason in facts.classification.reasons {
      lines.append(field("", cut("because: " + reason)))
    }
    let person = [
      facts.user?.name ?? "", facts.user?.userType ?? "",
      facts.profile.isEmpty ? "" : "profile \(facts.profile)",
      facts.license.isEmpty ? "" : "licence \(facts.license)",
    ].filter { !$0.isEmpty }
    lines.append(
      field(
        "User", person.isEmpty ? "not in the User export" : cut(person.joined(separator: ", "))))
    return lines
  }

  private var privileges: [String] {
    guard let permissions = facts.permissions else { return [] }
    guard permissions.hasSource else {
      return [field("Privileges", "not known: no export tells its permissions")]
    }
    var paths: [(name: String, via: [String])] = []
    for grant in permissions.grants {
      if paths.last?.name == PermissionName.spelt(grant.permission.rawValue) {
        paths[paths.count - 1].via.append(grant.via)
      } else {
        paths.append((PermissionName.spelt(grant.permission.rawValue), [grant.via]))
      }
    }
    if paths.isEmpty { return [field("Privileges", "none of those that rules look at")] }
    let column = paths.map(\.name.count).max() ?? 0
    return paths.enumerated().map { index, path in
      field(
        index == 0 ? "Privileges" : "",
        cut(DisplayWidth.fit(path.name, column) + "  " + path.via.joined(separator: "; ")))
    }
  }

  // MARK: Logins

  private var use: [String] {
    var lines: [String] = []
    if let first = facts.firstLogin, let last = facts.lastLogin {
      lines.append(
        field(
          "Logins",
          "\(number(facts.total.attempted)) from \(minute(first)) to \(minute(last)) UTC"))
    } else {
      lines.append(field("Logins", "none in these inputs"))
    }
    lines.append(field("Human", outcomes(facts.human)))
    if facts.human.succeeded > 0 {
      func answer(_ state: VerdictState, _ style: (String) -> String) -> String? {
        let count = facts.verdicts[state]
        guard count > 0 else { return nil }
        return style("\(number(count)) \(state.answer)")
      }
      let answers = [
        answer(.proven, style.good), answer(.absent, style.bad), answer(.unknown, { $0 }),
      ]
      lines.append(field("With MFA?", answers.compactMap { $0 }.joined(separator: ", ")))
      let bases = facts.verdicts.bases.sorted {
        $0.count != $1.count ? $0.count > $1.count : $0.basis.rawValue < $1.basis.rawValue
      }
      for (basis, count) in bases {
        let why = basis.sentence(hasVerifications: hasVerifications)
        lines.append(field("", cut("\(number(count)) \(basis.state.answer): \(why)")))
      }
    }
    lines.append(field("API", outcomes(facts.api)))
    let peaks = facts.peaks
    if let start = peaks.hour.start {
      lines.append(
        field(
          "",
          cut(
            "busiest hour \(minute(start)) with \(number(peaks.hour.logins))"
              + (peaks.minute.start.map {
                ", minute \(minute($0)) with \(number(peaks.minute.logins))"
              } ?? ""))))
    }
    if facts.openSubTypes > 0 {
      lines.append(
        field(
          "",
          cut(
            "\(number(facts.openSubTypes)) \(facts.openSubTypes.takes("lacks", "lack")) LoginSubType; export that column"
          )))
    }
    if facts.unclassified.attempted > 0 {
      lines.append(field("Unclassified", outcomes(facts.unclassified)))
    }
    return lines
  }

  private var requests: [String] {
    guard let requests = facts.requests else { return [] }
    var text = "\(number(requests.total)) on \(FigureText.count(requests.days.count, "day"))"
    let shares = requests.counts { $0.limitShare.rawValue }
    text += ", \(number(shares["yes"] ?? 0)) counted against the limit"
    if let unknown = shares["unknown"], unknown > 0 {
      text += ", of \(number(unknown)) it cannot be told"
    }
    var lines = [field("API requests", cut(text))]
    func add(_ name: String, _ counts: [ExactText: Int]) {
      let texts = counts.filter { $0.value > 0 }.sorted {
        $0.value != $1.value
          ? $0.value > $1.value : $0.key < $1.key
      }.map { "\($0.key.string.isEmpty ? "blank" : $0.key) \(number($0.value))" }
      if !texts.isEmpty { lines.append(field("", cut(name + texts.joined(separator: ", ")))) }
    }
    add("family: ", requests.counts(by: \.family))
    add("version: ", requests.counts(by: \.version))
    add("status: ", requests.counts(by: \.status))
    let most = requests.days.map(\.use.count).max() ?? 0
    if let peak = requests.days.first(where: { $0.use.count == most }) {
      lines.append(
        field("", "busiest day \(CivilDate(day: peak.day).text) with \(number(most))"))
    }
    add(
      "rows by event log: ",
      Dictionary(
        uniqueKeysWithValues: requests.bySource.map {
          (ExactText($0.key.eventType ?? ""), $0.value)
        }))
    return lines
  }

  private func outcomes(_ counts: OutcomeCounts) -> String {
    var text =
      "\(FigureText.count(counts.attempted, "attempt")): \(number(counts.succeeded)) succeeded"
    if counts.failed > 0 { text += ", \(number(counts.failed)) failed" }
    if counts.pending > 0 { text += ", \(number(counts.pending)) pending" }
    return counts.attempted == 0 ? "none" : text
  }

  private var activity: [String] {
    let requests = Dictionary(
      uniqueKeysWithValues: (facts.requests?.days ?? []).map { ($0.day, $0.use.count) })
    let ends = [facts.firstLogin?.day, facts.lastLogin?.day].compactMap { $0 } + requests.keys
    guard let first = ends.min(), let last = ends.max(), last - first < 366 * 30 else { return [] }
    let active = Dictionary(
      facts.activity.days.map { ($0.day, $0.activity) }, uniquingKeysWith: { first, _ in first })
    let days = (first...last).map { active[$0] }
    let room = max(10, min(width, 100) - 2 - Self.nameWidth - 24)
    let sparkline = Sparkline(usesUnicode: screen.usesUnicode)
    var lines: [String] = []
    func add(_ name: String, _ counts: [Int]) {
      let fitted = Sparkline.fitted(counts, width: room)
      guard let most = fitted.counts.max(), most > 0 else { return }
      let unit = fitted.daysPerBar == 1 ? "a day" : "in \(fitted.daysPerBar.counted("day"))"
      lines.append(
        field(
          lines.isEmpty ? "Activity" : "",
          sparkline.bars(fitted.counts) + "  \(name), at most \(number(most)) \(unit)"))
    }
    add("human", days.map { $0.map { $0.humanProven + $0.humanAbsent + $0.humanUnknown } ?? 0 })
    add("API", days.map { $0?.api ?? 0 })
    add("failed", days.map { $0?.failed ?? 0 })
    add("requests", (first...last).map { requests[$0] ?? 0 })
    return lines
  }

  private var values: [String] {
    inLine("Countries", facts.uses(of: \.country)) + inLine("Types", facts.uses(of: \.type))
      + inLine("Statuses", facts.uses(of: \.status))
      + sourceLines
      + list("Applications", facts.uses(of: \.application))
      + list("API versions", facts.uses(of: \.apiVersion))
      + list("Requesting clients", facts.requests?.uses(of: \.application) ?? [], of: "requests")
  }

  private func inLine(_ title: String, _ uses: [ValueUse]) -> [String] {
    guard !uses.isEmpty else { return [] }
    return [
      field(title, cut(uses.map { "\($0.value) \(number($0.count))" }.joined(separator: ", ")))
    ]
  }

  private func list(
    _ title: String, _ uses: [ValueUse], of what: String = "attempts"
  ) -> [String] {
    let uses = uses.filter { $0.value != "N/A" }
    guard !uses.isEmpty else { return [] }
    let shown = uses.prefix(Self.valueLimit)
    let texts = shown.map { SafeText.terminal($0.value) }
    let widest = texts.map(DisplayWidth.of).max() ?? 0
    // Count, two dates and the gaps between take 36 columns.
    let column = min(max(widest, 18), max(12, min(width, 140) - 2 - 36 - 4))
    var lines = [
      "", style.bold(DisplayWidth.fit(title, column + 2) + "    count  first       last"),
    ]
    for (use, text) in zip(shown, texts) {
      lines.append(
        "  " + DisplayWidth.fit(text, column) + padLeft(number(use.count), 9)
          + "  \(use.first.text.prefix(10))  \(use.last.text.prefix(10))")
    }
    if uses.count > shown.count {
      let rest = uses.dropFirst(shown.count).reduce(0) { $0 + $1.count }
      lines.append("  and \(number(uses.count - shown.count)) more, \(number(rest)) \(what)")
    }
    return lines
  }

  /// Addresses with their countries; people and programs, successes and failures apart.
  private var sourceLines: [String] {
    guard !sources.isEmpty else { return [] }
    let shown = sources.prefix(Self.valueLimit)
    let texts = shown.map {
      SafeText.terminal($0.address + ($0.country.isEmpty ? "" : " \($0.country)"))
    }
    // Four counts, two dates and the gaps between take 60 columns.
    let column = min(
      max(texts.map(DisplayWidth.of).max() ?? 0, 18), max(12, min(width, 140) - 2 - 60))
    var lines = [
      "",
      style.bold(DisplayWidth.fit("Sources", column + 2) + "   human  failed     API  failed")
        + style.bold("  first       last"),
    ]
    for (source, text) in zip(shown, texts) {
      let counts = [
        source.human.succeeded, source.human.failed, source.api.succeeded, source.api.failed,
      ].map { padLeft(number($0), 8) }.joined()
      lines.append(
        "  " + DisplayWidth.fit(text, column) + counts
          + "  \(source.first.text.prefix(10))  \(source.last.text.prefix(10))")
    }
    if sources.count > shown.count {
      let rest = sources.dropFirst(shown.count).reduce(0) { $0 + $1.attempts }
      lines.append(
        "  and \(number(sources.count - shown.count)) more, \(FigureText.count(rest, "attempt"))")
    }
    return lines
  }

  // MARK: Findings and timeline

  private var findingLines: [String] {
    guard !findings.isEmpty else { return ["", style.bold("Findings: ") + "none"] }
    var lines = ["", style.bold("Findings")]
    let sorted = findings.sorted {
      if $0.severity != $1.severity { return $0.severity > $1.severity }
      return $0.ruleID != $1.ruleID ? $0.ruleID < $1.ruleID : $0.id < $1.id
    }
    for finding in sorted {
      var text = SafeText.terminal(finding.ruleTitle)
      if !finding.discriminator.isEmpty {
        text += ": " + SafeText.terminal(finding.shownSubject)
      }
      if finding.evidenceTotal > 0 {
        text += " (\(FigureText.count(finding.evidenceTotal, "row")))"
      }
      if finding.suppression != nil { text += ", suppressed" }
      let mark =
        finding.status == .fail
        ? finding.severity.name : finding.status == .unknown ? "undecided" : "info"
      lines.append(
        "  " + style.severity(finding.severity, DisplayWidth.fit(mark, 10))
          + DisplayWidth.fit(finding.ruleID, 13) + " " + cut(text, 26))
    }
    return lines
  }

  private var timelineLines: [String] {
    guard !timeline.isEmpty else { return [] }
    let shown = TimelineEntry.chosen(timeline, limit: Self.timelineLimit)
    var lines = ["", style.bold("Timeline of what matters (UTC)")]
    for entry in shown {
      let text = SafeText.terminal(entry.text)
      let place = entry.place.isEmpty ? "" : "  " + style.dim(SafeText.terminal(entry.place))
      let line = "  \(minute(entry.time))  "
      let isRoomy = DisplayWidth.of(line + text + entry.place) + 2 <= width
      lines.append(
        line + (entry.weight == .alarming ? style.bad(cut(text, 20)) : cut(text, 20))
          + (isRoomy ? place : ""))
    }
    if timeline.count > shown.count {
      lines.append("  and \(number(timeline.count - shown.count)) more, less telling or earlier")
    }
    lines.append(
      "  "
        + style.dim("all its rows: " + SafeText.terminal(command.events(ofAccount: facts.key.text)))
    )
    return lines
  }

  // MARK: Text

  private static let nameWidth = 14

  private func field(_ name: String, _ value: String) -> String {
    "  " + DisplayWidth.fit(name, Self.nameWidth) + value
  }

  /// Text made safe, and cut where the terminal ends.
  ///
  /// - Parameter column: Columns that stand before it.
  private func cut(_ text: String, _ column: Int = 2 + nameWidth) -> String {
    let safe = SafeText.terminal(text)
    let room = width - column
    return DisplayWidth.of(safe) <= room ? safe : DisplayWidth.fit(safe, max(10, room))
  }

  private func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func minute(_ instant: Instant) -> String {
    String(instant.text.prefix(16).map { $0 == "T" ? " " : $0 })
  }

  /// Digits in groups of three.
  private func number(_ value: Int) -> String {
    var result = ""
    for (index, digit) in String(value).reversed().enumerated() {
      if index > 0, index % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return String(result.reversed())
  }
}
