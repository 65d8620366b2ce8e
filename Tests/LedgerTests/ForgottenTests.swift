import CZlib
import Foundation
import SalesforceExports
import TestSupport
import Testing

/// What is forgotten is in no byte of a ledger, nor of results.
@Suite struct ForgottenTests {
  private static let anna = "005Hn00000000A1"
  private static let bert = "005Hn00000000A2"
  private static let carl = "005Hn00000000A3"

  /// Texts of Anna alone, or of rows before March.
  private static let annaTexts = [
    "anna@example.com", "anna.mail@example.net", "anna-at-the-idp", "203.0.113.77", "Lynx 2.9",
    "Plan 9", "Anna's Loader", "203.0.113.78", "Opera 12", "BeOS",
  ]
  private static let oldTexts = ["192.0.2.200", "Mosaic 3", "Amiga OS", "Old Loader"]

  private static func exports() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write(
      "LoginHistory.csv",
      """
      Id,UserId,LoginTime,LoginType,LoginSubType,SourceIp,Status,Application,Browser,Platform
      0YaHn000000000E,\(bert),2026-01-05T08:00:00Z,Application,UI Username-Password,192.0.2.200,Success,Browser,Mosaic 3,Amiga OS
      0YaHn000000000F,\(bert),2026-01-06T08:00:00Z,Remote Access 2.0,OAuth Refresh Token,192.0.2.200,Success,Old Loader,Unknown,Unknown
      0YaHn000000000G,\(anna),2026-03-01T08:00:00Z,Application,UI Username-Password,203.0.113.77,Success,Browser,Lynx 2.9,Plan 9
      0YaHn000000000H,\(anna),2026-03-02T08:00:00Z,Remote Access 2.0,OAuth Refresh Token,203.0.113.78,Success,Anna's Loader,Opera 12,BeOS
      0YaHn000000000I,\(bert),2026-03-03T08:00:00Z,Application,UI Username-Password,192.0.2.2,Success,Browser,Firefox 141,Linux
      0YaHn000000000J,\(bert),2026-03-04T08:00:00Z,Remote Access 2.0,OAuth Refresh Token,192.0.2.2,Success,Data Loader,Unknown,Unknown
      0YaHn000000000K,\(bert),2026-03-05T08:00:00Z,Application,UI Username-Password,192.0.2.3,Invalid Password,Browser,Firefox 141,Linux

      """)
    try folder.write(
      "VerificationHistory.csv",
      """
      Id,UserId,LoginHistoryId,VerificationTime,Activity,VerificationMethod,Status,Policy,SourceIp
      0Yb000000000001,\(anna),0YaHn000000000G,2026-03-01T08:00:01Z,Login,Totp,Succeeded,TwoFactorAuthentication,203.0.113.77
      0Yb000000000002,\(anna),,2026-03-01T09:00:00Z,ConnectTotp,Totp,Succeeded,TwoFactorAuthentication,203.0.113.77
      0Yb000000000004,\(carl),,2026-03-02T08:00:01Z,Login,Totp,Succeeded,TwoFactorAuthentication,192.0.2.9
      0Yb000000000003,\(bert),0YaHn000000000I,2026-03-03T08:00:01Z,Login,Totp,Succeeded,TwoFactorAuthentication,192.0.2.2

      """)
    let users = """
      Id,Username,Name,Email,IsActive,UserType,ManagerId,Manager.Name,FederationIdentifier
      \(anna),Anna@example.com,Anna Ng,anna.mail@example.net,true,Standard,,,anna-at-the-idp
      \(bert),bert@example.com,Bert Li,bert@example.com,true,Standard,\(anna),Anna Ng,

      """
    try folder.write("User-2026-02-01.csv", users)
    try folder.write("User.csv", users.replacing("Bert Li", with: "Bert Formerly"))
    try folder.write(
      "PermissionSetAssignment-2026-02-01.csv",
      """
      Id,AssigneeId,PermissionSetId
      0Pa000000000001,\(anna),0PS000000000001
      0Pa000000000002,\(bert),0PS000000000001

      """)
    return folder
  }

  /// The content of a ledger.
  private static func content(_ path: String) throws -> Data {
    let file = try Data(contentsOf: URL(filePath: path))
    var result = Data()
    var place = 10
    func number(_ at: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(file[at + $1]) << ($1 * 8) }
    }
    while file[place] != 0 {
      let (stored, count) = (number(place + 1), number(place + 5))
      var block = [UInt8](repeating: 0, count: count)
      var filled = UInt(count)
      let bytes = Array(file[(place + 13)..<(place + 13 + stored)])
      let status = unsafe uncompress(&block, &filled, bytes, UInt(bytes.count))
      try #require(status == Z_OK && Int(filled) == count)
      result += block
      place += 13 + stored
    }
    try #require(file[place] == 0)
    return result
  }

  /// An id as ledgers write keys: both halves, seven bits a byte.
  private static func key(_ id: String) throws -> Data {
    let id = try #require(SalesforceID(id))
    var result = Data()
    for half in [id.high, UInt64(id.low)] {
      var rest = half
      while rest >= 0x80 {
        result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      result.append(UInt8(rest))
    }
    return result
  }

  /// Which texts stand somewhere in bytes, in any case of letters.
  private static func found(_ texts: [String], in bytes: Data) -> [String] {
    let lowered = Data(bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 })
    return texts.filter { lowered.range(of: Data($0.lowercased().utf8)) != nil }
  }

  @Test func aPersonIsInNoByteOfTheLedger() throws {
    let folder = try Self.exports()
    let state = folder.path("state.ledger")
    let before = try Program.ledger(state, try folder.files([".csv"]))
    let names = Self.annaTexts + [Self.anna, "Anna Ng"]
    let whole = try Self.content(state)
    // What is searched for is there to be found.
    #expect(Self.found(names, in: whole) == names)
    #expect(whole.range(of: try Self.key(Self.anna)) != nil)
    let ended = try Program.scan(
      [state], ["--ledger", state, "--forget-account", "ANNA@example.com"])
    #expect(ended.code == 0, "\(ended.errors)")
    #expect(ended.errors.contains("What only counts stays"))
    let rest = try Self.content(state)
    #expect(Self.found(names, in: rest) == [])
    #expect(rest.range(of: try Self.key(Self.anna)) == nil)
    #expect(rest.range(of: try Self.key(Self.bert)) != nil)
    #expect(Self.found(names, in: ended.output) == [])
    // What is told of others is what it was, and the next night says the same.
    func bert(_ ended: Program.Outcome) -> [String] {
      ended.records.filter {
        $0.hasPrefix("{\"schema\":\"postern.account/") && $0.contains("bert@example.com")
      }
    }
    #expect(bert(ended).count == 1)
    #expect(bert(ended) == bert(before))
    #expect(try Program.scan([state]).records == ended.records)
    // Her rows are copies of what the Ids know, and bring nothing back.
    let logins = folder.path("LoginHistory.csv")
    let again = try Program.scan([state, logins], ["--ledger", folder.path("again.ledger")])
    #expect(again.records == ended.records)
    #expect(Self.found(names, in: try Self.content(folder.path("again.ledger"))) == [])
  }

  @Test(arguments: [31, 32] as [UInt64])
  func aPersonOfASyntheticOrgIsForgottenInTheNightThatReadsIt(seed: UInt64) throws {
    let folder = try Program.synthesise([
      "--seed", "\(seed)", "--rows", "2500", "--events", "all", "--snapshots", "2", "--incidents",
      "all",
    ])
    let users = try #require(try folder.files().first { $0.contains("User-") })
    let rows = try String(contentsOfFile: users, encoding: .utf8).split(separator: "\n")
    for number in [3, 11, 40] {
      let fields = rows[number].split(separator: ",", omittingEmptySubsequences: false)
        .map { String($0.replacing("\"", with: "")) }
      let state = folder.path("state-\(number).ledger")
      let ended = try Program.scan(
        try folder.files(), ["--ledger", state, "--forget-account", fields[0]])
      #expect(ended.code == 0, "\(ended.errors)")
      let rest = try Self.content(state)
      let names = [String(fields[0].prefix(15)), fields[1], fields[4]]
      #expect(Self.found(names, in: rest) == [], "seed \(seed), \(fields)")
      #expect(rest.range(of: try Self.key(fields[0])) == nil)
      #expect(Self.found(names, in: ended.output) == [])
      #expect(try Program.scan([state]).records == ended.records)
    }
  }

  @Test func valuesOfForgottenRowsAreInNoByteOfTheLedger() throws {
    let folder = try Self.exports()
    let state = folder.path("state.ledger")
    try Program.ledger(state, try folder.files([".csv"]))
    let texts = Self.oldTexts + ["Bert Formerly"]
    #expect(Self.found(texts, in: try Self.content(state)) == texts)
    let ended = try Program.scan([state], ["--ledger", state, "--forget-before", "2026-02-10"])
    #expect(ended.code == 0, "\(ended.errors)")
    let rest = try Self.content(state)
    #expect(Self.found(texts, in: rest) == [])
    // What is of later rows stays.
    #expect(Self.found(Self.annaTexts, in: rest) == Self.annaTexts)
    #expect(try Program.scan([state]).records == ended.records)
  }

  @Test func nothingIsForgottenByMistake() throws {
    let folder = try Self.exports()
    let state = folder.path("state.ledger")
    let files = try folder.files([".csv"])
    try Program.ledger(state, files)
    let whole = try Data(contentsOf: URL(filePath: state))
    for (options, reason) in [
      (["--forget-before", "2026-03-06"], "nothing would stay"),
      (["--forget-account", "ana@example.com"], "neither the ledger nor an export has it"),
      (["--forget-account", "005Hn00000000A9"], "neither the ledger nor an export has it"),
    ] {
      let ended = try Program.scan([state], ["--ledger", state] + options)
      #expect(ended.code == 64)
      #expect(ended.errors.contains(reason), "\(ended.errors)")
      #expect(try Data(contentsOf: URL(filePath: state)) == whole)
    }
    // The same of exports alone, whose rows are all too old to be taken.
    let fresh = try Program.scan(
      files, ["--ledger", folder.path("fresh.ledger"), "--forget-before", "2026-03-06"])
    #expect(fresh.code == 64)
    #expect(try Program.scan(files, ["--forget-account", Self.anna]).code == 64)
    // The day of the newest row is not past it.
    #expect(
      try Program.scan([state], ["--ledger", state, "--forget-before", "2026-03-05"]).code == 0)
  }

  @Test func aPersonIsInNoByteOfResultsWrittenWithout() throws {
    let folder = try Self.exports()
    let files = try folder.files([".csv"])
    let (old, new) = (folder.path("old.jsonl"), folder.path("new.jsonl"))
    _ = try Program.run(
      "postern", ["scan"] + files + ["--now", "2026-09-01", "-o", "jsonl:\(old)"])
    let names = [Self.anna, "anna@example.com", "203.0.113.77"]
    #expect(Self.found(names, in: try Data(contentsOf: URL(filePath: old))) == names)
    let ended = try Program.run(
      "postern", ["report", old, "--forget-account", Self.anna, "-o", "jsonl:\(new)"])
    #expect(ended.code == 0, "\(ended.errors)")
    #expect(ended.errors.contains("Sums that the run counted it in stay"))
    #expect(Self.found(names, in: try Data(contentsOf: URL(filePath: new))) == [])
    // They are results still, and a baseline.
    #expect(try Program.run("postern", ["report", new]).code == 0)
    let state = folder.path("state.ledger")
    try Program.ledger(state, files)
    let next = try Program.scan(
      [state], ["--ledger", state, "--forget-account", Self.anna, "--baseline", old])
    #expect(next.code == 0, "\(next.errors)")
    #expect(Self.found(names, in: next.output) == [])
    let unknown = try Program.run(
      "postern", ["report", old, "--forget-account", "nobody@example.com"])
    #expect(unknown.code == 64)
  }
}
