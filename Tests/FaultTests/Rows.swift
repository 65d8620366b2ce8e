/// Login rows, written by hand.
enum Rows {
  /// One row of `LoginHistory`.
  struct Login: Sendable {
    var id: String?
    var user = "005Hn0000000001IAA"
    var time = "2026-08-03T11:00:00.000Z"
    var type = "Application"
    var status = "Success"
    var address = "192.0.2.10"
    var application = "Browser"
    var platform = "Windows 11"
  }

  static let header =
    "Id,UserId,LoginTime,LoginType,Status,SourceIp,Application,Browser,Platform,TlsProtocol\n"

  static func row(_ number: Int, _ login: Login = Login()) -> String {
    [
      login.id ?? id(number), login.user, login.time, login.type, login.status, login.address,
      login.application, "Chrome 126", login.platform, "TLS 1.3",
    ].joined(separator: ",") + "\n"
  }

  static func rows(_ numbers: ClosedRange<Int>) -> String {
    numbers.map { number in
      row(number, Login(time: "2026-08-03T10:\(10 + number % 50):00.000Z"))
    }.joined()
  }

  static func id(_ number: Int) -> String {
    let digits = String(number)
    return "0YaHn0000" + String(repeating: "0", count: 6 - digits.count) + digits + "KAA"
  }

  /// Eight rows without a fault.
  static let sound = header + rows(1...8)
  static let soundBytes = Array(sound.utf8)
}

extension Rows {
  /// Id of a user.
  static func user(_ number: Int) -> String {
    let digits = String(number)
    return "005Hn0000" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
