import Accounts
import Findings
import Results
import SalesforceExports

/// A finding with its reasons and its evidence.
struct FindingMarkup {
  let finding: FindingRecord
  /// Rows of evidence that are shown.
  let evidenceLimit: Int
  let commands: ReportCommands

  /// Whether the page has a section of the rule.
  var linksRule = true
  /// Whether the command that shows its rows is left out, and the link to the finding beside its title.
  var isSpare = false

  /// Everything that proves it, and the command that shows its rows.
  var markup: Markup {
    let anchor = PageAnchor.finding(finding.id)
    let rule: Markup =
      linksRule
      ? "<a class=mono href=\"#r\(finding.shortRule)\">\(finding.ruleID)</a>"
      : "<span class=mono>\(finding.ruleID)</span>"
    let link: Markup =
      isSpare
      ? Markup() : "<a class=here href=#\(anchor) aria-label=\"Link to this finding\">#</a>"
    return """
      <div class=find id=\(anchor)><p>\(finding.tagWithChange)\
      <b>\(finding.shownTitle)</b>\(rule)\
      <small>\([confidence, subject, seen].filter { !$0.isEmpty }.joined(" · "))</small>\
      \(link)</p>\(facts)\
      \(evidence)\(replay)</div>
      """
  }

  private var confidence: Markup {
    finding.confidence.map { "\($0.rawValue) confidence" } ?? Markup()
  }

  private var subject: Markup {
    finding.discriminator.isEmpty ? Markup() : "\(finding.shownSubject)"
  }

  private var seen: Markup {
    guard let first = finding.firstSeen, let last = finding.lastSeen else { return Markup() }
    let (from, until) = (FigureText.date(first), FigureText.date(last))
    return from == until ? "\(from)" : "\(from) to \(until)"
  }

  private var facts: Markup {
    var items = finding.conditions.map { condition -> Markup in
      let threshold = condition.shownThreshold
      let than: Markup =
        threshold.isEmpty ? Markup() : " <span class=soft>(asked for: \(threshold))</span>"
      return "<li>\(condition.sentence(hasVerifications: commands.hasVerifications))\(than)"
    }
    if finding.severityReasons.count > 1 {
      items.append("<li>severity: \(finding.severityReasons.joined(separator: ", "))")
    }
    for remark in finding.dataQuality { items.append("<li class=soft>\(remark)") }
    if let suppression = finding.suppression {
      items.append(
        """
        <li>suppressed by \(suppression.owner) until \(FigureText.date(suppression.expires)): \
        \(suppression.reason)
        """)
    }
    if let suppression = finding.expiredSuppression {
      items.append(
        """
        <li>its suppression by \(suppression.owner) expired on \(FigureText.date(suppression.expires))
        """)
    }
    return items.isEmpty ? Markup() : "<ul>\(items.joined())</ul>"
  }

  private var evidence: Markup {
    guard !finding.evidence.isEmpty else { return Markup() }
    let rows = Self.spread(finding.evidence, evidenceLimit)
    let total = max(finding.evidenceTotal, finding.evidence.count)
    return LoginRowsMarkup(
      rows: rows, commands: commands, caption: "\(rows.count) of \(total) shown"
    ).markup
  }

  /// The first, the last, and what fits of those between.
  static func spread(_ rows: [EvidenceRecord], _ limit: Int) -> [EvidenceRecord] {
    guard rows.count > limit, let last = rows.last else { return rows }
    return Array(rows.prefix(limit - 1)) + [last]
  }

  private var replay: Markup {
    finding.replay.isEmpty || isSpare
      ? Markup() : "<pre>\(whole: SafeText.terminal(finding.replay))</pre>"
  }
}
