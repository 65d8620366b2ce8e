/// The ends of paths, by which people name files where no two have the same.
package enum FileEnding {
  /// Of each path its last part, or the whole where another path ends with that too.
  ///
  /// - Complexity: O(*n*) in the paths.
  static func names(of paths: [String]) -> [String] {
    var counts: [Substring: Int] = [:]
    for path in paths { counts[last(path), default: 0] += 1 }
    return paths.map { counts[last($0)] == 1 ? String(last($0)) : $0 }
  }

  private static func last(_ path: String) -> Substring {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
    return path[path.utf8.index(after: slash)...]
  }

  /// Numbers of the paths that a text names: the one that it is, or else those whose last parts it is.
  package static func matches(_ text: String, among paths: [String]) -> [Int] {
    let names = [text, "./" + text]
    if let exact = paths.firstIndex(where: { names.contains($0) || "./" + $0 == text }) {
      return [exact]
    }
    return paths.indices.filter { paths[$0].hasSuffix("/" + text) }
  }
}
