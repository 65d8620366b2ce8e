/// Tells outputs of the program from exports, by how they begin.
enum OwnOutput {
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Beginnings of tables: logins, findings, accounts, actions and applications.
  private static let tables = [
    "time,record_id,account_id,username,account_class,", "finding_id,rule_id,rule_version,title,",
    "account_id,account_key,username,name,active,", "severity,outcome,account,account_type,step,",
    "application,states,user_facing,first,last,",
  ].map { Array($0.utf8) }

  /// End of the first line of counts.
  private static let counts = Array(",rows,successes,accounts,first,last".utf8)
  /// Bytes within which that line ends.
  private static let lineLimit = 400

  /// What a file is, as half a sentence; `nil` for what is not known to be the program's own.
  ///
  /// - Parameter bytes: The first bytes.
  static func name(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: "{\"schema\":\"postern.".utf8) { return "results of Postern" }
    let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    if tables.contains(where: { text.starts(with: $0) }) { return "a table of Postern" }
    let line = text.prefix(lineLimit).prefix { $0 != UInt8(ascii: "\r") }
    if line.count < lineLimit, line.suffix(counts.count).elementsEqual(counts) {
      return "counts of logins by Postern"
    }
    if bytes.starts(with: "{\"message\":\"".utf8), says("\",\"timestamp_desc\":\"Login\"", bytes) {
      return "logins for Timesketch by Postern"
    }
    if bytes.starts(with: "{\"activity_id\":".utf8),
      says("\"product\":{\"name\":\"Postern\",", bytes)
    {
      return "OCSF events of Postern"
    }
    return nil
  }

  private static func says(_ text: String, _ bytes: [UInt8]) -> Bool {
    bytes.firstRange(of: Array(text.utf8)) != nil
  }
}
