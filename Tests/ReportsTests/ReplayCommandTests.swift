import Reports
import Testing

/// Commands that show where results come from.
@Suite struct ReplayCommandTests {
  @Test func fewInputsAreNamedEachAndManyByTheirFolder() {
    let nights = (1...9).map { "exports/2026-08-0\($0)" }
    let few = ReplayCommand(inputs: Array(nights.prefix(8)), options: [])
    #expect(few.events(["--id", "X"]).contains("exports/2026-08-01 exports/2026-08-02"))
    let many = ReplayCommand(inputs: nights + ["/other/one.csv", "here.csv"], options: [])
    #expect(
      many.events(["--id", "X"]) == "postern events /other/one.csv exports here.csv --id X")
    // A trailing slash is not another folder, and files of no folder have none to be named by.
    #expect(
      ReplayCommand(inputs: nights.map { $0 + "/" }, options: []).events([])
        == "postern events exports")
    #expect(
      ReplayCommand(inputs: nights + ["exports/"], options: []).events([])
        == "postern events exports")
    let plain = (1...9).map { "\($0).csv" }
    #expect(ReplayCommand(inputs: plain, options: []).events([]).contains("1.csv 2.csv"))
  }
}
