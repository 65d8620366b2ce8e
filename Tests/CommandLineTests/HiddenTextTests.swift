import Foundation
import TestSupport
import Testing

/// What a terminal could obey, and what reorders or hides text, is shown by its number wherever it came
/// from: in every column, in names of files, in the configuration, in what a user mistypes.
@Suite struct HiddenTextTests {
  /// Directions, marks, joiners, controls, tags, fillers and selectors of variants.
  private static let hidden: [UInt32] =
    [
      0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9D, 0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x180E, 0x200B,
      0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060, 0x2064, 0x206A, 0x3164, 0xFE0F,
      0xFEFF, 0xFFA0, 0xFFF9, 0xE0001, 0xE0041, 0xE007F, 0xE0100,
    ] + Array(0x202A...0x202E) + Array(0x2066...0x2069)

  private static let text = String(
    String.UnicodeScalarView(hidden.compactMap(Unicode.Scalar.init).flatMap { ["x", $0] }))

  /// The scalars of an output that should have been shown by their numbers.
  private static func found(_ output: Data) -> [String] {
    let unsafe = Set(hidden)
    return Set(
      String(decoding: output, as: UTF8.self).unicodeScalars.lazy.map(\.value).filter(
        unsafe.contains)
    ).sorted().map { String($0, radix: 16) }
  }

  private static func exports() throws -> TestFolder {
    let folder = try TestFolder()
    let columns =
      "Id,UserId,LoginTime,LoginType,Status,SourceIp,Application,Browser,Platform,CountryIso"
    let rows = (0..<4).map { number in
      let own = "\(text)\(number % 2)"
      let user = "005Hn000000000\(1 + number % 2)"
      let kind = number < 2 ? "Application" : "Remote Access 2.0"
      return "0YaHn00000000\(10 + number),\(user),2026-08-03T10:1\(number):00.000Z,\(kind),Success,"
        + "\(own),\(own),\(own),\(own),\(own)\n"
    }
    let user = "005Hn0000000001"
    let odd = "\(text),\(user),2026-08-03T11:10:00.000Z,\(text),\(text),192.0.2.1,a,b,c,DE\n"
    let wrong = "0YaHn0000000019,\(user),\(text),Application,Success,192.0.2.1,a,b,c,DE\n"
    try folder.write("l\(text.prefix(12)).csv", columns + "\n" + rows.joined() + odd + wrong)
    try folder.write(
      "User.csv",
      "Id,Username,Name,IsActive,UserType,Profile.Name,UserRole.Name\n"
        + "005Hn0000000001,\(text)@example.com,\(text),true,Standard,\(text),\(text)\n"
        + "005Hn0000000002,b\(text)@example.com,\(text),\(text),Standard,\(text),\(text)\n")
    return folder
  }

  private static func config(_ folder: TestFolder) throws -> String {
    let quoted = #""x\u202Ey\u200Bz\u2066\uFEFF\u3164\u009B\u001B[31m""#
    return try folder.write(
      "out-config.yaml",
      """
      org: {id: 00D000000000001AAA, name: \(quoted)}
      suppressions:
        - {rule: PST-DATA-002, account: "*", owner: \(quoted),
           reason: \(quoted), expires: 2026-12-31}
        - {rule: PST-MFA-004, account: "*", owner: \(quoted),
           reason: \(quoted), expires: 2026-01-31}
      """)
  }

  @Test(arguments: [
    "text", "brief", "html", "csv", "csv-accounts", "csv-actions", "csv-applications",
  ])
  func resultsShowItByItsNumber(form: String) throws {
    let (folder, place) = (try Self.exports(), try TestFolder())
    let config = try Self.config(place)
    let results = place.path("r.jsonl")
    let seen = try Program.run(
      "postern",
      [
        "scan", folder.path, "--config", config, "--now", "2026-09-01", "-o", form, "-o",
        "jsonl:" + results,
      ])
    #expect(!seen.isSignal && [0, 2].contains(seen.code), "\(seen.errors)")
    #expect(seen.output.count > 200)
    #expect(Self.found(seen.output) == [])
    #expect(Self.found(Data(seen.errors.utf8)) == [])
    let report = try Program.run("postern", ["report", results, "--baseline", results, "-o", form])
    #expect(Self.found(report.output) == [])
    #expect(Self.found(Data(report.errors.utf8)) == [])
  }

  @Test(arguments: [
    ["inspect", "IN"], ["apps", "IN"], ["apps", "IN", "--application", "TEXT0"],
    ["account", "005Hn0000000001", "IN"], ["events", "IN"], ["events", "IN", "-o", "csv"],
    ["events", "IN", "--by", "application,browser,address"],
    ["pivot", "application=TEXT0", "IN"], ["pivot", "application=nothing\u{202E}", "IN"],
    ["account", "nobody\u{202E}", "IN"], ["scan", "no\u{202E}\u{9B}such", "-o", "text"],
    ["scan", "IN", "--config", "no\u{202E}such"], ["scan", "IN", "-o", "no\u{202E}form"],
    ["scan", "IN", "--since", "no\u{202E}date"], ["no\u{202E}verb"],
    ["scan", "IN", "--no\u{202E}"],
    ["explain", "pf1:no\u{202E}id", "RESULTS"], ["explain", "pst-mfa-004", "RESULTS"],
    ["diff", "RESULTS", "RESULTS"], ["rules", "no\u{202E}rule"], ["report", "no\u{202E}such"],
    ["hunt", "IN", "--indicators", "LIST"],
    ["events", "IN", "--account", "no\u{202E}\u{E0041}one"],
  ])
  func everyVerbShowsItByItsNumber(words: [String]) throws {
    let (folder, place) = (try Self.exports(), try TestFolder())
    let results = place.path("r.jsonl")
    let list = try place.write("list.txt", "\(Self.text)0\nnetwork\u{202E}\n")
    _ = try Program.run(
      "postern", ["scan", folder.path, "--now", "2026-09-01", "-o", "jsonl:" + results])
    let seen = try Program.run(
      "postern",
      words.map {
        $0.replacing("IN", with: folder.path).replacing("RESULTS", with: results)
          .replacing("LIST", with: list).replacing("TEXT0", with: Self.text + "0")
      })
    #expect(!seen.isSignal, "\(words)")
    #expect(!seen.output.isEmpty || !seen.errors.isEmpty)
    #expect(Self.found(seen.output) == [], "\(words): \(seen.code)")
    #expect(Self.found(Data(seen.errors.utf8)) == [], "\(words): \(seen.code) \(seen.errors)")
  }
}
