import Foundation
import TestSupport
import Testing

/// The results against the project's JSON Schema files.
@Suite struct SchemaTests {
  @Test func everyRecordOfTheSamplesFitsItsSchema() throws {
    let results = try Program.scan([Program.samples + "/exports"])
    #expect(results.code == 0, "\(results.errors)")
    #expect(results.accounts.count > 10 && results.of("finding").count > 10)
    try Self.check(results)
  }

  @Test func everyLoginRowOfTheSamplesFitsItsSchema() throws {
    let rows = try Results(
      try Program.run("postern", ["events", Program.samples + "/exports", "-o", "jsonl"]))
    #expect(rows.of("event").count > 1_000 && rows.of("event").count == rows.records.count)
    try Self.check(rows)
  }

  @Test func recordsOfAnIncompleteRunFitTheirSchemas() throws {
    let folder = try TestFolder()
    try folder.write("l.csv", Exports.logins([Exports.Login()]) + "cut\n")
    let config = try folder.write(
      "c.yaml",
      "suppressions:\n  - {rule: PST-MFA-004, account: '*', owner: a, reason: b, expires: 2027-01-01}\n"
    )
    let results = try Program.scan([folder.path("l.csv"), "--config", config])
    #expect(results.code == 2)
    #expect(results.findings("MFA-004").first?["suppression"] is [String: Any])
    try Self.check(results)
  }

  @Test func linesAreCompactWithTheSchemaFirstAndKeysSorted() throws {
    let results = try Program.scan([Program.samples + "/exports"])
    for (line, record) in zip(results.lines, results.records) {
      let schema = try #require(record["schema"] as? String)
      let keys = record.keys.filter { $0 != "schema" }.sorted()
      #expect(line.hasPrefix("{\"schema\":\"\(schema)\",\"\(keys[0])\":"))
      let positions = keys.compactMap { line.range(of: "\"\($0)\":")?.lowerBound }
      #expect(positions.count == keys.count)
    }
    #expect(results.records.first?["schema"] as? String == "postern.run/2")
    #expect(results.records.last?["schema"] as? String == "postern.end/2")
    let ids = results.of("finding").compactMap { $0["finding_id"] as? String }
    #expect(Set(ids).count == ids.count)
    #expect(
      results.accounts.flatMap { $0["findings"] as? [String] ?? [] }
        == Array(
          ids.prefix { id in
            results.of("finding").contains {
              $0["finding_id"] as? String == id && $0["account"] is Results.Object
            }
          }))
  }

  @Test func theSchemaCheckItselfFindsMistakes() throws {
    let schema = try Self.schema("postern.end/2")
    let good = try #require(
      try Program.scan([Program.samples + "/exports"]).records.last)
    #expect(Self.problems(good, schema).isEmpty)
    var lacking = good
    lacking["rows"] = nil
    #expect(!Self.problems(lacking, schema).isEmpty)
    var wrong = good
    wrong["complete"] = "yes"
    #expect(!Self.problems(wrong, schema).isEmpty)
    var extra = good
    extra["unheard_of"] = 1
    #expect(!Self.problems(extra, schema).isEmpty)
  }

  static func check(_ results: Results) throws {
    for record in results.records {
      let name = try #require(record["schema"] as? String)
      let problems = Self.problems(record, try Self.schema(name))
      #expect(problems.isEmpty, "\(name): \(problems.prefix(3))")
    }
  }

  private static func schema(_ name: String) throws -> [String: Any] {
    let file =
      Program.schemas + "/" + name.replacingOccurrences(of: "/", with: ".") + ".schema.json"
    let data = try Data(contentsOf: URL(filePath: file))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// The part of JSON Schema that these schemas use; members that no schema names are reported.
  private static func problems(_ value: Any, _ schema: [String: Any], _ path: String = "")
    -> [String]
  {
    var result: [String] = []
    if let constant = schema["const"] as? String, value as? String != constant {
      result.append("\(path): not \(constant)")
    }
    if let choices = schema["enum"] as? [Any] {
      let isChoice = choices.contains { choice in
        choice is NSNull
          ? value is NSNull : (choice as? String) == (value as? String) && value is String
      }
      if !isChoice { result.append("\(path): \(value) is no choice") }
    }
    if let type = schema["type"] {
      let types = type as? [String] ?? [type as? String ?? ""]
      if !types.contains(where: { has(value, $0) }) { result.append("\(path): not of \(types)") }
    }
    if let pattern = schema["pattern"] as? String, let text = value as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      result.append("\(path): \(text) does not match")
    }
    if let items = schema["items"] as? [String: Any], let values = value as? [Any] {
      if let minimum = schema["minItems"] as? Int, values.count < minimum { result.append(path) }
      if let maximum = schema["maxItems"] as? Int, values.count > maximum { result.append(path) }
      for (index, item) in values.enumerated() {
        result += problems(item, items, "\(path)[\(index)]")
      }
    }
    if let object = value as? [String: Any] {
      let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
      for name in schema["required"] as? [String] ?? [] where object[name] == nil {
        result.append("\(path).\(name) is missing")
      }
      for (name, member) in object {
        if let property = properties[name] {
          result += problems(member, property, "\(path).\(name)")
        } else if let any = schema["additionalProperties"] as? [String: Any] {
          result += problems(member, any, "\(path).\(name)")
        } else {
          result.append("\(path).\(name) is in no schema")
        }
      }
    }
    return result
  }

  private static func has(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "null": return value is NSNull
    case "string": return value is String
    case "array": return value is [Any]
    case "object": return value is [String: Any]
    case "boolean": return isBoolean(value)
    case "integer": return value is Int && !isBoolean(value)
    case "number": return value is Double && !isBoolean(value)
    default: return false
    }
  }

  private static func isBoolean(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return unsafe String(cString: number.objCType) == "c" || "\(type(of: value))".contains("Bool")
  }
}
