/// Rows of a login history as tests need many of them: one a day, of one account unless it is named.
struct LoginRows {
  private static let header =
    "Id,UserId,LoginTime,LoginType,LoginSubType,Status,SourceIp,Application,Browser,CountryIso\n"

  /// What a row says where nothing else is wanted.
  struct Row {
    var user = "005Hn0000000001IAA"
    var day = 1
    var time = "10:00:00"
    var type = "Application"
    var subType = ""
    var status = "Success"
    var address = "192.0.2.10"
    var application = "Browser"
    var country = "DE"
  }

  private(set) var text = Self.header
  private var count = 0

  /// Day of a row as tests name it: 1 is 2026-06-01.
  static func date(_ day: Int) -> String {
    let (month, dayOfMonth) = day <= 30 ? ("06", day) : ("07", day - 30)
    return "2026-\(month)-\(dayOfMonth < 10 ? "0" : "")\(dayOfMonth)"
  }

  /// Id of the row that is added next.
  var nextID: String { "0YaHn0000000\(100 + count)KAA" }

  mutating func add(_ change: (inout Row) -> Void = { _ in }) {
    var row = Row()
    change(&row)
    let fields = [
      nextID, row.user, "\(Self.date(row.day))T\(row.time).000Z", row.type, row.subType, row.status,
      row.address, row.application, "Chrome 138", row.country,
    ]
    text += fields.joined(separator: ",") + "\n"
    count += 1
  }

  /// A row on each of some days.
  mutating func add(days: ClosedRange<Int>, _ change: (inout Row) -> Void = { _ in }) {
    for day in days {
      add { row in
        row.day = day
        change(&row)
      }
    }
  }
}
