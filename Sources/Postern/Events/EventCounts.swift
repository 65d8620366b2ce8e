import Accounts
import Reports
import SalesforceExports

/// Brings the counts of a tally to those that somebody asked for.
struct EventCounts {
  private let fields: [LoginField]
  private let rows: ShownRows

  /// What a tally has to tell apart for these fields.
  static func grain(_ fields: [LoginField]) -> RowTally.Grain {
    var grain = RowTally.Grain()
    grain.usesAddress = fields.contains { $0 == .ip || $0 == .network }
    grain.usesVerdict = fields.contains { $0 == .mfa || $0 == .basis }
    grain.usesFile = fields.contains(.file)
    grain.stretch = fields.compactMap(\.stretch).min()
    return grain
  }

  /// Prepares for the rows of a query.
  init(_ fields: [LoginField], _ rows: ShownRows) {
    self.fields = fields
    self.rows = rows
  }

  /// Numbers texts, so that groups are told apart by numbers.
  private struct TextNumbers {
    var texts: [[String]] = []
    private var numbers: [[String]: Int] = [:]
    private var known: [Int: Int] = [:]

    /// The number of what `make` gives for a code, which it is asked for once.
    mutating func number(_ code: Int, _ make: () -> [String]) -> Int {
      if let number = known[code] { return number }
      let values = make()
      let number = numbers[values] ?? texts.count
      if number == texts.count {
        numbers[values] = number
        texts.append(values)
      }
      known[code] = number
      return number
    }
  }

  private struct Group: Hashable {
    var account = 0
    var accountClass = 0
    var shape = 0
    var address = 0
    var verdict = 0
    var file = 0
    var stretch: Int64 = 0
  }

  private struct Sum {
    var count: LoginCount
    var accounts: Set<Int> = []
  }

  /// The counts: most rows first, or in the order of time where the first field is one of time.
  ///
  /// - Complexity: O(*n* log *n*) in the combinations that the tally tells apart.
  func counts(_ tally: RowTally) -> [LoginCount] {
    let texts = rows.texts
    var (shapes, addresses, verdicts) = (TextNumbers(), TextNumbers(), TextNumbers())
    var sums: [Group: Sum] = [:]
    let showsAccount = fields.contains(.account)
    let showsClass = fields.contains(.accountClass)
    tally.visit { key, count in
      guard let account = rows.accountNumbers[key.user] else { return }
      var group = Group()
      if showsAccount { group.account = account + 1 }
      if showsClass {
        let accountClass = texts.accounts[account].accountClass
        group.accountClass = (AccountClass.allCases.firstIndex(of: accountClass) ?? 0) + 1
      }
      let shape = texts.shapes[Int(key.shape)]
      group.shape = shapes.number(Int(key.shape)) { fields.compactMap { $0.text(of: shape) } }
      group.address = addresses.number(Int(key.address)) {
        fields.compactMap { $0.text(ofAddress: texts.addresses[Int(key.address)]) }
      }
      let verdict = key.verdict == 0 ? nil : texts.verdicts[Int(key.verdict) - 1]
      group.verdict = verdicts.number(Int(key.verdict)) {
        fields.compactMap { $0.text(of: verdict) }
      }
      group.file = Int(key.file)
      group.stretch = key.stretch
      var sum =
        sums[group]
        ?? Sum(count: LoginCount(values: [], first: count.first, last: count.last))
      sum.count.rows += count.rows
      if shape.outcome == .succeeded { sum.count.successes += count.rows }
      sum.count.first = min(sum.count.first, count.first)
      sum.count.last = max(sum.count.last, count.last)
      sum.accounts.insert(account)
      sums[group] = sum
    }
    let stretch = fields.compactMap(\.stretch).min() ?? 1
    let result = sums.map { group, sum in
      var count = sum.count
      count.accounts = sum.accounts.count
      var shapeTexts = shapes.texts[group.shape][...]
      var addressTexts = addresses.texts[group.address][...]
      var verdictTexts = verdicts.texts[group.verdict][...]
      if showsAccount { count.username = texts.accounts[group.account - 1].username }
      count.values = fields.map { field in
        switch field {
        case .account: return texts.accounts[group.account - 1].key.text
        case .accountClass: return AccountClass.allCases[group.accountClass - 1].rawValue
        case .ip, .network: return addressTexts.popFirst() ?? ""
        case .mfa, .basis: return verdictTexts.popFirst() ?? ""
        case .file: return texts.files[group.file]
        case .day, .hour:
          let milliseconds = group.stretch * stretch
          let begin = floorDivide(milliseconds, field.stretch ?? 1) * (field.stretch ?? 1)
          let text = Instant(milliseconds: begin).text
          return field == .day ? String(text.prefix(10)) : text
        default: return shapeTexts.popFirst() ?? ""
        }
      }
      return count
    }
    return result.sorted(by: precedes)
  }

  private func precedes(_ one: LoginCount, _ other: LoginCount) -> Bool {
    if fields[0].stretch == nil, one.rows != other.rows { return one.rows > other.rows }
    for (left, right) in zip(one.values, other.values) where left != right {
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    return false
  }
}
