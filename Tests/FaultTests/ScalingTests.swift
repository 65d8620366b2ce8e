import Foundation
import TestSupport
import Testing

/// Twice as much of anything takes no more than twice the time: nothing is quadratic.
@Suite(.serialized, .enabled(if: Measured.isMeaningful)) struct ScalingTests {
  /// Something of which a hostile export may have much.
  struct Dimension: Sendable, CustomTestStringConvertible {
    let name: String
    /// How much takes a fraction of a second.
    let size: Int
    var options: [String] = []
    let write: @Sendable (_ count: Int, Trial) throws -> Void

    var testDescription: String { name }
  }

  private static func text(
    _ name: String, _ size: Int, options: [String] = [],
    _ text: @escaping @Sendable (Int) -> String
  ) -> Dimension {
    Dimension(name: name, size: size, options: options) { count, trial in
      try trial.input("l.csv", Array(text(count).utf8))
    }
  }

  private static func rows(
    _ count: Int, _ change: (Int, inout Rows.Login) -> Void = { _, _ in }
  ) -> String {
    var text = Rows.header
    for number in 0..<count {
      // The same days whatever the count: rules look at stretches of time.
      let day = number % 18 + 10
      let minute = number / 18 % 50 + 10
      let hour = number / 900 % 14 + 10
      var login = Rows.Login(time: "2026-08-\(day)T\(hour):\(minute):00.000Z")
      change(number, &login)
      text += Rows.row(number, login)
    }
    return text
  }

  /// The date of a day, counted from the beginning of 1999 in years of 365 days and months of 28.
  private static func civil(_ day: Int) -> String {
    let (year, rest) = (1_999 + day / 336, day % 336)
    return "\(year)-\(String(101 + rest / 28).dropFirst())-\(String(101 + rest % 28).dropFirst())"
  }

  /// Ids of which the upper half and a function of the lower one cancel out.
  private static func colliding(_ count: Int, _ mix: (UInt64) -> UInt64) -> [String] {
    let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    func text(_ value: UInt64, _ length: Int) -> String? {
      let codes = (0..<length).reversed().map { Int(value >> UInt64(6 * $0) & 63) }
      return codes.contains { $0 > 61 } ? nil : String(codes.map { digits[$0] })
    }
    var ids: [String] = []
    var low: UInt64 = 0
    while ids.count < count {
      low += 1
      let high = mix(low) ^ 0x0123_4567_89AB_CDE
      if high >> 60 == 0, let start = text(high, 10), let end = text(low, 5) {
        ids.append(start + end)
      }
    }
    return ids
  }

  static let dimensions: [Dimension] = [
    text("rows thirteen hours apart", 8_000) { count in
      Rows.header
        + (0..<count).map { number in
          let minutes = number * 781
          let day = civil(minutes / 1_440)
          let hour = String(100 + minutes % 1_440 / 60).dropFirst()
          let minute = String(100 + minutes % 60).dropFirst()
          return Rows.row(number, .init(time: "\(day)T\(hour):\(minute):00.000Z"))
        }.joined()
    },
    // What a hash without a key put into one place.
    text("login Ids made to collide", 3_000) { count in
      let ids = colliding(count) { $0 &* 0xD6E8_FEB8_6659_FD93 }
      return rows(count) { $1.id = ids[$0] }
    },
    text("user Ids made to collide", 300) { count in
      let ids = colliding(count) { $0 << 34 }
      return rows(count) { $1.user = ids[$0] }
    },
    text("accounts", 200) { rows($0) { $1.user = Rows.user($0) } },
    text("rows of one account", 20_000) { rows($0) },
    text("failed logins of one account", 20_000) { rows($0) { $1.status = "Invalid Password" } },
    text("logins of one moment", 20_000) { rows($0) { $1.time = "2026-08-03T10:00:00.000Z" } },
    text("addresses of one account", 8_000) {
      rows($0) { $1.address = "10.1.\($0 / 250).\($0 % 250)" }
    },
    text("texts in the place of addresses", 8_000) { rows($0) { $1.address = "host \($0)" } },
    text("applications of one account", 6_000) { rows($0) { $1.application = "app \($0)" } },
    text("statuses that no table knows", 500) { rows($0) { $1.status = "status \($0)" } },
    text("columns", 40_000, options: ["--config", "limits.yaml"]) { count in
      let commas = String(repeating: ",", count: count)
      let header = String(Rows.header.dropLast())
      let rows = (1...20).map { String(Rows.row($0).dropLast()) + commas + "\n" }
      return header + commas + "\n" + rows.joined()
    },
    text("length of a field", 200_000) { count in
      rows(20) { $1.application = String(repeating: "x", count: count) }
    },
    text("length of a field that is too long", 4_000_000) { count in
      Rows.sound + Rows.row(9, .init(application: String(repeating: "x", count: count)))
    },
    text("quotes where none may be", 1_000_000) { count in
      Rows.sound + String(repeating: "a\"b", count: count) + "\n"
    },
    text("rows with quotes where none may be", 20_000, options: ["--max-rejects", "1"]) { count in
      Rows.sound + String(repeating: "a\"b\n", count: count)
    },
    text("rows that open a quote", 20_000) { count in
      Rows.sound + String(repeating: "\"a,b\n", count: count)
    },
    text("blank lines", 8_000_000) { Rows.sound + String(repeating: "\n", count: $0) },
    Dimension(name: "files", size: 300) { count, trial in
      for number in 0..<count {
        try trial.input("\(number).csv", Array((Rows.header + Rows.row(number)).utf8))
      }
    },
    Dimension(name: "files that are named", size: 300) { count, trial in
      trial.arguments = try (0..<count).map { number in
        try trial.input("\(number).csv", Array((Rows.header + Rows.row(number)).utf8))
      }
    },
    Dimension(name: "gzip members", size: 20_000) { count, trial in
      let empty = Archives.gzip([])
      var bytes: [UInt8] = []
      for _ in 0..<count { bytes += empty }
      try trial.input("l.gz", bytes + Archives.gzip(Rows.soundBytes))
    },
    Dimension(name: "entries of a zip archive", size: 300) { count, trial in
      let entries = (0..<count).map { number in
        Archives.Entry(
          name: "\(number).csv", bytes: Array((Rows.header + Rows.row(number)).utf8))
      }
      try trial.input("l.zip", Archives.zip(entries))
    },
    Dimension(name: "snapshots", size: 60) { count, trial in
      try trial.input("l.csv", Rows.soundBytes)
      for number in 0..<count {
        let date = "\(2_010 + number / 180)-\(10 + number / 18 % 3)-\(10 + number % 18)"
        let header = "Id,Username,IsActive,Profile.Name,Profile.PermissionsModifyAllData\n"
        let users = (1...100).map { user in
          "\(Rows.user(user)),u\(user)@example.com,true,P,\((number + user) % 2 == 0)\n"
        }
        try trial.input("User-\(date).csv", Array((header + users.joined()).utf8))
      }
    },
    Dimension(name: "permission sets and groups of one account", size: 4_000) { count, trial in
      func write(_ name: String, _ header: String, _ row: (String) -> String) throws {
        let lines = (0..<count).map { row(Rows.user($0).dropFirst(3) + "\n") }
        try trial.input(name, Array((header + "\n" + lines.joined()).utf8))
      }
      func id(_ prefix: String, _ text: String) -> String { prefix + text.dropLast() }
      try trial.input("l.csv", Rows.soundBytes)
      try write("s.csv", "Id,Name,PermissionsModifyAllData") { "\(id("0PS", $0)),s,true\n" }
      try write("g.csv", "Id,DeveloperName,Status") { "\(id("0PG", $0)),g,Updated\n" }
      try write("c.csv", "PermissionSetGroupId,PermissionSetId") {
        "\(id("0PG", $0)),\(id("0PS", $0))\n"
      }
      try write("a.csv", "AssigneeId,PermissionSetId,PermissionSetGroupId") {
        "005Hn0000000001,\(id("0PS", $0)),\(id("0PG", $0))\n"
      }
    },
    Dimension(name: "verifications of one account", size: 10_000) { count, trial in
      try trial.input("l.csv", Rows.soundBytes)
      let header = "LoginHistoryId,UserId,VerificationTime,SourceIp,Policy,Activity,"
      let row =
        ",005Hn0000000001IAA,2026-08-03T10:00:00.000Z,192.0.2.10,TwoFactorAuthentication,Login,"
        + "Totp,Succeeded\n"
      let text = header + "VerificationMethod,Status\n" + String(repeating: row, count: count)
      try trial.input("v.csv", Array(text.utf8))
    },
  ]

  private static func cost(_ dimension: Dimension, _ count: Int) throws -> Double {
    let trial = try Trial()
    try dimension.write(count, trial)
    let limits = trial.root + "/limits.yaml"
    try "limits: {columns: 1000000}\n".write(toFile: limits, atomically: true, encoding: .utf8)
    let options = dimension.options.map { $0 == "limits.yaml" ? limits : $0 }
    let command =
      [Trial.program, "scan"] + trial.arguments + options + [
        "--now", "2026-09-01", "-o", "jsonl:" + trial.output("x"), "-o",
        "html:" + trial.output("y"),
      ]
    var least = Double.infinity
    for _ in 0..<2 {
      let run = try Measured.run(command)
      #expect(run.code == 0 || run.code == 2, "\(dimension.name)")
      least = min(least, run.userSeconds)
    }
    return least
  }

  @Test(arguments: dimensions)
  func twiceAsMuchTakesNoMoreThanTwiceTheTime(dimension: Dimension) throws {
    var costs: [(once: Double, twice: Double)] = []
    // A machine that does other work measures badly, seldom three times in a row.
    for _ in 0..<3 {
      let once = try Self.cost(dimension, dimension.size)
      let twice = try Self.cost(dimension, 2 * dimension.size)
      if twice <= 2 * once * 1.2 + 0.05 { return }
      costs.append((once, twice))
    }
    Issue.record("\(dimension.name): \(costs)")
  }
}
