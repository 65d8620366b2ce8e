import Foundation
import TestSupport
import Testing

/// `postern report`, and the forms of results that a scan writes too.
@Suite struct ReportTests {
  private static let exports = Program.samples + "/exports"
  private static let forms = [
    "text", "jsonl", "csv", "csv-accounts", "csv-actions", "html", "ocsf",
  ]

  private static func csv(_ text: String) throws -> CSVText { try #require(CSVText(text)) }

  /// Scans to all forms in `folder`; the files are named after the forms.
  @discardableResult
  private static func scan(_ inputs: [String], _ folder: TestFolder, _ more: [String] = []) throws
    -> Program.Outcome
  {
    let outputs = forms.flatMap { ["-o", "\($0):" + folder.path("scan." + $0)] }
    return try Program.run("postern", ["scan"] + inputs + ["--now", "2026-09-01"] + outputs + more)
  }

  private static func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path))
  }

  @Test func scanAndReportGiveTheSameBytes() throws {
    let folder = try TestFolder()
    #expect(try Self.scan([Self.exports], folder).code == 0)
    let results = folder.path("scan.jsonl")
    for form in Self.forms {
      let outcome = try Program.run("postern", ["report", results, "-o", form])
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(try outcome.output == Self.bytes(folder.path("scan." + form)), "\(form)")
      #expect(!outcome.output.isEmpty)
    }
    // Alone, and next to others; from standard input; text by default.
    let text = try Program.run(
      "postern", ["report", "-"], input: Self.bytes(results))
    #expect(try text.output == Self.bytes(folder.path("scan.text")))
    let alone = try Program.run(
      "postern", ["scan", Self.exports, "--now", "2026-09-01", "-o", "csv"])
    #expect(try alone.output == Self.bytes(folder.path("scan.csv")))
  }

  @Test func csvHasALineForEachFindingAndAccount() throws {
    let folder = try TestFolder()
    try Self.scan([Self.exports], folder)
    let results = try Results(
      .init(code: 0, output: Self.bytes(folder.path("scan.jsonl")), errors: ""))
    let findings = try Self.csv(
      String(contentsOfFile: folder.path("scan.csv"), encoding: .utf8))
    #expect(findings.header.first == "finding_id")
    let sorted = Self.bySeverity(results.of("finding")) { $0["severity"] as? String ?? "" }
    let ids = sorted.compactMap { $0["finding_id"] as? String }
    #expect(findings.rows.compactMap { $0["finding_id"] } == ids)
    for (row, record) in zip(findings.rows, sorted) {
      #expect(row["severity"] == record["severity"] as? String)
      #expect(row["evidence_total"] == (record["evidence_total"] as? Int).map(String.init))
      // Nothing is cut: each row of the evidence has its place.
      for evidence in record["evidence"] as? [Results.Object] ?? [] {
        let place = "\(evidence["file"] as? String ?? ""):\(evidence["line"] as? Int ?? 0)"
        #expect(row["evidence"]?.contains(place) == true)
      }
    }
    let accounts = try Self.csv(
      String(contentsOfFile: folder.path("scan.csv-accounts"), encoding: .utf8))
    #expect(accounts.rows.count == results.accounts.count)
    for (row, record) in zip(accounts.rows, results.accounts) {
      let logins = record["logins"] as? Results.Object
      let human = logins?["human"] as? Results.Object
      #expect(row["total_attempted"] == (logins?["total"] as? Int).map(String.init))
      #expect(row["mfa_absent"] == (human?["mfa_absent"] as? Int).map(String.init))
    }
  }

  /// The most severe first; those of one severity stay in their order.
  private static func bySeverity<Row>(_ rows: [Row], _ severity: (Row) -> String) -> [Row] {
    let names = ["critical", "high", "medium", "low", "info"]
    return names.flatMap { name in rows.filter { severity($0) == name } }
  }

  @Test func csvOfActionsHasEachStepOnceAnAccountWithItsPathInSetup() throws {
    let folder = try TestFolder()
    try Self.scan([Self.exports], folder)
    let results = try Results(
      .init(code: 0, output: Self.bytes(folder.path("scan.jsonl")), errors: ""))
    let actions = try Self.csv(
      String(contentsOfFile: folder.path("scan.csv-actions"), encoding: .utf8)
    ).rows
    let sorted = Self.bySeverity(actions) { $0["severity"] ?? "" }
    #expect(actions.map { $0["finding"] } == sorted.map { $0["finding"] })
    var seen: [String] = []
    for action in actions {
      let ids = (action["finding"] ?? "").components(separatedBy: "; ")
      seen += ids
      let findings = results.of("finding").filter {
        ids.contains($0["finding_id"] as? String ?? "")
      }
      #expect(findings.count == ids.count)
      #expect(findings.allSatisfy { $0["remediation"] as? String == action["step"] })
      let severities = findings.compactMap { $0["severity"] as? String }
      #expect(Self.bySeverity(severities) { $0 }.first == action["severity"])
      for path in (action["setup_path"] ?? "").components(separatedBy: "; ") where !path.isEmpty {
        #expect(path.hasPrefix("Setup > ") && action["step"]?.contains(path) == true, "\(path)")
      }
    }
    let asked = results.of("finding").filter { $0["remediation"] as? String != "" }
    #expect(seen.sorted() == asked.compactMap { $0["finding_id"] as? String }.sorted())
    #expect(actions.count < seen.count)
    let switched = try #require(actions.first { $0["rule_id"] == "PST-MFA-001" })
    #expect(
      switched["setup_path"]
        == "Setup > Identity > Identity Verification > "
        + "“Require multi-factor authentication (MFA) for all direct UI logins”")
    #expect(switched["account_class"] == "integration" && switched["status"] == "fail")
    #expect(switched["account_type"] == "integration" && switched["outcome"] == "found")
    #expect(switched["account"] == switched["username"])
    let undecided = try #require(actions.first { $0["status"] == "unknown" })
    #expect(undecided["outcome"] == "undecided")
    let soap = try #require(actions.first { $0["rule_id"] == "PST-API-002" })
    #expect(soap["subject"]?.hasPrefix("application=") == true)
    #expect(soap["about"]?.hasPrefix("application ") == true, "\(soap)")
    #expect(actions.contains { $0["account"] == "the org" && $0["account_type"] == "" })
    // What people read holds no code, but for keys of the configuration in a step.
    for action in actions {
      for column in ["severity", "outcome", "account_type", "setup_path", "title", "about"] {
        #expect(action[column]?.contains("_") == false, "\(column): \(action)")
      }
    }
  }

  @Test func nobodyIsAskedToActOnWhatIsSuppressed() throws {
    let folder = try TestFolder()
    let config = try folder.write(
      "c.yaml",
      "suppressions:\n  - {rule: PST-MFA-004, account: '*', owner: a, reason: b, expires: 2027-01-01}\n"
    )
    try folder.write("l.csv", Exports.logins([Exports.Login()]))
    let scan = ["scan", folder.path("l.csv"), "--now", "2026-09-01", "-o", "csv-actions"]
    let open = try Self.csv(try Program.run("postern", scan).text)
    let rest = try Self.csv(try Program.run("postern", scan + ["--config", config]).text)
    #expect(open.rows.contains { $0["rule_id"] == "PST-MFA-004" })
    #expect(!rest.rows.contains { $0["rule_id"] == "PST-MFA-004" })
    #expect(rest.rows.count == open.rows.count - 1)
  }

  @Test func whatIsTooMuchForMemoryIsSortedAllTheSame() throws {
    let folder = try TestFolder()
    let logins = (1...2_400).map { number -> Exports.Login in
      var login = Exports.Login()
      let digits = String(number)
      login.user = "005Hn00000" + String(repeating: "0", count: 5 - digits.count) + digits
      return login
    }
    try folder.write("l.csv", Exports.logins(logins))
    #expect(try Self.scan([folder.path("l.csv")], folder).code == 0)
    let bytes = try Self.bytes(folder.path("scan.csv"))
    let table = try Self.csv(String(decoding: bytes, as: UTF8.self))
    let keys = table.rows.compactMap { $0["account_key"] }.filter { !$0.isEmpty }
    #expect(keys.count == 2_400 && keys == keys.sorted())
    // More than waits in memory.
    #expect(bytes.count > 1 << 20)
    let report = try Program.run("postern", ["report", folder.path("scan.jsonl"), "-o", "csv"])
    #expect(report.output == bytes)
  }

  @Test func aByteOrderMarkStandsBeforeTablesWhereItIsAskedFor() throws {
    let folder = try TestFolder()
    let mark = Data([0xEF, 0xBB, 0xBF])
    try Self.scan([Self.exports], folder)
    let marked = try TestFolder()
    try Self.scan([Self.exports], marked, ["--csv-bom"])
    for form in Self.forms where form != "text" && form != "jsonl" {
      let plain = try Self.bytes(folder.path("scan." + form))
      let expected = form.hasPrefix("csv") ? mark + plain : plain
      #expect(try Self.bytes(marked.path("scan." + form)) == expected, "\(form)")
    }
    let report = try Program.run(
      "postern", ["report", folder.path("scan.jsonl"), "-o", "csv", "--csv-bom"])
    #expect(try report.output == Self.bytes(marked.path("scan.csv")))
    let apps = try Program.run("postern", ["apps", Self.exports, "-o", "csv", "--csv-bom"])
    #expect(apps.output.starts(with: mark + Data("application,".utf8)))
  }

  @Test func theBaselineMarksWhatIsNew() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login(status: "Failed: API-only user")]))
    let old = folder.path("old.jsonl")
    let new = folder.path("new.jsonl")
    func scan(_ path: String) throws {
      _ = try Program.run(
        "postern",
        ["scan", folder.path("l.csv"), "--now", "2026-09-01", "-o", "jsonl:" + path])
    }
    try scan(old)
    try folder.write(
      "l.csv",
      Exports.logins([
        Exports.Login(status: "Failed: API-only user"),
        Exports.Login(user: Exports.two, status: "Failed: API-only user"),
      ]))
    try scan(new)
    func report(_ form: String, _ more: [String]) throws -> String {
      try Program.run("postern", ["report", new, "-o", form] + more).text
    }
    let csv = try Self.csv(try report("csv", ["--baseline", old]))
    let changes = csv.rows.filter { $0["rule_id"] == "PST-INT-002" }.compactMap { row in
      row["account_id"].map { ($0, row["change"] ?? "") }
    }
    #expect(
      Dictionary(uniqueKeysWithValues: changes) == [Exports.one: "persisting", Exports.two: "new"])
    let accounts = try Self.csv(try report("csv-accounts", ["--baseline", old]))
    #expect(accounts.rows.first { $0["account_id"] == Exports.one }?["findings_new"] == "0")
    #expect(accounts.rows.first { $0["account_id"] == Exports.two }?["findings_new"] != "0")
    #expect(try report("text", ["--baseline", old]).contains("[new]"))
    #expect(try !report("text", []).contains("[new]"))
    #expect(try Self.csv(try report("csv", [])).rows.allSatisfy { $0["change"] == "" })
  }

  // MARK: Hostile text

  private static let evil = [
    "\"><script>alert(1)</script>", "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1",
    "\u{1B}[31mred\u{1B}]0;t\u{7}", "\u{202E}drow", "a\u{0}b", "'; rm -rf ~; '$(id)`id`",
    "＝1", "\u{3000}=1", String(repeating: "n", count: 10_240), "日本語 🏳️‍🌈",
  ]

  @Test func noExportedTextCanDoHarmInAnyForm() throws {
    let folder = try TestFolder()
    func quoted(_ text: String) -> String {
      "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
    var logins: [Exports.Login] = []
    var users = "Id,Username,Name,IsActive,UserType,Profile.Name,Profile.PermissionsApiUserOnly\n"
    for (index, text) in Self.evil.enumerated() {
      let user = "005Hn00000000" + (index < 10 ? "0" : "") + "\(index)"
      logins.append(
        Exports.Login(
          user: user, status: "Failed: API-only user", address: quoted(text),
          application: quoted(text)))
      logins.append(Exports.Login(user: user, type: quoted(text), browser: quoted(text)))
      users += "\(user),\(quoted(text + "@x")),\(quoted(text)),true,Standard,\(quoted(text)),true\n"
    }
    let name = "x'$(id);y=\u{1B}[1m.csv"
    try folder.write(name, Exports.logins(logins))
    try folder.write("u.csv", users)
    let out = try TestFolder()
    let outcome = try Self.scan([folder.path], out)
    // Most of these login types cannot be classed, so the run is incomplete.
    #expect(outcome.code == 2, "\(outcome.errors.prefix(500))")

    let csv = try Self.csv(String(contentsOfFile: out.path("scan.csv"), encoding: .utf8))
    let accounts = try Self.csv(
      String(contentsOfFile: out.path("scan.csv-accounts"), encoding: .utf8))
    #expect(accounts.rows.count == Self.evil.count)
    #expect(csv.rows.count > Self.evil.count)
    for row in csv.rows + accounts.rows {
      for (column, cell) in row {
        let first = cell.unicodeScalars.first { $0 != "\u{3000}" }
        #expect(
          !(first.map { "=+-@\t\r\n＝".unicodeScalars.contains($0) } ?? false),
          "\(column): \(cell.prefix(40))")
        #expect(!cell.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" }, "\(column)")
        #expect(!cell.unicodeScalars.contains("\u{202E}"))
      }
    }
    #expect(accounts.rows.contains { $0["username"]?.hasPrefix("'=HYPERLINK") == true })
    let long = String(repeating: "n", count: 10_240)
    #expect(accounts.rows.contains { $0["name"] == long })

    for form in ["text", "ocsf", "jsonl"] {
      let text = try String(contentsOfFile: out.path("scan." + form), encoding: .utf8)
      let isSafe = !text.unicodeScalars.contains { scalar in
        (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
      }
      #expect(isSafe, "\(form)")
      if form == "text" { #expect(!text.unicodeScalars.contains("\u{202E}")) }
    }
    for verb in [["report"], ["diff", out.path("scan.jsonl")]] {
      let shown = try Program.run("postern", verb + [out.path("scan.jsonl")])
      #expect(shown.code == (verb[0] == "diff" ? 2 : 0))
      #expect(!shown.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
    for row in csv.rows.prefix(40) {
      let shown = try Program.run(
        "postern", ["explain", row["finding_id"] ?? "", out.path("scan.jsonl")])
      #expect(shown.code == 0, "\(shown.errors)")
      #expect(!shown.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      #expect(!shown.text.unicodeScalars.contains("\u{202E}"))
    }
  }

  // MARK: Bad results

  @Test(arguments: ["", "{}\n", "hello", "{\"schema\":\"postern.run/2\"}\n"])
  func resultsThatCannotBeUsedAreExit66(text: String) throws {
    let folder = try TestFolder()
    let path = try folder.write("r.jsonl", text)
    for arguments in [["report", path], ["explain", "pf1:0", path]] {
      let outcome = try Program.run("postern", arguments)
      #expect(outcome.code == 66)
      #expect(outcome.errors.contains("r.jsonl: line 1"), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func aRefusedFileLeavesNoOutput() throws {
    let folder = try TestFolder()
    try Self.scan([Self.exports], folder)
    let text = try String(contentsOfFile: folder.path("scan.jsonl"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    let cut = try folder.write("cut.jsonl", lines.dropLast().joined(separator: "\n") + "\n")
    let outcome = try Program.run("postern", ["report", cut, "-o", "csv:" + folder.path("x.csv")])
    #expect(outcome.code == 66 && outcome.errors.contains("line \(lines.count)"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("x.csv")))
    let missing = try Program.run("postern", ["report", folder.path("none.jsonl")])
    #expect(missing.code == 66)
    let isFolder = try Program.run("postern", ["report", folder.path])
    #expect(isFolder.code == 66)
    let baseline = try Program.run(
      "postern", ["report", folder.path("scan.jsonl"), "--baseline", cut])
    #expect(baseline.code == 66 && baseline.output.isEmpty)
  }

  // MARK: Outputs that can't be written

  @Test(arguments: ["scan", "report"])
  func anOutputThatCannotBeWrittenDoesNotKeepTheOthersFromBeingWritten(verb: String) throws {
    let source = try TestFolder()
    try Self.scan([Self.exports], source)
    let input = verb == "scan" ? Self.exports : source.path("scan.jsonl")
    let more = verb == "scan" ? ["--now", "2026-09-01"] : []
    let folder = try TestFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("sub"), withIntermediateDirectories: false)
    for bad in [
      "csv:/nonexistent/x.csv", "csv:/dev/full", "csv:/proc/x.csv",
      "csv:" + folder.path("sub"), "csv:" + folder.path("good.jsonl/x.csv"),
    ] {
      let outcome = try Program.run(
        "postern",
        [verb, input] + more + [
          "-o", "jsonl:" + folder.path("good.jsonl"), "-o", bad, "-o",
          "csv-accounts:" + folder.path("accounts.csv"), "-o", "text",
        ])
      #expect(outcome.code == 74, "\(bad)")
      #expect(outcome.errors.contains(bad.dropFirst(4)), "\(outcome.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["accounts.csv", "good.jsonl", "sub"], "\(bad)")
      #expect(outcome.text.contains("Findings"))
      #expect(
        try String(contentsOfFile: folder.path("good.jsonl"), encoding: .utf8)
          .hasSuffix("}\n"))
    }
    let full = FileHandle(forWritingAtPath: "/dev/full")
    #expect(full != nil)
  }

  @Test func rejectedRowsAreWrittenThoughAnOutputFails() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]) + "cut\n")
    let outcome = try Program.run(
      "postern",
      [
        "scan", folder.path("l.csv"), "-o", "jsonl:/nonexistent/x", "--rejects",
        folder.path("rejects.jsonl"),
      ])
    #expect(outcome.code == 74)
    #expect(
      try String(contentsOfFile: folder.path("rejects.jsonl"), encoding: .utf8).contains("cut"))
  }

  @Test(arguments: [
    ["report"], ["report", "x", "-o", "pdf"], ["report", "x", "-o", "csv", "-o", "text"],
    ["report", "x", "-o", "csv:"], ["explain", "x"], ["diff", "x"],
    ["diff", "x", "y", "-o", "csv"],
  ])
  func usageErrorsAreExit64(arguments: [String]) throws {
    let outcome = try Program.run("postern", arguments)
    #expect(outcome.code == 64)
    #expect(!outcome.errors.isEmpty && outcome.output.isEmpty)
  }
}
