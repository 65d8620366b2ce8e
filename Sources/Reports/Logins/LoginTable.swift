package import Accounts
package import SalesforceExports

/// Login rows as a table for people.
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
      widths[column.rawValue] = max(
        widths[column.rawValue], min(DisplayWidth.of(text), LoginTable.alignedWidth))
    }

    /// Notes an account.
    package mutating func note(_ account: LoginAccount) {
      note(.account, LoginTable.account(account.username, account.key))
      note(.accountClass, account.accountClass.rawValue)
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

  /// The widest column of a table that shows everything whole: one long value must not pad all rows to it.
  private static let alignedWidth = 120

  private let columns: [Column]
  /// Whether values are shown that are wider than their column.
  private let isWhole: Bool
  private let files: [String]
  private let widths: [Int]
  private let style: TextStyle

  /// Titles of the columns for which the terminal has no room.
  package let omitted: [String]

  /// Lays the table out.
  ///
  /// - Parameters:
  ///   - files: Names of the run's inputs.
  ///   - width: Columns of the terminal; `nil` shows everything whole.
  ///   - usesColor: Whether verdicts and failures are coloured.
  package init(_ measure: Measure, files: [String], width: Int?, usesColor: Bool) {
    self.files = files
    isWhole = width == nil
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

  /// Lines of the table.
  package var layout: LoginLayout {
    var pieces: [LoginLayout.Piece] = []
    for (position, column) in columns.enumerated() {
      pieces.append(piece(column, gap: position == 0 ? "" : "  "))
    }
    let titles = columns.map { DisplayWidth.fit($0.title, widths[$0.rawValue]) }
    let header = style.bold(Self.trimmed(titles.joined(separator: "  "))) + "\n"
    return LoginLayout(header: Array(header.utf8), pieces, trimsBlanks: true)
  }

  private func piece(_ column: Column, gap: String) -> LoginLayout.Piece {
    let (style, width, isWhole) = (style, widths[column.rawValue], isWhole)
    @Sendable func fit(_ text: String) -> String {
      isWhole && DisplayWidth.of(text) > width ? text : DisplayWidth.fit(text, width)
    }
    @Sendable func cell(_ text: String) -> String { gap + fit(text) }
    switch column {
    case .time: return .row { login, bytes in Self.write(login.time, gap, width, to: &bytes) }
    case .account: return .account { cell(Self.account($0.username, $0.key)) }
    case .accountClass: return .account { cell($0.accountClass.rawValue) }
    case .kind: return .shape { cell($0.door.name) }
    case .status:
      return .shape { shape in
        let text = fit(SafeText.terminal(shape.status))
        return gap + (shape.outcome == .failed ? style.warning(text) : text)
      }
    case .multiFactor:
      return .verdict { verdict in
        let text = fit(verdict.map(Self.text) ?? "-")
        return gap + Self.styled(style, verdict, text)
      }
    case .address: return .address { cell(SafeText.terminal($0)) }
    case .type: return .shape { cell(SafeText.terminal(Self.type($0))) }
    case .application: return .shape { cell(SafeText.terminal($0.application)) }
    case .id:
      let (before, after) = style.dimMarks
      return .row { login, bytes in
        bytes.append(contentsOf: gap.utf8)
        bytes.append(contentsOf: before.utf8)
        let start = bytes.count
        login.writeID(to: &bytes)
        Self.fill(&bytes, from: start, width)
        bytes.append(contentsOf: after.utf8)
      }
    case .place:
      let (before, after) = style.dimMarks
      let names = files.map { FileText(SafeText.terminal($0) + ":") }
      return .row { login, bytes in
        bytes.append(contentsOf: gap.utf8)
        bytes.append(contentsOf: before.utf8)
        Self.write(names[login.file], login, isWhole ? nil : width, to: &bytes)
        bytes.append(contentsOf: after.utf8)
      }
    }
  }

  /// Appends a time to the second.
  private static func write(
    _ time: Instant, _ gap: String, _ width: Int, to bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: gap.utf8)
    let start = bytes.count
    time.write(to: &bytes)
    bytes.removeLast(max(0, bytes.count - start - timeByteCount))
    for position in start..<bytes.count where bytes[position] == UInt8(ascii: "T") {
      bytes[position] = UInt8(ascii: " ")
    }
    fill(&bytes, from: start, width)
  }

  /// Bytes of a time to the second.
  private static let timeByteCount = 19

  /// What goes before the line in a place.
  private struct FileText: Sendable {
    let bytes: [UInt8]
    /// Whether each byte takes a column.
    let isASCII: Bool

    init(_ text: String) {
      bytes = Array(text.utf8)
      isASCII = bytes.allSatisfy { $0 < 0x80 }
    }
  }

  /// Appends a place, cut at its beginning where it is too long; nothing stands behind it.
  private static func write(
    _ name: FileText, _ login: ShownLogin, _ width: Int?, to bytes: inout [UInt8]
  ) {
    let start = bytes.count
    bytes.append(contentsOf: name.bytes)
    login.writeLine(to: &bytes)
    guard let width else { return }
    let count = bytes.count - start
    if name.isASCII, count <= width { return fill(&bytes, from: start, width) }
    if name.isASCII, width > 0 {
      bytes.replaceSubrange(start..<(start + count - width + 1), with: "…".utf8)
      return
    }
    let text = String(decoding: bytes[start...], as: UTF8.self)
    bytes.removeLast(count)
    bytes.append(contentsOf: DisplayWidth.fit(text, width, keepsEnd: true).utf8)
  }

  /// Fills a cell of ASCII up with blanks.
  private static func fill(_ bytes: inout [UInt8], from start: Int, _ width: Int) {
    for _ in 0..<max(0, width - (bytes.count - start)) { bytes.append(UInt8(ascii: " ")) }
  }

  private static func trimmed(_ line: String) -> String {
    var bytes = Array(line.utf8)
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func styled(_ style: TextStyle, _ verdict: Verdict?, _ text: String) -> String {
    switch verdict?.state {
    case .proven: style.good(text)
    case .absent: style.bad(text)
    case .unknown: style.warning(text)
    case nil: text
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

extension TextStyle {
  /// What goes before and after a dim text.
  fileprivate var dimMarks: (before: String, after: String) {
    let marked = dim("|").split(separator: "|", omittingEmptySubsequences: false)
    return (String(marked[0]), String(marked[1]))
  }
}
