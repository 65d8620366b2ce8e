import Findings
import Results

/// What to do about an account: the steps that its open findings ask for, the most urgent first.
struct StepList {
  private let steps: [(finding: FindingRecord, text: String)]
  private let rest: Int

  /// Takes findings, those to look at first before the others.
  ///
  /// - Parameter limit: Steps that are shown.
  init(_ findings: [FindingRecord], limit: Int) {
    var steps: [(finding: FindingRecord, text: String)] = []
    for finding in findings where finding.suppression == nil && !finding.remediation.isEmpty {
      if !steps.contains(where: { $0.text == finding.remediation }) {
        steps.append((finding, finding.remediation))
      }
    }
    self.steps = Array(steps.prefix(limit))
    rest = steps.count - self.steps.count
  }

  /// A list; nothing where there is nothing to do.
  var markup: Markup {
    guard !steps.isEmpty else { return Markup() }
    let items = steps.map { "<li>\($0.finding.tag) \(whole: Self.bounded($0.text))" as Markup }
    let more: Markup = rest > 0 ? "<li>and \(FigureText.count(rest, "more step"))" : Markup()
    return "<h4>What to do</h4><ol class=do>\(items.joined())\(more)</ol>"
  }

  /// Steps of the catalogue are whole; a text of saved results can have any length.
  private static func bounded(_ text: String) -> String {
    text.utf8.count > 1_500 && text.unicodeScalars.count > 1_500
      ? String(text.prefix(1_500)) + "…" : text
  }
}
