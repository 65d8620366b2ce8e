import ArgumentParser

/// The program: a verb for each job.
@main
struct PosternCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postern",
    abstract:
      "Finds human logins without MFA to Salesforce accounts, integration accounts above all.",
    discussion: """
      Postern reads exported login histories, joins them with exports of users, permissions and
      verifications, and says account by account which humans came in without MFA and what the API
      traffic looks like. It works on files alone and makes no network connection.

      EXAMPLES
        postern scan exports/
        postern scan exports/ -o text -o jsonl:results.jsonl --fail-on high
        postern inspect LoginHistory.csv.gz
        postern report results.jsonl -o csv:findings.csv
        postern rules PST-MFA-001
      """,
    version: Version.text,
    subcommands: [
      ScanCommand.self, InspectCommand.self, AccountCommand.self, EventsCommand.self,
      ReportCommand.self, DiffCommand.self, ExplainCommand.self, RulesCommand.self,
    ])
}

/// The program's version.
enum Version {
  static let text = "0.1.0"
}
