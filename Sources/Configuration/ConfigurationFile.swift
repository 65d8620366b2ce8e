import Findings
import SalesforceExports

/// Reads `--config` against the tables of this release.
package enum ConfigurationFile {
  /// The configuration in a file.
  ///
  /// - Throws: ``ConfigurationError`` with every problem of the file, one a line.
  package static func load(_ path: String) throws(ConfigurationError) -> Configuration {
    let thresholds = Catalogue.thresholds.map { threshold in
      ThresholdName(
        name: threshold.name, default: threshold.standard, isInteger: false, minimum: 0,
        maximum: 1e12, description: threshold.summary)
    }
    return try Configuration.load(
      path: path, thresholdNames: thresholds, calendarNames: CalendarEntry.all.map(\.name),
      ruleIDs: Catalogue.rules.map(\.description.id),
      permissionNames: TrackedPermission.allCases.map(\.rawValue))
  }
}
