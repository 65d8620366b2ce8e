import Accounts
import Results
import SalesforceExports

/// One reason why something cannot be told, what it concerns, and what would settle it.
struct UntoldCause: Sendable {
  /// How much it concerns, with its noun; empty where that cannot be counted.
  let subject: String
  /// Why nobody knows.
  let reason: String
  /// What would settle it; empty where nothing on this side would.
  let remedy: String
  /// The command that gets it; empty where none does.
  let command: String

  /// Whether an export would settle it: there is a command, or the exports themselves are the subject.
  private var isSettledByExport: Bool { !command.isEmpty || subject.isEmpty }

  /// What it concerns, and why nobody knows.
  var sentence: String { subject.isEmpty ? reason : "\(subject): \(reason)" }

  /// The reasons that hold for a run: those that an export would settle first; of logins the most
  /// frequent before the others.
  static func all(_ opening: Opening, _ run: RunRecord) -> [UntoldCause] {
    let verifications = ExportCommand.of(.verificationHistory, from: run.first) ?? ""
    var result = opening.untold.filter { $0.value > 0 }.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.rawValue < $1.key.rawValue
    }.map { basis, count in
      let subject = FigureText.count(count, "human login")
      let reason = basis.sentence(hasVerifications: run.hasVerifications)
      // With verifications at hand, only types are left of which they say nothing.
      if basis == .noSource, run.hasVerifications {
        return UntoldCause(
          subject: subject, reason: reason,
          remedy: "A verification with the login's Id, or LoginEvent, would tell.", command: "")
      }
      return UntoldCause(
        subject: subject, reason: reason, remedy: basis.remedy,
        command: basis.isSettledByVerifications ? verifications : "")
    }
    if opening.unclassified > 0 {
      result.append(
        UntoldCause(
          subject: FigureText.count(opening.unclassified, "login"),
          reason: "the type does not say whether a person or a program came",
          remedy: "Export LoginType and LoginSubType with their API values.", command: ""))
    }
    if opening.openSubTypes > 0 {
      result.append(
        UntoldCause(
          subject: FigureText.count(opening.openSubTypes, "API login"),
          reason: "no known LoginSubType, so consents by people could be among them",
          remedy: "Export LoginSubType (LOGIN_SUB_TYPE in event log files).", command: ""))
    }
    if opening.outsideSnapshot > 0 {
      let hasUsers = run.snapshots.contains { $0.kind == .user }
      result.append(
        UntoldCause(
          subject: FigureText.count(opening.outsideSnapshot, "account"),
          reason: hasUsers
            ? "not in the User export, so what they are for is not known"
            : "no User export was given, so what they are for is not known",
          remedy: "Give the User export, of all users.",
          command: ExportCommand.of(.user, from: run.first) ?? ""))
    }
    if !run.ignored.isEmpty {
      let names = run.ignored.prefix(3).map(\.name).joined(separator: ", ")
      result.append(
        UntoldCause(
          subject: FigureText.count(run.ignored.count, "file"),
          reason: "found and not used: " + names + (run.ignored.count > 3 ? " …" : ""),
          remedy: "The list of inputs says of each why.", command: ""))
    }
    result += shortfalls(opening, run)
    return result.filter(\.isSettledByExport) + result.filter { !$0.isSettledByExport }
  }

  /// What the exports lack, apart from what logins and accounts without a verdict or a class say already.
  private static func shortfalls(_ opening: Opening, _ run: RunRecord) -> [UntoldCause] {
    let hasUsers = run.snapshots.contains { $0.kind == .user }
    var causes = opening.shortfalls.elements.filter { shortfall in
      switch shortfall.kind {
      case .verificationHistory: opening.untold[.noSource] == nil
      case .user: hasUsers || opening.outsideSnapshot == 0
      default: true
      }
    }.map { shortfall in
      UntoldCause(
        subject: "", reason: shortfall.text, remedy: shortfall.remedy,
        command: shortfall.kind.flatMap { ExportCommand.of($0, from: run.first) } ?? "")
    }
    if opening.shortfalls.rest > 0 {
      causes.append(
        UntoldCause(
          subject: "", reason: "and \(FigureText.number(opening.shortfalls.rest)) more like these",
          remedy: "", command: ""))
    }
    return causes
  }
}

extension VerdictBasis {
  /// Whether verifications of the whole time would settle it.
  var isSettledByVerifications: Bool {
    switch self {
    case .noSource, .demanded, .notCovered, .joinUnproven: true
    default: false
    }
  }
}
