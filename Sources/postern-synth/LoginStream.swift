/// One row of the verification history.
struct VerificationRow {
  /// When.
  var time: EpochSeconds
  /// Index of the account.
  var account: Int
  /// Login number that it belongs to; 0 for none.
  var login: UInt64
  /// `Policy`.
  var policy: String
  /// `Activity`.
  var activity: String
  /// `VerificationMethod`.
  var method: String
  /// `Status`.
  var status: String
  /// Index of the address.
  var address: Int
}

/// The logins of an org in time order, made one after the other in constant memory.
struct LoginStream {
  /// Verifications that the last row brought; the reader empties it.
  var verifications: [VerificationRow] = []
  /// How many rows of no incident have been made.
  private(set) var emitted = 0

  private let options: SynthOptions
  private var casting: Casting
  private var pending: [LoginRow] = []
  private var clock: Double
  private var storm: LoginStorm?
  private var script: ArraySlice<Int>
  private var lastVisit: [EpochSeconds]
  private var nextAnchor: EpochSeconds
  private var incidents: ArraySlice<LoginRow>
  private var registrations: ArraySlice<VerificationRow>
  /// Addresses that a staged campaign has for itself.
  private let reserved: Set<Int>
  private var held: LoginRow?
  private var demands: DemandMemory

  /// A stream of `options.rows` logins.
  init(options: SynthOptions, organization: Organization) {
    self.options = options
    casting = Casting(options: options, organization: organization)
    clock = Double(options.firstSecond)
    storm = LoginStorm(options: options, organization: organization)
    script = casting.scriptedAccounts[...]
    lastVisit = Array(repeating: .min / 2, count: organization.accounts.count)
    nextAnchor = options.firstSecond - 3_600
    let incidents = IncidentRows(options: options, organization: organization).rows
    let campaign = CampaignRows(options: options, organization: organization)
    self.incidents =
      campaign.map { campaign in
        (incidents + campaign.rows).sorted { ($0.time, $0.account) < ($1.time, $1.account) }[...]
      } ?? incidents[...]
    registrations = (campaign?.verifications ?? [])[...]
    let foreign = options.campaign?.network.addresses ?? []
    reserved = Set(
      Vocabulary.addresses.indices.filter { foreign.contains(Vocabulary.addresses[$0]) })
    demands = DemandMemory(accounts: organization.accounts.count)
  }

  /// The next login, or nil after the last.
  mutating func next() -> LoginRow? {
    if held == nil { held = nextEveryday() }
    appendRegistrations()
    if var row = incidents.first, held.map({ row.time < $0.time }) ?? true {
      incidents.removeFirst()
      Judge(options: options).settle(&row, verifications: &verifications)
      demands.settle(&row)
      return row
    }
    defer { held = nil }
    guard var row = held else { return nil }
    demands.settle(&row)
    return row
  }

  /// Verifications of a staged campaign that come before the next login.
  private mutating func appendRegistrations() {
    let next = [incidents.first?.time, held?.time].compactMap { $0 }.min() ?? .max
    while let verification = registrations.first, verification.time <= next {
      registrations.removeFirst()
      guard options.exportsVerification(at: verification.time) else { continue }
      demands.confirm(verification.account, at: verification.time)
      verifications.append(verification)
    }
  }

  /// The next login that is part of no incident.
  private mutating func nextEveryday() -> LoginRow? {
    guard emitted < options.rows else {
      if emitted == options.rows {
        emitted += 1
        appendAnchors(upTo: options.endSecond + 4 * 86_400)
      }
      return nil
    }
    var row = upcoming()
    emitted += 1
    while reserved.contains(row.address) {
      row.address = (row.address + 1) % Vocabulary.addresses.count
    }
    row.number = UInt64(emitted)
    appendAnchors(upTo: row.time)
    Judge(options: options).settle(&row, verifications: &verifications)
    return row
  }

  private mutating func upcoming() -> LoginRow {
    let left = options.rows - emitted
    let step = (Double(options.endSecond) - clock) / Double(left + 1)
    let base = Int(clock + step)
    if let first = pending.first, first.time <= base, first.time <= storm?.nextTime ?? .max {
      return pending.removeFirst()
    }
    if let time = storm?.nextTime, time <= base, let row = storm?.next() {
      if storm?.isOver == true { storm = nil }
      return row
    }
    clock += step
    return baseRow(at: base)
  }

  private mutating func baseRow(at time: EpochSeconds) -> LoginRow {
    if emitted % 4 == 0, let account = script.popFirst() {
      if let row = visit(of: account, at: time) { return row }
    }
    let choice = casting.generator.below(1_000)
    if choice < 200 {
      for _ in 0..<3 {
        if let row = visit(of: casting.visitor(), at: time) { return row }
      }
    } else if choice < 208 {
      return casting.oddity(at: time)
    } else if choice < 260 {
      return casting.phoneLogin(at: time)
    }
    return casting.programLogin(at: time)
  }

  /// The first row of a person's login, unless the account had one within the half hour, which
  /// would make it a matter of opinion which proof belongs to which login.
  private mutating func visit(of account: Int, at time: EpochSeconds) -> LoginRow? {
    guard time - lastVisit[account] >= 1_800 else { return nil }
    lastVisit[account] = time
    let rows = casting.visit(of: account, at: time)
    guard var follower = rows.second else { return rows.first }
    follower.requiredNumber = UInt64(emitted + 1)
    let position = pending.firstIndex { $0.time > follower.time } ?? pending.endIndex
    pending.insert(follower, at: position)
    return rows.first
  }

  /// Step-up verifications every three days, so that the export's coverage does not depend on
  /// what people happened to do.
  private mutating func appendAnchors(upTo time: EpochSeconds) {
    while nextAnchor <= min(time, options.endSecond + 3 * 86_400) {
      if options.exportsVerification(at: nextAnchor) {
        demands.confirm(casting.anchorAccount, at: nextAnchor)
        verifications.append(
          VerificationRow(
            time: nextAnchor, account: casting.anchorAccount, login: 0, policy: "HighAssurance",
            activity: "AccessReports", method: "Totp", status: "Succeeded", address: 7))
      }
      let following = nextAnchor + 3 * 86_400
      if let hole = options.hole {
        if nextAnchor < hole.lowerBound {
          nextAnchor = min(following, hole.lowerBound)
        } else {
          nextAnchor = max(following, hole.upperBound)
        }
      } else {
        nextAnchor = following
      }
    }
  }
}
