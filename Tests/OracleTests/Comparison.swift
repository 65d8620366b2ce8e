import Foundation

/// What the program printed, by path, and how it differs from the oracle.
enum Comparison {
  typealias Object = [String: Any]

  /// Every leaf of an account record by its path, in the oracle's spelling.
  static func figures(_ record: Object) -> [String: String] {
    var found: [String: String] = [:]
    var record = record
    record["schema"] = nil
    record["findings"] = nil
    if var account = record["account"] as? Object {
      for privilege in account["privileges"] as? [Object] ?? [] {
        let name = privilege["name"] as? String ?? ""
        found["account.privileges \(name) via \(privilege["via"] as? String ?? "")"] = "1"
      }
      for name in ["in_snapshot", "active"] {
        account[name] = (account[name] as? Bool).map { $0 ? "true" : "false" }
      }
      account["privileges"] = nil
      account["class_reasons"] = nil
      record["account"] = account
    }
    if var activity = record["activity"] as? Object {
      activity["daily"] = days(activity["daily"])
      record["activity"] = activity
    }
    if var requests = record["api_requests"] as? Object {
      requests["daily"] = days(requests["daily"]).mapValues { ($0 as? Object)?["requests"] ?? "" }
      record["api_requests"] = requests
    }
    flatten(record, "", &found)
    return found
  }

  /// Columns of days as an object a day, by date.
  private static func days(_ columns: Any?) -> Object {
    guard let columns = columns as? Object, let from = columns["from"] as? String,
      let days = columns["day"] as? [Int],
      let first = try? Date(from + "T00:00:00Z", strategy: .iso8601)
    else { return [:] }
    var result: Object = [:]
    for (position, day) in days.enumerated() {
      let date = first.addingTimeInterval(Double(day) * 86_400).formatted(.iso8601).prefix(10)
      result[String(date)] = columns.filter { $0.key != "day" && $0.key != "from" }
        .mapValues { ($0 as? [Int])?[position] ?? -1 }
    }
    return result
  }

  private static func flatten(_ value: Any, _ path: String, _ found: inout [String: String]) {
    func inner(_ name: String) -> String { path == "" ? name : path + "." + name }
    if let object = value as? Object {
      for (name, value) in object { flatten(value, inner(name), &found) }
    } else if let list = value as? [Any] {
      for (index, value) in list.enumerated() { flatten(value, inner("\(index)"), &found) }
    } else {
      found[path] = value is NSNull ? "null" : "\(value)"
    }
  }

  /// The lines that tell how two sets of figures differ.
  static func differences(
    _ title: String, oracle: [String: String], program: [String: String],
    ignoring isIgnored: (String) -> Bool = { _ in false }
  ) -> [String] {
    Set(oracle.keys).union(program.keys).sorted().compactMap { path in
      let (mine, theirs) = (oracle[path], program[path])
      guard mine != theirs, !isIgnored(path) else { return nil }
      return "\(title) \(path): oracle \(mine ?? "nothing"), program \(theirs ?? "nothing")"
    }
  }
}
