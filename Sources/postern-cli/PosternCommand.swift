import ArgumentParser
import Configuration
import Foundation
import Platform
import Postern
import Reports

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
      PivotCommand.self, AppsCommand.self, HuntCommand.self, ReportCommand.self, DiffCommand.self,
      ExplainCommand.self, RulesCommand.self, ConfigCommand.self,
    ])
}

extension PosternCommand {
  /// Runs the verb that the arguments name.
  ///
  /// What the arguments get wrong is said in the form of all other errors; a mistyped verb is answered
  /// here, since the parser would only call it an unexpected argument.
  static func main() {
    StandardDescriptors.occupy()
    let verbs = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    let arguments = ProgramArguments.words
    if let verb = arguments.first, !verb.hasPrefix("-"), !verbs.contains(verb) {
      Terminal.warn(answer(to: verb, verbs))
      exit(withError: ExitCode.usage.error)
    }
    let command: any ParsableCommand
    do {
      command = try parseAsRoot(arguments)
    } catch {
      switch exitCode(for: error) {
      case .success: return tell(fullMessage(for: error))
      case .validationFailure:
        let verb = arguments.first.map { verbs.contains($0) ? " " + $0 : "" } ?? ""
        Terminal.warn(
          Self.restated(message(for: error)) + "\npostern\(verb) --help lists the options")
        exit(withError: ExitCode.usage.error)
      default: exit(withError: error)
      }
    }
    run(command)
  }

  private static func run(_ command: any ParsableCommand) {
    var command = command
    do { try command.run() } catch {
      guard exitCode(for: error) == .success else { exit(withError: error) }
      tell(fullMessage(for: error))
    }
  }

  /// What to say to a word that is no verb.
  private static func answer(to word: String, _ verbs: [String]) -> String {
    if let nearest = NameSuggestion.nearest(to: word, among: verbs) {
      return "no verb \(word); did you mean \(nearest)?"
    }
    if FileManager.default.fileExists(atPath: word) {
      return "no verb \(word); did you mean postern scan \(SafeText.shell(word))?"
    }
    return "no verb \(word); verbs are \(verbs.joined(separator: ", "))"
  }

  /// The parser's message in the form of this program's own: no capital, no full stop, and of a value first the
  /// option.
  private static func restated(_ message: String) -> String {
    if let match = message.firstMatch(of: /^The value '(.*)' is invalid for '([^ ']+)[^']*'/) {
      let (value, option) = (match.1, match.2)
      guard let list = message[match.range.upperBound...].firstRange(of: "provide one of ") else {
        return "\(option) \(value): expected a whole number"
      }
      let names = message[list.upperBound...].replacing("'", with: "").replacing(".", with: "")
      return "\(option) \(value) is not one of \(names)"
    }
    let text = message.replacing(". Did you mean ", with: "; did you mean ")
    let end = text.hasSuffix(".") ? text.dropLast() : text[...]
    return end.prefix(1).lowercased() + end.dropFirst()
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
