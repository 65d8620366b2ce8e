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
  ]
}

@Suite(.serialized)
struct SeededOrgTests {
  @Test(arguments: SeededOrg.all)
  func everyFigureAndFindingIsTheOracles(_ org: SeededOrg) throws {
    let folder = try Programs.synthesise(org.arguments)
    let records = try Programs.scan([folder.path], policy: org.policy)
    let oracle = try Oracle(folder: folder.path, policy: org.policy)
    let differences = oracle.differences(from: records)
    for line in differences.prefix(40) { print("\(org.name): \(line)") }
    #expect(differences.isEmpty, "\(org.name): \(differences.count) differences")
  }
}
