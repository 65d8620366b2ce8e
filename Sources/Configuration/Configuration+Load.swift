extension Configuration {
  /// Reads a configuration file.
  ///
  /// Files of indicators that it names are looked for beside it. An empty file gives the default.
  ///
  /// - Parameters:
  ///   - path: The file, of at most 64 MiB, in YAML and UTF-8.
  ///   - thresholdNames: Thresholds that may be set.
  ///   - calendarNames: Dates that may be set.
  ///   - ruleIDs: Rules that may be suppressed.
  ///   - permissionNames: Permissions that may be allowed.
  /// - Throws: ``ConfigurationError`` with all problems of the file, in the order of their places;
  ///   where it is not well-formed YAML, with that alone.
  package static func load(
    path: String, thresholdNames: [ThresholdName], calendarNames: [String], ruleIDs: [String],
    permissionNames: [String]
  ) throws(ConfigurationError) -> Configuration {
    let bytes: [UInt8]
    do throws(FileContents.Failure) {
      bytes = try FileContents.read(path)
    } catch {
      throw ConfigurationError(.unreadable, file: path, detail: error.detail)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(.notText, file: path, detail: "the file is not text in UTF-8")
    }
    let document: YAMLDocument
    do throws(YAMLDocumentError) {
      document = try YAMLDocument(text)
    } catch {
      throw ConfigurationError(
        error.code, file: path, place: error.place, detail: error.detail, help: error.help)
    }
    var reader = ConfigurationReader(
      file: path,
      names: ConfigurationNames(
        thresholds: thresholdNames, calendars: calendarNames, rules: ruleIDs,
        permissions: permissionNames),
      document: document)
    reader.configuration.sources = [SourceFile(path: path, bytes: bytes)]
    if let root = document.root { reader.readRoot(root) }
    let problems = reader.problems
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    return reader.configuration
  }
}
