package import SalesforceExports

/// Which columns that rules ask for a login file lacks.
package struct LoginFileColumns: Sendable {
  /// What kind of logins it holds.
  package let kind: FileKind
  /// The columns by their LoginHistory names.
  package let missing: [String]
  /// Time of its latest row; `nil` without rows.
  package let last: Instant?

  /// Describes a file.
  package init(kind: FileKind, missing: [String], last: Instant?) {
    self.kind = kind
    self.missing = missing
    self.last = last
  }

  /// The last row of the files that lack a column, by its name.
  static func knownSince(_ files: [LoginFileColumns]) -> [String: Instant] {
    files.reduce(into: [:]) { result, file in
      guard let last = file.last else { return }
      for column in file.missing { result[column] = max(result[column] ?? last, last) }
    }
  }
}

extension RuleContext {
  /// Columns that no login file of the run has.
  package var missingLoginColumns: Set<String> {
    loginFiles.first.map { first in
      loginFiles.dropFirst().reduce(Set(first.missing)) { $0.intersection($1.missing) }
    } ?? []
  }

  /// Where a history begins in which columns tell what is new: behind the last row of each file that lacks one.
  ///
  /// What rows of such a file were made by, nobody knows, and what the next file shows may be old.
  ///
  /// - Parameter first: The first row of what has the history.
  package func history(from first: Instant, telling columns: [String]) -> Instant {
    guard !columnsKnownSince.isEmpty else { return first }
    return columns.compactMap { columnsKnownSince[$0] }.reduce(first) { max($0, $1) }
  }
}
