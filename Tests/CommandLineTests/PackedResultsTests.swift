import Foundation
import TestSupport
import Testing

/// Results as gzip, by the name of their path.
@Suite struct PackedResultsTests {
  private static func scanned() throws -> (folder: TestFolder, plain: String, packed: String) {
    let folder = try TestFolder()
    let (plain, packed) = (folder.path("results.jsonl"), folder.path("packed.jsonl.gz"))
    let ended = try Program.run(
      "postern",
      [
        "scan", Program.repository + "/samples/exports", "--now", "2026-09-01", "-o",
        "jsonl:\(plain)", "-o", "jsonl:\(packed)",
      ])
    try #require(ended.code == 0, "\(ended.errors)")
    return (folder, plain, packed)
  }

  @Test func theyAreTheSameBytesPacked() throws {
    let (folder, plain, packed) = try Self.scanned()
    defer { withExtendedLifetime(folder) {} }
    let unpacked = try Program.run(command: ["gzip", "-dc", packed])
    #expect(unpacked.code == 0)
    let whole = try Data(contentsOf: URL(filePath: plain))
    #expect(unpacked.output == whole)
    #expect(try Data(contentsOf: URL(filePath: packed)).count * 4 < whole.count)
  }

  @Test func everyVerbReadsThem() throws {
    let (folder, plain, packed) = try Self.scanned()
    #expect(
      try Program.run("postern", ["report", packed]).output
        == Program.run("postern", ["report", plain]).output)
    let diff = try Program.run("postern", ["diff", packed, plain])
    #expect(diff.code == 0, "\(diff.errors)")
    let baseline = try Program.run(
      "postern",
      [
        "scan", Program.repository + "/samples/exports", "--now", "2026-09-01", "--baseline",
        packed, "--fail-on-new", "info", "-o", "brief:\(folder.path("brief.md"))",
      ])
    #expect(baseline.code == 0, "\(baseline.errors)")
  }

  @Test func whatWasCutIsRefused() throws {
    let (folder, _, packed) = try Self.scanned()
    let whole = try Data(contentsOf: URL(filePath: packed))
    let cut = try folder.write("cut.jsonl.gz", whole.prefix(whole.count / 2))
    let ended = try Program.run("postern", ["report", cut])
    #expect(ended.code == 66)
    #expect(ended.errors.contains("cut.jsonl.gz"))
    #expect(ended.output.isEmpty)
  }
}
