import ArgumentParser
import Configuration
import Platform
import Postern

/// The program: a verb for each job.
@main
struct PosternCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postern",
    abstract:
      "Finds human logins without MFA to Salesforce accounts, integration accounts above all.",
    discussion: """
      Postern reads exported login histories, joins them with exports of users, permissions and \
      verifications, and says account by account which humans came in without MFA and what the API \
      traffic looks like. It works on files alone and makes no network connection.

      EXAMPLES
        postern scan exports/
        postern scan exports/ -o text -o jsonl:results.jsonl --fail-on high
        postern inspect LoginHistory.csv.gz
        postern apps exports/
        postern report results.jsonl -o csv:findings.csv
        postern rules PST-MFA-001
      """,
    version: Version.text,
    subcommands: [
      ScanCommand.self, InspectCommand.self, AccountCommand.self, EventsCommand.self,
      AppsCommand.self, HuntCommand.self, ReportCommand.self, DiffCommand.self,
      ExplainCommand.self, RulesCommand.self,
    ])
}

extension PosternCommand {
  /// Runs the verb that the arguments name.
  ///
  /// A mistyped verb is answered here, since the parser would only call it an unexpected argument.
  static func main() {
    StandardDescriptors.occupy()
    let verbs = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if let verb = CommandLine.arguments.dropFirst().first, !verb.hasPrefix("-"),
      !verbs.contains(verb)
    {
      let nearest = NameSuggestion.nearest(to: verb, among: verbs)
      Terminal.warn(
        "no verb \(verb)"
          + (nearest.map { "; did you mean \($0)?" } ?? "; verbs are "
            + verbs.joined(separator: ", "))
      )
      exit(withError: ExitCode.usage.error)
    }
    do {
      var command = try parseAsRoot(ProgramArguments.words)
      try command.run()
    } catch {
      guard exitCode(for: error) == .success else { exit(withError: error) }
      tell(fullMessage(for: error))
    }
  }

  /// Writes what a person asked for about the program, as the help, and ends with 74 where it cannot.
  private static func tell(_ text: String) {
    do {
      try StandardOutput.write(text + "\n")
    } catch {
      Terminal.warn("\(error)")
      exit(withError: ExitCode.outputNotWritten.error)
    }
  }
}

/// The program's version.
enum Version {
  static let text = "0.1.0"
}
