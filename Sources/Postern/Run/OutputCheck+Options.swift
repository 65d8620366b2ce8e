extension OutputCheck {
  /// Refuses two outputs that are the same file, or both standard output.
  ///
  /// - Throws: ``UsageError``.
  static func distinct(_ options: ScanOptions) throws(UsageError) {
    if options.rejectsPath == "-", options.writesToStandardOutput {
      throw UsageError("--rejects -: results go to standard output; name a file for one of the two")
    }
    try distinct(
      options.outputFiles,
      usesStandardOutput: options.writesToStandardOutput || options.rejectsPath == "-")
  }
}
