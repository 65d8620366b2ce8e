import Accounts
import Findings
import SalesforceExports

/// The findings by rule: what is wrong, what to do, whom it concerns.
struct RuleSections {
  /// Findings that a rule lists with their replay command; the others are in the table above.
  private static let listLimit = 50
  /// Bytes of replay commands over all rules, so that the page keeps its bound.
  private static let replayBudget = 200_000

  let index: ReportIndex
  let commands: ReportCommands

  /// The section's content.
  var markup: Markup {
    let groups = Dictionary(grouping: index.findings, by: \.ruleID)
    guard !groups.isEmpty else { return "<p class=lead>No rule found anything.</p>" }
    var budget = Self.replayBudget
    let sections = groups.keys.sorted { one, other in
      let (worst, mildest) = (severest(groups[one]), severest(groups[other]))
      return worst != mildest ? worst > mildest : one < other
    }.map { rule -> Markup in
      let findings = (groups[rule] ?? []).sorted(by: ReportIndex.precedes)
      return section(findings, &budget)
    }
    return tools(index.findings) + sections.joined()
  }

  private func severest(_ findings: [FindingRecord]?) -> Int {
    (findings ?? []).map { $0.isOpenFail ? $0.severity.rawValue : $0.status == .unknown ? 0 : -1 }
      .max() ?? -1
  }

  private func tools(_ findings: [FindingRecord]) -> Markup {
    func box(_ name: StaticString, _ words: Markup, _ count: Int) -> Markup {
      count == 0
        ? Markup()
        : """
        <label class=check><input type=checkbox checked data-hides=\(literal: name)>\(words) \
        (\(count))</label>
        """
    }
    let open = findings.filter { $0.suppression == nil }
    return """
      <div class=tools role=group aria-label="Kinds of findings shown">\
      \(box("fail", "not as it should be", open.filter { $0.status == .fail }.count))\
      \(box("unknown", "can’t be told", open.filter { $0.status == .unknown }.count))\
      \(box("info", "about the data", open.filter { $0.status == .info }.count))\
      \(box("suppressed", "suppressed", findings.count - open.count))</div>
      """
  }

  private func kind(_ finding: FindingRecord) -> Markup {
    finding.suppression != nil ? "suppressed" : "\(plainWord: finding.status.rawValue)"
  }

  // MARK: One rule

  private func section(_ findings: [FindingRecord], _ budget: inout Int) -> Markup {
    guard let first = findings.first else { return Markup() }
    let description = Catalogue.rule(first.ruleID)?.description
    let kinds = Set(findings.map { kind($0).html })
    let attribute: Markup = kinds.count == 1 ? " data-s=\(kind(first))" : Markup()
    return """
      <article class=rule id="r\(first.shortRule)"\(attribute)><h3><code>\(first.ruleID)</code>\
      \(first.shownTitle)\(tags(findings))</h3><dl class=kv>\(condition(description))\
      \(remediation(findings))\(references(first))</dl>\(list(findings, &budget))</article>
      """
  }

  private func tags(_ findings: [FindingRecord]) -> Markup {
    var result: [Markup] = []
    for severity in Severity.allCases.reversed() {
      let count = findings.filter { $0.isOpenFail && $0.severity == severity }.count
      let name = severity.name
      if count > 0 {
        result.append("<span class=\"tag \(plainWord: name)\">\(count) \(plainWord: name)</span>")
      }
    }
    let unknown = findings.filter { $0.status == .unknown && $0.suppression == nil }.count
    if unknown > 0 { result.append("<span class=\"tag unknown\">\(unknown) can’t be told</span>") }
    let info = findings.filter { $0.status == .info && $0.suppression == nil }.count
    if info > 0 { result.append("<span class=\"tag info\">\(info) info</span>") }
    let suppressed = findings.filter { $0.suppression != nil }.count
    if suppressed > 0 {
      result.append("<span class=\"tag info\">\(suppressed) suppressed</span>")
    }
    return result.joined(" ")
  }

  private func condition(_ rule: RuleDescription?) -> Markup {
    rule.map { "<dt>Fires on<dd>\($0.condition)" } ?? Markup()
  }

  private func remediation(_ findings: [FindingRecord]) -> Markup {
    var texts: [String] = []
    for finding in findings where !texts.contains(finding.remediation) {
      texts.append(finding.remediation)
      if texts.count == 4 { break }
    }
    let items = texts.filter { !$0.isEmpty }
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

  private func list(_ findings: [FindingRecord], _ budget: inout Int) -> Markup {
    var rows: [Markup] = []
    for finding in findings.prefix(Self.listLimit) {
      rows.append(row(finding, &budget))
    }
    let rest = findings.count - rows.count
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
      <th scope=col class=wide>In words, and the rows<tbody>\(rows.joined())</table></div>\(more)
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
      <tr data-s=\(kind(finding))><td>\(index.tag(finding))<td>\(subject(finding))\
      <td>\(finding.confidence.rawValue)<td class=r>\(finding.evidenceTotal)\
      <td class=nw>\(finding.firstSeen.map(FigureText.date) ?? "")\
      <td class=nw>\(finding.lastSeen.map(FigureText.date) ?? "")\
      <td><details><summary>commands</summary><pre>\(lines.joined("\n"))</pre></details>
      """
  }

  private func subject(_ finding: FindingRecord) -> Markup {
    var result = Markup()
    if let account = finding.account {
      if let panel = index.panels[account.key] {
        result = "<a href=#a\(plain: panel)>\(account.shownName)</a>"
      } else {
        result = "\(account.shownName)"
      }
      if account.shownName != account.key { result += "<br><small>\(account.key)</small>" }
      if !finding.discriminator.isEmpty { result += "<br><small>\(finding.discriminator)</small>" }
    } else {
      let words = finding.conditions.first.map { "\($0.name): \($0.value)" }
      result = "\(finding.dataQuality.first ?? words ?? finding.discriminator)"
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
