import TestSupport
import Testing

/// One seeded org and how it is exported.
struct SeededOrg: CustomTestStringConvertible, Sendable {
  let name: String
  let arguments: [String]
  var logins = "LoginHistory.csv"
  var policy = Policy()

  var testDescription: String { name }

  static let all = [
    SeededOrg(
      name: "whole", arguments: ["--seed", "11", "--rows", "3000", "--users", "60", "--days", "40"]),
    SeededOrg(
      name: "holes",
      arguments: [
        "--seed", "12", "--rows", "2500", "--users", "50", "--days", "60", "--verification",
        "holes",
      ]),
    SeededOrg(
      name: "no verifications",
      arguments: ["--seed", "13", "--rows", "1500", "--verification", "none", "--users", "45"]),
    SeededOrg(
      name: "Setup download",
      arguments: ["--seed", "14", "--rows", "2000", "--users", "50", "--shape", "setup"]),
    SeededOrg(
      name: "event log of 2020",
      arguments: ["--seed", "15", "--rows", "2000", "--users", "50", "--shape", "elf-2020"]),
    SeededOrg(
      name: "event log of 2023",
      arguments: ["--seed", "16", "--rows", "2000", "--users", "50", "--shape", "elf-2023"]),
    SeededOrg(
      name: "event log of 2026",
      arguments: ["--seed", "17", "--rows", "2000", "--users", "50", "--shape", "elf-2026"]),
    SeededOrg(
      name: "dated snapshots",
      arguments: ["--seed", "18", "--rows", "2000", "--users", "50", "--snapshots", "3"]),
    SeededOrg(
      name: "faults",
      arguments: [
        "--seed", "19", "--rows", "2000", "--users", "50", "--faults",
        "bad-time,bad-id,short-row,long-row,open-quote",
      ]),
    SeededOrg(
      name: "files that overlap",
      arguments: [
        "--seed", "20", "--rows", "2400", "--users", "50", "--files", "4", "--overlap", "90",
        "--order", "shuffled", "--dialect", "rest", "--delimiter", "semicolon",
      ]),
    SeededOrg(
      name: "incidents",
      arguments: [
        "--seed", "21", "--rows", "3000", "--users", "60", "--days", "40", "--incidents", "all",
      ],
      policy: Policy(
        isSwitchOn: false, trustedNetworks: ["192.0.2.0/24"],
        indicatorAddresses: ["2001:db8:bad::/48"], indicatorApplications: ["My Ticket Portal"])),
    SeededOrg(
      name: "incidents in the event log",
      arguments: [
        "--seed", "22", "--rows", "3000", "--users", "60", "--days", "50", "--shape", "elf-2026",
        "--incidents", "indicator,burst,failing-client,lockout,old-tls,scattered-people",
      ],
      policy: Policy(
        organizationType: "sandbox", isSwitchOn: true,
        indicatorUserAgents: ["SalesforceMobileSDK/13.0 iOS"])),
    SeededOrg(
      name: "a configured org after the roll-out",
      arguments: [
        "--seed", "23", "--rows", "3000", "--users", "60", "--days", "50", "--start", "2026-07-10",
      ],
      policy: Policy(
        now: "2027-03-01T00:00:00.000Z", isSwitchOn: true,
        sessionLevels: ["Back Office Integration": "HIGH_ASSURANCE"],
        integrationAccounts: ["user.24@example.com"], breakGlassAccounts: ["user.21@example.org"],
        humanAccounts: ["svc.billing.*"], automationAccounts: ["user.22@example.com"],
        trustedNetworks: ["192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"],
        allowedPrivileges: ["profile:System Administrator": ["ModifyAllData", "ViewAllData"]])),
    SeededOrg(
      name: "a breached vendor",
      arguments: [
        "--seed", "27", "--rows", "2000", "--users", "50", "--days", "60", "--incident", "klue",
      ],
      policy: Policy(indicatorAddresses: ["203.0.113.67/32"])),
    SeededOrg(
      name: "calls to a person and an administrator",
      arguments: [
        "--seed", "28", "--rows", "2000", "--users", "50", "--days", "60", "--incident", "vishing",
      ]),
    SeededOrg(
      name: "pages without a login",
      arguments: [
        "--seed", "29", "--rows", "2000", "--users", "50", "--days", "40", "--incident",
        "front-door",
      ]),
    SeededOrg(
      name: "a token that lay unused",
      arguments: [
        "--seed", "30", "--rows", "2000", "--users", "50", "--days", "110", "--incident",
        "stale-token",
      ]),
    SeededOrg(
      name: "events of every kind",
      arguments: [
        "--seed", "25", "--rows", "2000", "--users", "50", "--days", "40", "--events", "all",
      ]),
    SeededOrg(
      name: "Setup downloads that overlap",
      arguments: [
        "--seed", "26", "--rows", "2000", "--users", "50", "--shape", "setup", "--files", "3",
        "--overlap", "60",
      ]),
    SeededOrg(
      name: "long after all retirements",
      arguments: ["--seed", "24", "--rows", "1500", "--users", "45", "--days", "30"],
      policy: Policy(now: "2028-01-15T00:00:00.000Z")),
  ]
}

@Suite(.serialized)
struct SeededOrgTests {
  @Test(arguments: SeededOrg.all)
  func everyFigureAndFindingIsTheOracles(_ org: SeededOrg) throws {
    let folder = try Program.synthesise(org.arguments)
    let records = try Program.scan([folder.path], policy: org.policy)
    let oracle = try Oracle(folder: folder.path, policy: org.policy)
    var differences = oracle.differences(from: records)
    let states = oracle.states(of: records)
    print("\(org.name): compared \(states.compared.joined(separator: " "))")
    if !states.absent.isEmpty {
      print("\(org.name): absent \(states.absent.joined(separator: " "))")
    }
    differences += oracle.verdictDifferences(
      from: try Program.events([folder.path], policy: org.policy))
    for line in differences.prefix(40) { print("\(org.name): \(line)") }
    #expect(differences.isEmpty, "\(org.name): \(differences.count) differences")
  }
}
