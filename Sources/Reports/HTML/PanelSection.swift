import Platform
import Results

/// The accounts to look at first, each whole.
struct PanelSection: Sendable {
  /// Panels that a worker takes at a time.
  private static let batch = 8
  /// Threads that make panels at most: they are few.
  private static let threadLimit = 4

  /// Panels in the making.
  private struct Progress: Sendable {
    var next = 0
    var byteCount = 0
    var panels: [Markup]
  }

  /// Accounts with a panel, the worst first.
  let accounts: [ReportIndex.Candidate]
  /// Accounts that could have one.
  let total: Int
  let commands: ReportCommands
  let threads: Int

  /// The section's content.
  ///
  /// - Parameter byteBudget: Bytes that the panels may take before they show less.
  func markup(byteBudget: Int) -> Markup {
    guard !accounts.isEmpty else {
      return
        "<p class=lead>No account has a finding above info, and people entered no integration account.</p>"
    }
    let count = accounts.count
    let rest: Markup =
      total > count
      ? " \(total - count) more by <code>\(whole: commands.account("ID"))</code>." : Markup()
    return """
      <p class=lead>\(FigureText.count(count, "account")): those with a finding above info, the worst \
      first, and integration accounts that people entered.\(rest) Those that are open are printed.</p>\
      <div class=tools><button type=button data-panels=open>Open all</button>\
      <button type=button data-panels=close>Close all</button></div>\(panels(byteBudget))
      """
  }

  /// The panels in the fullest form that fits.
  private func panels(_ byteBudget: Int) -> Markup {
    for step in AccountPanel.Detail.steps.dropLast() {
      if let panels = panels(step, byteBudget) { return panels.joined() }
    }
    // Where even the shortest form is too much, the texts of these accounts are long. All are shown.
    guard let shortest = AccountPanel.Detail.steps.last else { return Markup() }
    return (panels(shortest, .max) ?? []).joined()
  }

  /// All panels in one form; `nil` when they take more than the budget.
  private func panels(_ step: AccountPanel.Detail.Step, _ byteBudget: Int) -> [Markup]? {
    let progress = Locked(
      Progress(panels: [Markup](repeating: Markup(), count: accounts.count)))
    WorkerThreads.run(max(1, min(threads, Self.threadLimit))) { _ in
      while true {
        let batch = progress.withLock { progress -> Range<Int>? in
          guard progress.byteCount <= byteBudget, progress.next < accounts.count else { return nil }
          let start = progress.next
          progress.next = min(start + Self.batch, accounts.count)
          return start..<progress.next
        }
        guard let batch else { return }
        let panels = batch.map { panel($0, step) }
        progress.withLock { progress in
          for (position, panel) in zip(batch, panels) {
            progress.panels[position] = panel
            progress.byteCount += panel.byteCount
          }
        }
      }
    }
    return progress.withLock { $0.byteCount <= byteBudget ? $0.panels : nil }
  }

  private func panel(_ position: Int, _ step: AccountPanel.Detail.Step) -> Markup {
    AccountPanel(
      account: accounts[position].account, findings: accounts[position].findings,
      detail: step.detail(position + 1), commands: commands
    ).markup
  }
}
