import Foundation
import TestSupport
import Testing

/// Many dated snapshots, of which each changes little: kept once, and judged as if each were whole.
@Suite struct DailySnapshotTests {
  /// A snapshot file: its columns, and the fields of its rows.
  private struct Table {
    var columns: [String]
    var rows: [[String]]

    init(_ path: String) throws {
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .map { $0.dropFirst().dropLast().components(separatedBy: "\",\"") }
      columns = try #require(lines.first)
      rows = Array(lines.dropFirst())
    }

    func position(_ column: String) throws -> Int {
      try #require(columns.firstIndex(of: column), "\(columns)")
    }

    func without(_ column: String) throws -> Table {
      let position = try position(column)
      var table = self
      table.columns.remove(at: position)
      for row in table.rows.indices { table.rows[row].remove(at: position) }
      return table
    }

    func write(_ name: String, to folder: TestFolder) throws -> String {
      let text = ([columns] + rows).map { "\"" + $0.joined(separator: "\",\"") + "\"\n" }
      return try folder.write(name, text.joined())
    }
  }

  /// An org with snapshots of twelve days; of some days in two files, or with other columns, words or rows that
  /// contradict each other.
  private static func org(_ seed: UInt64) throws -> (folder: TestFolder, days: [[String]]) {
    let folder = try Program.synthesise([
      "--seed", "\(seed)", "--rows", "1500", "--users", "45", "--days", "40", "--files", "2",
    ])
    var generator = SeededGenerator(seed: seed)
    let all = try folder.files()
    func takeOut(_ kind: String) throws -> Table {
      let path = try #require(all.first { $0.hasSuffix("/\(kind).csv") })
      let table = try Table(path)
      try FileManager.default.removeItem(atPath: path)
      return table
    }
    var (users, assignments) = (try takeOut("User"), try takeOut("PermissionSetAssignment"))
    let (profile, active) = (try users.position("ProfileId"), try users.position("IsActive"))
    let profileName = try users.position("Profile.Name")
    let (username, everybody) = (try users.position("Username"), users.rows)
    let everything = assignments.rows
    var days: [[String]] = [try folder.files()]
    for day in 0..<12 {
      for _ in 0..<3 {
        let row = Int.random(in: users.rows.indices, using: &generator)
        let other = Int.random(in: users.rows.indices, using: &generator)
        users.rows[row][profile] = users.rows[other][profile]
        users.rows[row][profileName] = users.rows[other][profileName]
        users.rows[other][active] = users.rows[other][active] == "true" ? "false" : "true"
        // Somebody is gone, and somebody is back as she was.
        users.rows.remove(at: row)
        let back = everybody[Int.random(in: everybody.indices, using: &generator)]
        if !users.rows.contains(where: { $0[0] == back[0] }) { users.rows.append(back) }
        assignments.rows.remove(
          at: Int.random(in: assignments.rows.indices, using: &generator))
        let given = everything[Int.random(in: everything.indices, using: &generator)]
        if !assignments.rows.contains(given) { assignments.rows.append(given) }
      }
      var table = users
      switch day {
      case 2: table = try users.without("UserType")
      case 4:
        for row in table.rows.indices {
          table.rows[row][active] = table.rows[row][active] == "true" ? "yes" : "no"
        }
      case 5:
        // Two rows about one user, of which one takes the name of another.
        var twin = table.rows[0]
        twin[username] = table.rows[1][username]
        table.rows.append(twin)
      default: break
      }
      let date = "2026-04-\(10 + day)"
      var files = [
        try assignments.write("PermissionSetAssignment-\(date).csv", to: folder)
      ]
      if day == 8 {
        var (first, second) = (table, try table.without("LastPasswordChangeDate"))
        first.rows = Array(table.rows.prefix(20))
        second.rows = Array(second.rows.dropFirst(15))
        files.append(try first.write("User-\(date)-1.csv", to: folder))
        files.append(try second.write("User-\(date)-2.csv", to: folder))
      } else {
        files.append(try table.write("User-\(date).csv", to: folder))
      }
      days.append(files)
    }
    return (folder, days)
  }

  @Test(arguments: [21, 22] as [UInt64])
  func ledgersOfThemSayWhatTheFilesSay(seed: UInt64) throws {
    let (folder, days) = try Self.org(seed)
    let files = days.flatMap(\.self)
    let whole = try Program.scan(files)
    #expect(whole.records.contains { $0.contains("\"changes\":[{") })
    #expect(whole.records.contains { $0.contains("contradictory rows") })
    func ledger(_ name: String, _ inputs: [String]) throws -> String {
      let path = folder.path(name + ".ledger")
      try Program.ledger(path, inputs)
      return path
    }
    var state = try ledger("night-0", days[0] + days[1])
    for night in 2..<days.count { state = try ledger("night-\(night)", [state] + days[night]) }
    let even = days.indices.filter { $0.isMultiple(of: 2) }.flatMap { days[$0] }
    let odd = days.indices.filter { !$0.isMultiple(of: 2) }.flatMap { days[$0] }
    let parts = [try ledger("even", even), try ledger("odd", odd)]
    for (name, inputs) in [
      ("all", [try ledger("all", files)]), ("nights", [state]), ("parts", parts),
      ("parts in one", [try ledger("both", parts.reversed())]),
      ("a part and files", [parts[1]] + even),
      ("newest first", [try ledger("late", days[12])] + files),
    ] {
      let ended = try Program.scan(inputs)
      let other = zip(whole.records, ended.records).first { $0 != $1 }
      #expect(
        other == nil && ended.records.count == whole.records.count,
        "seed \(seed), \(name): \(ended.errors)\n\(other?.0 ?? "")\n\(other?.1 ?? "")")
    }
  }

  /// Most rows of a further day are taken from the day before; what cannot be read of them is said of each day.
  @Test func whatCannotBeReadIsSaidOfEveryDay() throws {
    let folder = try TestFolder()
    let rows = (100..<180).map { number in
      let created = number == 140 ? "soon" : "2025-01-\(10 + number % 20)T08:00:00Z"
      return "005Hn0000000\(number),user.\(number)@example.com,Standard,\(created)"
    }
    let added = "005Hn0000000999,user.999@example.com,Standard,2026-03-01T08:00:00Z"
    let days = [rows, rows, rows.reversed(), [added] + rows, rows + [added]]
    var files = [
      try folder.write(
        "LoginHistory.csv",
        """
        Id,UserId,LoginTime,LoginType,SourceIp,Status
        0YaHn000000000QKAQ,005Hn0000000140,2026-03-02T08:00:00Z,Application,192.0.2.1,Success

        """)
    ]
    for (day, rows) in days.enumerated() {
      let text = (["Id,Username,UserType,CreatedDate"] + rows).map { $0 + "\n" }.joined()
      files.append(try folder.write("User-2026-03-0\(1 + day).csv", text))
    }
    let errors = try Program.scan(files).errors
    for day in days.indices {
      let said = "User-2026-03-0\(1 + day).csv: 1 value of CreatedDate cannot be read (“soon”)"
      #expect(errors.contains(said), "\(errors)")
    }
  }

  @Test func aDayMoreTakesWhatItChanges() throws {
    let folder = try Program.synthesise(["--seed", "23", "--rows", "500", "--users", "400"])
    let files = try folder.files()
    let path = try #require(files.first { $0.hasSuffix("/User.csv") })
    var users = try Table(path)
    try FileManager.default.removeItem(atPath: path)
    let name = try users.position("Name")
    var daily: [String] = []
    var sizes: [Int] = []
    for day in 0..<20 {
      users.rows[day * 3][name] = "Name \(day)"
      daily.append(try users.write("User-2026-04-\(10 + day).csv", to: folder))
      if day == 0 || day == 19 {
        let ledger = folder.path("\(day).ledger")
        try Program.ledger(ledger, files.filter { $0 != path } + daily)
        sizes.append(try Data(contentsOf: URL(filePath: ledger)).count)
      }
    }
    #expect(sizes[1] - sizes[0] < 20 * 700, "\(sizes)")
  }
}
