import Foundation

/// A folder that vanishes with its last user.
package final class TestFolder {
  /// Where it lies.
  package let path: String

  /// Makes an empty folder.
  package init() throws {
    // In the name of a folder digits may be a date.
    let letters = String(
      (0..<16).map { _ in Character(Unicode.Scalar(UInt8.random(in: 0x61...0x7A))) })
    path = NSTemporaryDirectory() + "/postern-test-\(letters)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  package func path(_ name: String) -> String { path + "/" + name }

  /// Writes a file, and the folders that its name has; gives its path.
  @discardableResult
  package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return path(name)
  }

  /// Writes a text; gives its path.
  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    try write(name, text.utf8)
  }

  /// Makes a folder inside; gives its path.
  @discardableResult
  package func makeFolder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: path(name), withIntermediateDirectories: true)
    return path(name)
  }

  /// Paths of all files below whose names end in one of `suffixes`, in the order of their names.
  package func files(_ suffixes: [String] = [".csv", ".gz", ".zip"]) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
      suffixes.contains { name.hasSuffix($0) }
    }.sorted().map { path($0) }
  }
}
