import Foundation
import TestSupport
import Testing

/// Exports of events as postern-synth writes them, against what it knows.
@Suite struct SyntheticEventTests {
  private func scan(_ options: [String], _ arguments: [String] = []) throws -> (
    results: Results, truth: Results.Object
  ) {
    let folder = try TestFolder()
    let outcome = try Program.run(
      "postern-synth",
      [folder.path("org"), "--rows", "3000", "--users", "60", "--days", "40", "--events", "all"]
        + options)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let truth = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: folder.path("org/truth.json"))))
    try FileManager.default.removeItem(atPath: folder.path("org/truth.json"))
    return (
      try Program.scan([folder.path("org")] + arguments), try #require(truth as? Results.Object)
    )
  }

  private func identifier(_ record: Results.Object) -> String {
    (record["account"] as? Results.Object)?["id"] as? String ?? ""
  }

  @Test(arguments: ["full", "holes", "none"])
  func verdictsRequestsAndLoginAsAreWhatTheGeneratorKnows(verification: String) throws {
    let (results, truth) = try scan(["--seed", "5", "--verification", verification])
    #expect(results.code == 0)
    var bases: Set<String> = []
    let found = Dictionary(grouping: results.accounts, by: identifier)
    for account in truth["accounts"] as? [Results.Object] ?? [] {
      let id = account["id"] as? String ?? ""
      guard let record = found[id]?.first else {
        #expect(account["total"] as? Int == 0)
        continue
      }
      let human = (record["logins"] as? Results.Object)?["human"] as? Results.Object
      let expected = (account["human"] as? Results.Object)?["by_basis"] as? [String: Int] ?? [:]
      #expect(human?["by_basis"] as? [String: Int] == expected, "\(id)")
      bases.formUnion(expected.keys)
    }
    #expect(bases.isSuperset(of: ["login_event", "session_level"]))
    let requests = truth["api_requests"] as? [String: Int] ?? [:]
    #expect(!requests.isEmpty)
    for record in results.accounts {
      let total = (record["api_requests"] as? Results.Object)?["total"] as? Int
      #expect(total == requests[identifier(record)])
    }
    let pairs = (truth["login_as"] as? [[String: String]] ?? []).map {
      "\($0["account"] ?? "") \($0["admin"] ?? "")"
    }
    let told = results.findings("INT-012").map {
      "\(identifier($0)) \($0["discriminator"] as? String ?? "")"
    }
    #expect(Set(pairs) == Set(told) && pairs.count == 2)
  }

  @Test func logoutsReachTheLoginsOfAnEventLog() throws {
    let (results, _) = try scan(["--seed", "6", "--shape", "elf-2026"], ["--logins", "event-log"])
    let bases = results.accounts.indices.map { results.bases($0) }
    #expect(bases.contains { ($0["session_level"] ?? 0) > 0 })
    #expect(bases.contains { ($0["login_event"] ?? 0) > 0 })
    let alone = try scan(
      ["--seed", "6", "--shape", "elf-2026", "--events", "logout", "--verification", "none"])
    let humans = alone.results.accounts.indices.map { alone.results.bases($0) }
    #expect(humans.contains { ($0["session_level"] ?? 0) > 0 })
    #expect(!humans.contains { ($0["login_event"] ?? 0) > 0 })
  }
}
