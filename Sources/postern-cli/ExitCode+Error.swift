import ArgumentParser
import Platform

/// The program's own codes, not the parser's.
typealias ExitCode = Platform.ExitCode

extension Platform.ExitCode {
  /// What the parser ends the program with.
  var error: ArgumentParser.ExitCode { ArgumentParser.ExitCode(rawValue) }
}
