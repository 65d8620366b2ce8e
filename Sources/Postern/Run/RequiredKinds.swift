import Configuration
import Reports
import Results
package import SalesforceExports

/// Kinds of input that must be there and reach to the end of the logins (`--require`).
package struct RequiredKinds: Sendable, Equatable {
  /// How far before the last login an input may end.
  private static let tolerance = Instant.dayMilliseconds

  /// The kinds, in the order in which they were named.
  package private(set) var kinds: [FileKind] = []

  /// Requires nothing.
  package init() {}

  /// Reads a list of kinds, as `--require` gives it.
  ///
  /// - Parameter text: Names of kinds with commas between them, in any case.
  /// - Throws: ``UsageError`` for a name that is no kind.
  package init(_ text: String) throws(UsageError) {
    let known = FileKind.allCases.filter { $0 != .otherEvents }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.filter { $0 != " " }
      guard let kind = known.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else {
        let help = NameSuggestion.help(for: String(name), among: known.map(\.rawValue))
        throw UsageError(
          "--require \(name): no kind of input; " + (help ?? "such as VerificationHistory or User"))
      }
      if !kinds.contains(kind) { kinds.append(kind) }
    }
  }

  /// Why a run is incomplete for want of them; empty when all are there.
  ///
  /// A snapshot without a date holds for all times.
  func reasons(_ inputs: [InputRecord]) -> [String] {
    let end = inputs.filter { $0.kind?.holdsLogins == true }.compactMap(\.last).max()
    return kinds.compactMap { kind in
      let found = inputs.filter { $0.kind == kind && $0.problem == nil }
      guard !found.isEmpty else { return "--require \(kind.rawValue): no input of this kind" }
      if kind.isSnapshot, found.contains(where: { $0.date == nil }) { return nil }
      guard let last = found.compactMap({ kind.isSnapshot ? $0.date : $0.last }).max() else {
        return "--require \(kind.rawValue): no row with a time"
      }
      guard let end, last.milliseconds < end.milliseconds - Self.tolerance else { return nil }
      return
        "--require \(kind.rawValue): ends \(FigureText.minute(last)) UTC, more than a day before "
        + "the last login (\(FigureText.minute(end)) UTC)"
    }
  }
}
