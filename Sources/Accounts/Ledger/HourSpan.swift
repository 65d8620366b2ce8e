import SalesforceExports

/// The first and last minute of an hour in which the org has rows.
///
/// Gaps are longer than an hour, so what lies between these two matters to none.
package struct HourSpan: Hashable, Sendable {
  /// Minutes of the hour, 0...59.
  package private(set) var first: UInt8
  package private(set) var last: UInt8

  /// Makes a span.
  package init(first: UInt8, last: UInt8) {
    self.first = first
    self.last = last
  }

  /// Lets the span reach over another of the same hour.
  package mutating func formUnion(_ other: HourSpan) {
    first = min(first, other.first)
    last = max(last, other.last)
  }
}

/// UTC hours with rows, each with the first and last minute of them.
struct ActiveHours {
  /// Hours since 1970 with rows, but for the open one.
  private var closed: [Int64: HourSpan] = [:]
  /// The hour of the row noted last.
  private var open = OpenHour()

  /// Notes a row.
  @inline(__always)
  mutating func note(_ time: Instant) {
    if !open.note(time) { begin(time) }
  }

  @inline(never)
  private mutating func begin(_ time: Instant) {
    if let (hour, span) = open.closed { formUnion(span, of: hour) }
    open = OpenHour(time)
  }

  /// All hours since 1970 with rows.
  var spans: [Int64: HourSpan] {
    var spans = closed
    if let (hour, span) = open.closed { spans[hour, default: span].formUnion(span) }
    return spans
  }

  /// Adds rows of an hour.
  mutating func formUnion(_ span: HourSpan, of hour: Int64) {
    closed[hour, default: span].formUnion(span)
  }

  /// Adds the rows of others.
  mutating func formUnion(_ other: ActiveHours) {
    for (hour, span) in other.spans { formUnion(span, of: hour) }
  }
}

/// The hour of the latest row, while rows still come.
private struct OpenHour {
  /// Milliseconds since 1970 at which it starts.
  private let start: Int64
  /// Milliseconds from there to its earliest and latest row.
  private var first: UInt64
  private var last: UInt64

  /// No hour: holds no time.
  init() {
    start = .min
    first = 0
    last = 0
  }

  /// The hour of a row.
  init(_ time: Instant) {
    start = floorDivide(time.milliseconds, 3_600_000) * 3_600_000
    first = UInt64(time.milliseconds - start)
    last = first
  }

  /// Notes a row; `false` when it belongs to another hour.
  @inline(__always)
  mutating func note(_ time: Instant) -> Bool {
    let offset = UInt64(bitPattern: time.milliseconds &- start)
    guard offset < 3_600_000 else { return false }
    if offset < first { first = offset }
    if offset > last { last = offset }
    return true
  }

  /// The number of the hour and its span; `nil` before the first row.
  var closed: (hour: Int64, span: HourSpan)? {
    guard start != .min else { return nil }
    return (
      start / 3_600_000, HourSpan(first: UInt8(first / 60_000), last: UInt8(last / 60_000))
    )
  }
}
