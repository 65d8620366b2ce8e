import Accounts
import Findings
import Platform
import Results
import SalesforceExports

/// The findings by rule: what is wrong, what to do, whom it concerns.
struct RuleSections {
  /// Remediations of a rule that are shown; they differ by what was found.
  private static let remediationLimit = 4
  /// Bytes of replay commands over all findings about the org, so that the page keeps its bound.
  private static let replayBudget = 200_000

  let index: ReportIndex
  /// Keys of the accounts with a panel.
  let panels: Set<ExactText>
  let commands: ReportCommands

  /// The section's content.
  var markup: Markup {
    guard !index.rules.isEmpty else { return "<p class=lead>No rule found anything.</p>" }
    var budget = Self.replayBudget
    let sections = index.rules.sorted { one, other in
      let (worst, mildest) = (severest(one.value), severest(other.value))
      return worst != mildest ? worst > mildest : one.key < other.key
    }.map { section($0.value, &budget) }
    return tools(index.counts) + sections.joined()
  }

  private func severest(_ rule: RuleTally) -> Int {
    Severity.allCases.last { rule.counts.open($0) > 0 }?.rawValue
      ?? (rule.counts.unknown > 0 ? 0 : -1)
  }

  private func tools(_ counts: RuleTally.Counts) -> Markup {
    func box(_ name: StaticString, _ words: Markup, _ count: Int) -> Markup {
      count == 0
        ? Markup()
        : """
        <label class=check><input type=checkbox checked data-hides=\(literal: name)>\(words) \
        (\(count))</label>
        """
    }
    return """
      <div class=tools role=group aria-label="Kinds of findings shown">\
      \(box("fail", "not as it should be", counts.open))\
      \(box("unknown", "undecided", counts.unknown))\
      \(box("info", "about the data", counts.info))\
      \(box("suppressed", "suppressed", counts.suppressed))</div>
      """
  }

  private func kind(_ finding: FindingRecord) -> Markup {
    finding.suppression != nil ? "suppressed" : "\(plainWord: finding.status.rawValue)"
  }

  // MARK: One rule

  private func section(_ rule: RuleTally, _ budget: inout Int) -> Markup {
    let findings = rule.findings
    guard let first = findings.first else { return Markup() }
    let counts = rule.counts
    let isOfOneKind =
      [counts.open, counts.unknown, counts.info, counts.suppressed].count { $0 > 0 } == 1
    let attribute: Markup = isOfOneKind ? " data-s=\(kind(first))" : Markup()
    return """
      <article class=rule id="r\(first.shortRule)"\(attribute)><h3><code>\(first.ruleID)</code>\
      <span>\(first.shownTitle)</span>\(tags(counts))</h3><dl class=kv>\
      \(condition(Catalogue.rule(first.ruleID)?.description))\(remediation(findings))\
      \(references(first))</dl>\(list(findings, of: counts.total, &budget))</article>
      """
  }

  private func tags(_ counts: RuleTally.Counts) -> Markup {
    var result: [Markup] = []
    for severity in Severity.allCases.reversed() {
      let count = counts.open(severity)
      let name = severity.name
      if count > 0 {
        result.append("<span class=\"tag \(plainWord: name)\">\(count) \(plainWord: name)</span>")
      }
    }
    if counts.unknown > 0 {
      result.append("<span class=\"tag unknown\">\(counts.unknown) undecided</span>")
    }
    if counts.info > 0 { result.append("<span class=\"tag info\">\(counts.info) info</span>") }
    if counts.suppressed > 0 {
      result.append("<span class=\"tag info\">\(counts.suppressed) suppressed</span>")
    }
    return result.joined(" ")
  }

  private func condition(_ rule: RuleDescription?) -> Markup {
    rule.map { "<dt>Fires on<dd>\(whole: $0.condition)" } ?? Markup()
  }

  private func remediation(_ findings: [FindingRecord]) -> Markup {
    // Those of the findings that are shown: which of all others come first is a matter of chance.
    var items: [String] = []
    for finding in findings
    where !finding.remediation.isEmpty && !items.contains(finding.remediation) {
      items.append(finding.remediation)
      if items.count == Self.remediationLimit { break }
    }
    if items.isEmpty { return Markup() }
    return "<dt>What to do<dd>\(items.map { "\(whole: $0)" as Markup }.joined("<br>"))"
  }

  private func references(_ finding: FindingRecord) -> Markup {
    var result = Markup()
    let links = finding.references.map(ReferenceLink.markup)
    if !links.isEmpty { result += "<dt>Stated in<dd>\(links.joined("<br>"))" }
    if !finding.attack.isEmpty {
      result += "<dt>ATT&amp;CK<dd>\(finding.attack.joined(separator: ", "))"
    }
    return result
  }

  private func list(
    _ findings: [FindingRecord], of count: Int, _ budget: inout Int
  ) -> Markup {
    var rows: [Markup] = []
    for finding in findings { rows.append(row(finding, &budget)) }
    let rest = count - findings.count
    let rule = findings[0].shortRule
    let more: Markup =
      rest == 0
      ? Markup()
      : """
      <p>and \(rest) more: <a href=#accounts data-q="\(rule)">search the table for \(rule)</a>, or \
      <code>postern report results.jsonl -o csv</code> for all of them.</p>
      """
    return """
      <div class="card scroll" tabindex=0 role=region aria-label="Findings of \(rule)">\
      <table class=hov><thead><tr><th scope=col>Severity<th scope=col>Account or subject\
      <th scope=col>Confidence<th scope=col class=r>Rows<th scope=col>First<th scope=col>Last\
      <th scope=col class=wide>Look closer<tbody>\(rows.joined())</table></div>\(more)
      """
  }

  private func row(_ finding: FindingRecord, _ budget: inout Int) -> Markup {
    var commandText = commands.explain(finding.id)
    if !finding.replay.isEmpty, finding.replay.utf8.count <= budget {
      budget -= finding.replay.utf8.count
      commandText += "\n" + SafeText.terminal(finding.replay)
    }
    let lines = commandText.split(separator: "\n").map { "\(whole: String($0))" as Markup }
    return """
      <tr data-s=\(kind(finding))><td>\(finding.tagWithChange)<td\(anchor(finding))>\
      \(subject(finding))<td>\(finding.confidence?.rawValue ?? "")<td class=r>\(finding.evidenceTotal)\
      <td class=nw>\(finding.firstSeen.map(FigureText.date) ?? "")\
      <td class=nw>\(finding.lastSeen.map(FigureText.date) ?? "")\
      <td><details><summary>commands</summary><pre>\(lines.joined("\n"))</pre></details>
      """
  }

  private func hasPanel(_ finding: FindingRecord) -> Bool {
    finding.account.map { panels.contains($0.key) } ?? false
  }

  /// A finding that stands in no panel has its place here.
  private func anchor(_ finding: FindingRecord) -> Markup {
    hasPanel(finding) ? Markup() : " id=\(PageAnchor.finding(finding.id))"
  }

  private func subject(_ finding: FindingRecord) -> Markup {
    var result = Markup()
    if let account = finding.account {
      if hasPanel(finding) {
        result = "<a href=#\(PageAnchor.finding(finding.id))>\(name: account.shownName)</a>"
      } else {
        result = "\(name: account.shownName)"
      }
      if account.shownName != account.key { result += "<br><small>\(account.key)</small>" }
      if !finding.discriminator.isEmpty { result += "<br><small>\(finding.shownSubject)</small>" }
    } else {
      let words = finding.conditions.first?.sentence(hasVerifications: commands.hasVerifications)
      result = "\(finding.dataQuality.first ?? words ?? finding.shownSubject)"
    }
    return result
  }
}

/// A link to a page that states a fact.
enum ReferenceLink {
  /// The link; the text alone where it is no https address.
  static func markup(_ address: String) -> Markup {
    guard address.hasPrefix("https://") else { return "\(address)" }
    return "<a href=\"\(whole: address)\" rel=noreferrer>\(address)</a>"
  }
}
