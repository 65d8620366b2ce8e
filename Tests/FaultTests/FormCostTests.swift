import TestSupport
import Testing

/// Logins in the forms in which people hand them in cost about what an export by the API does.
@Suite(.serialized, .enabled(if: Measured.isMeaningful)) struct FormCostTests {
  /// A way in which times or Ids are written.
  struct Form: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change:
      @Sendable (_ login: inout Rows.Login, _ day: Int, _ hour: Int, _ minute: Int) -> Void
  }

  static let forms = [
    Form(testDescription: "Setup in American English") { login, day, hour, minute in
      login.time = "\"8/\(day)/2026, \(hour % 12 + 1):\(minute):00 \(hour < 12 ? "AM" : "PM") UTC\""
    },
    Form(testDescription: "Setup in German") { login, day, hour, minute in
      login.time = "\"\(day).08.2026, \(hour):\(minute):00\""
    },
    Form(testDescription: "months by name") { login, day, hour, minute in
      login.time = "\(day) Aug 2026 \(hour):\(minute):00 UTC"
    },
    Form(testDescription: "a database without zones") { login, day, hour, minute in
      login.time = "2026-08-\(day) \(hour):\(minute):00"
    },
    Form(testDescription: "milliseconds since the epoch") { login, day, hour, minute in
      login.time = String(1_785_542_400_000 + ((day * 24 + hour) * 60 + minute) * 60_000)
    },
    Form(testDescription: "guards of spreadsheets") { login, day, hour, minute in
      login.time = "\"=\"\"2026-08-\(day)T\(hour):\(minute):00.000Z\"\"\""
      login.user = "\"=\"\"\(login.user)\"\"\""
    },
  ]

  private static func cost(_ form: Form?) throws -> Double {
    let trial = try Trial()
    var text = Rows.header
    for number in 0..<60_000 {
      let (day, minute, hour) = (number % 18 + 10, number / 18 % 50 + 10, number / 900 % 14 + 10)
      var login = Rows.Login(time: "2026-08-\(day)T\(hour):\(minute):00.000Z")
      form?.change(&login, day, hour, minute)
      text += Rows.row(number, login)
    }
    try trial.input("l.csv", Array(text.utf8))
    let command = [
      Trial.program, "scan", trial.root + "/in", "--time-zone", "UTC", "--date-order", "mdy",
    ]
    let runs = try (0..<3).map { _ in try Measured.run(command) }
    #expect(runs.allSatisfy { $0.code == 0 }, "\(form?.testDescription ?? "the API"): \(runs)")
    return runs.map(\.userSeconds).min() ?? 0
  }

  /// Taken apart character by character, a time costs twenty times the rest of its row.
  @Test(arguments: forms) func aFormCostsAtMostThreeTimesTheAPIs(form: Form) throws {
    var costs: [(plain: Double, form: Double)] = []
    for _ in 0..<3 {
      let plain = try Self.cost(nil)
      let own = try Self.cost(form)
      if own <= 3 * plain + 0.05 { return }
      costs.append((plain, own))
    }
    Issue.record("\(form.testDescription): \(costs)")
  }
}
