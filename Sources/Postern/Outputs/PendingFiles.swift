import Foundation
import Platform

/// Temporary files that exist now, to be removed when a signal ends the program.
package enum PendingFiles {
  private static let paths = Locked<Set<ExactText>>([])

  static func add(_ path: String) { paths.withLock { _ = $0.insert(ExactText(path)) } }

  static func remove(_ path: String) { paths.withLock { _ = $0.remove(ExactText(path)) } }

  /// Removes them all.
  package static func removeAll() {
    let all = paths.withLock { paths in
      defer { paths = [] }
      return paths
    }
    for path in all.map(\.string) { unsafe unlink(PathText.bytes(path)) }
  }
}
