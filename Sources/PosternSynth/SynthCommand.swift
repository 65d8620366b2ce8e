import ArgumentParser
import Glibc

/// The generator of synthetic exports.
@main
struct SynthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postern-synth",
    abstract: "Write a whole synthetic org's exports, and what must come out of them.",
    discussion: """
      The same options give the same bytes. truth.json holds, account by account, counts, verdicts
      and findings as they follow from how each login was made.

      EXAMPLES
        postern-synth exports --rows 50000
        postern-synth exports --rows 5000000 --users 20000 --compression gzip
        postern-synth exports --shape setup --delimiter semicolon --line-end crlf
      """)

  @Argument(help: "Folder to write to; it is made.")
  var folder: String
  @Option(help: "Seed of all random choices.") var seed: UInt64 = 1
  @Option(help: "Login rows, about.") var rows = 10_000
  @Option(help: "Accounts.") var users = 200
  @Option(help: "Days of history from 2026-03-01.") var days = 90
  @Option(help: "Share of integration accounts.") var integrationShare = 0.15
  @Option(help: "Form of the login rows: soql, setup, elf-2020, elf-2023 or elf-2026.")
  var shape: ExportShape = .soql
  @Option(help: "comma, semicolon, pipe, caret, tab or backquote.") var delimiter = "comma"
  @Option(help: "lf, crlf or cr.") var lineEnd = "lf"
  @Flag(help: "Begin files with a byte order mark.") var bom = false
  @Option(help: "always or minimal.") var quote = "always"
  @Option(help: "none, gzip, gzip-members or zip.") var compression: ExportCompression = .none
  @Option(help: "Login files.") var files = 1
  @Option(help: "Rows at the end of each login file that the next one repeats.") var overlap = 0
  @Option(help: "VerificationHistory: full, holes or none.") var verification = "full"
  @Option(help: "Bad rows in each login file.") var badRows = 0
  @Flag(help: "Cut the last login file short, as a broken download is.") var truncated = false

  func run() throws {
    _ = unsafe mkdir(folder, 0o755)
    let dialect = try dialect()
    var random = SeededRandom(seed: seed)
    let organization = SyntheticOrganization(
      users: users, integrationShare: integrationShare, random: &random)
    let start: Int64 = 20_513 * 86_400_000
    let span = Int64(days) * 86_400_000
    let hole: Range<Int64>? =
      verification == "holes" && days >= 40
      ? (start + 20 * 86_400_000)..<(start + 30 * 86_400_000) : nil
    let storm = rows >= 50_000 ? 0 : nil
    var generator = LoginGenerator(
      organization: organization, start: start, dayCount: days, hole: hole,
      hasVerifications: verification != "none", stormAccount: storm, random: random)
    try writeSnapshots(organization, dialect)
    let verifications = try verificationFile(dialect)
    heartbeats(organization, start: start, span: span, hole: hole, verifications)
    let totals = try writeLogins(
      &generator, organization, dialect, start: start, span: span, verifications)
    try verifications?.finish()
    let truth = TruthFile(
      organization: organization, truths: generator.truths, rowCount: totals.rows,
      duplicateCount: totals.duplicates, rejectCount: totals.rejects,
      hasVerdicts: shape == .soql)
    let file = try ExportFile(
      path: folder + "/truth.json", dialect: ExportDialect(), compression: .none)
    file.raw(Array(truth.text.utf8))
    try file.finish()
  }

  private func dialect() throws -> ExportDialect {
    let delimiters: [String: Character] = [
      "comma": ",", "semicolon": ";", "pipe": "|", "caret": "^", "tab": "\t", "backquote": "`",
    ]
    let lineEnds: [String: [UInt8]] = ["lf": [10], "crlf": [13, 10], "cr": [13]]
    guard let delimiter = delimiters[delimiter]?.asciiValue, let lineEnd = lineEnds[lineEnd] else {
      throw ValidationError("unknown delimiter or line end")
    }
    return ExportDialect(
      delimiter: delimiter, lineEnd: lineEnd, quotesAlways: quote == "always",
      hasByteOrderMark: bom)
  }

  private func writeSnapshots(_ organization: SyntheticOrganization, _ dialect: ExportDialect) throws
  {
    let exports = SnapshotExports(
      organization: organization, created: "2025-01-15T08:00:00.000Z")
    for (name, rows) in [
      ("User", exports.users), ("Profile", exports.profiles),
      ("PermissionSet", exports.permissionSets),
      ("PermissionSetAssignment", exports.assignments), ("PermissionSetGroup", exports.groups),
      ("PermissionSetGroupComponent", exports.components),
      ("MutingPermissionSet", exports.mutings), ("TwoFactorMethodsInfo", exports.methods),
      ("ProfileSessionSetting", exports.sessionLevels),
    ] {
      let file = try ExportFile(
        path: "\(folder)/\(name).csv", dialect: dialect, compression: compression)
      file.records(rows)
      try file.finish()
    }
  }

  private func verificationFile(_ dialect: ExportDialect) throws -> ExportFile? {
    guard verification != "none" else { return nil }
    let file = try ExportFile(
      path: folder + "/VerificationHistory.csv", dialect: dialect, compression: compression)
    file.records([
      [
        "Id", "LoginHistoryId", "UserId", "VerificationTime", "SourceIp", "Policy", "Activity",
        "VerificationMethod", "Status",
      ]
    ])
    return file
  }

  /// Failed verifications of one user, so that the export covers every day but the hole.
  private func heartbeats(
    _ organization: SyntheticOrganization, start: Int64, span: Int64, hole: Range<Int64>?,
    _ file: ExportFile?
  ) {
    guard let file else { return }
    let hour: Int64 = 3_600_000
    var times = (0...days).map { start + Int64($0) * 86_400_000 }
    times += [start - hour, start + span + 2 * hour]
    if let hole { times += [hole.lowerBound - 1, hole.upperBound] }
    for (index, time) in times.sorted().enumerated() where hole?.contains(time) != true {
      let account = organization.accounts[index % 2]
      write(
        SyntheticVerification(
          account: account.number, time: time, login: nil, policy: "HighAssurance", method: "Totp",
          status: "FailedInvalidCode", address: "192.0.2.1"), 1_000_000_000 + index, organization,
        to: file)
    }
  }

  private func write(
    _ verification: SyntheticVerification, _ number: Int, _ organization: SyntheticOrganization,
    to file: ExportFile
  ) {
    file.field(SyntheticID.bytes(prefix: "0YN", number + 1))
    if let login = verification.login {
      file.field(SyntheticID.bytes(prefix: "0Ya", login + 1))
    } else {
      file.field("")
    }
    file.field(organization.accounts[verification.account].id)
    file.field(TimeText(verification.time).extended)
    for text in [
      verification.address, verification.policy, verification.activity, verification.method,
      verification.status,
    ] { file.field(text) }
    file.endRecord()
  }

  private struct Totals {
    var rows = 0
    var duplicates = 0
    var rejects = 0
  }

  private func writeLogins(
    _ generator: inout LoginGenerator, _ organization: SyntheticOrganization,
    _ dialect: ExportDialect, start: Int64, span: Int64, _ verifications: ExportFile?
  ) throws -> Totals {
    var totals = Totals()
    var verificationCount = 0
    var tail: ArraySlice<[UInt8]> = []
    let stormRows = rows >= 50_000 ? 3_000 : 0
    let perFile = max(1, (rows - stormRows) / max(1, files))
    for part in 0..<max(1, files) {
      let name = files > 1 ? "\(shape.fileName)-\(part + 1)" : shape.fileName
      let file = try ExportFile(
        path: "\(folder)/\(name).csv", dialect: dialect, compression: compression)
      file.keptRecordCount = overlap
      file.records([shape.header])
      for record in tail { file.raw(record) }
      totals.duplicates += tail.count
      tail = []
      var written = 0
      let shape = shape
      while written < perFile {
        let position = part * perFile + written
        let time = start + span / Int64(max(1, files * perFile)) * Int64(position)
        generator.event(near: time) { login in
          shape.write(login, organization.accounts[login.account], to: file)
          written += 1
          totals.rows += 1
        } _: { verification in
          guard let verifications else { return }
          write(verification, verificationCount, organization, to: verifications)
          verificationCount += 1
        }
      }
      if part == 0, stormRows > 0 {
        for index in 0..<stormRows {
          generator.storm(at: start + 40_000_000 + Int64(index) * 1_100) { login in
            shape.write(login, organization.accounts[login.account], to: file)
            totals.rows += 1
          }
        }
      }
      for index in 0..<badRows {
        file.raw(Array((index % 2 == 0 ? "cut,row" : "\"0Ya\u{0}\",x,y,z").utf8) + dialect.lineEnd)
        totals.rejects += 1
      }
      if part + 1 < files { tail = file.lastRecords.suffix(overlap) }
      try file.finish(cutBytes: truncated && part + 1 == files ? 1_500 : 0)
    }
    return totals
  }
}

extension ExportShape: ExpressibleByArgument {}

extension ExportCompression: ExpressibleByArgument {}
