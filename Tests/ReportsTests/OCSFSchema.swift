import Foundation
import Testing

/// The published schema of two OCSF classes, and what an event has against it.
struct OCSFSchema {
  typealias Object = [String: Any]

  private let classes: [String: Object]
  private let objects: [String: Object]
  private let types: [String: Object]

  init() throws {
    let path = SampleResults.root.appending(
      path: "Tests/ReportsTests/OCSF/ocsf-1.8.0-subset.json")
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? Object)
    classes = try #require(whole["classes"] as? [String: Object])
    objects = try #require(whole["objects"] as? [String: Object])
    types = try #require(whole["types"] as? [String: Object])
  }

  /// What is wrong with an event; empty when it fits.
  func problems(_ event: Object) -> [String] {
    guard let uid = event["class_uid"] as? Int,
      let schema = classes.values.first(where: { $0["uid"] as? Int == uid })
    else { return ["no class"] }
    return problems(event, schema, "")
  }

  private func problems(_ object: Object, _ schema: Object, _ path: String) -> [String] {
    let attributes = schema["attributes"] as? [String: Object] ?? [:]
    var result: [String] = []
    for (name, attribute) in attributes
    where attribute["requirement"] as? String == "required" && object[name] == nil {
      result.append("\(path)\(name): required")
    }
    for choices in (schema["constraints"] as? [String: [String]] ?? [:]).values
    where !choices.contains(where: { object[$0] != nil }) {
      result.append("\(path): none of \(choices)")
    }
    for (name, value) in object {
      guard let attribute = attributes[name] else {
        result.append("\(path)\(name): unknown")
        continue
      }
      let isArray = attribute["is_array"] as? Bool ?? false
      guard isArray == (value is [Any]) else {
        result.append("\(path)\(name): array or not")
        continue
      }
      for (index, element) in (value as? [Any] ?? [value]).enumerated() {
        let place = "\(path)\(name)" + (isArray ? "[\(index)]" : "")
        result += self.problems(element, attribute: attribute, place)
      }
    }
    return result
  }

  private func problems(_ value: Any, attribute: Object, _ path: String) -> [String] {
    let type = attribute["type"] as? String ?? ""
    if let choices = attribute["enum"] as? Object, choices["\(value)"] == nil {
      return ["\(path): \(value) is not in the enumeration"]
    }
    // `object` is a place for anything.
    if type == "object" { return value is Object ? [] : ["\(path): no object"] }
    if let schema = objects[type] {
      guard let object = value as? Object else { return ["\(path): no object"] }
      return problems(object, schema, path + ".")
    }
    return problems(value, type: type, path)
  }

  private func problems(_ value: Any, type: String, _ path: String) -> [String] {
    guard let description = types[type] else { return ["\(path): type \(type) is not known"] }
    var result: [String] = []
    if let pattern = description["regex"] as? String, let text = value as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      result.append("\(path): \(text) is no \(type)")
    }
    if let limit = description["max_len"] as? Int, let text = value as? String, text.count > limit {
      result.append("\(path): too long")
    }
    if let base = description["type"] as? String {
      return result + problems(value, type: base, path)
    }
    let isBoolean = "\(Swift.type(of: value))".contains("Bool")
    let fits =
      switch type {
      case "string_t": value is String
      case "boolean_t": isBoolean
      case "integer_t", "long_t": value is Int && !isBoolean
      case "float_t": value is Double && !isBoolean
      case "json_t": true
      default: false
      }
    return fits ? result : result + ["\(path): \(value) is no \(type)"]
  }
}
