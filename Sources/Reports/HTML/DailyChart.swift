import SalesforceExports

/// A chart of stacked bars, one a UTC day, with its figures as a table below it.
struct DailyChart {
  /// One kind of logins in the bars.
  struct Series {
    let name: StaticString
    /// Class of the style sheet that fills it.
    let style: StaticString
    /// Whether it is drawn with an outline, because it is hatched.
    var isOutlined = false
    let count: (DailyFigures.Day) -> Int
  }

  private static let width = 960.0
  private static let height = 212.0
  private static let left = 50.0
  private static let top = 10.0
  private static let plotWidth = 904.0
  private static let plotHeight = 172.0

  /// Id of the figures.
  let id: StaticString
  /// What it shows, for those who do not see it.
  let summary: Markup
  let series: [Series]
  let figures: DailyFigures
  let range: ClosedRange<Int64>

  private var step: Double { Self.plotWidth / Double(range.count) }

  /// The chart, its legend, a line for the day under the pointer, and the figures.
  var markup: Markup {
    let highest = range.map { day in series.reduce(0) { $0 + $1.count(figures[day]) } }.max() ?? 0
    let scale = Self.scale(highest)
    var svg: Markup = """
      <svg viewBox="0 0 \(Self.width) \(Self.height)" role=img aria-label="\(summary)" \
      data-table="\(literal: id)" data-left="\(Self.left)" data-step="\(exact: step)">
      """
    svg += grid(scale)
    svg += ticks
    svg += bars(scale.top)
    svg += """
      <line class=cursor y1=\(Self.top) y2=\(Self.top + Self.plotHeight) x1=0 x2=0 /></svg>
      """
    return """
      <figure class=card><ul class=legend>\(legend)</ul>\
      <div class="scroll"><div class=chart tabindex=0 role=group aria-label="\(summary) \
      Arrow keys read out the days.">\(svg)</div></div><p class=read aria-live=polite></p>\
      <details class=more><summary>The figures as a table</summary>\(table)</details></figure>
      """
  }

  private var legend: Markup {
    series.map { series in
      let total = range.reduce(0) { $0 + series.count(figures[$1]) }
      return """
        <li>\(Self.swatch(series))\(literal: series.name) <b>\(total)</b>
        """
    }.joined()
  }

  private static func swatch(_ series: Series) -> Markup {
    """
    <svg viewBox="0 0 14 14" aria-hidden=true><rect class=\(literal: series.style) x=1 y=1 \
    width=12 height=12 rx=2 />\(series.isOutlined ? outline : "")</svg>
    """
  }

  private static let outline: Markup =
    "<rect class=o-unknown x=1 y=1 width=12 height=12 rx=2 />"

  private func bars(_ top: Int) -> Markup {
    let barWidth = max(step * 0.8, step - 2)
    var paths = [SVGPath](repeating: SVGPath(), count: series.count)
    for (index, day) in range.enumerated() {
      let values = figures[day]
      var base = 0
      for (number, series) in series.enumerated() {
        let count = series.count(values)
        guard count > 0 else { continue }
        let height = Double(count) / Double(top) * Self.plotHeight
        let bottom = Double(base) / Double(top) * Self.plotHeight
        base += count
        paths[number].rectangle(
          x: Self.left + Double(index) * step + (step - barWidth) / 2,
          y: Self.top + Self.plotHeight - bottom - height, width: barWidth, height: height)
      }
    }
    var result = Markup()
    for (path, series) in zip(paths, series) {
      result += path.element(series.style)
      if series.isOutlined { result += path.element("o-unknown") }
    }
    return result
  }

  // MARK: Axes

  private func grid(_ scale: (top: Int, step: Int)) -> Markup {
    stride(from: 0, through: scale.top, by: scale.step).map { value -> Markup in
      let y = Self.top + Self.plotHeight * (1 - Double(value) / Double(scale.top))
      return """
        <line class=\(literal: value == 0 ? "axis" : "grid") x1=\(Self.left) \
        x2=\(Self.left + Self.plotWidth) y1=\(y) y2=\(y) />\
        <text x=\(Self.left - 8) y=\(y + 4) text-anchor=end>\(value)</text>
        """
    }.joined()
  }

  private var ticks: Markup {
    DayAxis.ticks(range).map { tick -> Markup in
      let x = Self.left + Double(tick.day - range.lowerBound) * step
      return """
        <line class=axis x1=\(x) x2=\(x) y1=\(Self.top + Self.plotHeight) \
        y2=\(Self.top + Self.plotHeight + 4) />\
        <text x=\(x + 2) y=\(Self.top + Self.plotHeight + 17)>\(tick.label)</text>
        """
    }.joined()
  }

  /// A round number at or over the highest bar, and the distance of the lines below it.
  static func scale(_ highest: Int) -> (top: Int, step: Int) {
    var power = 1
    while true {
      for factor in [1, 2, 5] where highest <= factor * power * 4 {
        let step = factor * power
        return (step * max(1, (highest + step - 1) / step), step)
      }
      power *= 10
    }
  }

  private var table: Markup {
    let head = series.map { "<th scope=col class=r>\(literal: $0.name)" as Markup }.joined()
    let rows = range.map { day -> Markup in
      let values = figures[day]
      let cells = series.map { "<td class=r>\($0.count(values))" as Markup }.joined()
      return "<tr><th scope=row>\(CivilDate(day: day).text)\(cells)"
    }.joined()
    return """
      <div class=scroll tabindex=0 role=region aria-label="Figures by day"><table class=hov \
      id="\(literal: id)"><thead><tr><th scope=col>Day (UTC)\(head)<tbody>\(rows)</table></div>
      """
  }
}

/// Where an axis of days names its days.
enum DayAxis {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Days with labels, at most about twelve.
  static func ticks(_ range: ClosedRange<Int64>) -> [(day: Int64, label: String)] {
    func label(_ day: Int64, isYear: Bool) -> String {
      let date = CivilDate(day: day)
      let month = months[Int(date.month - 1)]
      if isYear { return "\(month) \(date.year)" }
      return "\(month) \(date.dayOfMonth)"
    }
    if range.count <= 84 {
      let distance: Int64 = range.count <= 12 ? 1 : 7
      return stride(from: range.lowerBound, through: range.upperBound, by: Int(distance))
        .map { ($0, label($0, isYear: false)) }
    }
    let firsts = range.filter { CivilDate(day: $0).dayOfMonth == 1 }
    let every = (firsts.count + 11) / 12
    return firsts.enumerated().filter { $0.offset % max(every, 1) == 0 }
      .map { ($0.element, label($0.element, isYear: true)) }
  }
}
