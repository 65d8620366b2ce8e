/// A row of bars, one a stretch of time.
struct Sparkline {
  /// Whether the terminal shows Unicode.
  let usesUnicode: Bool

  private var steps: [Character] { usesUnicode ? Array("▁▂▃▄▅▆▇█") : Array(".:-=+*#@") }

  /// Bars for counts, the largest as high as can be; nothing is a blank.
  func bars(_ counts: [Int]) -> String {
    let steps = steps
    guard let largest = counts.max(), largest > 0 else {
      return String(repeating: " ", count: counts.count)
    }
    return String(
      counts.map { count -> Character in
        // Anything at all is seen, however small beside the largest.
        count <= 0 ? " " : steps[min(steps.count - 1, (count * steps.count - 1) / largest)]
      })
  }

  /// Counts by day, summed so that they fit `width` bars; a bar has the same number of days.
  static func fitted(_ days: [Int], width: Int) -> (counts: [Int], daysPerBar: Int) {
    let daysPerBar = max(1, (days.count + width - 1) / max(1, width))
    let counts = stride(from: 0, to: days.count, by: daysPerBar).map { start in
      days[start..<min(start + daysPerBar, days.count)].reduce(0, +)
    }
    return (counts, daysPerBar)
  }
}
