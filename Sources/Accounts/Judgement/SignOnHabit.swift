import SalesforceExports

/// How people come in to one account: through the identity provider, or directly with a password.
package struct SignOnHabit: Sendable, Equatable {
  /// Successful logins by single sign-on.
  package private(set) var singleSignOnLogins = 0
  /// UTC days with one.
  package private(set) var singleSignOnDays = 0
  /// UTC days with a successful direct login.
  package private(set) var directDays = 0
  /// UTC days with a successful login of any person.
  package private(set) var days = 0

  /// Sums up logins.
  ///
  /// - Parameter logins: The rows of an account, ascending in time.
  package init(_ logins: [JudgedLogin]) {
    var (last, lastSingleSignOn, lastDirect) = (Int64.min, Int64.min, Int64.min)
    for position in logins.indices {
      let traits = logins[position].traits
      guard traits.isHumanSuccess else { continue }
      let day = logins[position].row.time.day
      if day != last { days += 1 }
      last = day
      if traits.role == .singleSignOn {
        singleSignOnLogins += 1
        if day != lastSingleSignOn { singleSignOnDays += 1 }
        lastSingleSignOn = day
      } else if traits.role == .directPassword {
        if day != lastDirect { directDays += 1 }
        lastDirect = day
      }
    }
  }
}
