import Accounts
import Findings
import Results

/// The first screen of the text: who came in, and what cannot be told.
struct TextOpening {
  private let run: RunRecord
  private let opening: Opening
  private let style: TextStyle

  /// How many entered accounts are listed.
  private static let accountLimit = 20

  init(_ run: RunRecord, _ opening: Opening, _ style: TextStyle) {
    self.run = run
    self.opening = opening
    self.style = style
  }

  /// The lines, each block with a blank line before it.
  var lines: [String] { entered + untold }

  private var entered: [String] {
    let count = opening.entered.offered
    var lines = ["", style.bold(opening.headline)]
    let commands = ReplayCommand(run)
    for account in opening.entered.elements.prefix(Self.accountLimit) {
      lines.append(
        "  " + style.bold(SafeText.terminal(account.shownName))
          + (account.shownName == account.key ? "" : "  " + SafeText.terminal(account.key))
          + mark(account))
      lines.append("    " + SafeText.terminal(account.sentence))
      lines.append(
        "    " + style.dim("look closer: " + SafeText.terminal(commands.account(account.key))))
    }
    if count > Self.accountLimit {
      lines.append("  and \(FigureText.number(count - Self.accountLimit)) more in -o csv-accounts")
    }
    return lines
  }

  private func mark(_ account: Opening.Entered) -> String {
    switch account.change {
    case .new: style.bold("  [new]")
    case .recurred:
      style.bold("  [recurred: \(FigureText.count(account.newRows, "new login"))]")
    default: ""
    }
  }

  private var untold: [String] {
    let causes = UntoldCause.all(opening, run)
    guard !causes.isEmpty else { return [] }
    var lines = ["", style.bold("What cannot be told")]
    var commands: Set<String> = []
    for cause in causes {
      lines.append("  " + SafeText.terminal(cause.sentence))
      if !cause.remedy.isEmpty { lines.append("    " + style.dim(SafeText.terminal(cause.remedy))) }
      // Several causes may ask for the same export.
      if !cause.command.isEmpty, commands.insert(cause.command).inserted {
        lines.append("    " + style.dim(SafeText.terminal(cause.command)))
      }
    }
    return lines
  }
}
