import Accounts
import Findings
import Results
import SalesforceExports

/// One account on one screen: when, from where, with what, by which right, and what was found.
struct AccountPanel: Sendable {
  /// How much of an account a panel shows; everything else is a command away.
  struct Detail: Sendable {
    /// Rows of evidence a finding, and values a column.
    let evidence: Int
    let values: Int
    /// Findings with their evidence; the others are named.
    let findings: Int
    /// Steps that its findings ask for.
    let steps: Int
    /// Whether the drawing, the commands of findings and the titles of those that are named are left out.
    var isSpare = false

    /// All that the records hold.
    static let whole = Detail(evidence: 20, values: 50, findings: 100, steps: 100)
    private static let ample = Detail(evidence: 8, values: 12, findings: 12, steps: 8)
    private static let short = Detail(evidence: 3, values: 6, findings: 4, steps: 3)
    private static let brief = Detail(evidence: 2, values: 3, findings: 2, steps: 2)
    private static let least = Detail(
      evidence: 1, values: 1, findings: 1, steps: 1, isSpare: true)

    /// A way to fill the page: the worst accounts, which are looked at first, show more.
    struct Step: Sendable {
      fileprivate let worst: (count: Int, detail: Detail)
      fileprivate let others: Detail

      /// What the panel with a number shows.
      func detail(_ number: Int) -> Detail { number <= worst.count ? worst.detail : others }
    }

    /// From the fullest to the shortest: the page takes the first that fits.
    static let steps = [
      Step(worst: (0, whole), others: whole), Step(worst: (50, whole), others: ample),
      Step(worst: (50, ample), others: short), Step(worst: (50, ample), others: brief),
      Step(worst: (20, brief), others: least),
    ]
  }

  let account: AccountRecord
  let findings: [FindingRecord]
  let detail: Detail
  let commands: ReportCommands

  /// The panel, closed.
  var markup: Markup {
    let anchor = PageAnchor.account(account.key)
    return """
      <details class=panel><summary>\(summary)</summary><div class=body \
      id=\(anchor)><a class=here href=#\(anchor)>link to this account</a>\
      \(identity)\(StepList(findings, limit: detail.steps).markup)\(profile)\(findingList)\
      <h4>Look closer</h4><pre>\(whole: commands.account(account.key))</pre></div></details>\n
      """
  }

  private var week: Markup {
    detail.isSpare
      ? Markup()
      : "<h4>Attempts by weekday and hour (UTC)</h4>"
        + HeatMap(hours: account.activity.hourOfWeek).markup
  }

  /// When, from where, with what, and by which right.
  var profile: Markup {
    """
    <div class=cols><div>\(week)\(privileges)\
    \(values("Applications", "Application", account.values.applications))\
    \(values("API versions", "Version", account.values.apiVersions))</div><div>\(use)\
    \(values("Sources", "Address", account.values.addresses))\(requests)</div></div>
    """
  }

  private var summary: Markup {
    var tags = Markup()
    for severity in Severity.allCases.reversed() where severity > .info {
      let count = findings.filter { $0.isOpenFail && $0.severity == severity }.count
      guard count > 0 else { continue }
      let name = severity.name
      tags += """
        <span class="tag \(plainWord: name)">\(count) \(plainWord: name)</span>
        """
    }
    if tags.isEmpty { tags += "<span class=\"tag info\">suppressed</span>" }
    let logins = account.logins
    return """
      \(tags)<b><bdi>\(name: account.shownName)</bdi></b><span class=soft>\
      \(account.accountClass.shownName)\(account.isPrivileged ? ", privileged" : "" as Markup)</span>\
      <small>\(logins.sentence)</small>
      """
  }

  /// Who it is, and why it is taken for that.
  var identity: Markup {
    var rows: [(Markup, Markup)] = [
      ("Account", "<bdi>\(account.name)</bdi> <span class=mono>\(account.key)</span>"),
      (
        "Class",
        """
        \(account.accountClass.shownName), \(account.classConfidence.rawValue) confidence: \
        \(account.classReasons.joined(separator: "; "))
        """
      ),
    ]
    var standing: [String] = []
    if account.isActive == false { standing.append("inactive") }
    if !account.isInSnapshot { standing.append("not in the User export") }
    if !account.profile.isEmpty { standing.append("profile \(account.profile)") }
    if !account.license.isEmpty { standing.append("licence \(account.license)") }
    if !account.userType.isEmpty { standing.append("user type \(account.userType)") }
    if !standing.isEmpty { rows.append(("Standing", "\(standing.joined(separator: ", "))")) }
    if let first = account.firstLogin, let last = account.lastLogin {
      rows.append(("Seen", "\(FigureText.minute(first)) to \(FigureText.minute(last)) UTC"))
    }
    return "<dl class=kv>\(rows.map { "<dt>\($0.0)<dd>\($0.1)" as Markup }.joined())</dl>"
  }

  private var use: Markup {
    func row(_ name: Markup, _ counts: OutcomeCounts) -> Markup {
      counts.attempted == 0
        ? Markup()
        : """
        <tr><td>\(name)<td>\(counts.succeeded)<td>\(counts.failed)<td>\(counts.pending)
        """
    }
    let logins = account.logins
    var verdicts: Markup = ""
    if logins.human.succeeded > 0 {
      let items = verdictCounts.map { basis, count -> Markup in
        let why = VerdictBasis.sentence(basis, hasVerifications: commands.hasVerifications)
        let answer = VerdictBasis(rawValue: basis)?.state.answer
        return "<li>\(count) \(answer.map { "\($0): " } ?? "")\(why)"
      }
      verdicts = "<h4>With MFA?</h4><ul class=plain>\(items.joined())</ul>"
    }
    var peak = Markup()
    if let start = account.traffic.peakHour.start {
      peak = """
        <p><small>Busiest API hour: \(FigureText.count(account.traffic.peakHour.logins, "attempt")) from \
        \(FigureText.minute(start)) UTC</small></p>
        """
    }
    return """
      <h4>Logins</h4><table class=u><thead><tr><th>Kind<th>Succeeded<th>Failed<th>Pending<tbody>\
      \(row("human", logins.human))\(row("API", logins.api))\
      \(row("unclassified", logins.unclassified))</table>\(peak)\(verdicts)
      """
  }

  /// Successful human logins by what their verdict rests on, the most frequent first.
  private var verdictCounts: [(basis: String, count: Int)] {
    account.logins.byBasis.entries.filter { $0.count > 0 }.map { ($0.name, $0.count) }.sorted {
      $0.count != $1.count
        ? $0.count > $1.count : $0.basis.utf8.lexicographicallyPrecedes($1.basis.utf8)
    }
  }

  /// The values of a column, with who used them and what failed.
  private func values(
    _ title: Markup, _ column: Markup, _ record: ColumnValuesRecord
  ) -> Markup {
    let uses = record.uses.filter { !$0.value.isEmpty && $0.value != "N/A" }
    guard !uses.isEmpty else { return Markup() }
    let rows = uses.prefix(detail.values).map { use -> Markup in
      let country: Markup = use.country.isEmpty ? Markup() : " <small>\(use.country)</small>"
      return """
        <tr><td>\(use.value)\(country)<td>\(FigureText.date(use.first))<td>\(FigureText.date(use.last))\
        <td>\(figure(use.human))<td>\(figure(use.api))<td>\(figure(use.failed))<td>\(use.count)
        """
    }.joined()
    let rest = uses.dropFirst(detail.values).reduce(record.others) { $0 + $1.count }
    let more: Markup =
      rest == 0 ? Markup() : "<tr><td class=soft>all others<td><td><td><td><td><td>\(rest)"
    return """
      <h4>\(title)</h4><table class=v><thead><tr><th>\(column)<th>First<th>Last<th>Human<th>API\
      <th>Failed<th>Attempts<tbody>\(rows)\(more)</table>
      """
  }

  private func figure(_ count: Int) -> Markup { count == 0 ? "·" : "\(count)" }

  /// `name count, name count`, in the order of the names.
  private static func list(_ counts: NamedCounts) -> String {
    counts.entries.filter { $0.count > 0 }.map { "\($0.name) \(FigureText.number($0.count))" }
      .joined(separator: ", ")
  }

  /// What event logs say of the account's API requests.
  private var requests: Markup {
    guard let requests = account.requests else { return Markup() }
    var text = "\(FigureText.count(requests.total, "request")) on "
    text += FigureText.count(requests.days.count, "day")
    if let peak = requests.peakDay {
      text += ", most on \(CivilDate(day: peak.day).text): \(FigureText.number(peak.requests))"
    }
    text +=
      "; \(FigureText.number(requests.countsAgainstLimit["yes"])) count against the limit"
    let untold = requests.countsAgainstLimit["unknown"]
    if untold > 0 { text += ", of \(FigureText.number(untold)) it cannot be told" }
    let tables =
      requestCounts("family", requests.byFamily)
      + requestCounts("application", requests.byApplication)
      + requestCounts("API version", requests.byVersion)
      + requestCounts("status", requests.byStatus)
    return """
      <h4>API requests</h4><p><small>\(text). Rows by event log: \
      \(Self.list(requests.bySource))</small></p>\(tables)
      """
  }

  private func requestCounts(_ column: Markup, _ counts: NamedCounts) -> Markup {
    // Equal counts stay in the order of their names.
    let sorted = counts.entries.enumerated().filter { $0.element.count > 0 }.sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.map(\.element)
    guard !sorted.isEmpty else { return Markup() }
    let rows = sorted.prefix(detail.values).map { value, count -> Markup in
      "<tr><td>\(value.isEmpty ? "blank" : value)<td>\(count)"
    }.joined()
    let rest = sorted.dropFirst(detail.values).reduce(0) { $0 + $1.count }
    let more: Markup = rest == 0 ? Markup() : "<tr><td class=soft>all others<td>\(rest)"
    return """
      <table class=u><thead><tr><th>By \(column)<th>Requests<tbody>\(rows)\(more)</table>
      """
  }

  private var privileges: Markup {
    guard !account.privileges.isEmpty else { return Markup() }
    // One line a path: most accounts have all their rights through one profile.
    var paths: [(via: String, names: [String])] = []
    for privilege in account.privileges {
      if let position = paths.firstIndex(where: { $0.via == privilege.via }) {
        paths[position].names.append(privilege.name)
      } else {
        paths.append((privilege.via, [privilege.name]))
      }
    }
    let rows = paths.map { path in
      "<tr><td>\(path.names.map(PermissionName.spelt).joined(separator: ", "))<td>\(path.via)"
        as Markup
    }.joined()
    return """
      <h4>Privileges and their paths</h4><table><thead><tr><th>Privilege<th>Through<tbody>\(rows)</table>
      """
  }

  private var findingList: Markup {
    let shown = findings.prefix(detail.findings).map {
      FindingMarkup(
        finding: $0, evidenceLimit: detail.evidence, commands: commands,
        isSpare: detail.isSpare
      ).markup
    }.joined()
    let rest = findings.dropFirst(detail.findings)
    guard !rest.isEmpty else { return shown }
    let names = rest.map { finding -> Markup in
      """
      <a id=\(PageAnchor.finding(finding.id)) href="#r\(finding.shortRule)">\(finding.shortRule)</a>\
      \(detail.isSpare ? Markup() : " \(finding.ruleTitle)")
      """
    }
    return shown + """
      <p class=find>and \(FigureText.count(rest.count, "more finding")): \(names.joined(", "))</p>
      """
  }
}
