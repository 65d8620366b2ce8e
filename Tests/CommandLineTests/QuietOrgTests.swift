import Foundation
import TestSupport
import Testing

/// An org in which nothing happens, for half a year: rules about intruders have nothing to say.
@Suite struct QuietOrgTests {
  private static let rules = ["ACC-007", "ACC-008", "API-014", "API-015"]

  @Test(arguments: 1...20)
  func nobodyIsAccusedOfComingFromElsewhere(seed: Int) throws {
    let folder = try TestFolder()
    let made = try Program.run(
      "postern-synth",
      [
        folder.path("org"), "--seed", "\(seed)", "--rows", "4000", "--users", "40", "--days", "180",
        "--quiet",
      ])
    #expect(made.code == 0, "\(made.errors)")
    try FileManager.default.removeItem(atPath: folder.path("org/truth.json"))
    let results = try Program.scan([folder.path("org")])
    for rule in Self.rules {
      #expect(results.state(rule) == "none", "\(rule): \(results.findings(rule))")
    }
  }
}
