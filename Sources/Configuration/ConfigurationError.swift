/// Why a configuration cannot be used: every problem of the file, in the order of their places.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The problems; never empty.
  package let problems: [ConfigurationProblem]

  init(_ problems: [ConfigurationProblem]) { self.problems = problems }

  /// Makes an error of one problem that concerns no key.
  init(
    _ code: ConfigurationProblem.Code, file: String, place: TextPlace? = nil, detail: String,
    help: String? = nil
  ) {
    problems = [
      ConfigurationProblem(
        code: code, file: file, line: place?.line, column: place?.column, keyPath: "",
        detail: detail, help: help)
    ]
  }

  /// One line for each problem, with a `help:` line below it where there is advice.
  package var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// One thing that is wrong with a configuration, and where.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// Kind of a problem.
  package enum Code: String, Hashable, Sendable {
    /// A file cannot be opened or read.
    case unreadable
    /// A file is not text in UTF-8.
    case notText
    /// The file is not well-formed YAML.
    case malformedYAML
    /// A key that this place does not have.
    case unknownKey
    /// A key given twice in one place.
    case duplicateKey
    /// A list where one value belongs, text where a number belongs, and the like.
    case wrongType
    /// A value of the right type that means nothing here.
    case invalidValue
    /// A number beyond its bounds.
    case outOfRange
    /// A name that the program's tables do not have: a threshold, a calendar entry, a rule.
    case unknownName
    /// A required key that is not given.
    case missingKey
  }

  /// What is wrong, to match on.
  package let code: Code
  /// The file, as it was named: the configuration, or a file of indicators beside it.
  package let file: String
  /// The line, 1-based; `nil` when the problem is the file as a whole.
  package let line: Int?
  /// The column in Unicode scalars, 1-based; `nil` when the problem is a whole line or file.
  package let column: Int?
  /// The path of keys, such as `suppressions[2].expires` (entries of lists are counted from 1);
  /// empty for the file as a whole.
  package let keyPath: String
  /// What was expected and what was found, as half a sentence.
  package let detail: String
  /// What to do about it, where that is known.
  package let help: String?

  /// `file:line:column: key.path: detail`, and a second line `  help: …` where there is advice.
  package var description: String {
    var result = file.escapedForMessage
    if let line { result += ":\(line)" }
    if let column { result += ":\(column)" }
    if !keyPath.isEmpty { result += ": \(keyPath.escapedForMessage)" }
    result += ": \(detail)"
    if let help { result += "\n  help: \(help)" }
    return result
  }
}
