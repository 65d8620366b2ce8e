/// What cannot be told, and what would settle it.
struct UntoldList {
  let causes: [UntoldCause]

  init(_ causes: [UntoldCause]) { self.causes = causes }

  /// A list under its heading; nothing without a cause.
  var markup: Markup {
    guard !causes.isEmpty else { return Markup() }
    let items = causes.map { cause -> Markup in
      let subject: Markup = cause.subject.isEmpty ? Markup() : "<b>\(cause.subject):</b> "
      let command: Markup =
        cause.command.isEmpty
        ? Markup()
        : """
        <details><summary>the command that gets it</summary><pre>\(whole: cause.command)</pre></details>
        """
      return "<li>\(subject)\(cause.reason). <small>\(cause.remedy)</small>\(command)"
    }.joined()
    return "<div class=\"card untold\"><h3>What cannot be told</h3><ul>\(items)</ul></div>"
  }
}
