import Findings
import Results

extension FindingRecord {
  /// The rule's id without what all ids share.
  var shortRule: String { ruleID.hasPrefix("PST-") ? String(ruleID.dropFirst(4)) : ruleID }

  /// The rule's title as a heading.
  var shownTitle: String { ruleTitle.prefix(1).uppercased() + ruleTitle.dropFirst() }

  /// Severity, or the status where that says more; always in words.
  var tag: Markup {
    if suppression != nil { return "<span class=\"tag info\">suppressed</span>" }
    switch status {
    case .fail: return Self.tag(severity)
    case .unknown: return "<span class=\"tag unknown\">undecided</span>"
    case .info: return "<span class=\"tag info\">info</span>"
    }
  }

  static func tag(_ severity: Severity) -> Markup {
    switch severity {
    case .critical: "<span class=\"tag critical\">critical</span>"
    case .high: "<span class=\"tag high\">high</span>"
    case .medium: "<span class=\"tag medium\">medium</span>"
    case .low: "<span class=\"tag low\">low</span>"
    case .info: "<span class=\"tag info\">info</span>"
    }
  }

  /// The tag, and whether the finding is news since the earlier results.
  var tagWithChange: Markup {
    switch lifecycle?.change {
    case .new: tag + " <span class=\"tag new\">new</span>"
    case .changed:
      tag + " <span class=\"tag new\">\(lifecycle?.isNews == true ? "worse" : "changed")</span>"
    case .recurred:
      """
      \(tag) <span class="tag new">recurred, \
      \(FigureText.count(lifecycle?.newRows ?? 0, "new row"))</span>
      """
    case .persisting, .resolved, .notEvaluated, nil: tag
    }
  }
}
