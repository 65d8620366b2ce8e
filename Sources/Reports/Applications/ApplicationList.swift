import Accounts
import Platform
package import Results
import SalesforceExports

/// The applications of an org as a table for people, and one of them whole.
package struct ApplicationList {
  private let records: [ApplicationRecord]
  private let incompleteReasons: [String]
  private let style: TextStyle

  /// Makes a list.
  ///
  /// - Parameters:
  ///   - records: The applications, in the order in which they are shown.
  ///   - incompleteReasons: What they do not tell, and why.
  ///   - usesColor: Whether a terminal that knows colours will show it.
  package init(
    _ records: [ApplicationRecord], incomplete incompleteReasons: [String], usesColor: Bool
  ) {
    self.records = records
    self.incompleteReasons = incompleteReasons
    style = TextStyle(usesColor: usesColor)
  }

  /// Those that stand out before the others: new and woken ones, then what most accounts share.
  package static func sorted(_ records: [ApplicationRecord]) -> [ApplicationRecord] {
    records.sorted { ApplicationOrder($0) < ApplicationOrder($1) }
  }

  /// Why the list is not whole, a line each; empty for nothing.
  package var reasons: String { IncompleteText(incompleteReasons, style).text }

  /// A line for each application.
  package var table: String {
    let titles = [
      "APPLICATION", "STANDS OUT", "ACCOUNTS", "NETWORKS", "COUNTRIES", "API", "HUMAN", "FAILED",
      "FIRST", "LAST",
    ]
    let rightAligned: Set<Int> = [2, 3, 4, 5, 6, 7]
    let rows = records.map { record in
      [
        SafeText.terminal(record.name), record.states.map(\.rawValue).joined(separator: ", "),
        number(record.accountsTotal), networks(record),
        number(record.byCountry.entries.count { !$0.name.isEmpty }),
        number(record.logins.api.succeeded), number(record.logins.human.succeeded),
        number(record.logins.total.failed), FigureText.date(record.first),
        FigureText.date(record.last),
      ]
    }
    let widths = titles.indices.map { column in
      ([titles] + rows).reduce(0) { max($0, DisplayWidth.of($1[column])) }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let room = String(repeating: " ", count: widths[column] - DisplayWidth.of(cell))
        if column > 0 { text += "  " }
        text += rightAligned.contains(column) ? room + cell : cell + room
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    return ([style.bold(line(titles))] + rows.map(line)).joined(separator: "\n") + "\n"
  }

  private func networks(_ record: ApplicationRecord) -> String {
    let new = record.networks.count(where: \.isNew)
    return number(record.networksTotal) + (new > 0 ? " (\(number(new)) new)" : "")
  }

  /// All that is known of each application, one behind the other.
  package var details: String { records.map(detail).joined(separator: "\n") }

  private func detail(_ record: ApplicationRecord) -> String {
    let outcomes = record.logins.total
    var lines = [
      style.bold(SafeText.terminal(record.name)),
      field("Stands out", states(record)),
      field("Seen", "\(FigureText.second(record.first)) to \(FigureText.second(record.last)) UTC"),
      field(
        "Logins",
        "\(number(record.logins.api.succeeded)) by API, \(number(record.logins.human.succeeded)) by "
          + "people, \(number(outcomes.failed)) failed"
          + (outcomes.pending > 0 ? ", \(number(outcomes.pending)) pending" : "")),
      field("Client", record.isUserFacing ? "of people" : "of a system"),
      field("Countries", list(record.byCountry)), field("Sub-types", list(record.bySubType)),
      field("API versions", list(record.byAPIVersion)), field("Spelt", list(record.byName)),
    ]
    lines.append(field("Accounts", number(record.accountsTotal)))
    for account in record.accounts {
      lines.append(
        SafeText.terminal(
          "    \(account.shownName) (\(account.accountClass.shownName)): "
            + "\(number(account.succeeded)) of \(FigureText.count(account.attempts, "login")) succeeded, "
            + "\(FigureText.second(account.first)) to \(FigureText.second(account.last))"))
    }
    lines += rest(record.accountsTotal - record.accounts.count)
    lines.append(field("Networks", number(record.networksTotal)))
    for network in record.networks {
      lines.append(
        SafeText.terminal(
          "    \(network.name)\(network.isNew ? " (new to it)" : ""): "
            + "\(FigureText.count(network.attempts, "login")) of "
            + "\(FigureText.count(network.accounts, "account")), "
            + "\(FigureText.second(network.first)) to \(FigureText.second(network.last))"))
    }
    lines += rest(record.networksTotal - record.networks.count)
    return lines.joined(separator: "\n") + "\n"
  }

  private func states(_ record: ApplicationRecord) -> String {
    let texts = record.states.map { state in
      switch state {
      case .new: "new: the org had not seen it before \(FigureText.date(record.first))"
      case .dormant: "dormant: no login of late"
      case .woken:
        record.silence.map {
          "woke up on \(FigureText.date($0.until)), after \(FigureText.count($0.coveredDays, "covered day")) "
            + "without a login"
        } ?? "woke up"
      case .shared: "shared by \(FigureText.count(record.accountsTotal, "account"))"
      case .refused: "none of its logins succeeded"
      }
    }
    return texts.isEmpty ? "nothing" : texts.joined(separator: "; ")
  }

  private func rest(_ count: Int) -> [String] {
    count > 0 ? ["    and \(number(count)) more: postern events --application"] : []
  }

  private func list(_ counts: NamedCounts) -> String {
    let sorted = counts.entries.sorted {
      $0.count != $1.count
        ? $0.count > $1.count : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    let shown = sorted.prefix(12).map {
      "\($0.name.isEmpty ? "blank" : $0.name) \(number($0.count))"
    }
    let more = sorted.count > 12 ? ", and \(sorted.count - 12) more" : ""
    return SafeText.terminal(shown.joined(separator: ", ")) + more
  }

  private func number(_ value: Int) -> String { FigureText.number(value) }

  private func field(_ name: String, _ value: String) -> String {
    "  " + name + String(repeating: " ", count: max(1, 14 - name.count)) + value
  }
}
