import ArgumentParser
import Configuration
import Foundation
import Platform
import Postern
import SalesforceExports

/// Options that say what the inputs are and how to read them.
struct InputOptions: ParsableArguments {
  @Argument(help: "Files, folders, or - for standard input.", completion: .file())
  var inputs: [String]

  @Option(help: ArgumentHelp("Settings in YAML.", valueName: "file"), completion: .file())
  var config: String?

  @Option(
    help: ArgumentHelp(
      "First moment of the window (ISO 8601, UTC unless it says otherwise; or 7d, 36h back from --now).",
      valueName: "date-time"))
  var since: String?

  @Option(help: ArgumentHelp("End of the window, exclusive.", valueName: "date-time"))
  var until: String?

  @Option(
    help: ArgumentHelp("Zone of local times, such as Europe/Berlin or UTC.", valueName: "zone"),
    completion: .custom { _, _, _ in TimeZone.knownTimeZoneIdentifiers + ["UTC"] })
  var timeZone: String?

  @Option(
    help: "Order of dates with slashes: mdy, dmy or ymd.", completion: .list(["mdy", "dmy", "ymd"]))
  var dateOrder: String?

  @Option(
    help: ArgumentHelp(
      "Date of a snapshot, overriding its name; repeatable.", valueName: "file=date"),
    completion: .file())
  var snapshotTime: [String] = []

  @Option(
    help: ArgumentHelp(
      "Files that give the logins: login-history or event-log.", valueName: "source"),
    completion: .list(["login-history", "event-log"]))
  var logins: String?

  @Flag(
    name: .customLong("no-duplicate-check"),
    help: "Count every row, even one whose login Id was seen before.")
  var countsDuplicates = false

  @Option(
    help: ArgumentHelp(
      "Time at which calendars are evaluated (default: the clock).", valueName: "date-time"))
  var now: String?

  @Option(help: ArgumentHelp("Workers (default: all cores).", valueName: "n"))
  var threads: Int?

  @OptionGroup var memory: MemoryOptions

  @Option(
    help: ArgumentHelp("Write rejected rows as JSON Lines.", valueName: "file"), completion: .file()
  )
  var rejects: String?

  @Option(
    help: ArgumentHelp("Rejected rows that are tolerated: a number or a share.", valueName: "n|p%"))
  var maxRejects: String = "0"

  /// Kinds of files whose names a shell completes; those of event logs have a colon, at which shells
  /// begin another word.
  static let kinds = FileKind.allCases.map(\.rawValue).filter { name in
    !name.contains(":") && !name.contains(" ")
  }

  /// The options as the scan takes them.
  func scanOptions() throws -> ScanOptions {
    var options = ScanOptions()
    options.inputs = inputs
    options.version = Version.text
    if let config {
      options.configuration = try ConfigurationFile.load(config)
    }
    options.now =
      if let now { try Self.instant("--now", now) } else {
        Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
      }
    if let since { options.since = try Self.instant("--since", since, backFrom: options.now) }
    if let until { options.until = try Self.instant("--until", until, backFrom: options.now) }
    if let timeZone { options.timeZone = try TimeZoneTable.zone(named: timeZone) }
    if let dateOrder {
      guard let order = DateOrder(rawValue: dateOrder.lowercased()) else {
        throw UsageError("--date-order \(dateOrder) is not mdy, dmy or ymd")
      }
      options.dateOrder = order
    }
    for text in snapshotTime {
      guard let split = text.lastIndex(of: "=") else {
        throw UsageError("--snapshot-time \(text): expected FILE=DATE")
      }
      options.snapshotTimes[String(text[..<split])] = try Self.instant(
        "--snapshot-time", String(text[text.index(after: split)...]))
    }
    if let logins {
      guard let source = LoginSource(rawValue: logins) else {
        throw UsageError("--logins \(logins) is not login-history or event-log")
      }
      options.loginSource = source
    }
    try memory.hold()
    options.dropsDuplicates = !countsDuplicates
    options.readingArguments = readingArguments
    options.rejectsPath = rejects
    do throws(QuantityTextError) {
      options.rejectLimit = try RejectLimit(maxRejects)
    } catch {
      throw UsageError("--max-rejects \(maxRejects): \(error.detail)")
    }
    if let threads {
      guard (1...1_024).contains(threads) else {
        throw UsageError("--threads \(threads) is not in 1 to 1024")
      }
      options.threads = threads
    } else {
      options.threads = Terminal.coreCount
    }
    return options
  }

  private var readingArguments: [String] {
    func words(_ name: String, _ value: String?) -> [String] { value.map { [name, $0] } ?? [] }
    return words("--config", config) + words("--time-zone", timeZone)
      + words("--date-order", dateOrder) + snapshotTime.flatMap { ["--snapshot-time", $0] }
      + words("--logins", logins) + (countsDuplicates ? ["--no-duplicate-check"] : [])
      + words("--now", now)
  }

  /// Reads an instant.
  ///
  /// - Parameter now: What a distance such as `7d` counts back from; `nil` where dates alone make sense.
  static func instant(
    _ option: String, _ text: String, backFrom now: Instant? = nil
  ) throws(UsageError) -> Instant {
    do throws(InstantTextError) {
      guard let now else { return Instant(milliseconds: try InstantText.parse(text)) }
      return Instant(
        milliseconds: try InstantText.parse(text, backFrom: now.milliseconds))
    } catch {
      let distance =
        now != nil && error.code == .malformed ? ", or a distance back such as `7d` or `36h`" : ""
      throw UsageError("\(option) \(text): \(error.detail)\(distance)")
    }
  }
}
