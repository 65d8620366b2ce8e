import Results
import SalesforceExports

/// What was read: the files with their digests, and the snapshots with their age.
struct InputTables {
  let run: RunRecord

  /// The section's content.
  var markup: Markup { window + files + snapshots + ignored }

  private var window: Markup {
    guard let first = run.first, let last = run.last else {
      return "<p class=lead>No login row was analysed.</p>"
    }
    let days = Int(last.day - first.day) + 1
    let asked: Markup =
      run.since == nil && run.until == nil
      ? Markup()
      : """
       The window asked for: \(run.since.map(FigureText.minute) ?? "the beginning") to \
      \(run.until.map(FigureText.minute) ?? "the end").
      """
    return """
      <p class=lead>Logins from \(FigureText.minute(first)) to \(FigureText.minute(last)) UTC, \
      \(FigureText.count(days, "day")).\(asked)</p>
      """
  }

  private var files: Markup {
    let rows = run.inputs.map { input -> Markup in
      let span: Markup =
        input.first.flatMap { first in
          input.last.map { "\(FigureText.date(first))<br>\(FigureText.date($0))" as Markup }
        } ?? input.date.map { "\(FigureText.date($0))" as Markup } ?? ""
      let problem: Markup = input.problem.map { "<br><b class=critical>\($0)</b>" } ?? Markup()
      let notes = input.notes.map { "<br><small>\($0)</small>" as Markup }.joined()
      return """
        <tr><td>\(name: input.name)\(problem)\(notes)<br><span class="hash hash1">\(input.sha256)</span>\
        <td>\(input.kindName ?? "")<td class=r>\(input.read)<td class=r>\(input.filtered)\
        <td class=r>\(rejected(input))<td class=nw>\(span)<td class=r>\(FigureText.size(input.byteCount))
        """
    }.joined()
    return """
      <div class="card scroll" tabindex=0 role=region aria-label="Inputs"><table><thead><tr>\
      <th scope=col>File and SHA-256 as stored<th scope=col>Kind<th scope=col class=r>Rows read\
      <th scope=col class=r>Filtered<th scope=col class=r>Rejected<th scope=col>From, to\
      <th scope=col class=r>Size<tbody>\(rows)</table></div>
      """
  }

  private func rejected(_ input: InputRecord) -> Markup {
    input.rejected == 0 ? "0" : "<b class=high>\(input.rejected)</b>"
  }

  private var snapshots: Markup {
    guard !run.snapshots.isEmpty else {
      return """
        <h3>Snapshots</h3><p>None: without users, permissions and verifications much cannot be \
        told.</p>
        """
    }
    let rows = run.snapshots.map { snapshot -> Markup in
      """
      <tr><td>\(snapshot.kind.rawValue)<td class=nw>\(snapshot.date.map(FigureText.date) ?? "")\
      <td>\(age(snapshot))<td class=r>\(snapshot.rows)<td>\(name: snapshot.files.joined(separator: ", "))
      """
    }.joined()
    return """
      <h3>Snapshots and their age</h3><div class="card scroll" tabindex=0 role=region \
      aria-label="Snapshots"><table><thead><tr><th scope=col>Kind<th scope=col>Date\
      <th scope=col>Age<th scope=col class=r>Rows<th scope=col>Files<tbody>\(rows)</table></div>
      """
  }

  private func age(_ snapshot: SnapshotRecordSummary) -> Markup {
    guard let date = snapshot.date else {
      return snapshot.kind == .verificationHistory
        ? "" : "<span class=soft>no date in its name: taken as valid at all times</span>"
    }
    let days = Int(run.evaluationTime.day - date.day)
    let age: Markup = "\(FigureText.count(days, "day")) old at the time of this report"
    guard let last = run.last else { return age }
    let distance = Int(last.day - date.day)
    if distance == 0 { return "of the day of the last login" }
    return """
      \(FigureText.count(abs(distance), "day")) \(distance > 0 ? "older" : "newer" as Markup) than the \
      last login, \(age)
      """
  }

  private var ignored: Markup {
    guard !run.ignored.isEmpty else { return Markup() }
    let items = run.ignored.prefix(200).map { "<li>\(name: $0.name): \($0.reason)" as Markup }
      .joined()
    return """
      <details class=more><summary>\(FigureText.count(run.ignored.count, "file")) ignored\
      </summary><ul class=plain>\(items)</ul></details>
      """
  }
}
