import Accounts
import Findings
import SalesforceExports

/// The table of all accounts: one short row each, whatever their number.
struct AccountTable {
  private struct Row {
    let rank: ReportIndex.Rank
    let key: String
    let html: Markup
  }

  private let index: ReportIndex
  private let outlook: RetirementOutlook
  private var rows: [Row] = []
  private var classes: Set<AccountClass> = []

  init(index: ReportIndex, outlook: RetirementOutlook) {
    self.index = index
    self.outlook = outlook
  }

  /// Adds an account; its row is made at once, so that the account need not be kept.
  mutating func add(_ account: AccountRecord) {
    classes.insert(account.accountClass)
    let rank = index.ranks[account.key] ?? ReportIndex.Rank()
    rows.append(Row(rank: rank, key: account.key, html: row(account)))
  }

  // MARK: Rows

  private func row(_ account: AccountRecord) -> Markup {
    let human = account.daily.last { $0.humanProven + $0.humanAbsent + $0.humanUnknown > 0 }
    return """
      <tr><td>\(name(account))<td>\(account.accountClass.shownName)<td>\
      \(PrivilegeText.short(account))<td>\(figure(account.verdicts[.proven]))<td>\
      \(figure(account.verdicts[.absent]))<td>\(figure(account.verdicts[.unknown]))<td>\
      \(figure(account.api.succeeded))<td>\(figure(account.total.failed))<td>\
      \(human?.date ?? "")<td>\(findings(account.key))<td>\(outlook.short(account))\n
      """
  }

  private func name(_ account: AccountRecord) -> Markup {
    let shown = account.shownName
    let second: Markup = shown == account.key ? "" : "<i>\(account.key)</i>"
    let inactive: Markup = account.isActive == false ? " <small>inactive</small>" : ""
    if let panel = index.panels[account.key] {
      return "<a href=#a\(plain: panel)>\(shown)</a>\(inactive)\(second)"
    }
    return "\(shown)\(inactive)\(second)"
  }

  private func figure(_ count: Int?) -> Markup {
    // Nothing is easier to overlook than a column of noughts.
    count ?? 0 == 0 ? "·" : "\(count ?? 0)"
  }

  private func findings(_ key: String) -> Markup {
    var open: [(rule: String, severity: Severity, count: Int)] = []
    var others: [String] = []
    for finding in index.findings(of: key) {
      if finding.isOpenFail, finding.severity > .info {
        if let last = open.firstIndex(where: { $0.rule == finding.shortRule }) {
          open[last].count += 1
        } else {
          open.append((finding.shortRule, finding.severity, 1))
        }
      } else if !others.contains(finding.shortRule) {
        others.append(finding.shortRule)
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

  // MARK: Table

  /// The section's content.
  var markup: Markup {
    let sorted = rows.sorted {
      $0.rank != $1.rank
        ? $0.rank > $1.rank : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    return """
      \(tools)<div class="card scroll" tabindex=0 role=region aria-label="All accounts">\
      <table class=acc><caption class=vh>All accounts, those to look at first on top</caption>\
      <thead><tr><th scope=col class=w1>Account<th scope=col class=w2>Class\
      <th scope=col class=w3>Privileges<th scope=col class=w4>MFA proven\
      <th scope=col class=w4>MFA absent<th scope=col class=w4>MFA unknown\
      <th scope=col class=w5>API logins<th scope=col class=w6>Failed\
      <th scope=col class=w9>Last human login<th scope=col class=w10>Findings\
      <th scope=col class=w11>API retires<tbody class=all>\
      \(sorted.map(\.html).joined())</table></div>\(pager)\
      <p><small>\(PrivilegeText.legend) MFA columns count successful human logins. The last column \
      is the earliest retirement that concerns the account’s API logins.</small></p>
      """
  }

  private var tools: Markup {
    let options = AccountClass.allCases.filter(classes.contains).map {
      "<option>\($0.shownName)" as Markup
    }.joined()
    return """
      <div class=tools role=search><label class=grow>Search accounts, rules, dates\
      <input type=search id=q autocomplete=off spellcheck=false></label>\
      <label>Class<select id=kind><option value="">all\(options)</select></label>\
      <label>Show<select id=show><option value=any>all accounts\
      <option value=findings>with findings above info<option value=human>with human logins\
      <option value=absent>with MFA absent<option value=unknown>with MFA unknown\
      <option value=privileged>privileged<option value=outlook>on a retiring API\
      </select></label></div>
      """
  }

  private var pager: Markup {
    """
    <div class=pager><button type=button id=back>Previous</button>\
    <button type=button id=next>Next</button><span id=place role=status></span>\
    <label>Rows a page <select id=size><option>50<option>200<option>1000\
    <option value=all>all</select></label></div>
    """
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
    let names = Set(account.privileges.map(\.name))
    let shorts = letters.filter { names.contains($0.permission.rawValue) }.map(\.short)
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
