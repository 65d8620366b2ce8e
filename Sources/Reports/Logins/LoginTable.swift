package import Accounts
package import SalesforceExports

/// Login rows as a table for people, line by line.
package struct LoginTable {
  /// A column.
  private enum Column: Int, CaseIterable {
    case time, account, accountClass, kind, status, multiFactor, address, type, application, id
    case place

    var title: String {
      switch self {
      case .time: "TIME (UTC)"
      case .account: "ACCOUNT"
      case .accountClass: "CLASS"
      case .kind: "KIND"
      case .status: "STATUS"
      case .multiFactor: "MFA"
      case .address: "ADDRESS"
      case .type: "TYPE"
      case .application: "APPLICATION"
      case .id: "ID"
      case .place: "ROW"
      }
    }

    /// What the column may shrink to; `nil` for one that is whole or left out.
    var leastWidth: Int? {
      switch self {
      case .account: 14
      case .status, .multiFactor: 7
      case .type, .application: 11
      case .place: 16
      default: nil
      }
    }
  }

  /// Widths that values take, gathered from the distinct values of all rows that will be shown.
  package struct Measure: Sendable {
    fileprivate var widths: [Int] = Column.allCases.map { DisplayWidth.of($0.title) }

    /// Knows nothing but the titles.
    package init() {
      widths[Column.time.rawValue] = 19
      widths[Column.id.rawValue] = 18
    }

    private mutating func note(_ column: Column, _ text: String) {
      widths[column.rawValue] = max(widths[column.rawValue], DisplayWidth.of(text))
    }

    /// Notes an account.
    package mutating func note(username: String, key: AccountKey, accountClass: AccountClass) {
      note(.account, LoginTable.account(username, key))
      note(.accountClass, accountClass.rawValue)
    }

    /// Notes a shape.
    package mutating func note(_ shape: LoginShape) {
      note(.kind, shape.door.name)
      note(.status, SafeText.terminal(shape.status))
      note(.type, SafeText.terminal(LoginTable.type(shape)))
      note(.application, SafeText.terminal(shape.application))
    }

    /// Notes a verdict.
    package mutating func note(_ verdict: Verdict) { note(.multiFactor, LoginTable.text(verdict)) }

    /// Notes an address.
    package mutating func note(address: String) { note(.address, SafeText.terminal(address)) }

    /// Notes the highest line shown of a file.
    package mutating func note(file: String, line: UInt64) {
      note(.place, SafeText.terminal("\(file):\(line)"))
    }
  }

  private let columns: [Column]
  private let widths: [Int]
  private let style: TextStyle

  /// Titles of the columns for which the terminal has no room.
  package let omitted: [String]

  /// Lays the table out.
  ///
  /// - Parameters:
  ///   - width: Columns of the terminal; `nil` shows everything whole.
  ///   - usesColor: Whether verdicts and failures are coloured.
  package init(_ measure: Measure, width: Int?, usesColor: Bool) {
    style = TextStyle(usesColor: usesColor)
    var columns = Column.allCases
    var widths = measure.widths
    if let width {
      func least(_ column: Column) -> Int {
        min(widths[column.rawValue], column.leastWidth ?? .max)
      }
      func total(_ width: (Column) -> Int) -> Int {
        columns.reduce(2 * (columns.count - 1)) { $0 + width($1) }
      }
      // What tells least is left out first; time, account, verdict and address always stay.
      for column in [Column.type, .accountClass, .id, .application, .place, .kind, .status]
      where total(least) > width {
        columns.removeAll { $0 == column }
      }
      while total({ widths[$0.rawValue] }) > width {
        let shrinkable = columns.filter { widths[$0.rawValue] > least($0) }
        let widest = shrinkable.max { widths[$0.rawValue] < widths[$1.rawValue] }
        guard let widest else { break }
        widths[widest.rawValue] -= 1
      }
    }
    self.columns = columns
    self.widths = widths
    omitted = Column.allCases.filter { column in !columns.contains(column) }.map(\.title)
  }

  /// The line of titles.
  package var header: String {
    style.bold(trimmed(columns.map { DisplayWidth.fit($0.title, widths[$0.rawValue]) }))
  }

  /// The line of a row.
  package func line(_ login: LoginRecord) -> String {
    trimmed(
      columns.map { column in
        let text = DisplayWidth.fit(
          Self.value(column, login), widths[column.rawValue], keepsEnd: column == .place)
        switch column {
        case .multiFactor: return verdictStyle(login.verdict, text)
        case .status: return login.shape.outcome == .failed ? style.warning(text) : text
        case .place, .id: return style.dim(text)
        default: return text
        }
      })
  }

  private func trimmed(_ cells: [String]) -> String {
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  private func verdictStyle(_ verdict: Verdict?, _ text: String) -> String {
    switch verdict?.state {
    case .proven: style.good(text)
    case .absent: style.bad(text)
    case .unknown: style.warning(text)
    case nil: text
    }
  }

  private static func value(_ column: Column, _ login: LoginRecord) -> String {
    switch column {
    case .time: String(login.time.text.prefix(19).map { $0 == "T" ? " " : $0 })
    case .account: account(login.username, login.account)
    case .accountClass: login.accountClass.rawValue
    case .kind: login.shape.door.name
    case .status: SafeText.terminal(login.shape.status)
    case .multiFactor: login.verdict.map(text) ?? "-"
    case .address: SafeText.terminal(login.address)
    case .type: SafeText.terminal(type(login.shape))
    case .application: SafeText.terminal(login.shape.application)
    case .id: login.recordID
    case .place: SafeText.terminal("\(login.file):\(login.line)")
    }
  }

  private static func account(_ username: String, _ key: AccountKey) -> String {
    SafeText.terminal(username.isEmpty ? key.text : username)
  }

  private static func type(_ shape: LoginShape) -> String {
    shape.subType.isEmpty ? shape.type : "\(shape.type) (\(shape.subType))"
  }

  private static func text(_ verdict: Verdict) -> String {
    let grade = verdict.grade.name
    return "\(verdict.state.rawValue) \(verdict.basis.rawValue)"
      + (grade.isEmpty || verdict.state != .proven ? "" : ", \(grade)")
  }
}
