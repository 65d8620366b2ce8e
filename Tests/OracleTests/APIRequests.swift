/// One row of an event log of API requests.
struct Request {
  let kind: String
  let account: String
  let time: Int
  let family: String
  /// `58.0`, or empty.
  let version: String
  let application: String
  let status: String
  /// `yes`, `no` or `unknown`.
  let limited: String
  let address: String

  static let kinds = [
    "ApiTotalUsage", "API", "RestApi", "BulkApi", "BulkApi2", "BulkApiRequest",
    "MetadataApiOperation",
  ]

  static func all(in exports: [ExportFile], people: People, window: Range<Int>) -> [Request] {
    exports.filter { kinds.contains($0.kind) }.flatMap { export in
      export.text.records.compactMap { record in
        guard let time = Login.time(of: record), window.contains(time),
          let account = people.key(
            id: record["user_id_derived"] == "" ? record["user_id"] : record["user_id_derived"],
            username: record["user_name"].lowercased())
        else { return nil }
        return Request(record, export.kind, account, time)
      }
    }
  }

  private init(_ record: DelimitedText.Record, _ kind: String, _ account: String, _ time: Int) {
    (self.kind, self.account, self.time) = (kind, account, time)
    switch kind {
    case "API": family = "SOAP"
    case "RestApi": family = "REST"
    case "MetadataApiOperation": family = "Metadata"
    case "ApiTotalUsage": family = record["api_family"]
    default: family = "Bulk"
    }
    let named = Self.version(record["api_version"])
    let paths = [record["api_resource"], record["request_path"], record["uri"]]
    version =
      named != "" ? named : paths.lazy.compactMap { Self.version(inPath: $0) }.first ?? ""
    let names = ["connected_app_name", "client_name", "connected_app_id", "client_id"]
    application = names.lazy.map { record[$0] }.first { $0 != "" } ?? ""
    switch kind {
    case "API": status = record["exception_message"] == "" ? "" : "failed"
    case "BulkApi": status = Self.outcome(record["success"])
    case "BulkApi2": status = record["job_status"]
    default: status = Self.outcome(record["status_code"])
    }
    let flag = record["counts_against_api_limit"].lowercased()
    limited =
      ["1", "true"].contains(flag) ? "yes" : ["0", "false"].contains(flag) ? "no" : "unknown"
    address = Address.canonical(record["client_ip"])
  }

  private static func outcome(_ text: String) -> String {
    if ["1", "true"].contains(text.lowercased()) { return "succeeded" }
    if ["0", "false"].contains(text.lowercased()) { return "failed" }
    return text.count == 3 && text.allSatisfy(\.isNumber) ? "\(text.prefix(1))xx" : text
  }

  private static func version(_ text: String) -> String {
    guard let number = Double(text), number > 0, number < 1_000 else { return "" }
    return "\(Int(number)).0"
  }

  /// `58.0` of a part such as `v58.0` or `58.0`.
  private static func version(inPath path: String) -> String? {
    path.split(separator: "/").lazy.map { part -> String in
      let digits = part.hasPrefix("v") ? part.dropFirst() : part
      let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
      guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) })
      else { return "" }
      return version(String(digits))
    }.first { $0 != "" }
  }
}

extension Oracle {
  /// The requests that count, so that none counts twice.
  var countedRequests: [Request] {
    let kinds = Set(requests.map(\.kind))
    return requests.filter { request in
      if kinds.contains("ApiTotalUsage") { return request.kind == "ApiTotalUsage" }
      switch request.kind {
      case "BulkApi", "BulkApi2": return !kinds.contains("BulkApiRequest")
      case "MetadataApiOperation": return !kinds.contains("API")
      default: return true
      }
    }
  }

  func requestFigures(of account: Account) -> [String: String] {
    let all = requests.filter { $0.account == account.key }
    guard !all.isEmpty else { return [:] }
    let own = countedRequests.filter { $0.account == account.key }
    var found = ["api_requests.total": "\(own.count)"]
    func tally(_ name: String, _ texts: [String]) {
      for (text, group) in Dictionary(grouping: texts, by: { $0 }) {
        found["api_requests.\(name).\(text)"] = "\(group.count)"
      }
    }
    tally("by_family", own.map(\.family))
    tally("by_version", own.map(\.version))
    tally("by_application", own.map(\.application))
    tally("by_status", own.map(\.status))
    tally("by_source", all.map(\.kind))
    tally("daily", own.map { Moment.date($0.time / 86_400_000) })
    for answer in ["yes", "no", "unknown"] {
      found["api_requests.counts_against_limit.\(answer)"] =
        "\(own.count { $0.limited == answer })"
    }
    return found
  }
}
