import Accounts
import Results

extension Opening {
  /// The sentence that a hurried reader takes along.
  var headline: String {
    let (all, count) = (integrationAccounts, entered.offered)
    guard all > 0 else {
      return outsideSnapshot > 0
        ? "Whether people came in to integration accounts cannot be told: "
          + "\(FigureText.count(outsideSnapshot, "account")) not in the User export"
        : "No account is an integration account as far as these exports tell"
    }
    let accounts = FigureText.count(all, "integration account")
    guard count > 0 else {
      if unclassifiedEntries > 0 {
        return "Whether people came in to \(accounts) cannot be told: "
          + "\(FigureText.count(unclassifiedEntries, "login")) of theirs could not be classed"
      }
      return "No human login to any of \(accounts) in these exports"
        + (unclassified > 0 || openEntries > 0 ? ", as far as logins could be classed" : "")
        + (outsideSnapshot > 0
          ? "; \(FigureText.count(outsideSnapshot, "account")) not in the User export could not be classed"
          : "")
    }
    return "People came in to \(FigureText.number(count)) of \(accounts)"
      + (enteredAbsent > 0 ? ", to \(FigureText.number(enteredAbsent)) without MFA" : "")
  }
}

extension Opening.Entered {
  /// Logins, MFA, last time and place, in one line.
  var sentence: String {
    FigureText.count(count, "human login") + ", MFA: " + logins.answers
      + (logins.lastHuman.map { "; last \($0.sentence)" } ?? "")
  }
}

extension LastHumanRecord {
  /// Time and place.
  var sentence: String {
    let place = [sourceIP, country].filter { !$0.isEmpty }.joined(separator: ", ")
    return "\(FigureText.minute(time)) UTC" + (place.isEmpty ? "" : " from \(place)")
  }
}
