import Platform

/// API logins of the org by application, kind of API and version.
struct TrafficTables {
  private static let limit = 10

  let figures: OverviewFigures

  /// Three tables with bars, the most frequent first.
  var markup: Markup {
    """
    <div class="cols three">\(table("API logins by application", figures.byApplication))\
    \(table("By kind of API", figures.byAPIType))\
    \(table("By API version", figures.byAPIVersion))</div>
    """
  }

  private func table(_ title: Markup, _ counts: [ExactText: Int]) -> Markup {
    let sorted = counts.filter { $0.value > 0 }.sorted {
      $0.value != $1.value
        ? $0.value > $1.value : $0.key < $1.key
    }
    guard let highest = sorted.first?.value else { return Markup() }
    let total = sorted.reduce(0) { $0 + $1.value }
    let rows = sorted.prefix(Self.limit).map { value, count -> Markup in
      var bar = SVGPath()
      bar.rectangle(
        x: 0, y: 0, width: max(Double(count) / Double(highest) * 100, 0.5), height: 10)
      return """
        <tr><th scope=row>\(value == "" ? "blank" : value.string)<td><svg viewBox="0 0 100 10" \
        preserveAspectRatio=none aria-hidden=true>\(bar.element("f-api"))</svg>\
        <td class=r>\(count)<td class=r>\(FigureText.percent(count, of: total))
        """
    }.joined()
    let rest = sorted.dropFirst(Self.limit)
    let more: Markup =
      rest.isEmpty
      ? Markup()
      : """
      <tr><th scope=row class=soft>\(rest.count) others<td><td class=r>\
      \(rest.reduce(0) { $0 + $1.value })<td>
      """
    return """
      <div><h3>\(title)</h3><table class=bars><thead class=vh><tr><th scope=col>Value\
      <th scope=col>Bar<th scope=col>Attempts<th scope=col>Share<tbody>\(rows)\(more)</table></div>
      """
  }
}
