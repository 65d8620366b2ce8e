import Configuration
package import Platform
import Reports
import Results

extension ExitCode {
  /// The code of a run that ends with an error; `nil` for an error that is not Postern's own.
  package init?(_ error: any Error) {
    switch error {
    case is UsageError, is ConfigurationError: self = .usage
    case is ResultsError, is AccountNotFound: self = .nothingAnalysed
    case is OutputError: self = .outputNotWritten
    case is InternalFault: self = .internalFault
    case is Cancelled: self = .interrupted
    default: return nil
    }
  }
}
