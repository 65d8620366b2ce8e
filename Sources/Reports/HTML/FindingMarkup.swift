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

  /// Everything that proves it, and the command that shows its rows.
  var markup: Markup {
    """
    <div class=find id=\(PageAnchor.finding(finding.id))><p>\(finding.tagWithChange)\
    <b>\(finding.shownTitle)</b><a class=mono href="#r\(finding.shortRule)">\(finding.ruleID)</a>\
    <small>\([confidence, subject, seen].filter { !$0.isEmpty }.joined(" · "))</small></p>\(facts)\
    \(evidence)\(replay)</div>
    """
  }

  private var confidence: Markup {
    finding.confidence.map { "\($0.rawValue) confidence" } ?? Markup()
  }

  private var subject: Markup {
    finding.discriminator.isEmpty ? Markup() : "\(finding.discriminator)"
  }

  private var seen: Markup {
    guard let first = finding.firstSeen, let last = finding.lastSeen else { return Markup() }
    let (from, until) = (FigureText.date(first), FigureText.date(last))
    return from == until ? "\(from)" : "\(from) to \(until)"
  }

  private var facts: Markup {
    var items = finding.conditions.map { condition -> Markup in
      let than: Markup =
        condition.threshold.isEmpty ? Markup() : " <span class=soft>(\(condition.threshold))</span>"
      return "<li>\(condition.name): \(condition.value)\(than)"
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
    let rows = Self.spread(finding.evidence, evidenceLimit).map { row -> Markup in
      let verdict = [row.mfa?.rawValue, row.basis].compactMap { $0 }.joined(separator: " · ")
      return """
        <tr><td>\(FigureText.second(row.time))<td>\(lines(row.sourceIP, row.country))\
        <td>\(lines(row.loginType, row.loginSubType))<td>\(row.application)\
        <td>\(lines(row.browser, row.platform))<td>\(row.status)<td>\(verdict)<td>\(row.label)\
        <td>\(commands.place(row))
        """
    }
    let total = max(finding.evidenceTotal, finding.evidence.count)
    return """
      <div class=e tabindex=0><table><caption>\
      \(rows.count) of \(total) shown</caption><thead><tr><th>Time (UTC)<th>Source<th>Login type\
      <th>Application<th>Browser<th>Status<th>MFA<th>Shows<th>Row<tbody>\(rows.joined())</table></div>
      """
  }

  /// Two texts that belong together, one below the other.
  private func lines(_ first: String, _ second: String) -> Markup {
    second.isEmpty || second == first ? "\(first)" : "\(first)<br>\(second)"
  }

  /// The first, the last, and what fits of those between.
  static func spread(_ rows: [EvidenceRecord], _ limit: Int) -> [EvidenceRecord] {
    guard rows.count > limit, let last = rows.last else { return rows }
    return Array(rows.prefix(limit - 1)) + [last]
  }

  private var replay: Markup {
    finding.replay.isEmpty ? Markup() : "<pre>\(whole: SafeText.terminal(finding.replay))</pre>"
  }
}
