extension SafeText {
  /// Scalars of foreign text in one item of a list.
  private static let markdownLimit = 300

  /// Text for Markdown that also reads well as it is: nothing in it can become a link, an emphasis, a
  /// tag or another block.
  ///
  /// `_` stays, since within a word it marks nothing, and names are full of it.
  static func markdown(_ text: String) -> String {
    var result = ""
    let safe = terminal(text).unicodeScalars
    var previous: Unicode.Scalar = " "
    for scalar in safe.prefix(markdownLimit) {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\\", "`", "*", "[", "]", "|", "~": result += "\\\(scalar)"
      case "#" where result.isEmpty, "-" where result.isEmpty, "+" where result.isEmpty:
        result += "\\\(scalar)"
      // What some chats read as a link though the bracket before it is escaped.
      case "(" where previous == "]": result += "\\("
      // An address that a chat would turn into a link.
      case "/" where previous == ":": result += "\\/"
      default: result.unicodeScalars.append(scalar)
      }
      previous = scalar
    }
    return safe.count > markdownLimit ? result + "…" : result
  }
}
