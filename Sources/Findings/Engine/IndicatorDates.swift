package import SalesforceExports

/// When an indicator holds: stretches of time in order, apart from each other.
package struct IndicatorDates: Hashable, Sendable {
  /// A stretch of time in milliseconds since 1970 UTC, its end exclusive.
  private struct Span: Hashable {
    var from: Int64
    var until: Int64
  }

  private var spans: [Span]

  /// Makes one stretch.
  ///
  /// - Parameters:
  ///   - from: Its first instant; `nil` leaves the beginning open.
  ///   - until: Its end, exclusive; `nil` leaves it open.
  package init(from: Instant? = nil, until: Instant? = nil) {
    let span = Span(
      from: from?.milliseconds ?? Int64.min, until: until?.milliseconds ?? Int64.max)
    spans = span.from < span.until ? [span] : []
  }

  /// Whether every instant is within.
  package var isAlways: Bool { spans == [Span(from: Int64.min, until: Int64.max)] }

  /// Adds the stretches of `other`.
  package mutating func formUnion(_ other: IndicatorDates) {
    let all = (spans + other.spans).sorted { ($0.from, $0.until) < ($1.from, $1.until) }
    spans = []
    for span in all {
      if let last = spans.last, span.from <= last.until {
        spans[spans.count - 1].until = max(last.until, span.until)
      } else {
        spans.append(span)
      }
    }
  }

  /// Whether an instant is within.
  package func contains(_ time: Instant) -> Bool {
    spans.contains { $0.from <= time.milliseconds && time.milliseconds < $0.until }
  }

  /// Whether all instants of a stretch are within, both ends included.
  package func contains(from first: Instant, to last: Instant) -> Bool {
    spans.contains { $0.from <= first.milliseconds && last.milliseconds < $0.until }
  }

  /// Whether some instant of a stretch is within, both ends included.
  package func overlaps(from first: Instant, to last: Instant) -> Bool {
    spans.contains { $0.from <= last.milliseconds && first.milliseconds < $0.until }
  }

  /// The stretches for people: `from 2026-06-11 until 2026-06-14`; `always` without ends.
  package var text: String {
    if isAlways { return "always" }
    return spans.map { span in
      let from = span.from == Int64.min ? nil : "from " + Self.text(of: span.from)
      let until = span.until == Int64.max ? nil : "until " + Self.text(of: span.until)
      return [from, until].compactMap { $0 }.joined(separator: " ")
    }.joined(separator: ", ")
  }

  /// A day where the instant begins one, the whole instant elsewhere.
  private static func text(of milliseconds: Int64) -> String {
    let instant = Instant(milliseconds: milliseconds)
    return milliseconds % Instant.dayMilliseconds == 0
      ? CivilDate(day: instant.day).text : instant.text
  }
}
