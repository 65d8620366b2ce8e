import Accounts
import SalesforceExports

/// The verdicts of a judged run, in 16 bytes a login, to be looked up row by row.
///
/// A login with an Id is found by it, and only successful human logins are kept; one without is
/// found by its place, and every logged row is kept, since the place also tells which of two
/// verbatim copies counts.
struct VerdictIndex: Sendable {
  /// One judged login.
  struct Entry: Sendable {
    fileprivate let key: UInt128
    fileprivate let verdict: Verdict?

    /// Reduces a judged login; `nil` for one that need not be looked up.
    init?(_ login: JudgedLogin) {
      if login.row.id.isNone {
        key = VerdictIndex.key(file: login.row.file, line: login.row.line)
      } else {
        guard login.verdict != nil else { return nil }
        key = VerdictIndex.key(login.row.id)
      }
      verdict = login.verdict
    }
  }

  private var keys: [UInt128] = []
  /// Verdicts by code, less one.
  private var table: [Verdict] = []
  private var codes: [Verdict: UInt16] = [:]

  /// Adds judged logins; ``close()`` must follow before anything is looked up.
  mutating func add(_ entries: [Entry]) {
    for entry in entries { keys.append(entry.key << 16 | UInt128(code(entry.verdict))) }
  }

  /// Makes the index ready.
  ///
  /// - Complexity: O(*n* log *n*).
  mutating func close() { keys.sort() }

  private mutating func code(_ verdict: Verdict?) -> UInt16 {
    guard let verdict else { return 0 }
    if let code = codes[verdict] { return code }
    table.append(verdict)
    codes[verdict] = UInt16(table.count)
    return UInt16(table.count)
  }

  /// The verdict of a code; `nil` for 0.
  func verdict(_ code: UInt16) -> Verdict? { code == 0 ? nil : table[Int(code) - 1] }

  /// Code of the verdict of the login with this Id; `nil` when it has none.
  func code(of id: SalesforceID) -> UInt16? { find(Self.key(id)) }

  /// Code of the verdict of the row that begins here; `nil` when no logged row does.
  func code(file: UInt32, line: UInt64) -> UInt16? { find(Self.key(file: file, line: line)) }

  private func find(_ key: UInt128) -> UInt16? {
    let wanted = key << 16
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    guard low < keys.count, keys[low] >> 16 == key else { return nil }
    return UInt16(truncatingIfNeeded: keys[low])
  }

  /// 90 bits of an Id; places have a bit above these.
  private static func key(_ id: SalesforceID) -> UInt128 {
    UInt128(id.high) << 30 | UInt128(id.low)
  }

  private static func key(file: UInt32, line: UInt64) -> UInt128 {
    1 << 104 | UInt128(file) << 64 | UInt128(line)
  }
}
