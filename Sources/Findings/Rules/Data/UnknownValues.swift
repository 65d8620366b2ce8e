import Accounts
import Platform
import SalesforceExports

struct UnknownValues: Rule {
  static let description = RuleDescription(
    id: "PST-DATA-004", version: 2,
    title: "value of a login or verification that no table knows or can class",
    status: .info, severity: .info, onePer: "org, column, value",
    condition:
      "at least one analysed row, or row of VerificationHistory, has the value; or a verification names "
      + "a login of another user",
    evidence: "first and last row of each kind of login with the value",
    remediation:
      "Logins are counted as they are: a type that does not tell a person from a program is "
      + "unclassified, an unknown status a failure that no rule about failures counts. A verification "
      + "with such a value, and one of another user, proves nothing. Report a new value, so that the "
      + "tables can learn it.",
    references: [Reference.loginHistory])

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    let ledger = context.judgement.ledger
    typealias Use = (code: UInt32, shape: LoginShape, use: AccountLedger.ShapeUse)
    let unknown = ledger.shapes.map {
      !$0.marks.isDisjoint(with: [.unknownType, .unknownSubType, .unknownStatus])
    }
    let verifications = Self.verifications(run, context)
    guard unknown.contains(true) else { return verifications }
    // Many accounts use a shape, and its texts are looked at once.
    var usesOfShapes = [[Use]](repeating: [], count: unknown.count)
    func isUnknown(_ code: UInt32) -> Bool { unknown[Int(code)] }
    ledger.forEachShapeUse(where: isUnknown) { _, code, use in
      usesOfShapes[Int(code)].append((code, ledger.shapes[Int(code)], use))
    }
    var groups: [[ExactText]: [Use]] = [:]
    for uses in usesOfShapes {
      guard let shape = uses.first?.shape else { continue }
      if shape.marks.contains(.unknownType) {
        groups[["LoginType", ExactText(shape.type)], default: []] += uses
      }
      if shape.marks.contains(.unknownSubType) {
        groups[["LoginSubType", ExactText(shape.subType)], default: []] += uses
      }
      if shape.marks.contains(.unknownStatus) {
        groups[["Status", ExactText(shape.status)], default: []] += uses
      }
    }
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, uses in
      var draft = FindingDraft()
      draft.discriminator = "column=\(key[0])&value=\(key[1])"
      let count = uses.reduce(0) { $0 + $1.use.count }
      draft.firstSeen = uses.map(\.use.first.time).min()
      draft.lastSeen = uses.map(\.use.last.time).max()
      draft.counts = ["rows": count]
      draft.conditions = [
        Condition(
          "rows with \(key[0]) \u{201C}\(key[1])\u{201D}", String(count), threshold: "1 or more",
          source: "login rows", wouldChange: "a table that knows the value")
      ]
      draft.evidence = context.evidence(uses, "unknown \(key[0])")
      draft.extents = [RowExtent(shapes: Set(uses.map(\.code)))]
      draft.evidenceTotal = count
      return draft
    } + verifications
  }

  /// Values of verifications that no table knows, and verifications of another user's login.
  private static func verifications(
    _ run: RunFacts, _ context: RuleContext
  ) -> [FindingDraft] {
    func draft(
      _ column: String, _ value: String, _ span: VerificationTable.RowSpan, _ name: String,
      _ change: String
    ) -> FindingDraft {
      var draft = FindingDraft()
      draft.discriminator = "column=VerificationHistory.\(column)&value=\(value)"
      draft.firstSeen = span.first
      draft.lastSeen = span.last
      draft.counts = ["rows": span.count]
      draft.conditions = [
        Condition(
          name, String(span.count), threshold: "1 or more", source: "VerificationHistory",
          wouldChange: change)
      ]
      return draft
    }
    let values = context.judgement.verifications?.unknownValues ?? [:]
    var drafts = values.sorted { $0.key < $1.key }.map { value, span in
      draft(
        value.column, value.value, span,
        "verifications with \(value.column) \u{201C}\(value.value)\u{201D}",
        "a table that knows the value")
    }
    let foreign = run.accounts.compactMap(\.foreignVerifications)
    if var span = foreign.first {
      for other in foreign.dropFirst() { span.formUnion(other) }
      drafts.append(
        draft(
          "UserId", "another user", span, "verifications that name a login of another user",
          "exports of one org"))
    }
    return drafts
  }
}
