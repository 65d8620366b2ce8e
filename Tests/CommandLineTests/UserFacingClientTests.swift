import Foundation
import TestSupport
import Testing

/// Whose client an application is, by the names that the program knows without a configuration.
@Suite struct UserFacingClientTests {
  /// Data Loader names itself by how it runs: its window is a person's, its command line a system's.
  @Test(arguments: [
    ("DataLoaderPartnerUI/64.0", "human"), ("DataLoaderBulkUI/", "human"),
    ("DataLoaderPartnerBatch/64.0", "integration"), ("DataLoaderBulkBatch/64.0", "integration"),
  ])
  func dataLoadersNamesTellPeopleFromSystems(application: String, expected: String) throws {
    let user: RuleScan.User = (Exports.one, "Nightly Sync", "Standard User", [])
    let results = try RuleScan.run(
      (1...5).map { day in
        RuleScan.api(RuleScan.time(day: day)) { login in
          login.type = "Partner Product"
          login.application = application
        }
      }, users: Exports.users([user]))
    let account = results.accounts.first?["account"] as? Results.Object
    #expect(account?["class"] as? String == expected)
  }
}
