extension FaultTable {
  private static let columns = Rows.header.dropLast()

  /// A hundred thousand columns more.
  private static var wideHeader: String {
    let names: [String] = (1...100_000).map { "c\($0)" }
    return columns + "," + names.joined(separator: ",") + "\n"
  }

  static let records: [Fault] = [
    .text("lines that end with CR LF", .complete()) {
      Rows.sound.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
    },
    .text("lines that end with CR", .complete()) {
      String(Rows.sound.unicodeScalars.map { $0 == "\n" ? "\r" : Character($0) })
    },
    .text("line ends of all three kinds, and blank lines", .complete(4)) {
      let lines = (1...4).map { String(Rows.row($0).dropLast()) }
      return "\(columns)\r\n\(lines[0])\r\(lines[1])\n\n\(lines[2])\r\n\r\n\(lines[3])"
    },
    .text("no line end behind the last row", .complete()) { String(Rows.sound.dropLast()) },
    .text("a last row that is cut", .rejects("field_count")) {
      Rows.sound + Rows.row(9).prefix(60)
    },
    .text("a row with fewer fields", .rejects("field_count")) { Rows.sound + "a,b\n" },
    .text("a row with more fields", .rejects("field_count")) {
      Rows.sound + Rows.row(9).dropLast() + ",more\n"
    },
    .text("a row of empty fields", .rejects("invalid_time")) { Rows.sound + ",,,,,,,,,\n" },
    .text("a quote inside a field", .rejects("broken_quoting")) {
      Rows.sound + Rows.row(9, .init(application: "Bro\"wser"))
    },
    .text("text behind a closing quote", .rejects("broken_quoting")) {
      Rows.sound + Rows.row(9, .init(application: "\"Brow\"ser"))
    },
    .text("a field of quotes", .complete(9)) {
      Rows.sound + Rows.row(9, .init(application: "\"\"\"\"\"\""))
    },
    .text("delimiters and line ends inside quotes", .complete(9)) {
      Rows.sound + Rows.row(9, .init(application: "\"a,b\r\nc\nd\re\"\"f\""))
    },
    .text("a quote that is not closed in the last row", .rejects("unterminated_quote")) {
      Rows.sound + Rows.row(9, .init(application: "\"Browser"))
    },
    .text("a quote that is not closed, and fifty rows behind it", .rejects("unterminated_quote")) {
      Rows.sound + Rows.row(9, .init(application: "\"Browser")) + Rows.rows(10...59)
    },
    .text("all fields in quotes", .complete()) {
      Rows.sound.split(separator: "\n").map { line in
        line.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",") + "\n"
      }.joined()
    },
    .text("a field of 20 MB", .rejects("field_too_long", analysed: 9)) {
      Rows.sound + Rows.row(9, .init(application: String(repeating: "x", count: 20_000_000)))
        + Rows.row(10)
    },
    .text("a field of 8 MB of quotes", .rejects("field_too_long", analysed: 9)) {
      Rows.sound
        + Rows.row(9, .init(application: "\"" + String(repeating: "\"\"", count: 4_000_000) + "\""))
        + Rows.row(10)
    },
    .text("a field of 900 kB, which is below the limit", .complete(9)) {
      Rows.sound + Rows.row(9, .init(application: String(repeating: "x", count: 900_000)))
    },
    .text("a row of 100,000 fields", .rejects("too_many_columns", analysed: 9)) {
      Rows.sound + Rows.row(9).dropLast() + String(repeating: ",", count: 100_000) + "\n"
        + Rows.row(10)
    },
    .text("a header of 100,000 columns", .nothing(says: "more than 10000 columns")) {
      wideHeader + Rows.row(1)
    },
    Fault("a header of 100,000 columns that the configuration allows", .complete(1)) { trial in
      let config = try trial.input("postern.yaml", "limits: {columns: 200000}\n".utf8)
      let text =
        wideHeader + Rows.row(1).dropLast() + String(repeating: ",", count: 100_000) + "\n"
      trial.arguments = [try trial.input("l.csv", Array(text.utf8)), "--config", config]
    },
    .text("a header alone", .nothing(says: "no login rows")) { Rows.header },
    .text("the header again in the middle", .complete(says: "the header row occurs 1 more")) {
      Rows.header + Rows.rows(1...4) + Rows.header + Rows.rows(5...8)
    },
    .text(
      "other columns from the middle on", .complete(9, says: "the header row occurs 1 more")
    ) {
      Rows.sound + "Id,UserId,LoginTime,LoginType,Status\n"
        + Rows.row(9).split(separator: ",").prefix(5).joined(separator: ",") + "\n"
    },
    .text("columns in another order", .complete(1)) {
      "Status,LoginType,LoginTime,UserId\nSuccess,Application,2026-08-03T10:00:00Z,"
        + "005Hn0000000001IAA\n"
    },
    .text("a column that occurs twice and says the same", .complete()) {
      let lines = Rows.sound.split(separator: "\n")
      return lines[0] + ",Status\n" + lines.dropFirst().map { $0 + ",Success\n" }.joined()
    },
    .text(
      "a column that occurs twice and says two things",
      .nothing(says: "has two columns “LoginTime” that differ")
    ) {
      let lines = Rows.sound.split(separator: "\n")
      return lines[0] + ",LoginTime\n" + lines.dropFirst().map { $0 + ",never\n" }.joined()
    },
    .text("columns without names", .complete()) {
      Rows.sound.split(separator: "\n").map { $0 + ",,\n" }.joined()
    },
    .text("names of columns in other case, with blanks", .complete()) {
      columns.uppercased().replacing(",", with: " , ") + "\n" + Rows.rows(1...8)
    },
    .text("a column that is needed is missing", .nothing(says: "which also needs")) {
      "Id,UserId,LoginTime\n"
    },
    .text("a delimiter that no export has", .nothing(says: "not recognised")) {
      Rows.sound.replacing(",", with: ":")
    },
    Fault("a line `sep=,` before the header", .complete(duplicate: 8)) {
      trial in
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input("b.csv", Array(("sep=,\n" + Rows.sound).utf8))
    },
    .text("a title before the header", .nothing(says: "the header row is line 4")) {
      "Login History\n\nexported today\n" + Rows.sound
    },
    Fault(
      "a needed column spelt with a foreign letter, in a folder",
      .incomplete(says: "which also needs")
    ) { trial in
      try trial.input("a.csv", Rows.soundBytes)
      try trial.input(
        "b.csv", Array(Rows.sound.replacing("LoginTime", with: "L\u{43E}ginTime").utf8))
    },
    .text("lines that end with CR CR LF", .complete()) {
      Rows.sound.split(separator: "\n").joined(separator: "\r\r\n") + "\r\r\n"
    },
    .text("blank lines before the header", .complete()) { "\n\r\n\n" + Rows.sound },
    .text("two byte order marks", .complete()) { "\u{FEFF}\u{FEFF}" + Rows.sound },
    .text("a byte order mark in the middle, before the header again", .complete(duplicate: 8)) {
      Rows.sound + "\u{FEFF}" + Rows.sound
    },
    .text("the end mark of an old system", .rejects("field_count")) { Rows.sound + "\u{1A}" },
    .bytes("zeros behind the last row", .rejects("field_count")) {
      Rows.soundBytes + [UInt8](repeating: 0, count: 100)
    },
    .text("a sum below the rows", .rejects("field_count", count: 2)) {
      Rows.sound + "\n\"Total\",\"8\"\n\"Copyright (c) somebody\"\n"
    },
    .text("apostrophes in the place of quotes", .rejects("field_count")) {
      Rows.sound + Rows.row(9, .init(application: "'a,b'"))
    },
    .text("a quote behind a backslash", .rejects("broken_quoting")) {
      Rows.sound + Rows.row(9, .init(application: "\"a\\\"b\""))
    },
    .text("a quote behind a blank", .rejects("broken_quoting")) {
      Rows.sound + Rows.row(9, .init(application: " \"a,b\""))
    },
    .text("line separators of Unicode in a value", .complete(9)) {
      Rows.sound + Rows.row(9, .init(application: "a\u{85}b\u{2028}c\u{B}d"))
    },
    .text("one quote behind the header", .nothing(rejected: 1, says: "all are rejected")) {
      Rows.header + "\""
    },
    .text("tabs between the fields", .complete()) { Rows.sound.replacing(",", with: "\t") },
    .text("rows twice", .complete(duplicate: 8)) { Rows.sound + Rows.rows(1...8) },
    .text("twelve bad rows of many", .rejects("field_count", count: 12, analysed: 8)) {
      Rows.sound + String(repeating: "x\n", count: 12)
    },
    Fault("bad rows below --max-rejects", Answer(exit: 0, rows: [10, 8, 0, 0, 2])) { trial in
      trial.arguments = [
        try trial.input("l.csv", Array((Rows.sound + "x\nx\n").utf8)), "--max-rejects", "2",
      ]
    },
    Fault(
      "no rows in the window", Answer(exit: 2, rows: [8, 0, 0, 8, 0], says: "no login rows in")
    ) { trial in
      try trial.input("l.csv", Rows.soundBytes)
      trial.arguments += ["--since", "2027-01-01"]
    },
  ]
}
