/// What stands before an answer that is not the whole truth.
struct IncompleteText {
  private static let limit = 10

  private let reasons: [String]
  private let style: TextStyle

  init(_ reasons: [String], _ style: TextStyle) {
    self.reasons = reasons
    self.style = style
  }

  /// Lines that end in a blank one; empty where nothing is lacking.
  var text: String {
    guard !reasons.isEmpty else { return "" }
    var lines = [style.bold("Incomplete: this is not the whole truth")]
    lines += reasons.prefix(Self.limit).map { "  " + SafeText.terminal($0) }
    if reasons.count > Self.limit { lines.append("  and \(reasons.count - Self.limit) more") }
    return (lines + [""]).joined(separator: "\n") + "\n"
  }
}
