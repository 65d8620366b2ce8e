/// The words of the report, each once.
struct GlossaryMarkup {
  /// The section's content.
  var markup: Markup {
    let items = Glossary.terms.map { "<dt>\($0.name)<dd>\($0.meaning)" as Markup }.joined()
    return "<dl class=\"kv words\">\(items)</dl>"
  }
}
