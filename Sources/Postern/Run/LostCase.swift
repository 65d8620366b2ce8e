import Accounts
import Platform
import Results
import SalesforceExports

/// Finds out whether Ids of 15 characters lost the case of their letters, so that rows join nothing, or
/// another's, and nothing else tells.
///
/// Ids of 18 characters are restored when they are read; those of logins are told by their prefix
/// (``SalesforceID/isLoginWithoutCase``).
struct LostCase {
  /// What is wrong, as half sentences; none where nothing is.
  private(set) var reasons: [String] = []
  /// Whether verifications, sessions or accounts are concerned: then proofs may not have joined their
  /// logins, and that a login has none says nothing.
  private(set) var hidesProofs = false

  /// Ids of one column, or of several that name records of one kind.
  private struct Side {
    /// The files, and the column.
    let name: String
    /// As they stand in the column: an Id may stand there many times.
    let ids: [SalesforceID]
    let cases: LetterCases

    init(_ name: String, _ ids: [SalesforceID]) {
      self.name = name
      self.ids = ids
      var cases = LetterCases()
      for id in ids where !cases.areMixed { cases.note(id) }
      self.cases = cases
    }
  }

  /// Records that Ids of other columns name.
  private struct Records {
    let side: Side
    let ids: Set<SalesforceID>

    init(_ side: Side) {
      self.side = side
      ids = Set(side.ids)
    }

    init(_ name: String, _ ids: Set<SalesforceID>) {
      side = Side(name, Array(ids))
      self.ids = ids
    }

    /// Those of some Ids that name none of them.
    func missing(_ ids: [SalesforceID]) -> Set<SalesforceID> {
      var result: Set<SalesforceID> = []
      var last: SalesforceID?
      // Columns repeat their Ids, often in rows one behind the other.
      for id in ids where id != last {
        last = id
        if !self.ids.contains(id) { result.insert(id) }
      }
      return result
    }
  }

  private let names: [FileKind: [String]]

  /// Compares all columns that are joined.
  ///
  /// - Parameters:
  ///   - plan: Has the names of the files.
  ///   - tables: Snapshots, verifications and events of the run.
  /// - Complexity: O(*n*) in accounts, users and rows of snapshots.
  init(_ plan: RunPlan, _ ledger: AccountLedger, _ tables: RunTables) {
    let names = plan.files.map(\.record).reduce(into: [FileKind: [String]]()) { names, record in
      if let kind = record.kind { names[kind, default: []].append(record.name) }
    }
    self.names = names
    let snapshots = tables.snapshots
    let logins = side(
      [.loginHistory, .eventLogLogin], "UserId",
      ledger.accountNumbers.compactMap { number in
        if case .id(let id) = ledger.key(of: number) { id } else { nil }
      })
    let users = Records(side([.user], "Id", snapshots.users.history.keys))
    let strangers = users.missing(logins.ids)
    let people = Records(
      users.ids.isEmpty ? logins.name : users.side.name,
      strangers.isEmpty ? users.ids : users.ids.union(strangers))
    let verified = side([.verificationHistory], "UserId", tables.verifications?.users ?? [])
    func id(_ key: AccountKey) -> SalesforceID? { if case .id(let id) = key { id } else { nil } }
    let sessions = tables.events.impersonations.sessions
    let (entered, admins) = (
      side([.eventLogLoginAs, .loginAsEvent], "user Ids", sessions.compactMap { id($0.account) }),
      side([.eventLogLoginAs, .loginAsEvent], "delegated", sessions.compactMap { id($0.admin) })
    )
    let requests = side(
      FileKind.allCases.filter(\.holdsRequests), "USER_ID",
      Array(Set(tables.events.accounts.compactMap(id)).subtracting(entered.ids)))
    let compared = StartedWork(isConcurrent: plan.options.threads > 1) {
      var part = LostCase(names: names)
      part.compareSnapshots(snapshots, people)
      return part
    }
    for side in [logins, users.side, verified] where side.cases.tellsLoss {
      add(
        "\(side.name): the Ids lost the case of their letters, so that two records may have become one",
        hidesProofs: true)
    }
    if !users.ids.isEmpty { compare(logins, users, unjoined: strangers, hidesProofs: true) }
    compare(verified, people, hidesProofs: true)
    compare(entered, people)
    compare(admins, people)
    compare(requests, people)
    reasons += compared.value.reasons
    hidesProofs = hidesProofs || compared.value.hidesProofs
    for what in tables.sessionsWithoutCase {
      add("\(what) lost the case of their letters", hidesProofs: true)
    }
  }

  /// Has compared nothing.
  private init(names: [FileKind: [String]]) { self.names = names }

  private func side(
    _ kinds: [FileKind], _ column: String, _ ids: [SalesforceID]
  ) -> Side {
    let files = kinds.flatMap { names[$0] ?? [] }
    return Side(files.prefix(3).joined(separator: ", ") + " (\(column))", ids)
  }

  private mutating func compareSnapshots(_ snapshots: Snapshots, _ people: Records) {
    let assignments = snapshots.assignments.history.keys
    let setRows = snapshots.permissionSets.history.compactMap { $0 }
    let components = snapshots.components.history.keys
    let sets = Records(
      side(
        [.permissionSet, .mutingPermissionSet], "Id",
        setRows.map(\.key) + snapshots.mutings.history.keys))
    let groups = Records(side([.permissionSetGroup], "Id", snapshots.groups.history.keys))
    let profiles = Records(side([.profile], "Id", snapshots.profiles.history.compactMap(\.id)))
    let sides: [(FileKind, String, [SalesforceID], Records)] = [
      (.permissionSetAssignment, "AssigneeId", assignments.map(\.assignee), people),
      (.twoFactorMethodsInfo, "UserId", snapshots.methods.history.keys, people),
      (.userLogin, "UserId", snapshots.userLogins.history.keys, people),
      (
        .permissionSetLicenseAssign, "AssigneeId",
        snapshots.licenseAssignments.history.keys.map(\.assignee), people
      ),
      (
        .permissionSetAssignment, "PermissionSetId", assignments.compactMap(\.permissionSet), sets
      ),
      (.permissionSetAssignment, "PermissionSetGroupId", assignments.compactMap(\.group), groups),
      (.permissionSetGroupComponent, "PermissionSetId", components.map(\.member), sets),
      (.permissionSetGroupComponent, "PermissionSetGroupId", components.map(\.group), groups),
      (.permissionSet, "PermissionSetGroupId", setRows.compactMap(\.groupID), groups),
      (.permissionSet, "ProfileId", setRows.compactMap(\.profileID), profiles),
      (
        .user, "ProfileId",
        profiles.ids.isEmpty ? [] : snapshots.users.history.compactMap { $0.profileID }, profiles
      ),
    ]
    for (kind, column, ids, other) in sides where !ids.isEmpty && !other.ids.isEmpty {
      compare(side([kind], column, ids), other)
    }
  }

  /// Looks for Ids of one side that join none of the other, and would without case.
  ///
  /// Two records may differ in case alone; that the letters of all such Ids have one case, while their
  /// partners have both, does not happen by chance where there are several.
  ///
  /// - Parameter unjoined: Those that join none, where they are known.
  private mutating func compare(
    _ side: Side, _ other: Records, unjoined: Set<SalesforceID>? = nil, hidesProofs: Bool = false
  ) {
    guard !other.ids.isEmpty else { return }
    let unjoined = unjoined ?? other.missing(side.ids)
    guard !unjoined.isEmpty else { return }
    var folded: [SalesforceID: SalesforceID] = [:]
    for id in unjoined { folded[id.withoutCase] = id }
    var (own, others) = (LetterCases(), LetterCases())
    var count = 0
    for partner in other.ids {
      guard let id = folded[partner.withoutCase], id != partner else { continue }
      count += 1
      own.note(id)
      others.note(partner)
    }
    guard count > 0, own.areMixed != others.areMixed else { return }
    let lost = own.areMixed ? other.side : side
    guard count >= Self.leastCount || !lost.cases.areMixed else { return }
    add(
      "\(lost.name): the Ids lost the case of their letters, so that \(count) of them "
        + "\(count.takes("joins", "join")) nothing", hidesProofs: hidesProofs)
  }

  /// So many pairs tell for themselves.
  private static let leastCount = 3

  private mutating func add(_ reason: String, hidesProofs: Bool) {
    reasons.append(reason + ": export them again, with Ids of 18 characters")
    self.hidesProofs = self.hidesProofs || hidesProofs
  }
}
