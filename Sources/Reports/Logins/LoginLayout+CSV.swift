import Accounts
import SalesforceExports

extension LoginLayout {
  /// Names of the columns of ``csv``.
  private static let csvColumns = [
    "time", "record_id", "account_id", "username", "account_class", "kind", "outcome", "status",
    "mfa", "basis", "grade", "confidence", "source_ip", "country", "login_type", "login_sub_type",
    "application", "browser", "platform", "api_type", "api_version", "tls", "file", "line",
  ]

  /// A row as a record of a CSV file (RFC 4180).
  package static var csv: LoginLayout {
    @Sendable func fields(_ texts: [String]) -> String {
      texts.map { SafeText.csvField($0) + "," }.joined()
    }
    return LoginLayout(
      header: SafeText.csvRecord(csvColumns),
      [
        .row { login, bytes in
          login.time.write(to: &bytes)
          bytes.append(UInt8(ascii: ","))
          login.writeID(to: &bytes)
          bytes.append(UInt8(ascii: ","))
        },
        .account { fields([$0.id, $0.username, $0.accountClass.rawValue]) },
        .shape { fields([$0.door.name, $0.outcome.name, $0.status]) },
        .verdict { verdict in
          fields([
            verdict?.state.rawValue ?? "", verdict?.basis.rawValue ?? "",
            verdict?.grade.name ?? "", verdict?.confidence?.rawValue ?? "",
          ])
        },
        .address { fields([$0]) },
        .shape { shape in
          fields([
            shape.country, shape.type, shape.subType, shape.application, shape.browser,
            shape.platform, shape.apiType, shape.apiVersion, shape.tls,
          ])
        },
        .file { fields([$0]) },
        .row { login, bytes in login.writeLine(to: &bytes) },
      ], lineEnd: [0x0D, 0x0A])
  }
}

extension ShownLogin {
  /// Appends the 18-character Id; nothing for none.
  func writeID(to bytes: inout [UInt8]) {
    if !id.isNone { bytes.append(contentsOf: id.text18.utf8) }
  }

  /// Appends the number of the line.
  func writeLine(to bytes: inout [UInt8]) {
    var divisor: UInt64 = 1
    while line / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: line / divisor % 10))
      divisor /= 10
    }
  }
}
