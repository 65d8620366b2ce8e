import ArgumentParser
import Configuration
import Platform
import Postern
import Results

/// `postern hunt`.
struct HuntCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hunt",
    abstract: "Look for indicators of an attack in saved history, login by login.",
    discussion: """
      Says for each indicator of a list whether a login matches it, how many do, of which accounts, \
      and where the first and the last stand. Every login is looked at with its own time, so dates \
      of indicators (from, until) are exact. An indicator that these exports cannot show, such as a \
      user agent in LoginHistory or dates outside the logins, cannot be told, and is not called \
      harmless. Logins alone are looked through, not API requests.

      A list has one indicator a line: an address or network, application: NAME or user_agent: NAME \
      (* stands for any characters), then ; from: DATE, ; until: DATE (exclusive) and ; source: TEXT.

      EXAMPLES
        postern hunt --indicators published-campaigns.txt exports/
        postern hunt --indicators notice.txt exports/ -o text -o jsonl:hunt.jsonl
        postern hunt --indicators notice.txt exports/ --fail-on-match
        postern hunt --config postern.yaml exports/ --since 2026-06-01

      EXIT CODES
        0 complete   1 an indicator is met, with --fail-on-match   2 incomplete
        64 usage     66 no login rows could be read   70 internal fault
        71 out of memory   74 output not written
      """)

  @Option(
    help: ArgumentHelp(
      "List of indicators; repeatable (default: those of --config).", valueName: "file"))
  var indicators: [String] = []

  @OptionGroup var input: InputOptions

  @Flag(help: "Exit with 1 when an indicator is met.")
  var failOnMatch = false

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "What was found as text, jsonl or csv, to a path or standard output; repeatable.",
      valueName: "format[:path]"))
  var output: [String] = []

  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    try terminal.run {
      var options = try input.scanOptions()
      terminal.complete(&options)
      options.otherFiles += indicators
      var entries: [Indicator] = []
      for path in indicators { entries += try IndicatorList.load(path) }
      let outcome = try Hunt(
        options, indicators: indicators.isEmpty ? nil : entries,
        outputs: try OutputTarget<HuntFormat>.all(output), failsOnMatch: failOnMatch
      ).run()
      return terminal.tell(outcome)
    }
  }
}
