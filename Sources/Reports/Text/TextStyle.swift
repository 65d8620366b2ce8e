import Findings

/// Colours of the terminal, where they are wanted.
struct TextStyle {
  let usesColor: Bool

  func bold(_ text: String) -> String { wrapped(text, "1") }

  func dim(_ text: String) -> String { wrapped(text, "2") }

  func good(_ text: String) -> String { wrapped(text, "32") }

  func bad(_ text: String) -> String { wrapped(text, "1;31") }

  func warning(_ text: String) -> String { wrapped(text, "33") }

  func severity(_ severity: Severity, _ text: String) -> String {
    switch severity {
    case .critical: wrapped(text, "1;35")
    case .high: wrapped(text, "1;31")
    case .medium: wrapped(text, "33")
    case .low: wrapped(text, "36")
    case .info: text
    }
  }

  private func wrapped(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
