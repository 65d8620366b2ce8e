import Accounts
import Platform
import Results
import SalesforceExports

/// Which days the inputs cover, at a glance: logins by day, verifications, and each file.
struct CoverageStrip {
  private static let width = 960.0
  private static let left = 150.0
  private static let plotWidth = 802.0
  private static let rowHeight = 22.0
  /// Files that get a line of their own.
  private static let fileLimit = 12

  let run: RunRecord
  let end: EndRecord
  let figures: DailyFigures
  let range: ClosedRange<Int64>

  private var step: Double { Self.plotWidth / Double(range.count) }

  private var files: [InputRecord] {
    run.inputs.filter { $0.first != nil && $0.last != nil }
  }

  /// The strip, a legend and the same in words.
  var markup: Markup {
    var rows = [days, verifications]
    let files = files.filter { $0.kind != .verificationHistory }
    rows += files.prefix(Self.fileLimit).map(file)
    let height = Double(rows.count) * Self.rowHeight + 26
    var svg: Markup = """
      <svg viewBox="0 0 \(Self.width) \(height)" role=img aria-label="\(summary)">
      """
    for (number, row) in rows.enumerated() {
      let y = Double(number) * Self.rowHeight
      svg += """
        <text x=\(Self.left - 10) y=\(y + 15) text-anchor=end>\(row.label)</text>\
        <g transform="translate(0 \(y))">\(row.drawing)</g>
        """
    }
    svg += axis(height) + "</svg>"
    let rest = files.count - Self.fileLimit
    let more: Markup =
      rest > 0
      ? "<p><small>\(FigureText.count(rest, "more file")) \(rest.takes("is", "are")) in the table above.</small></p>"
      : Markup()
    return """
      <div class=card><ul class=legend><li>\(swatch("c2"))logins, darker for more\
      <li>\(swatch("c0", isEmpty: true))no counted login<li>\(swatch("cgap"))gap in busy hours\
      </ul><div class=scroll><div class="strip chart-w" tabindex=0 role=region \
      aria-label="Coverage by day">\(svg)</div></div>\(more)\(words)</div>
      """
  }

  private func swatch(_ style: StaticString, isEmpty: Bool = false) -> Markup {
    let outline: Markup =
      isEmpty ? "<rect class=c0o x=1 y=1 width=12 height=12 />" : Markup()
    return """
      <svg viewBox="0 0 14 14" aria-hidden=true><rect class=\(literal: style) x=1 y=1 width=12 \
      height=12 />\(outline)</svg>
      """
  }

  // MARK: Rows

  private struct Row {
    let label: String
    let drawing: Markup
  }

  private var days: Row {
    let highest = range.map { figures[$0].total }.max() ?? 0
    var paths = [SVGPath](repeating: SVGPath(), count: 5)
    for (index, day) in range.enumerated() {
      let count = figures[day].total
      let level = count == 0 ? 0 : min(4, 1 + (count - 1) * 4 / max(highest, 1))
      let gap = step > 3 ? 0.8 : 0
      paths[level].rectangle(
        x: x(day: index), y: 4, width: max(step - gap, 0.5), height: 15)
    }
    var drawing = paths[0].element("c0") + paths[0].element("c0o") + paths[1].element("c1")
    drawing += paths[2].element("c2") + paths[3].element("c3") + paths[4].element("c4")
    var gaps = SVGPath()
    for gap in end.gaps { add(gap.from, gap.until, to: &gaps, y: 2, height: 19) }
    return Row(label: "logins", drawing: drawing + gaps.element("cgap"))
  }

  private var verifications: Row {
    var covered = SVGPath()
    var holes = SVGPath()
    for input in files where input.kind == .verificationHistory {
      if let first = input.first, let last = input.last {
        add(first, last, to: &covered, y: 7, height: 9)
      }
    }
    for hole in run.verificationHoles { add(hole.from, hole.until, to: &holes, y: 5, height: 13) }
    if covered.isEmpty {
      return Row(
        label: "verifications",
        drawing: "<text x=\(Self.left) y=15>no VerificationHistory was given</text>")
    }
    return Row(
      label: "verifications",
      drawing: covered.element("f-proven") + holes.element("hatch-bg") + holes.element("c0")
        + holes.element("c0o"))
  }

  private func file(_ input: InputRecord) -> Row {
    var bar = SVGPath()
    if let first = input.first, let last = input.last {
      add(first, last, to: &bar, y: 8, height: 7)
    }
    let base = input.name.split(separator: "/").last.map(String.init) ?? input.name
    let rejected: Markup =
      input.rejected == 0
      ? Markup()
      : "<text x=\(Self.left + 4) y=15 class=high>\(input.rejected) rejected</text>"
    return Row(
      label: base.count > 22 ? "…" + base.suffix(21) : base,
      drawing: bar.element("f-api") + rejected)
  }

  private func x(day index: Int) -> Double { Self.left + Double(index) * step }

  /// Adds a stretch of time, cut to the days of the strip.
  private func add(
    _ from: Instant, _ until: Instant, to path: inout SVGPath, y: Double, height: Double
  ) {
    func x(_ instant: Instant) -> Double {
      let days =
        Double(instant.milliseconds) / Double(Instant.dayMilliseconds) - Double(range.lowerBound)
      return Self.left + min(max(days, 0), Double(range.count)) * step
    }
    let (start, end) = (x(from), x(until))
    path.rectangle(x: start, y: y, width: max(end - start, 0.8), height: height)
  }

  private func axis(_ height: Double) -> Markup {
    DayAxis.ticks(range).map { tick -> Markup in
      let x = Self.left + Double(tick.day - range.lowerBound) * step
      return """
        <line class=axis x1=\(x) x2=\(x) y1=\(height - 24) y2=\(height - 19) />\
        <text x=\(x + 2) y=\(height - 7)>\(tick.label)</text>
        """
    }.joined()
  }

  // MARK: Words

  private var emptyDays: [Int64] { range.filter { figures[$0].total == 0 } }

  private var summary: String {
    "\(FigureText.count(range.count, "day")) from \(CivilDate(day: range.lowerBound).text) to "
      + "\(CivilDate(day: range.upperBound).text), \(emptyDays.count) of them without a counted "
      + "login; \(FigureText.count(end.gaps.count, "gap"))"
  }

  private var words: Markup {
    var items: [Markup] = ["<li>\(summary)."]
    for gap in end.gaps.prefix(50) {
      let hours = Int((gap.until.milliseconds - gap.from.milliseconds) / 3_600_000)
      items.append(
        """
        <li>Gap of \(FigureText.count(hours, "hour")): \(FigureText.minute(gap.from)) to \
        \(FigureText.minute(gap.until)) UTC, hours in which the org is usually busy
        """)
    }
    for hole in run.verificationHoles.prefix(50) {
      items.append(
        """
        <li>No verifications from \(FigureText.minute(hole.from)) to \
        \(FigureText.minute(hole.until)) UTC
        """)
    }
    let empty = emptyDays
    if !empty.isEmpty {
      let shown = empty.prefix(60).map { CivilDate(day: $0).text }.joined(separator: ", ")
      let rest = empty.count > 60 ? " and \(empty.count - 60) more" : ""
      items.append("<li>Days without a counted login: \(whole: shown + rest)")
    }
    return """
      <details class=more><summary>Coverage in words</summary><ul class=plain>\(items.joined())\
      </ul><p><small>Counted are successful human and API logins, and failures of any class.\
      </small></p></details>
      """
  }
}
