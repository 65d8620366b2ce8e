import Accounts
import Platform
import SalesforceExports

struct PasswordSpray: Rule {
  private static let accounts = RuleThreshold(
    "spray_accounts", 15, "accounts with a wrong password from one address that are not yet a spray"
  )
  private static let minutes = RuleThreshold(
    "spray_minutes", 5, "consecutive minutes in which they are counted")

  static let description = RuleDescription(
    id: "PST-ORG-001", title: "password spray: wrong passwords for many accounts from one address",
    severity: .high, onePer: "org, address", isEvent: true, needsColumns: ["SourceIp"],
    condition:
      "from one address more than 15 accounts have \u{201C}Invalid password\u{201D} within 5 "
      + "consecutive UTC minutes; a username that does not exist leaves no row, so counts are at least",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the attempts in these minutes, of all accounts",
    remediation:
      "Block the address, and look for a later success from it (postern events --ip). Restrict login "
      + "to known networks (Setup > Network Access, Setup > Profiles > Login IP Ranges) and require "
      + "MFA of everyone. A proxy of your own in trusted_networks lowers the finding.",
    references: [Reference.loginHistory, Reference.multiFactorFAQ], attack: ["T1110.003"],
    thresholds: [accounts, minutes])

  /// The minutes in which an address sprays, and the accounts concerned.
  private struct Spray {
    var minutes: Set<Int32> = []
    var accounts: Set<Int> = []
    var most = 0
  }

  func findings(for run: RunFacts, in context: RuleContext) -> [FindingDraft] {
    let sprays = sprays(run, context)
    guard !sprays.isEmpty else { return [] }
    // Rows are gone by now; those of the few accounts concerned are unpacked once more.
    let keys = Set(sprays.values.flatMap(\.accounts).map { run.accounts[$0].key })
    let minutes = sprays.mapValues(\.minutes)
    var rows: [UInt32: [JudgedLogin]] = [:]
    let isConcerned: (AccountKey) -> Bool = { keys.contains($0) }
    let logins = context.judgement.results(threads: 1, where: isConcerned) { facts in
      facts.logins.filter {
        $0.traits.status == .wrongPassword
          && minutes[$0.row.address]?.contains(Int32(clamping: $0.row.time.minute)) == true
      }
    }
    for login in logins.joined() { rows[login.row.address, default: []].append(login) }
    let limit = Int(context.value(of: Self.accounts))
    let width = Int(context.value(of: Self.minutes))
    return sprays.map { (context.address($0.key), $0.key, $0.value) }
      .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
      .map { address, code, spray in
        var draft = FindingDraft()
        draft.discriminator = "address=\(address)"
        let attempts = rows[code] ?? []
        draft.counts = [
          "accounts": spray.accounts.count, "most_accounts_at_once": spray.most,
          "attempts": attempts.count,
        ]
        draft.conditions = [
          Condition(
            "accounts with a wrong password from \(address) within \(width.counted("minute"))",
            String(spray.most), threshold: "more than \(limit)",
            source: "Status and SourceIp of the login rows", wouldChange: "fewer accounts at once")
        ]
        draft.dataQuality = ["at least: usernames that do not exist leave no row"]
        draft.cite(attempts, "wrong password")
        return draft
      }
  }

  private func sprays(_ run: RunFacts, _ context: RuleContext) -> [UInt32: Spray] {
    let limit = Int(context.value(of: Self.accounts))
    let width = Int32(clamping: Int(context.value(of: Self.minutes)))
    var byAddress: [UInt32: [(minute: Int32, account: Int)]] = [:]
    for (account, summary) in run.accounts.enumerated() {
      for place in summary.wrongPasswords {
        byAddress[place.address, default: []].append((place.minute, account))
      }
    }
    var result: [UInt32: Spray] = [:]
    for (address, unsorted) in byAddress where unsorted.count > limit {
      // Text such as `Salesforce.com IP` stands for no one address.
      guard context.judgement.network(ofAddress: address) != nil else { continue }
      let attempts = unsorted.sorted { $0.minute < $1.minute }
      var counts: [Int: Int] = [:]
      var spray = Spray()
      var tail = 0
      for head in attempts.indices {
        counts[attempts[head].account, default: 0] += 1
        while attempts[tail].minute <= attempts[head].minute - width {
          let account = attempts[tail].account
          if counts[account] == 1 { counts[account] = nil } else { counts[account]? -= 1 }
          tail += 1
        }
        guard counts.count > limit else { continue }
        spray.most = max(spray.most, counts.count)
        for minute in attempts[tail].minute...attempts[head].minute { spray.minutes.insert(minute) }
        spray.accounts.formUnion(counts.keys)
      }
      // Attempts later in the last minute belong to the spray as well.
      guard spray.most > 0 else { continue }
      for attempt in attempts where spray.minutes.contains(attempt.minute) {
        spray.accounts.insert(attempt.account)
      }
      result[address] = spray
    }
    return result
  }
}
