import Testing

@testable import postern_synth

@Suite
struct CivilDateTests {
  @Test(arguments: ["1970-01-01", "2024-02-29", "2026-03-01", "2100-12-31"])
  func aDateSurvivesTheWayThroughDaysSinceEpoch(text: String) throws {
    let date = try #require(CivilDate(text))
    #expect(CivilDate(daysSinceEpoch: date.daysSinceEpoch).text == text)
  }

  @Test(arguments: ["2026-02-29", "2026-13-01", "2026-1", "today", ""])
  func whatIsNoDateIsRefused(text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test
  func theDefaultStartIsTheFirstOfMarch() {
    #expect(SynthOptions().start.text == "2026-03-01")
  }
}
