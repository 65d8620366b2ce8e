import Foundation
import TestSupport
import Testing

/// The HTML report of the built program.
@Suite struct HTMLTests {
  @Test func scanAndReportGiveTheSamePageOnAnyNumberOfThreads() throws {
    let folder = try TestFolder()
    let results = folder.path("results.jsonl")
    var pages: [Data] = []
    for threads in ["1", "2"] {
      let outcome = try Program.run(
        "postern",
        [
          "scan", Program.samples + "/exports", "--now", "2026-09-01", "--threads", threads,
          "-o", "html", "-o", "jsonl:" + results,
        ])
      #expect(outcome.code == 0, "\(outcome.errors)")
      pages.append(outcome.output)
    }
    let report = try Program.run("postern", ["report", results, "-o", "html"])
    #expect(report.code == 0, "\(report.errors)")
    pages.append(report.output)
    let areSame = pages.allSatisfy { $0 == pages[0] }
    #expect(areSame)
    #expect(pages[0].starts(with: Data("<!DOCTYPE html>".utf8)))
  }

  @Test func aBaselineMarksWhatIsNew() throws {
    let folder = try TestFolder()
    func scan(_ until: String, _ name: String) throws -> String {
      let path = folder.path(name)
      let outcome = try Program.run(
        "postern",
        [
          "scan", Program.samples + "/exports", "--now", "2026-09-01", "--until", until,
          "-o", "jsonl:" + path,
        ])
      #expect(outcome.code == 0, "\(outcome.errors)")
      return path
    }
    let old = try scan("2026-03-10", "old.jsonl")
    let new = try scan("2026-04-20", "new.jsonl")
    let report = try Program.run(
      "postern", ["report", new, "--baseline", old, "-o", "html"])
    let isMarked = report.text.contains("<span class=\"tag new\">new</span>")
    let isTold = report.text.contains(" Since the earlier results ")
    #expect(isMarked && isTold)
    let without = try Program.run("postern", ["report", new, "-o", "html"])
    let isSilent = !without.text.contains("class=\"tag new\"")
    #expect(isSilent)
  }

  @Test func theRetirementDatesOfTheConfigurationStandInThePage() throws {
    let folder = try TestFolder()
    let configuration = try folder.write(
      "postern.yaml", "calendars: {soap_login_retirement: 2027-09-09}\n")
    let outcome = try Program.run(
      "postern",
      [
        "scan", Program.samples + "/exports", "--now", "2026-09-01", "--config", configuration,
        "-o", "html",
      ])
    let isThere = outcome.text.contains("2027-09-09")
    #expect(isThere, "\(outcome.errors)")
  }
}
