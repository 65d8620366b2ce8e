import Accounts
import Findings
import Platform
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
    /// What the search finds beside what the row shows.
    let terms: MarkupStore.Piece
  }

  /// Accounts up to which the search knows all that their records hold.
  private static let amplyIndexedCount = 2_000

  private var store = MarkupStore()
  /// More terms of each row; empty when there are too many rows for that.
  private var ampleStore = MarkupStore()
  private var ampleTerms: [MarkupStore.Piece] = []
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
    let search = AccountSearch(account)
    let inactive: Markup = account.isActive == false ? " <small>inactive</small>" : ""
    let rest: Markup = """
      \(inactive)\(second)<td>\(account.accountClass.shownName)<td>\
      \(PrivilegeText.short(account))<td>\(figure(logins.proven))<td>\
      \(figure(logins.absent))<td>\(figure(logins.unknown))<td>\
      \(figure(logins.api.succeeded))<td>\(figure(logins.total.failed))<td>\
      \(lastHumanLogin(account.activity))<td>\(findings(group.findings, positions))<td>\
      \(retires)
      """
    rows.append(
      Row(
        order: AccountOrder(rank: rank, key: account.key), name: store.add(Self.breaking(shown)),
        rest: store.add(rest), terms: store.add(search.terms(.short))))
    if rows.count <= Self.amplyIndexedCount {
      ampleTerms.append(ampleStore.add(search.terms(.ample)))
    } else {
      ampleStore = MarkupStore()
      ampleTerms = []
    }
  }

  /// A name that may break behind its `@` alone, since there are many.
  private static func breaking(_ name: String) -> Markup {
    guard let sign = name.lastIndex(of: "@"), name.unicodeScalars.count <= Markup.textLimit else {
      return "\(name)"
    }
    return "\(String(name[...sign]))<wbr>\(String(name[name.index(after: sign)...]))"
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
  static func markup(_ parts: [AccountRows], panels: Set<ExactText>) -> Markup {
    let sorted = parts.indices.flatMap { part in
      parts[part].rows.indices.map { (part: part, position: $0, row: parts[part].rows[$0]) }
    }.sorted { $0.row.order < $1.row.order }
    let isAmple = sorted.count <= amplyIndexedCount
    var result = Markup()
    result.reserve(parts.reduce(0) { $0 + $1.store.byteCount + $1.rows.count * 40 })
    for (part, position, row) in sorted {
      let store = parts[part].store
      let terms =
        isAmple
        ? parts[part].ampleStore[parts[part].ampleTerms[position]] : store[row.terms]
      let anchor = PageAnchor.account(row.order.key)
      let data: Markup = terms.isEmpty ? Markup() : " data-f=\"\(terms)\""
      if panels.contains(row.order.key) {
        result += "\n<tr\(data)><td><a href=#\(anchor)>\(store[row.name])</a>"
      } else {
        // In a large page the script finds the row by the key that it shows.
        let place: Markup = isAmple ? " id=\(anchor)" : Markup()
        result += "\n<tr\(place)\(data)><td>\(store[row.name])"
      }
      result += store[row.rest]
    }
    return result
  }
}

/// Privileges in a narrow column.
enum PrivilegeText {
  /// The five that make an account privileged, those that can do most before the others.
  private static let privileged: [TrackedPermission] = [
    .modifyAllData, .viewAllData, .manageUsers, .customizeApplication, .authorApex,
  ]

  /// The first of the five that an account has, and how many more it has of them.
  static func short(_ account: AccountRecord) -> Markup {
    guard account.isPrivileged else { return Markup() }
    let held = privileged.filter { permission in
      account.privileges.contains { $0.name == permission.rawValue }
    }
    guard let first = held.first else { return "System Administrator" }
    return held.count == 1 ? "\(first.label)" : "\(first.label) +\(held.count - 1)"
  }
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
