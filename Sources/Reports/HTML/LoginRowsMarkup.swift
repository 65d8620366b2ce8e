import Results

/// Login rows as a table: when, from where, by what, with what proof, and where each row stands.
struct LoginRowsMarkup {
  let rows: [EvidenceRecord]
  let commands: ReportCommands
  /// What stands above the table; empty for nothing.
  let caption: Markup
  /// Whether the Id of each row stands below its place.
  var showsIDs = false

  /// The table, in a frame of its own that scrolls where it is too wide.
  var markup: Markup {
    let hasVerdicts = rows.contains { $0.mfa != nil }
    let verdict: Markup = hasVerdicts ? "With MFA?" : "Shows"
    let caption: Markup = caption.isEmpty ? Markup() : "<caption>\(caption)</caption>"
    return """
      <div class=e tabindex=0 role=region aria-label="Login rows"><table class=rows>\(caption)<thead>\
      <tr><th>Time (UTC)<th>Source<th>Login<th>Client<th>\(verdict)<th>Row\
      <tbody>\(rows.map(row).joined())</table></div>
      """
  }

  private func row(_ row: EvidenceRecord) -> Markup {
    let login = [row.loginType, row.loginSubType].filter { !$0.isEmpty }.joined(separator: ", ")
    let client = [row.browser, row.platform].filter { !$0.isEmpty && $0 != row.application }
      .joined(separator: ", ")
    let id: Markup = showsIDs && !row.recordID.isEmpty ? small("\(row.recordID)") : Markup()
    return """
      <tr><td>\(FigureText.second(row.time))<td>\(row.sourceIP)\(small("\(row.country)"))\
      <td>\(login)\(row.status == "Success" ? Markup() : small("\(row.status)"))\
      <td>\(row.application)\(small("\(client)"))<td>\(shows(row))<td>\(commands.place(row))\(id)
      """
  }

  private func shows(_ row: EvidenceRecord) -> Markup {
    let label = row.shownLabel
    let verdict = row.shownVerdict(hasVerifications: commands.hasVerifications)
    guard !verdict.isEmpty else { return "\(label)" }
    return "\(verdict)" + small("\(label)")
  }

  /// A second line; nothing without a text.
  private func small(_ text: Markup) -> Markup {
    text.isEmpty ? Markup() : "<small>\(text)</small>"
  }
}
