package import Accounts
import Platform
package import SalesforceExports

/// Logins that a finding rests on, before the engine chooses the most telling of them.
///
/// Labels are made for chosen rows alone, since a finding may be about a hundred thousand.
package struct Citation: Sendable {
  /// The logins, in any order.
  package let logins: [JudgedLogin]
  /// What a login shows.
  package let label: @Sendable (JudgedLogin) -> String
}

extension FindingDraft {
  /// Rests the finding on logins: they become evidence, count in its total and set its times.
  ///
  /// - Parameters:
  ///   - logins: The logins.
  ///   - label: What each shows.
  package mutating func cite(_ logins: [JudgedLogin], _ label: String) {
    cite(logins) { _ in label }
  }

  /// Rests the finding on logins that show different things.
  package mutating func cite(
    _ logins: [JudgedLogin], label: @escaping @Sendable (JudgedLogin) -> String
  ) {
    guard !logins.isEmpty else { return }
    citations.append(Citation(logins: logins, label: label))
    for login in logins {
      firstSeen = firstSeen.map { min($0, login.row.time) } ?? login.row.time
      lastSeen = lastSeen.map { max($0, login.row.time) } ?? login.row.time
    }
  }

  /// Rests the finding on all logins of some shapes, of which the first and last rows are known.
  package mutating func cite(
    _ uses: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)], _ label: String,
    _ context: RuleContext
  ) {
    if context.collectsRows { keep(uses, label, context) }
    for position in uses.indices {
      note(
        uses[position].use.count, uses[position].use.first.time, uses[position].use.last.time,
        context)
    }
  }

  /// Rests the finding on all logins of the shapes at some places of an account's, which are not copied where
  /// nobody looks at their rows.
  package mutating func cite(
    _ facts: AccountFacts, shapesAt places: [Int], _ label: String, _ context: RuleContext
  ) {
    if context.collectsRows { keep(places.map { facts.shapes[$0] }, label, context) }
    for place in places {
      note(
        facts.shapes[place].use.count, facts.shapes[place].use.first.time,
        facts.shapes[place].use.last.time, context)
    }
  }

  private mutating func keep(
    _ uses: [(code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)], _ label: String,
    _ context: RuleContext
  ) {
    evidence += context.evidence(uses, label)
    shapes.formUnion(uses.map(\.code))
  }

  /// Notes the logins of a shape.
  private mutating func note(
    _ count: Int, _ first: Instant, _ last: Instant, _ context: RuleContext
  ) {
    if !context.collectsRows { omittedRowCount += count > 1 ? 2 : 1 }
    evidenceTotal += count
    firstSeen = firstSeen.map { min($0, first) } ?? first
    lastSeen = lastSeen.map { max($0, last) } ?? last
  }
}

extension [AccountLedger.ShapedRow] {
  /// The rows, each login once: two tables may keep the same one with the places of two copies.
  var withoutRepeats: [AccountLedger.ShapedRow] {
    var ids: Set<SalesforceID> = []
    var rows: Set<AccountLedger.ShapedRow> = []
    return filter { $0.row.id.isNone ? rows.insert($0).inserted : ids.insert($0.row.id).inserted }
  }
}

/// Chooses the rows that a finding shows: the earliest, the latest, then the most telling ones.
///
/// Rows tell more the rarer what they show is; ties go by content, so the choice does not depend on
/// the order of rows.
struct EvidenceChoice {
  let judgement: Judgement
  let limit: Int

  /// The evidence of a draft, in the order of time.
  ///
  /// - Complexity: O(*n* log *n*) in the number of rows; texts are touched for chosen rows alone.
  func rows(of draft: FindingDraft) -> [EvidenceRow] {
    let limit = draft.isEvidenceCapped ? limit : Int.max
    let cited = rows(draft.citations, limit)
    if draft.evidence.isEmpty { return cited }
    let all = inOrder(cited + draft.evidence)
    guard all.count > limit else { return all }
    return choose(
      all.map {
        Trait(
          group: $0.label, place: $0.row.address, text: $0.shape.application,
          basis: $0.verdict?.basis, grade: nil)
      }, limit
    ).map { all[$0] }
  }

  /// Rows in the order of time; numbers are sorted, since moving rows counts the references of their texts.
  private func inOrder(_ rows: [EvidenceRow]) -> [EvidenceRow] {
    var order = rows.indices.map { (time: rows[$0].row.time, place: $0) }
    order.sort {
      $0.time != $1.time ? $0.time < $1.time : precedes(rows[$0.place], rows[$1.place])
    }
    return order.map { rows[$0.place] }
  }

  private func rows(_ citations: [Citation], _ limit: Int) -> [EvidenceRow] {
    var all: [(login: JudgedLogin, citation: Int)] = []
    for (index, citation) in citations.enumerated() {
      all.append(contentsOf: citation.logins.map { ($0, index) })
    }
    // Logins of one citation come in this order already, and then sorting costs a pass.
    all.sort { precedes($0.login, $1.login) }
    var chosen = Array(all.indices)
    if all.count > limit {
      var applications: [UInt32: Int] = [:]
      var numbers: [ExactText: Int] = [:]
      let traits = all.map { entry in
        let code = entry.login.shape
        let application =
          applications[code]
          ?? {
            let text = judgement.shape(code).application
            let number = numbers[text] ?? numbers.count
            numbers[text] = number
            applications[code] = number
            return number
          }()
        return Trait(
          group: entry.citation, place: entry.login.row.address, text: application,
          basis: entry.login.verdict?.basis, grade: entry.login.verdict?.grade)
      }
      chosen = choose(traits, limit)
    }
    return chosen.map {
      judgement.evidence(all[$0].login, citations[all[$0].citation].label(all[$0].login))
    }
  }

  /// What makes a row tell something that others do not.
  private struct Trait<Group: Hashable, Text: Hashable>: Hashable {
    let group: Group
    let place: UInt32
    let text: Text
    let basis: VerdictBasis?
    let grade: MethodGrade?
  }

  /// Indices of the chosen rows among more than `limit`, ascending.
  private func choose<T: Hashable>(_ traits: [T], _ limit: Int) -> [Int] {
    guard !traits.isEmpty else { return [] }
    // Each combination has a number, so that it is hashed once.
    var numbers: [T: Int] = [:]
    var frequencies: [Int] = []
    let combinations = traits.map { trait in
      let number = numbers[trait] ?? frequencies.count
      if number == frequencies.count {
        numbers[trait] = number
        frequencies.append(0)
      }
      frequencies[number] += 1
      return number
    }
    var isSeen = [Bool](repeating: false, count: frequencies.count)
    isSeen[combinations[0]] = true
    isSeen[combinations[combinations.count - 1]] = true
    var fresh: [(index: Int, frequency: Int)] = []
    var repeated: [Int] = []
    for index in 1..<(traits.count - 1) {
      let combination = combinations[index]
      if !isSeen[combination] {
        isSeen[combination] = true
        fresh.append((index, frequencies[combination]))
      } else if repeated.count < limit {
        repeated.append(index)
      }
    }
    // One row of each combination first, the rarest combinations before the common ones.
    fresh.sort { $0.frequency != $1.frequency ? $0.frequency < $1.frequency : $0.index < $1.index }
    let chosen = (fresh.map(\.index) + repeated).prefix(limit - 2)
    return [0] + chosen.sorted() + [traits.count - 1]
  }

  private func precedes(_ one: JudgedLogin, _ other: JudgedLogin) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    if one.row.address != other.row.address {
      return judgement.address(one.row.address).utf8.lexicographicallyPrecedes(
        judgement.address(other.row.address).utf8)
    }
    if one.shape != other.shape { return judgement.shape(one.shape) < judgement.shape(other.shape) }
    return one.row.isPlacedBefore(other.row)
  }

  private func precedes(_ one: EvidenceRow, _ other: EvidenceRow) -> Bool {
    if one.row.time != other.row.time { return one.row.time < other.row.time }
    if one.row.id != other.row.id { return one.row.id < other.row.id }
    if !one.address.hasBytes(of: other.address) {
      return one.address.precedes(other.address)
    }
    if one.shape != other.shape { return one.shape < other.shape }
    if !one.label.hasBytes(of: other.label) {
      return one.label.precedes(other.label)
    }
    return one.row.isPlacedBefore(other.row)
  }
}
