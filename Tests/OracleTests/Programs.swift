import Foundation
import TestSupport
import Testing

extension Program {
  /// The exports of a made-up org.
  static func synthesise(_ arguments: [String]) throws -> TestFolder {
    let folder = try TestFolder()
    let run = try run("postern-synth", [folder.path, "--quiet"] + arguments)
    try #require(run.code == 0)
    return folder
  }

  /// The records of a scan, by schema.
  static func scan(
    _ inputs: [String], policy: Policy, options: [String] = []
  ) throws -> [String: [Comparison.Object]] {
    let records = try records("scan", inputs, policy, options)
    return Dictionary(grouping: records) { $0["schema"] as? String ?? "" }
  }

  /// The human logins, one by one.
  static func events(_ inputs: [String], policy: Policy, options: [String] = []) throws
    -> [Comparison.Object]
  {
    try records("events", inputs, policy, ["--kind", "human"] + options)
  }

  private static func records(
    _ verb: String, _ inputs: [String], _ policy: Policy, _ options: [String]
  ) throws -> [Comparison.Object] {
    let folder = try TestFolder()
    try folder.write("postern.yaml", policy.yaml)
    let run = try run(
      "postern",
      [verb] + inputs + ["--now", policy.now, "-o", "jsonl"]
        + (policy.yaml == "" ? [] : ["--config", folder.path + "/postern.yaml"]) + policy.options
        + options)
    return try run.output.split(separator: 0x0A).map { line in
      try #require(try JSONSerialization.jsonObject(with: line) as? Comparison.Object)
    }
  }
}
