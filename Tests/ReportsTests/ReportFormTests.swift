import Accounts
import Findings
import Reports
import Results
import Testing

/// What holds for all forms of results.
@Suite struct ReportFormTests {
  @Test(arguments: OutputFormat.allCases)
  func aFormShowsNoMemberThatItDidNotAskFor(format: OutputFormat) throws {
    for results in [
      try SampleResults.records(), try SyntheticResults(accounts: 700).records(),
    ] {
      let expected = results.bytes(format, isWhole: true)
      let bytes = results.bytes(format)
      #expect(bytes == expected)
    }
  }
}
