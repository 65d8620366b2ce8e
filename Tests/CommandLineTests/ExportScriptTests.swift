import Foundation
import TestSupport
import Testing

/// `samples/export/postern-export`, with a stand-in for the Salesforce CLI that answers as it does.
@Suite struct ExportScriptTests {
  @Test(arguments: Oddity.all)
  func anExportIsWholeOrNotThere(oddity: Oddity) throws {
    let org = try Org()
    try oddity.prepare(org)
    let outcome = try org.export(oddity.arguments)
    #expect(outcome.code == oddity.code, "\(outcome.errors)")
    for words in oddity.said {
      #expect(outcome.errors.contains(words), "\(words) is not in: \(outcome.errors)")
    }
    #expect(!outcome.errors.contains("\u{1B}"))
    let runs = try org.runs()
    if oddity.code == 0 {
      #expect(runs.count == 1)
      #expect(outcome.text == "\(org.exports)/\(runs.first ?? "")\n")
    } else {
      #expect(runs.isEmpty && outcome.text.isEmpty)
    }
    #expect(try org.leftovers().isEmpty)
    try oddity.check(org, outcome)
  }

  @Test func aWholeExportIsReadWithoutComplaint() throws {
    let org = try Org()
    #expect(try org.export().code == 0)
    let scan = try Program.scan([org.exports])
    #expect(scan.code == 0, "\(scan.errors)")
    #expect(scan.rows["analysed"] == 3)
    let inputs = scan.run["inputs"] as? [Results.Object] ?? []
    let kinds = Set(inputs.compactMap { $0["kind"] as? String })
    #expect(
      kinds.isSuperset(of: [
        "LoginHistory", "VerificationHistory", "User", "Profile", "PermissionSet",
        "PermissionSetAssignment", "PermissionSetGroup", "PermissionSetGroupComponent",
        "MutingPermissionSet", "PermissionSetLicenseAssign", "UserLogin", "TwoFactorMethodsInfo",
        "OauthToken", "LoginEvent", "LoginAsEvent", "EventLogFile:ApiTotalUsage",
      ]), "\(kinds)")
    #expect((scan.run["ignored"] as? [Results.Object] ?? []).isEmpty)
  }

  @Test func theNextRunTakesWhatIsNew() throws {
    let org = try Org()
    #expect(try org.export().code == 0)
    #expect(try org.calls { $0.contains("api request rest") }.count == 1)
    // Runs have seconds in their names.
    Thread.sleep(forTimeInterval: 1.05)
    let second = try org.export(["--since-last"])
    #expect(second.code == 0, "\(second.errors)")
    #expect(second.errors.contains("EventLogFile: 0 new logs"))
    let runs = try org.runs()
    #expect(runs.count == 2)
    let yesterday = Org.day(-1)
    let asked = try org.calls { $0.contains("FROM LoginHistory") }
    #expect(asked.last?.contains("LoginTime >= \(yesterday)T00:00:00Z") == true, "\(asked)")
    #expect(try org.calls { $0.contains("api request rest") }.count == 1)

    let other = try org.export(["--since-last"], org: "other")
    #expect(other.code == 64 && other.errors.contains("has exports of the org prod"))
  }

  @Test func theFirstRunSinceTheLastAsksForEverything() throws {
    let org = try Org()
    let outcome = try org.export(["--since-last"])
    #expect(outcome.code == 0 && outcome.errors.contains("no earlier export to this folder"))
  }

  @Test func twoRunsAtOnceDoNotMeet() throws {
    let org = try Org()
    let beside = try org.folder.makeFolder(".it's \"the\" export.exporting")
    let own = ProcessInfo.processInfo.processIdentifier
    try org.folder.write(".it's \"the\" export.exporting/.pid", "\(own)\n")
    let refused = try org.export()
    #expect(refused.code == 75 && refused.errors.contains("is under way (process \(own))"))
    #expect(FileManager.default.fileExists(atPath: beside))
    // What a killed one left is in nobody's way.
    try org.folder.write(".it's \"the\" export.exporting/.pid", "999999999\n")
    let next = try org.export()
    #expect(next.code == 0 && next.errors.contains("left behind"), "\(next.errors)")
  }

  @Test func anInterruptedRunLeavesNothing() throws {
    let org = try Org()
    try org.folder.write("bin/gzip", "#!/bin/sh\nkill -TERM $PPID\n")
    let chmod = try Program.run(command: ["chmod", "+x", org.folder.path("bin/gzip")])
    #expect(chmod.code == 0)
    let outcome = try org.export(path: org.folder.path("bin"))
    #expect(outcome.code == 143, "\(outcome.errors)")
    #expect(try org.runs().isEmpty && org.leftovers().isEmpty)
  }

  @Test func aFullDiskLeavesNothing() throws {
    let org = try Org()
    try org.folder.write("bin/gzip", "#!/bin/sh\nexit 1\n")
    let chmod = try Program.run(command: ["chmod", "+x", org.folder.path("bin/gzip")])
    #expect(chmod.code == 0)
    let outcome = try org.export(path: org.folder.path("bin"))
    #expect(outcome.code == 74 && outcome.errors.contains("cannot be packed"), "\(outcome.errors)")
    #expect(try org.runs().isEmpty && org.leftovers().isEmpty)
  }

  @Test func withoutTheSalesforceCommandLineItSaysWhereToGetIt() throws {
    let folder = try TestFolder()
    let outcome = try Program.run(
      command: ["env", "PATH=/usr/bin:/bin", "/bin/sh", Org.script, "prod", folder.path("exports")])
    #expect(outcome.code == 69 && outcome.errors.contains("npm install --global @salesforce/cli"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("exports")))
  }

  @Test(arguments: [
    [], ["prod"], ["prod", "a", "b"], ["--since", "yesterday", "prod", "a"],
    ["--since", "2026-02-30", "prod", "a"], ["--without", "Case", "prod", "a"],
    ["--never", "prod", "a"], ["", "a"], ["--since-last", "--since", "2026-08-01", "prod", "a"],
  ])
  func aMistypedCommandIsRefused(arguments: [String]) throws {
    let outcome = try Program.run(command: ["/bin/sh", Org.script] + arguments)
    #expect(outcome.code == 64, "\(outcome.errors)")
  }

  @Test func theHelpIsTheHeadOfTheScript() throws {
    let outcome = try Program.run(command: ["/bin/sh", Org.script, "--help"])
    #expect(outcome.code == 0 && outcome.text.contains("--since-last"))
    #expect(!outcome.text.contains("set -u"))
  }

  @Test(arguments: ["samples/export/postern-export", "Tests/Export/sf"])
  func theScriptIsPlain(name: String) throws {
    let path = Program.repository + "/" + name
    #expect(try Program.run(command: ["sh", "-n", path]).code == 0)
    // Where the checker is installed.
    guard try Program.run(command: ["sh", "-c", "command -v shellcheck"]).code == 0 else { return }
    let outcome = try Program.run(command: ["shellcheck", path])
    #expect(outcome.code == 0, "\(outcome.text)")
  }

  @Test func theGuideShowsEachQueryByHand() throws {
    let guide = try String(
      contentsOfFile: Program.repository + "/docs/exporting.md", encoding: .utf8)
    var shown: Set<String> = []
    for match in guide.matches(of: #/SELECT ([\w.,\s]+?)\s+FROM (\w+)/#) {
      let kind = String(match.2)
      guard let asked = Org.columns[kind] else { continue }
      shown.insert(kind)
      for column in match.1.split(whereSeparator: { ", \n".contains($0) }) {
        #expect(asked.contains(String(column)), "\(kind) by hand has \(column)")
      }
    }
    #expect(shown == Set(Org.columns.keys).subtracting(["Organization"]))
  }
}

/// What an org, its limits, the network or the user's rights do to an export, and what comes of it.
struct Oddity: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var arguments: [String] = []
  let prepare: @Sendable (Org) throws -> Void
  var code: Int32 = 0
  var said: [String] = []
  var check: @Sendable (Org, Program.Outcome) throws -> Void = { _, _ in }

  static let all: [Oddity] = [columns, objects, limits, sessions, network, contents, logs].flatMap {
    $0
  }

  static let columns: [Oddity] = [
    Oddity(
      testDescription: "a permission that the org lacks",
      prepare: { try $0.remove("PermissionsBypassMFAForUiLogins", from: "Profile") },
      said: ["Profile: this org has no PermissionsBypassMFAForUiLogins; left out"],
      check: { org, _ throws in
        #expect(try !org.header("Profile").contains("PermissionsBypassMFAForUiLogins"))
        #expect(try org.header("PermissionSet").contains("PermissionsBypassMFAForUiLogins"))
      }),
    Oddity(
      testDescription: "three permissions that the org lacks",
      prepare: {
        for name in ["UseAnyApiAuth", "UseAnyApiClient", "IsSsoEnabled"] {
          try $0.remove("Permissions" + name, from: "PermissionSet")
        }
      },
      said: ["no PermissionsUseAnyApiAuth", "no PermissionsIsSsoEnabled"],
      check: { org, _ throws in #expect(try org.header("PermissionSet").contains("ViewSetup")) }),
    Oddity(
      testDescription: "a relationship that the org lacks",
      prepare: { try $0.remove("Profile.UserLicense.Name", from: "User") },
      said: ["User: this org has no Profile.UserLicense.Name"],
      check: { org, _ throws in
        #expect(
          try org.header("User")
            == "Id,Username,Name,IsActive,UserType,ProfileId,Profile.Name,ContactId,CreatedDate,"
            + "LastPasswordChangeDate")
      }),
    Oddity(
      testDescription: "a relationship that is not understood",
      prepare: {
        try $0.remove("License.Name", from: "PermissionSet")
        try $0.add("!License", to: "PermissionSet")
      },
      said: ["PermissionSet: this org has no License.Name"]),
    Oddity(
      testDescription: "an API version without the SAML class",
      prepare: { try $0.remove("AuthContextClassRef", from: "LoginHistory") },
      said: ["LoginHistory: this org has no AuthContextClassRef"]),
    Oddity(
      testDescription: "a login history without types",
      prepare: { try $0.remove("LoginType", from: "LoginHistory") }, code: 77,
      said: ["LoginHistory lacks LoginType, which is needed"]),
    Oddity(
      testDescription: "verifications that cannot be joined",
      prepare: { try $0.remove("LoginHistoryId", from: "VerificationHistory") }, code: 77,
      said: ["VerificationHistory lacks LoginHistoryId"]),
    Oddity(
      testDescription: "tokens without users",
      prepare: { try $0.remove("UserId", from: "OauthToken") },
      said: ["OauthToken lacks UserId, without which it says nothing", "left out"]),
  ]

  static let objects: [Oddity] = [
    Oddity(
      testDescription: "no Event Monitoring",
      prepare: { try $0.removeObjects("LoginEvent", "LoginAsEvent", "EventLogFile") },
      said: ["LoginEvent: this org has none", "EventLogFile: this org has none"]),
    Oddity(
      testDescription: "kinds that the user may not read",
      prepare: {
        try $0.removeObjects("OauthToken", "MutingPermissionSet")
        try $0.faults(["denied"], "TwoFactorMethodsInfo")
      },
      said: [
        "OauthToken: this org has none, or this user may not read it", "TwoFactorMethodsInfo:",
      ]),
    Oddity(
      testDescription: "no right to read verifications",
      prepare: { try $0.removeObjects("VerificationHistory") }, code: 77,
      said: ["VerificationHistory cannot be read by this user", "--without VerificationHistory"]),
    Oddity(
      testDescription: "verifications left out", arguments: ["--without", "VerificationHistory"],
      prepare: { try $0.removeObjects("VerificationHistory") },
      check: { org, _ throws in
        #expect(try org.names().allSatisfy { !$0.hasPrefix("Verification") })
      }),
    Oddity(
      testDescription: "an alias that nobody logged in to",
      prepare: { try $0.write("alias", "staging") }, code: 77,
      said: ["sf is not logged in to prod: sf org login web --alias 'prod'"]),
  ]

  static let limits: [Oddity] = [
    Oddity(
      testDescription: "more logins than the limit", arguments: ["--since", Org.day(-4)],
      prepare: { try $0.write("limit", "2") },
      said: ["LoginHistory: more than sf takes at once"],
      check: { org, _ throws in
        let files = try org.names().filter { $0.hasPrefix("LoginHistory-") }
        #expect(files.contains("LoginHistory-\(Org.day(-3)).csv.gz"))
        #expect(files.contains("LoginHistory-\(Org.day(-2)).csv.gz"))
        #expect(try org.rows("LoginHistory") == 3)
      }),
    Oddity(
      testDescription: "more logins of a day than the limit", arguments: ["--since", Org.day(-4)],
      prepare: { org in
        try org.write("limit", "1")
        try org.shrink(["User", "Profile", "PermissionSet", "EventLogFile"])
      },
      check: { org, _ throws in
        let files = try org.names().filter { $0.hasPrefix("LoginHistory-") }
        #expect(files.contains("LoginHistory-\(Org.day(-3))T0900.csv.gz"))
        #expect(try org.rows("LoginHistory") == 3)
      }),
    Oddity(
      testDescription: "more logins of a minute than the limit",
      arguments: ["--since", Org.day(-4)],
      prepare: { org in
        try org.write("limit", "1")
        try org.shrink(["User", "Profile", "PermissionSet", "EventLogFile"])
        try org.append("LoginHistory", Org.login("0Ya000000000009CAA", "\(Org.day(-3))T09:00:30"))
      }, code: 69, said: ["alone has more rows than sf takes"]),
    Oddity(
      testDescription: "more users than the limit",
      prepare: { org in
        try org.write("limit", "3")
        for _ in 0..<4 { try org.append("User", Array(repeating: "x", count: 11)) }
      }, code: 69, said: ["User: has more rows than sf takes"]),
    Oddity(
      testDescription: "throttled twice",
      prepare: { try $0.faults(["throttled", "throttled"], "LoginHistory") },
      said: ["LoginHistory: attempt 1 failed", "again in 0 s"]),
    Oddity(
      testDescription: "throttled without end",
      prepare: { try $0.faults(Array(repeating: "throttled", count: 9), "User") }, code: 75,
      said: ["User: given up after 5 attempts"]),
    Oddity(
      testDescription: "the day's requests are used up",
      prepare: { try $0.faults(["used-up"], "Profile") }, code: 75,
      said: ["used up its API requests of 24 hours"],
      check: { org, _ throws in #expect(try org.calls { $0.contains("FROM Profile") }.count == 1) }),
    Oddity(
      testDescription: "a query that takes too long", arguments: ["--since", Org.day(-4)],
      prepare: { try $0.faults(["slow"], "VerificationHistory") },
      said: ["VerificationHistory: more than sf takes at once"]),
    Oddity(
      testDescription: "more rows than the memory of sf", arguments: ["--since", Org.day(-4)],
      prepare: { try $0.faults(["heap"], "LoginHistory") },
      said: ["LoginHistory: more than sf takes at once"]),
  ]

  static let sessions: [Oddity] = [
    Oddity(
      testDescription: "a session that has ended",
      prepare: { try $0.faults(["expired", "expired"], "LoginHistory") }, code: 77,
      said: ["the session has ended: sf org login web --alias 'prod'"]),
    Oddity(
      testDescription: "a session that sf renews",
      prepare: { try $0.faults(["session"], "PermissionSet") },
      said: ["PermissionSet: attempt 1 failed"]),
    Oddity(
      testDescription: "a session that ends before the last kind",
      prepare: { try $0.faults(["session", "session"], "OauthToken") }, code: 77,
      said: ["OauthToken: the session has ended"]),
    Oddity(
      testDescription: "an sf that knows no output file",
      prepare: { try $0.faults(["old"], "LoginHistory") }, code: 69, said: ["this sf is too old"]),
    Oddity(
      testDescription: "an sf that does not count",
      prepare: { try $0.faults(["silent"], "LoginHistory") }, code: 69,
      said: ["did not say how many rows it wrote"]),
  ]

  static let network: [Oddity] = [
    Oddity(
      testDescription: "a connection that breaks",
      prepare: { try $0.faults(["reset", "unavailable", "locator"], "VerificationHistory") },
      said: ["VerificationHistory: attempt 3 failed"]),
    Oddity(
      testDescription: "a transfer that stops half-way",
      prepare: { try $0.faults(["interrupted", "lost"], "LoginHistory") },
      said: ["interrupted: 1 of 3 rows came"],
      check: { org, _ throws in #expect(try org.rows("LoginHistory") == 3) }),
    Oddity(
      testDescription: "a transfer that always stops half-way",
      prepare: { try $0.faults(Array(repeating: "interrupted", count: 9), "User") }, code: 75,
      said: ["User: given up after 5 attempts"]),
    Oddity(
      testDescription: "a file that ends inside quotes",
      prepare: { try $0.faults(["damaged"], "User") }, said: ["User: attempt 1 failed"]),
    Oddity(
      testDescription: "an answer that nobody has seen, about a kind that is not vital",
      prepare: { try $0.faults(["strange"], "OauthToken") },
      said: ["OauthToken: sf says: Error (SomeError)", "OauthToken: this org has none"],
      check: { org, _ throws in
        #expect(try org.names().allSatisfy { !$0.hasPrefix("OauthToken") })
      }),
    Oddity(
      testDescription: "an answer that nobody has seen",
      prepare: { try $0.faults(["strange"], "Profile") }, code: 69,
      said: ["sf says: Error (SomeError): what nobody has seen before"]),
  ]

  static let contents: [Oddity] = [
    Oddity(
      testDescription: "kinds without rows",
      prepare: { org in
        for kind in ["VerificationHistory", "OauthToken", "PermissionSetGroup", "LoginAsEvent"] {
          try org.empty(kind)
        }
      },
      said: ["VerificationHistory: 0 rows"],
      check: { org, _ throws in
        #expect(try org.header("VerificationHistory").hasPrefix("Id,LoginHistoryId,UserId"))
        let scan = try Program.scan([org.exports])
        #expect(scan.code == 0, "\(scan.errors)")
      }),
    Oddity(
      testDescription: "an org in which nobody has logged in",
      prepare: { try $0.empty("LoginHistory") },
      check: { org, _ throws in #expect(try Program.scan([org.exports]).code == 66) }),
    Oddity(
      testDescription: "names with quotes, commas and line ends",
      prepare: { org in
        try org.append(
          "User",
          [
            "005000000000009AAA", "odd@example.com", "O'Hara \"the\n\"\"boss\"\", jr.\"", "true",
            "Standard", "00e000000000001AAA", "Sales, \"North\"", "Salesforce", "",
            "2026-01-01T00:00:00.000+0000", "",
          ])
      },
      check: { org, _ throws in
        #expect(try org.rows("User") == 4)
        let account = try Program.run("postern", ["account", "odd@example.com", org.exports])
        #expect(account.code == 0 && account.text.contains("odd@example.com"))
      }),
    Oddity(
      testDescription: "line ends of Windows, and an advertisement",
      prepare: {
        try $0.write("crlf", "")
        try $0.write("noise", "")
      },
      check: { org, _ throws in #expect(try Program.scan([org.exports]).rows["analysed"] == 3) }),
    Oddity(
      testDescription: "rows that came before the date", arguments: ["--since", Org.day(-2)],
      prepare: { _ in },
      check: { org, _ throws in
        #expect(try org.rows("LoginHistory") == 1)
        #expect(try org.rows("User") == 2)
      }),
    Oddity(
      testDescription: "files that others may not read",
      prepare: { _ in },
      check: { org, _ throws in
        let open = try Program.run(command: ["find", org.exports, "-perm", "/077", "-type", "f"])
        #expect(open.text.isEmpty)
      }),
  ]

  static let logs: [Oddity] = [
    Oddity(
      testDescription: "a log that is refused under another session",
      prepare: { try $0.faults(["session"], "logs") }, said: ["ApiTotalUsage: attempt 1 failed"],
      check: { org, _ throws in
        #expect(try org.calls { $0.contains("FROM Organization") }.count == 1)
        #expect(try org.header("ApiTotalUsage").contains("EVENT_TYPE"))
      }),
    Oddity(
      testDescription: "a log that is always refused",
      prepare: { try $0.faults(Array(repeating: "session", count: 9), "logs") }, code: 77,
      said: ["ApiTotalUsage: the session has ended"]),
    Oddity(
      testDescription: "a log that comes in part",
      prepare: { try $0.faults(["interrupted"], "logs") }, said: ["ApiTotalUsage: attempt 1 failed"]
    ),
    Oddity(
      testDescription: "a log that is gone",
      prepare: { try $0.faults(["gone"], "logs") }, said: ["is gone; left out"],
      check: { org, _ throws in #expect(try org.names().allSatisfy { !$0.hasPrefix("ApiTotal") }) }),
    Oddity(
      testDescription: "a stated length that is no number of bytes",
      prepare: { org in
        try org.empty("EventLogFile")
        try org.append("EventLogFile", Org.log("0AT000000000001GAA", "ApiTotalUsage", 99_999))
      }, said: ["ApiTotalUsage: attempt 1 failed", "1 new logs"]),
    Oddity(
      testDescription: "logs of single interfaces in the place of all requests",
      prepare: { org in
        try org.empty("EventLogFile")
        try org.append("EventLogFile", Org.log("0AT000000000002GAA", "RestApi", 10))
        try org.write("logs/0AT000000000002GAA", "\"EVENT_TYPE\",\"TIMESTAMP\"\n")
      },
      check: { org, _ throws in #expect(try org.names().contains { $0.hasPrefix("RestApi-") }) }),
    Oddity(
      testDescription: "logs of single interfaces beside all requests",
      prepare: { org in
        try org.append("EventLogFile", Org.log("0AT000000000002GAA", "RestApi", 10))
      },
      check: { org, _ throws in #expect(try org.names().allSatisfy { !$0.hasPrefix("RestApi-") }) }),
  ]
}

/// A small org for the stand-in, and the folder that its exports go to.
final class Org {
  let folder: TestFolder
  // Blanks and quotes in the path, as people have them.
  let exports: String

  static let script = Program.repository + "/samples/export/postern-export"

  static let permissions = [
    "ApiUserOnly", "ForceTwoFactor", "TwoFactorApi", "BypassMFAForUiLogins", "ManageTwoFactor",
    "ModifyAllData", "ViewAllData", "CustomizeApplication", "AuthorApex", "ManageUsers",
    "ApiEnabled",
    "ViewSetup", "UseAnyApiAuth", "UseAnyApiClient", "IsSsoEnabled", "PasswordNeverExpires",
    "MonitorLoginHistory", "ApproveUninstalledConnectedApps",
  ].map { "Permissions" + $0 }

  static let columns: [String: [String]] = [
    "LoginHistory": [
      "Id", "UserId", "LoginTime", "LoginType", "LoginSubType", "Status", "SourceIp", "Application",
      "Browser", "Platform", "ApiType", "ApiVersion", "ClientVersion", "TlsProtocol", "CipherSuite",
      "CountryIso", "AuthMethodReference", "AuthContextClassRef", "AuthenticationServiceId",
      "LoginUrl", "ForwardedForIp", "NetworkId",
    ],
    "VerificationHistory": [
      "Id", "LoginHistoryId", "UserId", "VerificationTime", "SourceIp", "Policy", "Activity",
      "VerificationMethod", "Status",
    ],
    "User": [
      "Id", "Username", "Name", "IsActive", "UserType", "ProfileId", "Profile.Name",
      "Profile.UserLicense.Name", "ContactId", "CreatedDate", "LastPasswordChangeDate",
    ],
    "Profile": ["Id", "Name", "UserLicense.Name"] + permissions,
    "PermissionSet": [
      "Id", "Label", "Name", "IsOwnedByProfile", "ProfileId", "Type", "PermissionSetGroupId",
      "License.Name", "HasActivationRequired",
    ] + permissions,
    "PermissionSetAssignment": [
      "Id", "AssigneeId", "PermissionSetId", "PermissionSetGroupId", "ExpirationDate", "IsActive",
      "IsRevoked",
    ],
    "PermissionSetGroup": [
      "Id", "DeveloperName", "MasterLabel", "Status", "HasActivationRequired",
    ],
    "PermissionSetGroupComponent": ["Id", "PermissionSetGroupId", "PermissionSetId"],
    "MutingPermissionSet": ["Id", "DeveloperName", "MasterLabel"] + permissions,
    "PermissionSetLicenseAssign": [
      "Id", "AssigneeId", "PermissionSetLicense.DeveloperName", "PermissionSetLicense.MasterLabel",
    ],
    "UserLogin": ["Id", "UserId", "IsFrozen"],
    "TwoFactorMethodsInfo": [
      "UserId", "HasBuiltInAuthenticator", "HasSalesforceAuthenticator", "HasTotp", "HasU2F",
      "HasSecurityKey",
    ],
    "OauthToken": ["AppName", "UserId", "LastUsedDate", "UseCount", "CreatedDate"],
    "LoginEvent": [
      "EventIdentifier", "EventDate", "LoginHistoryId", "LoginKey", "UserId", "Username",
      "LoginType", "LoginSubType", "PolicyOutcome", "SessionLevel",
    ],
    "LoginAsEvent": [
      "EventIdentifier", "EventDate", "UserId", "Username", "DelegatedUsername", "LoginAsCategory",
      "SourceIp", "Application", "LoginHistoryId", "LoginKey", "SessionLevel",
    ],
    "EventLogFile": ["Id", "EventType", "LogDate", "LogFileLength", "LogFile", "Interval"],
    "Organization": ["Id"],
  ]

  init() throws {
    folder = try TestFolder()
    exports = folder.path("it's \"the\" export")
    for (kind, names) in Self.columns { try write(kind, names.joined(separator: "\u{1F}")) }
    let day = Self.day(-3)
    let none = Array(repeating: "false", count: Self.permissions.count)
    try append("LoginHistory", Self.login("0Ya000000000001CAA", "\(day)T09:00:00"))
    try append("LoginHistory", Self.login("0Ya000000000002CAA", "\(day)T17:30:00"))
    try append("LoginHistory", Self.login("0Ya000000000003CAA", "\(Self.day(-2))T09:00:00"))
    try append(
      "VerificationHistory",
      [
        "0Yv000000000001CAA", "0Ya000000000001CAA", "005000000000001AAA",
        "\(day)T09:00:01.000+0000",
        "192.0.2.10", "TwoFactorAuthentication", "Login", "Totp", "Succeeded",
      ])
    let users = [("1", "ada@example.com"), ("2", "sync@example.com")]
    for (number, name) in users {
      let id = "00500000000000\(number)AAA"
      try append(
        "User",
        [
          id, name, name, "true", "Standard", "00e000000000001AAA", "Standard User", "Salesforce",
          "", "2026-01-01T00:00:00.000+0000", "",
        ])
      try append("UserLogin", ["0Yw00000000000\(number)CAA", id, "false"])
      try append("TwoFactorMethodsInfo", [id, "false", "false", "true", "false", "false"])
    }
    try append("Profile", ["00e000000000001AAA", "Standard User", "Salesforce"] + none)
    try append(
      "PermissionSet",
      [
        "0PS000000000001GAA", "Ops", "Ops", "false", "", "Regular", "", "Salesforce", "false",
      ] + none)
    try append(
      "PermissionSetAssignment",
      ["0Pa000000000001CAA", "005000000000001AAA", "0PS000000000001GAA", "", "", "true", "false"])
    try append("PermissionSetGroup", ["0PG000000000001GAA", "Team", "Team", "Updated", "false"])
    try append(
      "PermissionSetGroupComponent",
      ["0PH000000000001GAA", "0PG000000000001GAA", "0PS000000000001GAA"])
    try append("MutingPermissionSet", ["0QM000000000001GAA", "Mute", "Mute"] + none)
    try append(
      "PermissionSetLicenseAssign",
      ["2LA000000000001GAA", "005000000000002AAA", "SalesforceAPIIntegrationPsl", "API"])
    try append(
      "OauthToken",
      [
        "Loader", "005000000000002AAA", "\(day)T09:00:00.000+0000", "3",
        "2026-01-01T00:00:00.000+0000",
      ])
    try append(
      "LoginEvent",
      [
        "e-1", "\(day)T09:00:00.000+0000", "0Ya000000000001CAA", "4u6LyuMrDvb_G-l1",
        "005000000000001AAA", "ada@example.com", "Application", "UsernamePasswordUiLogin",
        "NoAction", "STANDARD",
      ])
    try append(
      "LoginAsEvent",
      [
        "e-2", "\(day)T10:00:00.000+0000", "005000000000002AAA", "sync@example.com",
        "ada@example.com", "OrgAdmin", "192.0.2.10", "Browser", "", "", "STANDARD",
      ])
    let usage =
      "\"EVENT_TYPE\",\"TIMESTAMP\",\"REQUEST_ID\",\"USER_ID\",\"API_FAMILY\",\"API_VERSION\",\"STATUS_CODE\"\n"
      + "\"ApiTotalUsage\",\"20260301005733.000\",\"r\",\"005000000000002\",\"REST\",\"64.0\",\"200\"\n"
    try write("logs/0AT000000000001GAA", usage)
    try append(
      "EventLogFile", Self.log("0AT000000000001GAA", "ApiTotalUsage", usage.utf8.count))
    try append("Organization", ["00D000000000001EAA"])
  }

  /// The date some days from today.
  static func day(_ distance: Int) -> String {
    String(Date(timeIntervalSinceNow: Double(distance) * 86_400).ISO8601Format().prefix(10))
  }

  static func login(_ id: String, _ time: String) -> [String] {
    [
      id, "005000000000001AAA", time + ".000+0000", "Application", "UI Username-Password",
      "Success", "192.0.2.10", "Browser", "Chrome 115", "Windows 10", "N/A", "N/A", "N/A",
      "TLS 1.3", "", "DE", "", "", "", "example.my.salesforce.com", "", "",
    ]
  }

  static func log(_ id: String, _ type: String, _ length: Int) -> [String] {
    [
      id, type, "\(day(-1))T00:00:00.000+0000", "\(length).0",
      "/services/data/v67.0/sobjects/EventLogFile/\(id)/LogFile", "Daily",
    ]
  }

  // MARK: Changing the org

  func write(_ name: String, _ text: String) throws { try folder.write("org/" + name, text) }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path("org/" + name), encoding: .utf8)
  }

  func append(_ kind: String, _ row: [String]) throws {
    try write(kind, try text(kind) + "\u{1E}" + row.joined(separator: "\u{1F}"))
  }

  /// Leaves the header, without the one that the org may have instead.
  func empty(_ kind: String) throws {
    try write(kind, String(try text(kind).prefix { $0 != "\u{1E}" }))
  }

  /// Leaves the header and one row.
  func shrink(_ kinds: [String]) throws {
    for kind in kinds {
      let records = try text(kind).split(separator: "\u{1E}").prefix(2)
      try write(kind, records.joined(separator: "\u{1E}"))
    }
    try removeObjects("UserLogin", "TwoFactorMethodsInfo")
  }

  func remove(_ column: String, from kind: String) throws {
    let records = try text(kind).split(separator: "\u{1E}", omittingEmptySubsequences: false).map {
      $0.split(separator: "\u{1F}", omittingEmptySubsequences: false)
    }
    let position = try #require(records[0].firstIndex { $0 == column })
    let rest = records.map { record in
      record.enumerated().filter { $0.offset != position }.map { String($0.element) }
    }
    try write(kind, rest.map { $0.joined(separator: "\u{1F}") }.joined(separator: "\u{1E}"))
  }

  /// Adds a column at the end of the header alone.
  func add(_ column: String, to kind: String) throws {
    let records = try text(kind).split(separator: "\u{1E}", omittingEmptySubsequences: false)
    let header = records[0] + "\u{1F}" + column
    try write(
      kind, ([String(header)] + records.dropFirst().map(String.init)).joined(separator: "\u{1E}"))
  }

  func removeObjects(_ kinds: String...) throws {
    for kind in kinds { try FileManager.default.removeItem(atPath: folder.path("org/" + kind)) }
  }

  func faults(_ words: [String], _ kind: String) throws {
    try write(kind + ".faults", words.map { $0 + "\n" }.joined())
  }

  // MARK: Exporting

  func export(
    _ options: [String] = [], org: String = "prod", path: String? = nil
  ) throws -> Program.Outcome {
    let stand = Program.repository + "/Tests/Export"
    let usual = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try Program.run(
      command: ["/bin/sh", Self.script] + options + [org, exports],
      environment: [
        "PATH": (path.map { $0 + ":" } ?? "") + stand + ":" + usual, "SF_ORG": folder.path("org"),
        "POSTERN_EXPORT_PAUSE": "0",
      ])
  }

  /// Names of the folders of whole runs.
  func runs() throws -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: exports)
    return (names ?? []).sorted()
  }

  /// What a run left beside its folder.
  func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".exporting") || $0.hasSuffix(".new")
    }
  }

  func names() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: exports).map {
      URL(filePath: $0).lastPathComponent
    }
  }

  private func contents(_ kind: String) throws -> [String] {
    let found = try Program.run(command: [
      "find", exports, "-name", kind + "-*", "-exec", "gzip", "-dc", "{}", ";",
    ])
    return found.text.split(whereSeparator: \.isNewline).map(String.init)
  }

  /// The first line of a kind's file.
  func header(_ kind: String) throws -> String { try contents(kind).first ?? "" }

  /// Lines of all files of a kind that are no header.
  func rows(_ kind: String) throws -> Int {
    let lines = try contents(kind)
    let header = lines.first
    return lines.count { $0 != header }
  }

  /// Calls of the stand-in.
  func calls(_ isWanted: (String) -> Bool) throws -> [String] {
    try text("calls").split(separator: "\n").map(String.init).filter(isWanted)
  }
}
