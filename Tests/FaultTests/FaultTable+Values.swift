import Foundation
import Testing

extension FaultTable {
  private static func time(_ text: String, _ note: String, _ isRead: Bool) -> Fault {
    .row(
      "\(note): `\(text)`", isRead ? .complete(9) : .rejects("invalid_time"), .init(time: text))
  }

  /// One row of a Setup download beside a sound file.
  private static func local(_ text: String, _ note: String, _ answer: Answer) -> Fault {
    Fault("\(note): `\(text)` in Berlin", answer) { trial in
      let row = "a@example.com,\(text),Application,Success\n"
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input("b.csv", Array(("Username,Login Time,Login Type,Status\n" + row).utf8))
      trial.arguments += ["--time-zone", "Europe/Berlin"]
    }
  }

  /// A time of an option that lies outside the years that results can state.
  private static func outside(_ option: String, _ text: String) -> Fault {
    Fault(
      "a year beyond all by the offset of an option: `\(option) \(text)`",
      .refused(says: "outside the years 1 to 9999")
    ) { trial in
      trial.arguments = [try trial.input("l.csv", Rows.soundBytes), option, text]
    }
  }

  static let times: [Fault] = [
    time("2024-02-29T00:00:00.000Z", "a leap day", true),
    time("2000-02-29T00:00:00.000Z", "the leap day of a century", true),
    time("2026-02-29T00:00:00.000Z", "a leap day of no leap year", false),
    time("1900-02-29T00:00:00.000Z", "a leap day of a century without", false),
    time("9999-12-31T23:59:59.999Z", "the end of the year 9999", false),
    time("2199-12-31T23:59:59.999Z", "the end of the year 2199", true),
    time("2199-12-31T23:59:59-12:00", "the year 2200 by its offset", false),
    time("9999-12-31T23:59:59-12:00", "the year 10000 by its offset", false),
    time("1999-01-01T00:00:00+14:00", "the year 1998 by its offset", false),
    outside("--since", "9999-12-31T23:59:59-12:00"),
    outside("--until", "0001-01-01T00:00:00+12:00"),
    time("1999-01-01T00:00:00.000Z", "the beginning of the year 1999", true),
    time("10000-01-01T00:00:00.000Z", "a year of five digits", false),
    time("1969-12-31T23:59:59.999Z", "before 1970", false),
    time("0000-01-01T00:00:00.000Z", "a year that is none", false),
    time("-2026-01-01T00:00:00.000Z", "a year before the first", false),
    time("2026-13-01T00:00:00.000Z", "a thirteenth month", false),
    time("2026-08-03T24:00:00.000Z", "hour 24", false),
    time("2026-08-03T23:59:60.000Z", "a leap second", false),
    time("2026-08-03T10:00:00+14:00", "the farthest offset", true),
    time("2026-08-03T10:00:00-12:00", "an offset to the west", true),
    time("2026-08-03 10:00+05", "an offset of hours alone", true),
    time("2026-08-03T10:00:00.123456789Z", "more than milliseconds, which are cut", true),
    time("yesterday", "a word", false),
    time("", "nothing", false),
    time("2026-08-03T10:00:00.000Z\u{A0}", "a blank that does not break behind it", true),
    time("\u{FF12}026-08-03T10:00:00.000Z", "a digit of full width", true),
    time("1754215200", "seconds since 1970 among other forms", false),
    .row(
      "a local time, and no zone is stated", .rejects("missing_time_zone"),
      .init(time: "2026-08-03 10:00:00")),
    Fault(
      "rows of the years 1999 and 2199 among others, whose days no chart draws", .complete(10),
      check: { trial, _ in
        let page = try Data(contentsOf: URL(filePath: trial.output("page")))
        #expect(page.count < 1 << 20)
        #expect(String(decoding: page, as: UTF8.self).contains("are not drawn"))
      },
      make: { trial in
        let rows =
          Rows.row(9, .init(time: "1999-01-01T00:00:00.000Z"))
          + Rows.row(10, .init(time: "2199-12-31T23:59:59.999Z"))
        try trial.input("l.csv", Array((Rows.sound + rows).utf8))
        trial.arguments += ["-o", "html:" + trial.output("page")]
      }),
    Fault("local times alone, and no zone is stated", .refused(says: "state --time-zone")) {
      trial in
      let text = Rows.sound.replacing("T10:", with: " 10:").replacing(".000Z", with: "")
      try trial.input("l.csv", Array(text.utf8))
    },
    local(
      "25.10.2026 02:30:00", "an hour that occurs twice",
      .complete(9, says: "1 local time occurs twice")),
    local("29.03.2026 02:30:00", "an hour that does not exist", .rejects("invalid_time")),
    local("29.03.2026 03:00:00", "the moment behind it", .complete(9)),
    local("7/8/2026 10:00:00", "month and day could be exchanged", .refused(says: "--date-order")),
  ]

  private static func id(_ text: String, _ note: String) -> Fault {
    // A row counts whatever its login Id is; one in another form is compared as it stands.
    .row("a login Id of \(note): `\(text)`", .complete(9), .init(id: text))
  }

  private static func user(_ text: String, _ note: String, _ isRead: Bool) -> Fault {
    .row(
      "a user Id of \(note): `\(text)`", isRead ? .complete(9) : .rejects("invalid_user"),
      .init(user: text))
  }

  private static func address(_ text: String, _ note: String) -> Fault {
    .row("\(note): `\(text)`", .complete(9), .init(address: text))
  }

  static let values: [Fault] = [
    id("0YaHn000000009", "14 characters"), id("0YaHn0000000099", "15 characters"),
    id("0YaHn0000000099A", "16 characters"), id("0YaHn0000000099KAA", "18 characters"),
    id("0YaHn0000000099AAAA", "19 characters"), id("", "no characters"),
    .text("the same login Id, of 15 and of 18 characters", .complete(9, duplicate: 1)) {
      Rows.sound + Rows.row(9, .init(id: "0YaHn0000000099"))
        + Rows.row(9, .init(id: "0YaHn0000000099KAA"))
    },
    .text("the same login Id of 14 characters twice", .complete(9, duplicate: 1)) {
      Rows.sound + Rows.row(9, .init(id: "0YaHn000000009"))
        + Rows.row(9, .init(id: "0YaHn000000009"))
    },
    user("005Hn000000000", "14 characters", false), user("005Hn0000000001", "15 characters", true),
    user("005Hn0000000001I", "16 characters", false),
    user("005Hn0000000001IAA", "18 characters", true),
    user("005Hn0000000001IAAA", "19 characters", false),
    .text("users whose Ids differ in case alone, which are two accounts", .complete(10)) {
      Rows.sound + Rows.row(9, .init(user: "005Hn000000000A"))
        + Rows.row(10, .init(user: "005Hn000000000a"))
    },
    user("", "no characters", false), user("005Hn00000 0001", "15 with a blank", false),
    address("2001:db8::1", "an IPv6 address"), address("::ffff:192.0.2.1", "IPv4 inside IPv6"),
    address("fe80::1%eth0", "an IPv6 address with a zone"),
    address("Salesforce.com IP", "a text in place of an address"),
    address("256.1.1.1", "an IPv4 address that is none"),
    address("192.0.2.010", "an IPv4 address with a leading zero"),
    address("", "no address"),
    .row(
      "a status of 100,000 characters, which no table knows, in a ninth of the rows",
      .incomplete(9, says: "1 of 9 logins does not tell whether it succeeded"),
      .init(status: String(repeating: "x", count: 100_000))),
    .row("a formula as value", .complete(9), .init(application: "=cmd|' /C calc'!A0")),
    .row("markup as value", .complete(9), .init(application: "<script>alert(1)</script>")),
    .row("terminal codes as value", .complete(9), .init(application: "\u{1B}[2J\u{1B}]0;x\u{7}")),
  ]
}
