import Accounts
import Findings
import Results
import SalesforceExports

/// The rows of the table of accounts, made by the worker that has the account; where each stands, and
/// whether it leads to a panel, only the whole tells.
struct AccountRows: Sendable {
  private struct Row: Sendable {
    let order: AccountOrder
    /// The name, which becomes a link where there is a panel, and what stands behind it.
    let name: MarkupStore.Piece
    let rest: MarkupStore.Piece
  }

  private var store = MarkupStore()
  private var rows: [Row] = []
  /// Classes that some account has.
  private(set) var classes: Set<AccountClass> = []

  /// Adds an account.
  ///
  /// - Parameters:
  ///   - positions: Its findings, those to look at first before the others.
  ///   - retires: The earliest retirement that concerns it.
  mutating func add(
    _ group: ResultsGroup, _ rank: AccountRank, _ positions: [Int], retires: Markup
  ) {
    let account = group.account
    classes.insert(account.accountClass)
    let shown = account.shownName
    let logins = account.logins
    let second: Markup = shown == account.key ? "" : "<i>\(account.key)</i>"
    let inactive: Markup = account.isActive == false ? " <small>inactive</small>" : ""
    let rest: Markup = """
      \(inactive)\(second)<td>\(account.accountClass.shownName)<td>\
      \(PrivilegeText.short(account))<td>\(figure(logins.proven))<td>\
      \(figure(logins.absent))<td>\(figure(logins.unknown))<td>\
      \(figure(logins.api.succeeded))<td>\(figure(logins.total.failed))<td>\
      \(lastHumanLogin(account.activity))<td>\(findings(group.findings, positions))<td>\
      \(retires)\n
      """
    rows.append(
      Row(
        order: AccountOrder(rank: rank, key: account.key), name: store.add("\(shown)"),
        rest: store.add(rest)))
  }

  private func figure(_ count: Int) -> Markup {
    // Nothing is easier to overlook than a column of noughts.
    count == 0 ? "·" : "\(count)"
  }

  private func lastHumanLogin(_ activity: ActivityRecord) -> String {
    let last = activity.days.indices.last {
      activity.humanProven[$0] + activity.humanAbsent[$0] + activity.humanUnknown[$0] > 0
    }
    return last.map { CivilDate(day: activity.day($0)).text } ?? ""
  }

  private func findings(_ findings: [FindingRecord], _ positions: [Int]) -> Markup {
    var open: [(rule: String, severity: Severity, count: Int)] = []
    var others: [String] = []
    for position in positions {
      let finding = findings[position]
      let rule = finding.shortRule
      if finding.isOpenFail, finding.severity > .info {
        if let last = open.firstIndex(where: { $0.rule == rule }) {
          open[last].count += 1
        } else {
          open.append((rule, finding.severity, 1))
        }
      } else if !others.contains(rule) {
        others.append(rule)
      }
    }
    var result = Markup()
    if let worst = open.first?.severity {
      let names = open.map { entry -> Markup in
        let times: Markup = entry.count > 1 ? " ×\(entry.count)" : Markup()
        return "<u>\(entry.rule)\(times)</u>"
      }
      result += "<b class=\(plainWord: worst.name)>\(plainWord: worst.name)</b> "
      result += names.joined(" ")
    }
    if !others.isEmpty { result += "<i>\(whole: others.joined(separator: ", "))</i>" }
    return result
  }

  // MARK: Together

  /// The rows of all parts in one text, those to look at first on top.
  ///
  /// - Parameter panels: Keys of the accounts with a panel.
  /// - Complexity: O(*n* log *n*) in the accounts.
  static func markup(_ parts: [AccountRows], panels: Set<String>) -> Markup {
    let sorted = parts.indices.flatMap { part in
      parts[part].rows.map { (part: part, row: $0) }
    }.sorted { $0.row.order < $1.row.order }
    var result = Markup()
    result.reserve(parts.reduce(0) { $0 + $1.store.byteCount + $1.rows.count * 9 })
    for (part, row) in sorted {
      let store = parts[part].store
      result += "<tr><td>"
      if panels.contains(row.order.key) {
        result += "<a href=#\(PageAnchor.account(row.order.key))>\(store[row.name])</a>"
      } else {
        result += store[row.name]
      }
      result += store[row.rest]
    }
    return result
  }
}

/// Privileges in a narrow column.
enum PrivilegeText {
  private static let letters: [(permission: TrackedPermission, short: String)] = [
    (.modifyAllData, "MAD"), (.viewAllData, "VAD"), (.manageUsers, "MU"),
    (.customizeApplication, "CA"), (.authorApex, "AA"),
  ]

  /// The five that make an account privileged, abbreviated.
  static func short(_ account: AccountRecord) -> Markup {
    if account.privileges.isEmpty { return account.isPrivileged ? "Admin" : Markup() }
    let shorts = letters.filter { letter in
      account.privileges.contains { $0.name == letter.permission.rawValue }
    }.map(\.short)
    if shorts.isEmpty, account.isPrivileged { return "Admin" }
    return "\(whole: shorts.joined(separator: " "))"
  }

  static let legend: Markup = {
    let words = letters.map { "\($0.short) \($0.permission.label)" }
    return "Privileges: \(whole: words.joined(separator: ", "))."
  }()
}

extension AccountRecord {
  /// Whether it is privileged in the sense of the rules.
  var isPrivileged: Bool {
    profile == "System Administrator"
      || privileges.contains { privilege in
        TrackedPermission.privileged.contains { $0.rawValue == privilege.name }
      }
  }
}

extension AccountClass {
  /// The class as people write it.
  var shownName: String { self == .breakGlass ? "break-glass" : rawValue }
}
