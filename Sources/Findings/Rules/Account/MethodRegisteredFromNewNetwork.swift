import Accounts
import Platform
import SalesforceExports

struct MethodRegisteredFromNewNetwork: Rule {
  private static let hours = RuleThreshold(
    "registration_hours", 24,
    "hours after a login from a new network in which the registration of a method is looked for")

  static let description = RuleDescription(
    id: "PST-ACC-008",
    title: "verification method registered after a login from a network new to the account",
    severity: .high, onePer: "account", isEvent: true, needsColumns: ["SourceIp"],
    needs: [.verificationHistory],
    condition:
      "a verification method was registered on a privileged or integration account (VerificationHistory, "
      + "activity Connect… or EnableLL, succeeded) at a successful human login, or within 24 hours "
      + "after one, from a network (IPv4 /24, IPv6 /48) that the account's rows of any kind first show "
      + "after at least 14 days of its history",
    severitySteps: ["+1 used from an indicator", "−1 every source inside trusted_networks"],
    evidence: "the registrations, and the logins from the new network before them",
    remediation:
      "Ask the person whether the method is theirs: callers who talk people through a login register "
      + "a method of their own to come back. If it is not, disconnect it (Setup > Users > the user > "
      + "Disconnect beside the method), freeze the account, end its sessions, and reset the password "
      + "here and at the identity provider.",
    references: [Reference.vishing, Reference.multiFactorFAQ],
    attack: ["T1098.005", "T1556.006", "T1078.004"], thresholds: [hours, NewNetwork.days])

  func findings(for facts: AccountFacts, in context: RuleContext) -> [FindingDraft] {
    guard facts.human.succeeded > 0, let id = facts.id,
      let registrations = context.judgement.verifications?.registrations(of: id),
      !registrations.isEmpty, let places = NewPlaces(facts, context)
    else { return [] }
    let logins = facts.logins.filter {
      $0.verdict != nil && places.newNetwork(ofAddress: $0.row.address) != nil
    }
    let span = Int64(context.value(of: Self.hours) * 3_600_000)
    func follows(_ registration: VerificationTable.Registration, _ login: JudgedLogin) -> Bool {
      let distance = registration.time.milliseconds - login.row.time.milliseconds
      // The row of a login at which a method was registered may come after the registration.
      return (0...span).contains(distance)
        || login.verdict?.registeredMethod == true && (-Self.loginSpan...0).contains(distance)
    }
    let found = registrations.filter { registration in
      logins.contains { follows(registration, $0) }
    }
    guard !found.isEmpty else { return [] }
    let cited = logins.filter { login in found.contains { follows($0, login) } }
    guard facts.accountClass == .integration || context.wasPrivileged(facts, at: cited) else {
      return []
    }
    return [draft(found, cited, places, facts, context)]
  }

  /// How long a login may take at which a method is registered.
  private static let loginSpan: Int64 = 600_000

  private func draft(
    _ registrations: [VerificationTable.Registration], _ logins: [JudgedLogin],
    _ places: NewPlaces, _ facts: AccountFacts, _ context: RuleContext
  ) -> FindingDraft {
    var draft = FindingDraft()
    draft.counts = ["registrations": registrations.count, "logins": logins.count]
    draft.conditions = [
      Condition(
        "methods registered",
        registrations.map { registration in
          "\(registration.activity) at \(registration.time.text)"
            + (registration.address.isEmpty ? "" : " from \(registration.address)")
        }.joined(separator: ", "), threshold: "1 or more",
        source: "VerificationHistory, activities Connect… and EnableLL",
        wouldChange:
          "a registration more than \(Int(context.value(of: Self.hours)).counted("hour")) later")
    ]
    let networks = Set(logins.compactMap { places.newNetwork(ofAddress: $0.row.address) })
    draft.conditions += networks.sorted { $0.text < $1.text }.map {
      places.condition(ofNetwork: $0)
    }
    draft.conditions.append(HumanLogins.classCondition(facts))
    if facts.accountClass != .integration { context.limitByPermissions(&draft) }
    draft.cite(logins, "login from a new network")
    for registration in registrations {
      draft.firstSeen = draft.firstSeen.map { min($0, registration.time) }
      draft.lastSeen = draft.lastSeen.map { max($0, registration.time) }
      draft.evidence.append(
        context.evidence(
          EventPlace(time: registration.time, file: registration.file, line: registration.line),
          LoginShape(), address: registration.address,
          "method registered: \(registration.activity)"))
    }
    return draft
  }
}
