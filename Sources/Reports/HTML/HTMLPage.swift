import Crypto
import Foundation
import Results

/// The page around the sections: head, policy, navigation, style and script.
struct HTMLPage {
  /// One part of the page.
  struct Section {
    let id: StaticString
    let title: StaticString
    /// The title in one word, for the navigation.
    let short: StaticString
    /// Whether the title is shown above it; else it is for those who listen.
    let isTitled: Bool
    let content: Markup

    init(
      _ id: StaticString, _ title: StaticString, short: StaticString? = nil,
      isTitled: Bool = true, _ content: Markup
    ) {
      self.id = id
      self.title = title
      self.short = short ?? title
      self.isTitled = isTitled
      self.content = content
    }

    var name: String { id.description }

    fileprivate func write(to text: inout ByteText) {
      let style: Markup = isTitled ? Markup() : " class=vh"
      let heading: Markup = """
        <section id=\(literal: id) aria-labelledby="h-\(literal: id)">\
        <h2\(style) id="h-\(literal: id)">\(literal: title)</h2>
        """
      text.append(heading.html)
      text.append(content.html)
      text.append(literal: "</section>\n")
    }
  }

  let title: StaticString
  let subtitle: String
  let sections: [Section]

  /// Writes the whole document.
  ///
  /// Sections are large, so they are copied once and no more.
  func write(to text: inout ByteText) {
    text.append(head.html)
    for section in sections { section.write(to: &text) }
    text.append(foot.html)
  }

  private var head: Markup {
    let links = sections.map {
      "<a href=#\(literal: $0.id)>\(literal: $0.short)</a>" as Markup
    }.joined()
    return """
      <!DOCTYPE html>
      <html lang=en><head><meta charset=utf-8>
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name=viewport content="width=device-width, initial-scale=1">
      <meta name=referrer content=no-referrer><meta name=color-scheme content="light dark">
      <title>\(literal: title)\(subtitle.isEmpty ? "" : ", ")\(subtitle)</title>
      <style>\(literal: ReportStyle.text)</style>
      <script>\(literal: ReportScript.text)</script>
      </head><body><a class=skip href=#main>To the report</a>
      <svg class=vh aria-hidden=true><defs><pattern id=hatch width=5 height=5 \
      patternUnits=userSpaceOnUse patternTransform="rotate(45)"><rect class=hatch-bg width=5 \
      height=5 /><line class=hatch-line x1=1 x2=1 y1=0 y2=5 /></pattern><pattern id=cross width=5 \
      height=5 patternUnits=userSpaceOnUse patternTransform="rotate(-45)"><rect class=hatch-bg \
      width=5 height=5 /><line class=cross-line x1=1 x2=1 y1=0 y2=5 /></pattern>\
      \(HeatMap.labels)</defs></svg>
      <header class=bar><div><h1>\(literal: title)</h1><nav aria-label="Sections">\(links)</nav>\
      </div></header><main id=main tabindex=-1>\n
      """
  }

  private let foot: Markup = """
    <footer>Made by postern from files, without a network connection. Everything on this page is \
    in this file.</footer></main></body></html>\n
    """

  /// Nothing may load; the one style and the one script are known by their digests.
  private var policy: Markup {
    """
    default-src 'none'; style-src '\(Self.digest(ReportStyle.text))'; \
    script-src '\(Self.digest(ReportScript.text))'; base-uri 'none'; form-action 'none'
    """
  }

  /// The source expression of an inline text.
  static func digest(_ text: StaticString) -> String {
    "sha256-"
      + Data(SHA256.hash(data: Array(text.description.utf8))).base64EncodedString()
  }
}
