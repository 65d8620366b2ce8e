import Accounts
import Findings
import SalesforceExports

/// One account on one screen: when, from where, with what, by which right, and what was found.
struct AccountPanel {
  /// How much of an account a panel shows; everything else is a command away.
  struct Detail {
    /// Rows of evidence a finding, and values a column.
    let evidence: Int
    let values: Int
    /// Findings with their evidence; the others are named.
    let findings: Int

    private static let whole = Detail(evidence: 20, values: 50, findings: 100)
    private static let ample = Detail(evidence: 8, values: 12, findings: 12)
    private static let short = Detail(evidence: 3, values: 6, findings: 4)
    private static let brief = Detail(evidence: 2, values: 3, findings: 2)
    private static let least = Detail(evidence: 1, values: 2, findings: 1)

    /// A way to fill the page: the worst accounts, which are looked at first, show more.
    struct Step {
      fileprivate let worst: (count: Int, detail: Detail)
      fileprivate let others: Detail

      /// What the panel with a number shows.
      func detail(_ number: Int) -> Detail { number <= worst.count ? worst.detail : others }
    }

    /// From the fullest to the shortest: the page takes the first that fits.
    static let steps = [
      Step(worst: (0, whole), others: whole), Step(worst: (50, whole), others: ample),
      Step(worst: (50, ample), others: short), Step(worst: (50, ample), others: brief),
      Step(worst: (20, short), others: least),
    ]
  }

  let account: AccountRecord
  let findings: [FindingRecord]
  let number: Int
  let detail: Detail
  let index: ReportIndex
  let commands: ReportCommands

  /// The panel, closed.
  var markup: Markup {
    """
    <details class=panel><summary>\(summary)</summary><div class=body id=a\(plain: number)>\
    \(identity)<div class=cols><div><h4>Attempts by weekday and hour (UTC)</h4>\
    \(HeatMap(hours: account.hourOfWeek).markup)\(privileges)\
    \(values("Applications", account.applications))\
    \(values("API versions", account.apiVersions))</div><div>\(use)\
    \(values("Sources", account.addresses))\(requests)</div></div>\(findingList)\
    <h4>Look closer</h4><pre>\(whole: commands.account(account.key))</pre></div></details>\n
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
    let absent = account.verdicts[.absent] ?? 0
    let unknown = account.verdicts[.unknown] ?? 0
    return """
      \(tags)<b><bdi>\(account.shownName)</bdi></b><span class=soft>\
      \(account.accountClass.shownName)\(account.isPrivileged ? ", privileged" : "" as Markup)</span>\
      <small>\(account.human.succeeded) human: \(absent) absent, \(unknown) unknown · \
      \(account.api.succeeded) API</small>
      """
  }

  private var identity: Markup {
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
    if !account.isInSnapshot { standing.append("in no user snapshot") }
    if !account.profile.isEmpty { standing.append("profile \(account.profile)") }
    if !account.license.isEmpty { standing.append("licence \(account.license)") }
    if !account.userType.isEmpty { standing.append("type \(account.userType)") }
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
    let human = account.verdicts
    var verdicts: Markup = ""
    if account.human.succeeded > 0 {
      let bases = account.byBasis.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
        "\($0.key) \(FigureText.number($0.value))"
      }
      verdicts = """
        <p><small>MFA proven \(human[.proven] ?? 0), absent \(human[.absent] ?? 0), unknown \
        \(human[.unknown] ?? 0) (\(bases.joined(separator: ", ")))</small></p>
        """
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
      \(row("human", account.human))\(row("API", account.api))\
      \(row("unclassified", account.unclassified))</table>\(verdicts)\(peak)
      """
  }

  private func values(_ title: Markup, _ record: ValuesRecord) -> Markup {
    let uses = record.uses.filter { !$0.value.isEmpty }
    guard !uses.isEmpty else { return Markup() }
    let rows = uses.prefix(detail.values).map { use -> Markup in
      """
      <tr><td>\(use.value)<td>\(FigureText.date(use.first))<td>\(FigureText.date(use.last))\
      <td>\(use.count)
      """
    }.joined()
    let rest = uses.dropFirst(detail.values).reduce(record.others) { $0 + $1.count }
    let more: Markup =
      rest == 0 ? Markup() : "<tr><td class=soft>all others<td><td><td>\(rest)"
    return """
      <h4>\(title)</h4><table class=v><thead><tr><th>Value<th>First<th>Last<th>Attempts<tbody>\(rows)\(more)</table>
      """
  }

  /// What event logs say of the account's API requests.
  private var requests: Markup {
    guard let requests = account.requests else { return Markup() }
    var text = "\(FigureText.count(requests.total, "request")) on "
    text += FigureText.count(requests.daily.count, "day")
    if let peak = requests.peakDay {
      text += ", most on \(peak.date): \(FigureText.number(peak.requests))"
    }
    text +=
      "; \(FigureText.number(requests.countsAgainstLimit["yes"] ?? 0)) count against the limit"
    let untold = requests.countsAgainstLimit["unknown"] ?? 0
    if untold > 0 { text += ", \(FigureText.number(untold)) do not tell" }
    let sources = requests.bySource.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
      "\($0.key) \(FigureText.number($0.value))"
    }
    let tables =
      requestCounts("family", requests.byFamily)
      + requestCounts("application", requests.byApplication)
      + requestCounts("API version", requests.byVersion)
      + requestCounts("status", requests.byStatus)
    return """
      <h4>API requests</h4><p><small>\(text). Rows by event log: \
      \(sources.joined(separator: ", "))</small></p>\(tables)
      """
  }

  private func requestCounts(_ column: Markup, _ counts: [String: Int]) -> Markup {
    let sorted = counts.filter { $0.value > 0 }.sorted {
      $0.value != $1.value
        ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    guard !sorted.isEmpty else { return Markup() }
    let rows = sorted.prefix(detail.values).map { value, count -> Markup in
      "<tr><td>\(value.isEmpty ? "not told" : value)<td>\(count)"
    }.joined()
    let rest = sorted.dropFirst(detail.values).reduce(0) { $0 + $1.value }
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
      "<tr><td>\(path.names.joined(separator: ", "))<td>\(path.via)" as Markup
    }.joined()
    return """
      <h4>Privileges and their paths</h4><table><thead><tr><th>Privilege<th>Through<tbody>\(rows)</table>
      """
  }

  private var findingList: Markup {
    let shown = findings.prefix(detail.findings).map {
      FindingMarkup(
        finding: $0, tag: index.tag($0), evidenceLimit: detail.evidence, commands: commands
      ).markup
    }.joined()
    let rest = findings.dropFirst(detail.findings).map(\.shortRule)
    guard !rest.isEmpty else { return shown }
    return shown + """
      <p class=find>and \(FigureText.count(rest.count, "more finding")): \
      \(rest.joined(separator: ", "))</p>
      """
  }
}
