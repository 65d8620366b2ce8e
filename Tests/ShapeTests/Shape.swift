import TestSupport

/// A form in which an export is handed in, and what must come of it.
struct Shape: Sendable, CustomStringConvertible {
  enum Rule: Sendable {
    /// The same as of the org undisturbed, and exit 0.
    case right
    /// Exit 2, 64 or 66, and a message with this text.
    case said(String)
  }

  let name: String
  let rule: Rule
  var options: [String] = []
  /// Writes the org in this form.
  let write: @Sendable (Org, TestFolder) throws -> Void

  var description: String { name }

  /// A form that writes the folder itself.
  init(
    name: String, rule: Rule, options: [String] = [],
    write: @escaping @Sendable (Org, TestFolder) throws -> Void
  ) {
    self.name = name
    self.rule = rule
    self.options = options
    self.write = write
  }

  /// A form of the whole org.
  init(
    _ name: String, _ rule: Rule, options: [String] = [],
    _ change: @escaping @Sendable (Org) -> Org
  ) {
    self.name = name
    self.rule = rule
    self.options = options
    write = { org, folder in try change(org).write(to: folder) }
  }

  /// A form of the bytes of one file.
  init(
    _ name: String, _ rule: Rule, file: String, options: [String] = [],
    _ form: @escaping @Sendable (Export) -> [UInt8]
  ) {
    self.name = name
    self.rule = rule
    self.options = options
    write = { org, folder in
      try org.write(to: folder) { $0 == file ? form($1) : nil }
    }
  }

  /// A file beside the whole org.
  init(beside other: String, _ rule: Rule, _ bytes: @escaping @Sendable (Org) -> [UInt8]) {
    name = "\(other) beside the exports"
    self.rule = rule
    write = { org, folder in
      try org.write(to: folder)
      try folder.write(other, bytes(org))
    }
  }
}
