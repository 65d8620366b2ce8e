/// Standard output for verbs that have one text to say.
package enum StandardOutput {
  /// Writes a text.
  ///
  /// - Throws: ``OutputError`` when it can't be written whole, which `print` would not tell.
  package static func write(_ text: String) throws {
    let file = try OutputFile(path: nil)
    try file.write(Array(text.utf8))
    try file.finish()
  }
}
