package import Accounts
import Platform
package import SalesforceExports

package struct SharedApplicationFromNewNetwork: Rule {
  private static let days = RuleThreshold(
    "supply_chain_history_days", 14,
    "days of an application's history after which a network is new to it")
  private static let accounts = RuleThreshold(
    "supply_chain_accounts", 3,
    "accounts that one application logs in to from one such network, at least")
  private static let hours = RuleThreshold(
    "supply_chain_hours", 24, "hours within which they do")

  package static let description = RuleDescription(
    id: "PST-API-014",
    title: "one application logs in to several accounts from a network new to it",
    severity: .high, onePer: "org, application, network", isEvent: true,
    needsColumns: ["Application", "SourceIp"],
    condition:
      "API logins of one application (without the version of the client) succeed on at least 3 "
      + "accounts within 24 hours from one network (IPv4 /24, IPv6 /48), and the application\u{2019}s "
      + "rows of any kind first show the network after at least 14 days of its history. The network of "
      + "a client that people use (user_facing_clients) must be new to the whole org too. Of an account "
      + "that used both for 64 days or more, only its first and last login count",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "first and last API login of each of the accounts through it from the network",
    remediation:
      "This is how stolen tokens of a vendor look: ask the vendor whether its addresses changed, and "
      + "treat silence as a breach. Until it is explained, block the application and revoke its "
      + "tokens (Setup > Connected Apps OAuth Usage; for external client apps Setup > External Client "
      + "App Manager), change the credentials of the accounts, and list what it read (postern events "
      + "--application, the API event logs). Restrict the application to the vendor\u{2019}s addresses.",
    references: [Reference.vishing, Reference.loginHistory],
    attack: ["T1199", "T1550.001", "T1528"],
    thresholds: [days, accounts, hours])

  /// The accounts concerned, and when it began and ended.
  private struct Wave {
    var places: Set<Int32> = []
    var first = Int64.max
    var last = Int64.min
  }

  /// Whether a network is new to an application that it came from first at a time.
  ///
  /// - Parameter application: The application by all rows that were read.
  package static func isNew(
    _ first: Instant, to application: ApplicationFacts, _ context: RuleContext
  ) -> Bool {
    let start = context.history(from: application.first, telling: ["Application", "SourceIp"])
    return first.minute >= start.minute + Int64(context.value(of: days) * 1_440)
  }

  package func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    let whole = context.judgement.wholeApplications(run.applications)
    var drafts: [FindingDraft] = []
    for application in run.applications {
      let past = whole[application.name] ?? application
      guard Self.isNew(past.last, to: past, context) else { continue }
      let seen = Dictionary(past.networks.map { ($0.name, $0.first) }) { one, _ in one }
      for network in application.networks {
        let first = min(seen[network.name] ?? network.first, network.first)
        guard Self.isNew(first, to: past, context), let wave = wave(network.visits, context) else {
          continue
        }
        // People move together from one network of the org to another.
        if application.isUserFacing, !isNewToOrg(network.name, context) { continue }
        let logins = wave.places.sorted().flatMap { place in
          self.logins(Int(place), of: application.name, from: network.name, run, context)
        }
        drafts.append(draft(application, past, network, first, wave, logins, context))
      }
    }
    return drafts
  }

  private func isNewToOrg(_ network: String, _ context: RuleContext) -> Bool {
    guard let start = context.judgement.wholeHistory.first,
      let first = context.judgement.firstSeen(network: network)
    else { return false }
    return first.minute
      >= context.history(from: start, telling: ["SourceIp"]).minute
      + Int64(context.value(of: Self.days) * 1_440)
  }

  /// What one account did through the application from one address of the network.
  private struct Logins {
    let account: String
    let key: AccountKey
    let use: AccountLedger.AddressUse
  }

  private func logins(
    _ place: Int, of application: String, from network: String,
    _ run: RunFacts, _ context: RuleContext
  ) -> [Logins] {
    let key = context.judgement.key(atPlace: place)
    let name = run.account(key)?.shownName ?? key.text
    let ledger = context.judgement.ledger
    return context.judgement.apiPlaces(atPlace: place).filter { use in
      ledger.applications[Int(use.application)].hasBytes(of: application)
        && context.judgement.network(ofAddress: use.code)?.text == network
    }.map { Logins(account: name, key: key, use: $0) }
  }

  /// The accounts that are enough within the hours; `nil` when there are never so many.
  private func wave(_ visits: [ApplicationUses.Visit], _ context: RuleContext) -> Wave? {
    let least = Int(context.value(of: Self.accounts))
    guard visits.count >= least else { return nil }
    let width = Int64(context.value(of: Self.hours) * 60)
    var wave = Wave()
    let ends = visits.flatMap { visit in
      [visit.firstMinute, visit.lastMinute].map { (minute: Int64($0), place: visit.place) }
    }.sorted { ($0.minute, $0.place) < ($1.minute, $1.place) }
    var counts: [Int32: Int] = [:]
    var tail = 0
    for head in ends.indices {
      counts[ends[head].place, default: 0] += 1
      while ends[tail].minute <= ends[head].minute - width {
        let place = ends[tail].place
        if counts[place] == 1 { counts[place] = nil } else { counts[place]? -= 1 }
        tail += 1
      }
      guard counts.count >= least else { continue }
      wave.places.formUnion(counts.keys)
      wave.first = min(wave.first, ends[tail].minute)
      wave.last = max(wave.last, ends[head].minute)
    }
    if width >= 1_440 { noteSharedDays(visits, least, &wave) }
    return wave.places.isEmpty ? nil : wave
  }

  /// Adds the UTC days on which enough accounts came, their first and last login or not.
  private func noteSharedDays(
    _ visits: [ApplicationUses.Visit], _ least: Int, _ wave: inout Wave
  ) {
    var places: [Int64: [Int32]] = [:]
    for visit in visits {
      let first = floorDivide(Int64(visit.firstMinute), 1_440)
      let last = floorDivide(Int64(visit.lastMinute), 1_440)
      // Behind 64 days a bit may mean either of two days.
      guard last - first < 64 else { continue }
      for day in first...last where visit.days >> UInt64(day & 63) & 1 == 1 {
        places[day, default: []].append(visit.place)
      }
    }
    for (day, places) in places where places.count >= least {
      wave.places.formUnion(places)
      wave.first = min(wave.first, day * 1_440)
      wave.last = max(wave.last, day * 1_440 + 1_439)
    }
  }

  private func draft(
    _ application: ApplicationFacts, _ past: ApplicationFacts, _ network: ApplicationFacts.Network,
    _ first: Instant, _ wave: Wave, _ logins: [Logins], _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.discriminator = "application=\(application.name)&network=\(network.name)"
    draft.confidence = application.isUserFacing ? .low : .high
    if application.isUserFacing {
      draft.dataQuality.append(
        "\(application.name) is a client that people use, who may have moved to one network together"
      )
    }
    draft.firstSeen = logins.map(\.use.first).min()
    draft.lastSeen = logins.map(\.use.last).max()
    draft.counts = [
      "accounts": wave.places.count, "api_succeeded": logins.reduce(0) { $0 + $1.use.count },
    ]
    let start = context.history(from: past.first, telling: ["Application", "SourceIp"])
    let days = (first.minute - start.minute) / 1_440
    draft.conditions = [
      Condition(
        "accounts that \(application.name) logged in to from \(network.name) within "
          + "\(Int(context.value(of: Self.hours)).counted("hour"))",
        Set(logins.map(\.account)).sorted().firstNames,
        threshold: "\(Int(context.value(of: Self.accounts))) or more",
        source: "Application and SourceIp of the login rows",
        wouldChange: "logins from a network that the application used before"),
      Condition(
        "first row of the application from the network",
        "\(first.text), after \(days.counted("day"))",
        threshold:
          "after \(Int(context.value(of: Self.days)).counted("day")) of its history or more",
        source: "login rows", wouldChange: "an earlier login of the application from the network"),
    ]
    draft.evidence = logins.flatMap { login in
      [login.use.firstAPISuccess, login.use.lastAPISuccess].compactMap { $0 }.withoutRepeats.map {
        context.evidence($0, "API login as \(login.account)")
      }
    }
    draft.extents = [
      RowExtent(
        accounts: Set(logins.map(\.key)),
        shapes: Set(
          context.judgement.ledger.shapes.indices.lazy.filter { code in
            let shape = context.shape(UInt32(code))
            return shape.door == .api && shape.outcome == .succeeded
              && shape.applicationName == application.name
          }.map { UInt32($0) }),
        addresses: Set(logins.map(\.use.code)))
    ]
    draft.evidenceTotal = max(draft.evidence.count, draft.counts["api_succeeded"] ?? 0)
    draft.origins = (
      Set(logins.map { context.address($0.use.code) }), Set(application.byName.keys)
    )
    return draft
  }
}
