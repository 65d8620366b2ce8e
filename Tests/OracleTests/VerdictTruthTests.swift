import Foundation
import TestSupport
import Testing

/// How often the verdict on MFA is what really happened, and how often it can be given at all.
///
/// The generator knows of each login whether more than one factor was used, also where no export
/// shows it. A verdict of unknown is neither right nor wrong and is counted apart.
@Suite
struct VerdictTruthTests {
  private struct Score {
    var logins = 0
    var unknown = 0
    /// Right and given verdicts, and true cases, of proven and of absent.
    var right = [0, 0]
    var given = [0, 0]
    var cases = [0, 0]

    func precision(_ index: Int) -> Double {
      given[index] == 0 ? 1 : Double(right[index]) / Double(given[index])
    }
    func recall(_ index: Int) -> Double {
      cases[index] == 0 ? 1 : Double(right[index]) / Double(cases[index])
    }
  }

  @Test
  func aVerdictIsNeverWrongAndWholeExportsLeaveFewUnknown() throws {
    let runs: [(name: String, arguments: [String], damage: Damage?)] = [
      ("SOQL, whole", ["--shape", "soql"], nil),
      ("SOQL, hole", ["--shape", "soql", "--verification", "holes"], nil),
      ("SOQL, none", ["--shape", "soql", "--verification", "none"], nil),
      ("Setup, whole", ["--shape", "setup"], nil),
      ("event log 2020", ["--shape", "elf-2020"], nil),
      ("event log 2026", ["--shape", "elf-2026"], nil),
      ("of some users", ["--shape", "soql"], .filtered),
      ("first half", ["--shape", "soql"], .cut), ("without days", ["--shape", "soql"], .holed),
      ("no policy", ["--shape", "soql"], .lacking("Policy")),
      ("no method", ["--shape", "soql"], .lacking("VerificationMethod")),
      ("no activity", ["--shape", "soql"], .lacking("Activity")),
      ("no status", ["--shape", "soql"], .lacking("Status")),
      ("no login Id", ["--shape", "soql"], .lacking("LoginHistoryId")),
    ]
    var scores: [Score] = []
    var table = ["", "truth of the MFA verdict over successful human logins"]
    table.append(Self.line(["exports", "logins", "unknown", "proven", "", "absent", ""]))
    table.append(Self.line(["", "", "", "precision", "recall", "precision", "recall"]))
    for (name, arguments, damage) in runs {
      let score = try Self.score(arguments, damage)
      scores.append(score)
      let numbers = [0, 1].flatMap { [score.precision($0), score.recall($0)] }
      let unknown = Double(score.unknown) / Double(score.logins)
      table.append(
        Self.line(
          [name, "\(score.logins)", Self.percent(unknown)] + numbers.map(Self.percent)))
    }
    print(table.joined(separator: "\n"))

    for (score, run) in zip(scores, runs) {
      #expect(score.logins > 500, "\(run.0)")
      #expect(score.precision(0) == 1, "\(run.0)")
      #expect(score.precision(1) == 1, "\(run.0)")
    }
    #expect(scores[0].recall(0) >= 0.99)
    #expect(scores[0].recall(1) >= 0.86)
    #expect(scores[1].recall(0) >= 0.75)
    #expect(scores[3].recall(0) >= 0.9)
  }

  /// What was done to the verification export after it was made.
  private enum Damage {
    /// It has rows of one user in six.
    case filtered
    /// It has the first half of the rows by time.
    case cut
    /// It lacks every tenth day.
    case holed
    /// It lacks a column.
    case lacking(String)

    /// The damaged export.
    func applied(to text: String) -> String {
      var lines = text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      func plain(_ field: String) -> String { field.filter { $0 != "\"" && $0 != "\r" } }
      let header = lines.removeFirst()
      func column(_ name: String) -> Int { header.firstIndex { plain($0) == name } ?? 0 }
      let (user, time) = (column("UserId"), column("VerificationTime"))
      switch self {
      case .filtered:
        let users = Set(lines.map { $0[user] }).sorted()
        let kept = Set(users.enumerated().filter { $0.offset % 6 == 0 }.map(\.element))
        lines = lines.filter { kept.contains($0[user]) }
      case .cut:
        let middle = lines.map { plain($0[time]) }.sorted()[lines.count / 2]
        lines = lines.filter { plain($0[time]) < middle }
      case .holed:
        let days = Set(lines.map { plain($0[time]).prefix(10) }).sorted()
        let gone = Set(days.enumerated().filter { $0.offset % 10 == 4 }.map(\.element))
        lines = lines.filter { !gone.contains(plain($0[time]).prefix(10)) }
      case .lacking(let name):
        let gone = column(name)
        return ([header] + lines).map { line in
          var line = line
          line.remove(at: gone)
          return line.joined(separator: ",") + "\n"
        }.joined()
      }
      return ([header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
    }
  }

  private static func score(_ arguments: [String], _ damage: Damage?) throws -> Score {
    let folder = try Program.synthesise(
      ["--seed", "41", "--rows", "4000", "--users", "60", "--days", "60", "--login-truth"]
        + arguments)
    if let damage {
      let path = folder.path + "/VerificationHistory.csv"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try damage.applied(to: text).write(toFile: path, atomically: true, encoding: .utf8)
    }
    let truth = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: folder.path + "/truth.json"))) as? Comparison.Object)
    let run = try Program.run(
      "postern", ["events", folder.path, "--kind", "human", "-q", "-o", "jsonl"])
    var verdicts: [String: [String]] = [:]
    for line in run.output.split(separator: 0x0A) {
      let event = try #require(
        try JSONSerialization.jsonObject(with: line) as? Comparison.Object)
      guard let verdict = event["mfa"] as? String else { continue }
      let account = (event["account"] as? Comparison.Object)?["id"] as? String ?? ""
      verdicts["\(account) \(event["time"] as? String ?? "")", default: []].append(verdict)
    }
    var score = Score()
    for login in truth["logins"] as? [Comparison.Object] ?? [] {
      let key = "\(login["account"] as? String ?? "") \(login["time"] as? String ?? "")"
      // Whether the other system at work checked more than a password, nobody here knows.
      guard let isTrue = login["mfa"] as? Bool, let verdict = verdicts[key]?.popLast() else {
        continue
      }
      score.logins += 1
      score.cases[isTrue ? 0 : 1] += 1
      switch verdict {
      case "proven":
        score.given[0] += 1
        if isTrue { score.right[0] += 1 }
      case "absent":
        score.given[1] += 1
        if !isTrue { score.right[1] += 1 }
      default: score.unknown += 1
      }
    }
    return score
  }

  private static func percent(_ share: Double) -> String {
    "\(Int((share * 1_000).rounded(.down)) / 10).\(Int((share * 1_000).rounded(.down)) % 10) %"
  }

  private static func line(_ cells: [String]) -> String {
    cells.enumerated().map { index, cell in
      let width = index == 0 ? 16 : 11
      return index == 0
        ? cell.padding(toLength: width, withPad: " ", startingAt: 0)
        : String(repeating: " ", count: max(1, width - cell.count)) + cell
    }.joined()
  }
}
