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
      // With verifications at hand, only types are left of which they say nothing.
      if basis == .noSource, run.inputs.contains(where: { $0.kind == .verificationHistory }) {
        return UntoldCause(
          subject: subject, reason: "of types for which the verifications name no proof",
          remedy: "A verification with the login's Id, or LoginEvent, would tell.", command: "")
      }
      return UntoldCause(
        subject: subject, reason: basis.untoldReason, remedy: basis.remedy,
        command: basis.isSettledByVerifications ? verifications : "")
    }
    if opening.unclassified > 0 {
      result.append(
        UntoldCause(
          subject: FigureText.count(opening.unclassified, "login"),
          reason: "of a type that does not say whether a person or a system came",
          remedy: "Export LoginType and LoginSubType with their API values.", command: ""))
    }
    if opening.openSubTypes > 0 {
      result.append(
        UntoldCause(
          subject: FigureText.count(opening.openSubTypes, "API login"),
          reason: "without a known sub-type: a person's consent could hide among them",
          remedy: "Export LoginSubType (LOGIN_SUB_TYPE in event log files).", command: ""))
    }
    if opening.outsideSnapshot > 0 {
      let hasUsers = run.snapshots.contains { $0.kind == .user }
      result.append(
        UntoldCause(
          subject: FigureText.count(opening.outsideSnapshot, "account"),
          reason: hasUsers
            ? "in no User export: nobody knows what they are for"
            : "without a User export: nobody knows what they are for",
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
  /// Why the MFA of a login with this basis cannot be told; empty for bases that tell.
  var untoldReason: String {
    switch self {
    case .noSource: "no verification was given that could tell"
    case .unread: "a verification has a blank or unknown value"
    case .demanded: "asked for MFA just before, and the proof is not there"
    case .notCovered: "outside the time that the verifications cover"
    case .joinUnproven: "nothing shows that the verifications belong to these logins"
    case .identityProviderSilent: "by single sign-on, and the identity provider said nothing"
    case .insideSession: "from inside a session, which has its own login"
    case .oauthConsent: "consents by OAuth in a browser session that has its own login"
    default: ""
    }
  }

  /// Whether verifications of the whole time would settle it.
  var isSettledByVerifications: Bool {
    switch self {
    case .noSource, .demanded, .notCovered, .joinUnproven: true
    default: false
    }
  }
}
