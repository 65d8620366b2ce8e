package import Accounts
package import SalesforceExports

/// Login rows as a table for people.
package struct LoginTable {
  /// A column.
  private enum Column: Int, CaseIterable {
    case time, account, accountClass, kind, status, multiFactor, address, country, type, application
    case browser, platform, id, place

    var title: String {
      switch self {
      case .time: "TIME (UTC)"
      case .account: "ACCOUNT"
      case .accountClass: "CLASS"
      case .kind: "DOOR"
      case .status: "STATUS"
      case .multiFactor: "MFA"
      case .address: "ADDRESS"
      case .country: "CC"
      case .type: "TYPE"
      case .application: "APPLICATION"
      case .browser: "BROWSER"
      case .platform: "PLATFORM"
      case .id: "ID"
      case .place: "ROW"
      }
    }

    /// What the column may shrink to; `nil` for one that is whole or left out.
    var leastWidth: Int? {
      switch self {
      case .account: 12
      case .accountClass: 11
      case .status, .multiFactor, .browser, .platform: 7
      case .application: 8
      case .type: 11
      default: nil
      }
    }

    /// Columns that are always there.
    static let core: [Column] = [.time, .account, .status, .multiFactor, .address]

    /// The others in the order in which they are given room.
    static let further: [Column] = [
      .country, .application, .place, .browser, .platform, .kind, .id, .accountClass, .type,
    ]
  }

  /// Widths that values take, gathered from the distinct values of all rows that will be shown.
  package struct Measure: Sendable {
    fileprivate var widths: [Int] = Column.allCases.map { DisplayWidth.of($0.title) }
    /// The files with the highest line shown of each.
    fileprivate var files: [(name: String, line: UInt64)] = []
    /// Verdicts that some row has.
    fileprivate var verdicts: Set<Verdict> = []
    fileprivate let hasVerifications: Bool

    /// Knows nothing but the titles.
    ///
    /// - Parameter hasVerifications: Whether a verification export was read.
    package init(hasVerifications: Bool) {
      self.hasVerifications = hasVerifications
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
      note(.accountClass, account.accountClass.shownName)
    }

    /// Notes a shape.
    package mutating func note(_ shape: LoginShape) {
      note(.kind, shape.door.shownName)
      note(.status, SafeText.terminal(shape.status))
      note(.type, SafeText.terminal(LoginTable.type(shape)))
      note(.application, SafeText.terminal(shape.application))
      note(.country, SafeText.terminal(shape.country))
      note(.browser, SafeText.terminal(shape.browser))
      note(.platform, SafeText.terminal(shape.platform))
    }

    /// Notes a verdict.
    package mutating func note(_ verdict: Verdict) {
      verdicts.insert(verdict)
      note(.multiFactor, LoginTable.text(verdict, hasVerifications: hasVerifications))
    }

    /// Notes an address.
    package mutating func note(address: String) { note(.address, SafeText.terminal(address)) }

    /// Notes the highest line shown of a file.
    package mutating func note(file: String, line: UInt64) {
      files.append((file, line))
    }
  }

  /// The widest column of a table that shows everything whole: one long value must not pad all rows to it.
  private static let alignedWidth = 120

  private let columns: [Column]
  /// Whether values are shown that are wider than their column.
  private let isWhole: Bool
  /// Columns of the terminal; `nil` shows everything whole.
  private let width: Int?
  private let files: [String]
  private let widths: [Int]
  private let gap: String
  private let style: TextStyle
  private let verdicts: Set<Verdict>
  private let hasVerifications: Bool

  /// Titles of the columns for which the terminal has no room.
  package let omitted: [String]

  /// Lays the table out.
  ///
  /// Where a width bounds it, places show of a file as much of the end of its name as no other file has.
  ///
  /// - Parameters:
  ///   - files: Names of the run's inputs.
  ///   - width: Columns of the terminal; `nil` shows everything whole.
  ///   - usesColor: Whether verdicts and failures are coloured.
  package init(_ measure: Measure, files: [String], width: Int?, usesColor: Bool) {
    let shownFiles = width == nil ? files : FileEnding.names(of: files)
    self.files = shownFiles
    isWhole = width == nil
    self.width = width
    style = TextStyle(usesColor: usesColor)
    verdicts = measure.verdicts
    hasVerifications = measure.hasVerifications
    var columns = Column.allCases
    var widths = measure.widths
    let shownNames = Dictionary(zip(files, shownFiles)) { one, _ in one }
    for (name, line) in measure.files {
      let text = SafeText.terminal("\(shownNames[name] ?? name):\(line)")
      widths[Column.place.rawValue] = max(widths[Column.place.rawValue], DisplayWidth.of(text))
    }
    var gap = 2
    if let width {
      let natural = widths
      func least(_ column: Column) -> Int {
        min(natural[column.rawValue], column.leastWidth ?? .max)
      }
      func total(_ columns: [Column], _ gap: Int, _ width: (Column) -> Int) -> Int {
        columns.reduce(gap * (columns.count - 1)) { $0 + width($1) }
      }
      if total(columns, gap, least) > width { gap = 1 }
      if total(columns, gap, least) > width {
        var chosen = Column.core
        for column in Column.further where total(chosen + [column], gap, least) <= width {
          chosen.append(column)
        }
        columns = columns.filter(chosen.contains)
        if total(columns, 2, least) <= width { gap = 2 }
      }
      while total(columns, gap, { widths[$0.rawValue] }) > width {
        let shrinkable = columns.filter { widths[$0.rawValue] > least($0) }
        let widest = shrinkable.max { widths[$0.rawValue] < widths[$1.rawValue] }
        guard let widest else { break }
        widths[widest.rawValue] -= 1
      }
    }
    self.columns = columns
    self.widths = widths
    self.gap = String(repeating: " ", count: gap)
    omitted = Column.allCases.filter { column in !columns.contains(column) }.map(\.title)
  }

  /// Lines of the table.
  package var layout: LoginLayout {
    var pieces: [LoginLayout.Piece] = []
    for (position, column) in columns.enumerated() {
      pieces.append(piece(column, gap: position == 0 ? "" : gap))
    }
    let titles = columns.map { DisplayWidth.fit($0.title, widths[$0.rawValue]) }
    let header = style.bold(Self.trimmed(titles.joined(separator: gap))) + "\n"
    let legend = legend.isEmpty ? "" : "\n" + legend.joined(separator: "\n") + "\n"
    return LoginLayout(
      header: Array(header.utf8), footer: Array(legend.utf8), pieces, trimsBlanks: true)
  }

  /// What the words of the column MFA mean, of those that the rows have.
  private var legend: [String] {
    var known: Set<String> = []
    let order = VerdictState.allCases
    let entries = verdicts.sorted { one, other in
      one.state != other.state
        ? (order.firstIndex(of: one.state) ?? 0) < (order.firstIndex(of: other.state) ?? 0)
        : one.basis.rawValue < other.basis.rawValue
    }.compactMap { verdict -> (word: String, meaning: String)? in
      let word = Self.word(verdict, hasVerifications: hasVerifications)
      guard known.insert(word).inserted else { return nil }
      let sentence = verdict.basis.sentence(hasVerifications: hasVerifications)
      let answer = verdict.state == .unknown ? verdict.state.answer + ": " : ""
      return (word, answer + sentence)
    }
    guard !entries.isEmpty else { return [] }
    let wordWidth = entries.reduce(0) { max($0, DisplayWidth.of($1.word)) }
    let meaningWidth = max(20, (width ?? .max) - wordWidth - 4)
    return [style.bold("With MFA?")]
      + entries.flatMap { word, meaning in
        DisplayWidth.lines(of: meaning, width: meaningWidth).enumerated().map { number, line in
          "  " + DisplayWidth.fit(number == 0 ? word : "", wordWidth) + "  " + line
        }
      }
  }

  private func piece(_ column: Column, gap: String) -> LoginLayout.Piece {
    let (style, width, isWhole) = (style, widths[column.rawValue], isWhole)
    let hasVerifications = hasVerifications
    @Sendable func fit(_ text: String) -> String {
      isWhole && DisplayWidth.of(text) > width ? text : DisplayWidth.fit(text, width)
    }
    @Sendable func cell(_ text: String) -> String { gap + fit(text) }
    switch column {
    case .time: return .row { login, bytes in Self.write(login.time, gap, width, to: &bytes) }
    case .account: return .account { cell(Self.account($0.username, $0.key)) }
    case .accountClass: return .account { cell($0.accountClass.shownName) }
    case .kind: return .shape { cell($0.door.shownName) }
    case .status:
      return .shape { shape in
        let text = fit(SafeText.terminal(shape.status))
        return gap + (shape.outcome == .failed ? style.warning(text) : text)
      }
    case .multiFactor:
      return .verdict { verdict in
        let text = fit(verdict.map { Self.text($0, hasVerifications: hasVerifications) } ?? "-")
        return gap + Self.styled(style, verdict, text)
      }
    case .address: return .address { cell(SafeText.terminal($0)) }
    case .country: return .shape { cell(SafeText.terminal($0.country)) }
    case .type: return .shape { cell(SafeText.terminal(Self.type($0))) }
    case .application: return .shape { cell(SafeText.terminal($0.application)) }
    case .browser: return .shape { cell(SafeText.terminal($0.browser)) }
    case .platform: return .shape { cell(SafeText.terminal($0.platform)) }
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

  /// Appends a place; its column is as wide as the longest of them.
  private static func write(
    _ name: FileText, _ login: ShownLogin, _ width: Int?, to bytes: inout [UInt8]
  ) {
    let start = bytes.count
    bytes.append(contentsOf: name.bytes)
    login.writeLine(to: &bytes)
    guard let width else { return }
    let count = bytes.count - start
    if name.isASCII, count <= width { return fill(&bytes, from: start, width) }
    let text = String(decoding: bytes[start...], as: UTF8.self)
    bytes.removeLast(count)
    bytes.append(contentsOf: DisplayWidth.fit(text, width).utf8)
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

  /// Whether a login came with MFA, and why, in a few words.
  private static func word(_ verdict: Verdict, hasVerifications: Bool) -> String {
    (verdict.state == .unknown ? "?" : verdict.state.answer) + ": "
      + verdict.basis.brief(hasVerifications: hasVerifications)
  }

  private static func text(_ verdict: Verdict, hasVerifications: Bool) -> String {
    let grade = verdict.grade.name
    return word(verdict, hasVerifications: hasVerifications)
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
