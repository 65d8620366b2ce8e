import Accounts
import Findings
import Platform
import Results
import SalesforceExports

/// How the report came about: verdicts, rules that ran, rules that could not, numbers in force.
struct MethodMarkup {
  let run: RunRecord
  let end: EndRecord
  let figures: OverviewFigures
  let index: ReportIndex

  /// The section's content.
  var markup: Markup { verdicts + rules + thresholds + program }

  // MARK: Verdicts

  private var verdicts: Markup {
    let known = VerdictBasis.allCases.map { basis in
      row(basis.rawValue, "\(basis.state.answer)", "\(basis.seen)")
    }
    let names = Set(VerdictBasis.allCases.map(\.rawValue))
    let others = figures.byBasis.keys.filter { !names.contains($0.string) }.sorted().map {
      row($0.string, "", "")
    }
    let rows = (known + others).joined()
    return """
      <p class=lead>Whether a login came with MFA is answered by yes, no or cannot be told. What cannot \
      be told counts neither as passed nor as failed, and a login export alone never yields a no for a \
      direct login.</p>\
      <div class="card scroll" tabindex=0 role=region aria-label="Verdicts"><table><thead><tr>\
      <th scope=col>Code in results<th scope=col>MFA<th scope=col>What was seen<th scope=col class=r>Logins\
      <tbody>\(rows)</table></div>
      """
  }

  private func row(_ basis: String, _ state: Markup, _ statement: Markup) -> Markup {
    """
    <tr><th scope=row><code>\(basis)</code><td>\(state)<td>\(statement)\
    <td class=r>\(figures.byBasis[ExactText(basis)] ?? 0)
    """
  }

  // MARK: Rules

  private var rules: Markup {
    let rows = end.rules.map { rule -> Markup in
      let count = index.rules[rule.id]?.counts.total ?? 0
      let state: Markup =
        switch rule.state {
        case .found: "\(FigureText.count(count, "finding"))"
        case .none: "ran, no hit"
        case .notRun:
          """
          <b class=medium>could not run</b>: needs \
          \(whole: rule.missing.joined(separator: "; "))
          """
        }
      return """
        <tr><th scope=row class=nw><code>\(rule.id)</code><td>\
        \(Catalogue.rule(rule.id)?.description.title ?? "")<td>\(state)
        """
    }.joined()
    let ran = end.rules.filter { $0.state == .none }.count
    let missed = end.rules.filter { $0.state == .notRun }.count
    return """
      <h3>Rules</h3><p class=lead>\(FigureText.count(end.rules.count, "rule")): \(ran) ran without \
      a hit, \(missed) could not run.</p><div class="card scroll" tabindex=0 role=region \
      aria-label="Rules"><table><thead><tr><th scope=col>Rule<th scope=col>Finds\
      <th scope=col>Came to<tbody>\(rows)</table></div>
      """
  }

  private var thresholds: Markup {
    let summaries = Dictionary(
      Catalogue.thresholds.map { ($0.name, $0.summary) }, uniquingKeysWith: { first, _ in first })
    let rows = run.thresholds.sorted { $0.key < $1.key }.map { name, value -> Markup in
      let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
      return """
        <tr><th scope=row><code>\(name)</code><td class=r>\(number)<td>\(summaries[name] ?? "")
        """
    }.joined()
    return """
      <details class=more><summary>Thresholds in force</summary><div class=scroll tabindex=0 \
      role=region aria-label="Thresholds"><table><thead><tr><th scope=col>Name\
      <th scope=col class=r>Value<th scope=col>Decides<tbody>\(rows)</table></div></details>
      """
  }

  private var program: Markup {
    let configuration: Markup =
      run.configurationDigest.map { "<span class=hash>\($0)</span>" } ?? "none was given"
    return """
      <dl class=kv><dt>Program<dd>postern \(run.version), inflate by \(run.decompressor)\
      <dt>Evaluated at<dd>\(FigureText.second(run.evaluationTime)) UTC\
      <dt>Rule catalogue<dd><span class=hash>\(run.catalogueDigest)</span>\
      <dt>Configuration<dd>\(configuration)<dt>All times<dd>UTC</dl>
      """
  }
}
