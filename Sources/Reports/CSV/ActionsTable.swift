import Accounts
import Findings
import Results
import SalesforceExports

/// `-o csv-actions`: what to do, a line for each step and account, by severity, then in the order of
/// results.
///
/// Findings of an account that ask for the same are one line, with the highest severity among them.
/// Nobody need act on a finding that is suppressed or gone.
struct ActionsTable: SeverityForm {
  /// A step, and the findings that ask for it.
  private struct Action: Sendable {
    let step: String
    var findings: [FindingRecord]

    var severity: Severity { findings.map(\.severity).max() ?? .info }

    /// What the findings are at worst.
    var status: FindingStatus {
      let all = Set(findings.map(\.status))
      return all.contains(.fail) ? .fail : all.contains(.unknown) ? .unknown : .info
    }

    /// Values of the findings, each once.
    func distinct(_ value: (FindingRecord) -> String) -> [String] {
      var result: [String] = []
      for finding in findings {
        let text = value(finding)
        if !text.isEmpty, !result.contains(text) { result.append(text) }
      }
      return result
    }
  }

  private let table: CSVTable<Action>

  init(_ subject: ReportSubject) {
    table = CSVTable(columns: Self.columns + [CSVTable.organization(subject.run.organizationID)])
  }

  var detail: RecordDetail { .reasoning }

  func open(into text: inout ByteText) { table.header(into: &text) }

  func render(_ group: ResultsGroup, _ severity: Severity, into text: inout ByteText) {
    guard group.subject != .gone else { return }
    for action in Self.actions(group.findings) where action.severity == severity {
      table.line(action, into: &text)
    }
  }

  /// The steps that findings of one account ask for, in the order of the findings.
  private static func actions(_ findings: [FindingRecord]) -> [Action] {
    var actions: [Action] = []
    for finding in findings where finding.suppression == nil && !finding.remediation.isEmpty {
      if let position = actions.firstIndex(where: { $0.step == finding.remediation }) {
        actions[position].findings.append(finding)
      } else {
        actions.append(Action(step: finding.remediation, findings: [finding]))
      }
    }
    return actions
  }

  /// What people read, then the codes of the same for programs; new columns are added at the end only.
  private static let columns: [CSVTable<Action>.Column] = [
    ("severity", { $1.append($0.severity.name) }),
    ("outcome", { $1.append($0.status.answer) }),
    ("account", { $1.append($0.findings[0].account?.shownName ?? "the org") }),
    ("account_type", { $1.append($0.findings[0].account?.accountClass.shownName ?? "") }),
    ("step", { $1.append($0.step) }), ("setup_path", { $1.list(SetupPaths.named(in: $0.step)) }),
    ("title", { $1.list($0.distinct(\.ruleTitle)) }),
    ("about", { $1.list($0.distinct(\.shownSubject)) }),
    ("change", { $1.list($0.distinct { $0.lifecycle?.change.rawValue ?? "" }) }),
    ("finding", { $1.list($0.distinct(\.id)) }), ("rule_id", { $1.list($0.distinct(\.ruleID)) }),
    ("status", { $1.append($0.status.rawValue) }),
    ("account_id", { $1.append($0.findings[0].account?.id ?? "") }),
    ("account_key", { $1.append($0.findings[0].account?.key ?? "") }),
    ("username", { $1.append($0.findings[0].account?.username ?? "") }),
    ("account_class", { $1.append($0.findings[0].account?.accountClass.rawValue ?? "") }),
    ("subject", { $1.list($0.distinct(\.discriminator)) }),
  ]
}

/// Paths in Setup.
enum SetupPaths {
  private static let root = "Setup > "

  /// The paths that a text of the catalogue names, each once, in their order.
  ///
  /// A path ends with the sentence or the part of it: before a bracket that closes, a semicolon, a
  /// colon, a comma or a full stop, behind a name between quotation marks.
  static func named(in text: String) -> [String] {
    var paths: [String] = []
    var rest = text[...]
    while let start = rest.firstRange(of: root) {
      var isQuoted = false
      var end = start.upperBound
      while end < rest.endIndex {
        let character = rest[end]
        if character == "“" {
          isQuoted = true
        } else if character == "”" {
          end = rest.index(after: end)
          break
        } else if !isQuoted, ends(rest, at: end) {
          break
        }
        end = rest.index(after: end)
      }
      let path = String(rest[start.lowerBound..<end])
      if !paths.contains(path) { paths.append(path) }
      rest = rest[end...]
    }
    return paths
  }

  private static func ends(_ text: Substring, at position: Substring.Index) -> Bool {
    switch text[position] {
    case ")", ";", ":", ",": true
    case ".":
      // A full stop, not one within a name.
      text.index(after: position) == text.endIndex || text[text.index(after: position)] == " "
    default: false
    }
  }
}
