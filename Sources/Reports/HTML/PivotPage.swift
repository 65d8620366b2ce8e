import Accounts
package import Results

extension PivotReport {
  /// The report as a page of HTML that needs nothing else.
  package var page: ByteText {
    var text = ByteText()
    HTMLPage(
      title: "Postern pivot", subtitle: "\(field.rawValue) \(value)",
      sections: [
        .init("overview", "Overview", isTitled: false, overview),
        .init(
          "accounts", field == .user ? "Accounts" : "Accounts that share it", short: "Accounts",
          accountMarkup),
      ]
        + [
          .init(
            "around", "In the hours around",
            // All that a user did is what it turns around.
            field == .user ? neighbourMarkup : aroundMarkup)
        ]
        + [
          .init("values", "What came with it", valueMarkup),
          .init("findings", "Findings that rest on it", short: "Findings", findingMarkup),
        ]
    ).write(to: &text)
    return text
  }

  private var overview: Markup {
    let reasons = incompleteReasons.map { "<li>\(whole: SafeText.terminal($0))" as Markup }.joined()
    let warning: Markup =
      reasons.isEmpty
      ? Markup() : "<h3>Incomplete: this is not the whole truth</h3><ul>\(reasons)</ul>"
    var times = Markup()
    if let first, let last {
      times = "<p>From \(FigureText.second(first)) to \(FigureText.second(last)) UTC.</p>"
    }
    let rows: Markup =
      command.isEmpty
      ? Markup() : "<p>The rows:</p><pre>\(whole: SafeText.terminal(command))</pre>"
    return "\(warning)<h3>\(headline)</h3>\(times)\(rows)"
  }

  private func table(_ label: StaticString, _ head: Markup, _ rows: [Markup]) -> Markup {
    guard !rows.isEmpty else { return "<p>None.</p>" }
    return """
      <div class="card scroll" tabindex=0 role=region aria-label="\(literal: label)"><table>\
      <thead><tr>\(head)<tbody>\(rows.joined())</table></div>
      """
  }

  private var accountMarkup: Markup {
    table(
      "Accounts",
      """
      <th scope=col>Account<th scope=col>Class<th scope=col>Privileged<th scope=col>Human\
      <th scope=col>MFA of human logins<th scope=col>API<th scope=col>Not succeeded\
      <th scope=col>First (UTC)<th scope=col>Last (UTC)
      """,
      accounts.map { use in
        let privileges = use.privileges.joined(separator: ", ")
        return """
          <tr><th scope=row>\(use.name)<td>\(use.account.accountClass.shownName)\
          <td>\(privileges.isEmpty ? Self.privileged(use) : privileges)<td>\(use.human.succeeded)\
          <td>\(Self.multiFactor(use))<td>\(use.api.succeeded)<td>\(use.rows - use.succeeded)\
          <td class=nw>\(FigureText.minute(use.first))<td class=nw>\(FigureText.minute(use.last))
          """
      })
  }

  private var aroundMarkup: Markup {
    let title: Markup = "<p>\(aroundTitle). Of successful API logins the number alone is known.</p>"
    return title
      + table(
        "In the hours around",
        """
        <th scope=col>Account<th scope=col>Logins<th scope=col>Addresses<th scope=col>Countries\
        <th scope=col>Applications
        """,
        accounts.map { use in
          """
          <tr><th scope=row>\(use.name)<td>\(Self.text(use.around))\
          <td>\(Self.list(use.around.addresses, limit: 5))\
          <td>\(Self.list(use.around.countries, limit: 5))\
          <td>\(Self.list(use.around.applications, limit: 5))
          """
        })
  }

  private var neighbourMarkup: Markup {
    let shared = neighbours.filter { !$0.others.isEmpty }
    let own = neighbours.count - shared.count
    let rows = shared.flatMap { shared -> [Markup] in
      let shown = shared.others.prefix(50)
      let more = shared.others.count - shown.count
      let rest: Markup =
        more > 0
        ? "<tr><th scope=row>\(shared.address)<td>and \(more) more<td>" : Markup()
      return shown.map { other in
        """
        <tr><th scope=row>\(shared.address)<td>\(other.name)<td>\(Self.text(other))
        """
      } + [rest]
    }
    return """
      <p>\(aroundTitle).</p>\
      \(table(
        "Who else came from the same addresses",
        "<th scope=col>Address<th scope=col>Account<th scope=col>Logins", rows))\
      <p>Nobody else came from \(Self.addresses(own)) in these hours.</p>
      """
  }

  private var valueMarkup: Markup {
    listedFields.map { listed in
      let uses = values[listed] ?? []
      let shown = uses.prefix(50)
      let more: Markup =
        uses.count > shown.count ? "<p>And \(uses.count - shown.count) more.</p>" : Markup()
      let rows = shown.map { use in
        """
        <tr><th scope=row>\(use.value)<td>\(use.rows)<td>\(use.accounts)\
        <td class=nw>\(FigureText.minute(use.first))<td class=nw>\(FigureText.minute(use.last))
        """ as Markup
      }
      let untold: Markup = self.untold[listed].map { "<p>\($0).</p>" } ?? Markup()
      return """
        <h3>\(literal: listed.title)</h3>\(untold)\
        \(table(
          "Values",
          """
          <th scope=col>Value<th scope=col>Rows<th scope=col>Accounts<th scope=col>First (UTC)\
          <th scope=col>Last (UTC)
          """, rows))\(more)
        """ as Markup
    }.joined()
  }

  private var findingMarkup: Markup {
    table(
      "Findings",
      """
      <th scope=col>Severity<th scope=col>Rule<th scope=col>Finding<th scope=col>Account\
      <th scope=col>Rows<th scope=col>Id
      """,
      findings.map { finding in
        """
        <tr><td>\(finding.word)<td class=nw>\(finding.rule)<th scope=row>\(finding.title)\
        <td>\(finding.accountName)<td class=nw>\(finding.rows) of \(finding.total)<td>\(finding.id)
        """
      })
  }
}
