import Accounts
import Results

extension LoginCountsRecord {
  /// Successful human logins by answer, those that there are: `6 no, 2 cannot be told`.
  var answers: String {
    VerdictState.allCases.filter { verdicts($0) > 0 }.map {
      "\(FigureText.number(verdicts($0))) \($0.answer)"
    }.joined(separator: ", ")
  }

  /// All successful logins in a line.
  var sentence: String {
    var parts: [String] = []
    if human.succeeded > 0 {
      parts.append(FigureText.count(human.succeeded, "human login") + ", MFA: " + answers)
    }
    if api.succeeded > 0 { parts.append(FigureText.count(api.succeeded, "API login")) }
    return parts.isEmpty ? "no successful login" : parts.joined(separator: " · ")
  }
}
