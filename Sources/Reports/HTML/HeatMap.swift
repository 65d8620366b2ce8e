import Results

/// Attempts by hour and weekday, as a drawing of at most five strokes.
///
/// A page holds hundreds of these: equal neighbours are one run of a dashed line instead of a
/// rectangle each.
struct HeatMap {
  private static let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  /// Attempts by hour of the week, Monday 00:00 UTC first.
  let hours: [Int]

  /// The level from which the strokes are darker, by the highest hour.
  private func level(_ count: Int, _ highest: Int) -> Int {
    count == 0 ? 0 : min(4, 1 + (count - 1) * 4 / max(highest, 1))
  }

  /// The drawing with its words; nothing without attempts.
  var markup: Markup {
    guard hours.count == 168, let highest = hours.max(), highest > 0 else { return Markup() }
    var paths = [SVGPath](repeating: SVGPath(), count: 5)
    for day in 0..<7 {
      var hour = 0
      while hour < 24 {
        let level = level(hours[day * 24 + hour], highest)
        var end = hour + 1
        while end < 24, self.level(hours[day * 24 + end], highest) == level { end += 1 }
        // Hours without attempts are the ground on which the others are drawn.
        if level > 0 { paths[level].run(column: hour, row: day, length: end - hour) }
        hour = end
      }
    }
    var values = ByteText(capacity: 1 << 10)
    for position in hours.indices {
      if position > 0 { values.append(UInt8(ascii: " ")) }
      if hours[position] != 0 { values.append(decimal: hours[position]) }
    }
    return """
      <svg class=heat viewBox="-2 -1 26.2 8.2" role=img aria-label="Heat map of the week" \
      data-v="\(whole: values.string)"><use href=#hm />\(paths[1].element("s1"))\(paths[2].element("s2"))\
      \(paths[3].element("s3"))\(paths[4].element("s4"))</svg><p class=read>\(words(highest))</p>
      """
  }

  /// The busiest hour and the share outside of working hours.
  private func words(_ highest: Int) -> String {
    let total = hours.reduce(0, +)
    let busiest = hours.firstIndex(of: highest) ?? 0
    let hour = busiest % 24
    let weekend = hours[120...].reduce(0, +)
    return "Busiest \(Self.names[busiest / 24]) \(hour < 10 ? "0" : "")\(hour):00 UTC with "
      + "\(FigureText.count(highest, "attempt")); weekends "
      + "\(weekend == 0 ? "none" : FigureText.percent(weekend, of: total)) of "
      + FigureText.number(total)
  }

  /// The labels of all heat maps, once a page.
  static var labels: Markup {
    // In tenths of a cell: letters of less than a pixel are not safe from a smallest size of fonts.
    var result: Markup = "<g id=hl transform=\"scale(.1)\">"
    for (index, name) in names.enumerated() {
      result += "<text x=-4 y=\(Double(index) * 10 + 7) text-anchor=end>\(name)</text>"
    }
    for hour in stride(from: 0, through: 18, by: 6) {
      result += "<text x=\(plain: hour * 10) y=-3>\(hour < 10 ? "0" : "")\(plain: hour):00</text>"
    }
    var ground = SVGPath()
    for day in 0..<7 { ground.run(column: 0, row: day, length: 24) }
    // The ground lies outside of the group's scale.
    return "<g id=hm>\(ground.element("s0"))" + result + "</g></g>"
  }
}
