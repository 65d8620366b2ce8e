import Findings
import Foundation
import Postern
import SalesforceExports
import Testing

@testable import Configuration

/// The sample of a configuration, the code that reads one and the page about it say the same.
struct ConfigurationSampleTests {
  /// The sample with every setting stated.
  private static var stated: String {
    ConfigurationSample.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("#") else { return String(line) }
      let rest = line.dropFirst()
      return !rest.hasPrefix(" ") || rest.hasPrefix("  ") ? String(rest) : String(line)
    }.joined(separator: "\n")
  }

  private func load(_ text: String) throws -> Configuration {
    let folder = try ConfigurationFolder()
    try folder.write(text, to: "postern.yaml")
    return try ConfigurationFile.load(folder.path("postern.yaml"))
  }

  @Test func theSampleAsItIsChangesNothing() throws {
    var configuration = try load(ConfigurationSample.text)
    configuration.sources = []
    #expect(configuration == Configuration())
  }

  @Test func everyKeyOfTheSampleIsRead() throws {
    let configuration = try load(Self.stated)
    #expect(configuration.organization.type == .production)
    #expect(configuration.suppressions.count == 1)
    #expect(configuration.indicators.count == 3)
    #expect(configuration.allowedPrivileges.count == 1)
    // What has a default stands there with it.
    #expect(configuration.userFacingClients == Configuration.defaultUserFacingClients)
    #expect(configuration.integrationWords == Configuration.defaultIntegrationWords)
    #expect(
      configuration.thresholds
        == Dictionary(uniqueKeysWithValues: Catalogue.thresholds.map { ($0.name, $0.standard) }))
    #expect(
      configuration.calendars
        == Dictionary(
          uniqueKeysWithValues: CalendarEntry.all.filter { $0.date != .never }.map {
            ($0.name, $0.date.milliseconds)
          }))
    #expect(configuration.limits.columns == 10_000)
  }

  @Test func everyKeyThatIsReadStandsInTheSample() {
    let lines = ConfigurationSample.text.split(separator: "\n")
    for key in ConfigurationReader.keys {
      #expect(lines.contains { $0.hasPrefix("#\(key):") }, "\(key)")
    }
    for entry in CalendarEntry.all { #expect(ConfigurationSample.text.contains(entry.name)) }
  }

  @Test func thePageAboutItShowsTheSample() throws {
    let page = try String(
      contentsOf: URL(filePath: #filePath).appending(path: "../../../../docs/configuration.md")
        .standardized, encoding: .utf8)
    #expect(page.contains(ConfigurationSample.text))
    for key in ConfigurationReader.keys { #expect(page.contains("`\(key)`"), "\(key)") }
  }

  @Test func aCheckNamesSuppressionsThatHaveExpired() throws {
    let configuration = try load(Self.stated)
    let now = Instant(milliseconds: try InstantText.parse("2027-04-01"))
    let text = ConfigurationCheck(configuration, path: "a.yaml", now: now).text
    #expect(text.hasPrefix("a.yaml: sound\na.yaml:"))
    #expect(text.contains("PST-INT-008 for etl@example.com expired on 2027-03-31"))
    let before = Instant(milliseconds: try InstantText.parse("2027-01-01"))
    #expect(
      ConfigurationCheck(configuration, path: "a\u{1B}.yaml", now: before).text
        == "a\\u{1B}.yaml: sound\n")
  }
}
