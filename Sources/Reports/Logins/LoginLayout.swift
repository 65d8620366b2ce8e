import Accounts
import SalesforceExports

/// How a login row becomes a line of some form: pieces in a row, each of which depends on one thing of
/// the row alone.
///
/// So a piece is rendered once for each account, shape, address, verdict and file, and a line is made by
/// appending bytes. A further form of login rows is a further list of pieces.
package struct LoginLayout: Sendable {
  /// A part of a line; the closures give its text, made safe for the form.
  enum Piece: Sendable {
    /// The same in every line.
    case text(String)
    case account(@Sendable (LoginAccount) -> String)
    case shape(@Sendable (LoginShape) -> String)
    /// What a shape says, in lines of rows that have an address.
    case shapeWithAddress(@Sendable (LoginShape) -> String)
    case address(@Sendable (String) -> String)
    /// What a verdict says; `nil` for rows without one.
    case verdict(@Sendable (Verdict?) -> String)
    /// What class and verdict say together, of which there are few.
    case classAndVerdict(@Sendable (AccountClass, Verdict?) -> String)
    case file(@Sendable (String) -> String)
    /// What the row has alone, written anew for each.
    case row(@Sendable (ShownLogin, inout [UInt8]) -> Void)
    /// Takes a comma back that the piece before ended with, since no member follows.
    case endOfMembers
  }

  /// What goes before the first line, with its end.
  package let header: [UInt8]
  /// What goes behind the last line, with its end.
  package let footer: [UInt8]
  let pieces: [Piece]
  /// Whether blanks at the end of a line are left out.
  let trimsBlanks: Bool
  let lineEnd: [UInt8]

  init(
    header: [UInt8] = [], footer: [UInt8] = [], _ pieces: [Piece], trimsBlanks: Bool = false,
    lineEnd: [UInt8] = [UInt8(ascii: "\n")]
  ) {
    self.header = header
    self.footer = footer
    self.pieces = pieces
    self.trimsBlanks = trimsBlanks
    self.lineEnd = lineEnd
  }
}

/// Renders login rows in one form; each worker has its own.
package struct LoginRenderer {
  /// What a piece depends on.
  private enum Kind {
    case fixed, account, shape, shapeWithAddress, address, verdict, classAndVerdict, file, row
    case endOfMembers
  }

  private static let classes = AccountClass.allCases

  private let layout: LoginLayout
  private let texts: LoginTexts
  private let kinds: [Kind]
  private let rowWriters: [@Sendable (ShownLogin, inout [UInt8]) -> Void]
  private var rendered: [RenderedTexts]

  /// Makes a renderer that has rendered nothing.
  package init(_ layout: LoginLayout, _ texts: LoginTexts) {
    self.layout = layout
    self.texts = texts
    kinds = layout.pieces.map { piece in
      switch piece {
      case .text: .fixed
      case .account: .account
      case .shape: .shape
      case .shapeWithAddress: .shapeWithAddress
      case .address: .address
      case .verdict: .verdict
      case .classAndVerdict: .classAndVerdict
      case .file: .file
      case .row: .row
      case .endOfMembers: .endOfMembers
      }
    }
    rowWriters = layout.pieces.map { piece in
      switch piece {
      case .row(let write): return write
      default: return { _, _ in }
      }
    }
    rendered = layout.pieces.map { _ in RenderedTexts() }
  }

  /// Appends the line of a row, with its end.
  package mutating func append(_ login: ShownLogin, to bytes: inout [UInt8]) {
    for position in kinds.indices {
      let number: Int
      switch kinds[position] {
      case .fixed: number = 0
      case .account: number = login.account
      case .shape: number = login.shape
      case .shapeWithAddress:
        if texts.addresses[login.address].isEmpty { continue }
        number = login.shape
      case .address: number = login.address
      case .verdict: number = login.verdict
      case .classAndVerdict:
        let accountClass = texts.accounts[login.account].accountClass
        number =
          (Self.classes.firstIndex(of: accountClass) ?? 0) * (texts.verdicts.count + 1)
          + login.verdict
      case .file: number = login.file
      case .row:
        rowWriters[position](login, &bytes)
        continue
      case .endOfMembers:
        if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
        continue
      }
      if rendered[position].append(number, to: &bytes) { continue }
      rendered[position].add(number, text(position, number))
      _ = rendered[position].append(number, to: &bytes)
    }
    if layout.trimsBlanks {
      while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    }
    bytes.append(contentsOf: layout.lineEnd)
  }

  private func text(_ position: Int, _ number: Int) -> String {
    switch layout.pieces[position] {
    case .text(let text): text
    case .account(let render): render(texts.accounts[number])
    case .shape(let render), .shapeWithAddress(let render): render(texts.shapes[number])
    case .address(let render): render(texts.addresses[number])
    case .verdict(let render): render(verdict(number))
    case .classAndVerdict(let render):
      render(
        Self.classes[number / (texts.verdicts.count + 1)],
        verdict(number % (texts.verdicts.count + 1)))
    case .file(let render): render(texts.files[number])
    case .row, .endOfMembers: ""
    }
  }

  /// The verdict of a number; `nil` for rows without one.
  private func verdict(_ number: Int) -> Verdict? {
    number == 0 ? nil : texts.verdicts[number - 1]
  }
}

/// Texts by number, each rendered when it is first met.
private struct RenderedTexts {
  private var bytes: [UInt8] = []
  /// Where each text lies; nothing for one that was not met.
  private var ranges: [(start: UInt32, end: UInt32)] = []
  private static let unknown: (start: UInt32, end: UInt32) = (1, 0)

  /// Appends a text; false when it was not added before.
  func append(_ number: Int, to line: inout [UInt8]) -> Bool {
    guard number < ranges.count else { return false }
    let (start, end) = ranges[number]
    guard start <= end else { return false }
    line.append(contentsOf: bytes[Int(start)..<Int(end)])
    return true
  }

  /// Adds a text; all texts together have less than 4 GiB.
  mutating func add(_ number: Int, _ text: String) {
    while ranges.count <= number { ranges.append(Self.unknown) }
    let start = bytes.count
    bytes.append(contentsOf: text.utf8)
    ranges[number] = (UInt32(start), UInt32(bytes.count))
  }
}
