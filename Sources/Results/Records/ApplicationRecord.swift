package import Accounts
package import SalesforceExports

/// What stands out about an application; several may hold.
package enum ApplicationState: String, Sendable, CaseIterable {
  /// Its first row stands after the days of the org's history that make a consent new (PST-API-009).
  case new
  /// No login of it succeeded on the last covered days, as many as PST-API-015 asks for.
  case dormant
  /// It logged in again after as many (PST-API-015).
  case woken
  /// Several accounts use it.
  case shared
  /// None of its logins succeeded.
  case refused
}

/// An account that used an application.
package struct ApplicationAccountRecord: Sendable, Equatable {
  package var key = ""
  package var username = ""
  package var accountClass = AccountClass.unknown
  package var first = Instant(milliseconds: 0)
  package var last = Instant(milliseconds: 0)
  package var attempts = 0
  package var succeeded = 0

  /// Makes a blank record.
  package init() {}

  /// The name by which a person knows the account.
  package var shownName: String { username.isEmpty ? key : username }

  fileprivate mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.count("attempts", &attempts)
    coder.choice("class", &accountClass)
    coder.instant("first", &first)
    coder.string("key", &key)
    coder.instant("last", &last)
    coder.count("succeeded", &succeeded)
    coder.string("username", &username)
  }
}

/// A network from which an application was used.
package struct ApplicationNetworkRecord: Sendable, Equatable {
  package var name = ""
  package var first = Instant(milliseconds: 0)
  package var last = Instant(milliseconds: 0)
  package var attempts = 0
  package var accounts = 0
  /// Whether the application came from there first after the days of its history that PST-API-014 asks for.
  package var isNew = false

  /// Makes a blank record.
  package init() {}

  fileprivate mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.count("accounts", &accounts)
    coder.count("attempts", &attempts)
    coder.instant("first", &first)
    coder.instant("last", &last)
    coder.string("name", &name)
    coder.bool("new", &isNew)
  }
}

/// The latest stretch of covered days without a success of an application, between two with one.
package struct ApplicationSilenceRecord: Sendable, Equatable {
  package var coveredDays = 0
  /// The days of the successes before and behind, at 00:00 UTC.
  package var from = Instant(milliseconds: 0)
  package var until = Instant(milliseconds: 0)

  /// Makes a blank record.
  package init() {}

  fileprivate mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.count("covered_days", &coveredDays)
    coder.instant("from", &from)
    coder.instant("until", &until)
  }
}

/// One application as results hold it (`postern.application/2`).
package struct ApplicationRecord: Sendable, Equatable {
  package static let schema = "postern.application/2"
  /// Accounts, and networks, that are listed at most.
  package static let limit = 1_000

  /// Without the version of the client.
  package var name = ""
  package var states: [ApplicationState] = []
  package var isUserFacing = false
  package var first = Instant(milliseconds: 0)
  package var last = Instant(milliseconds: 0)
  package var logins = LoginOutcomesRecord()
  /// Accounts that used it, in the order of keys, and how many there are.
  package var accounts: [ApplicationAccountRecord] = []
  package var accountsTotal = 0
  /// Networks from which it was used, the earliest first, and how many there are.
  package var networks: [ApplicationNetworkRecord] = []
  package var networksTotal = 0
  /// Attempts by API version, country, name as rows spell it, and sub-type.
  package var byAPIVersion = NamedCounts()
  package var byCountry = NamedCounts()
  package var byName = NamedCounts()
  package var bySubType = NamedCounts()
  /// The latest silence; `nil` without one.
  package var silence: ApplicationSilenceRecord?

  /// Makes a blank record.
  package init() {}

  /// Codes all members.
  package mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.objects("accounts", &accounts, blank: ApplicationAccountRecord()) { $1.code(&$0) }
    coder.count("accounts_total", &accountsTotal)
    coder.counts("by_api_version", &byAPIVersion)
    coder.counts("by_country", &byCountry)
    coder.counts("by_name", &byName)
    coder.counts("by_sub_type", &bySubType)
    coder.instant("first", &first)
    coder.instant("last", &last)
    coder.object("logins") { logins.code(&$0) }
    coder.string("name", &name)
    coder.objects("networks", &networks, blank: ApplicationNetworkRecord()) { $1.code(&$0) }
    coder.count("networks_total", &networksTotal)
    coder.object("silence", &silence, blank: ApplicationSilenceRecord()) { $1.code(&$0) }
    var texts = states.map(\.rawValue)
    coder.strings("states", &texts)
    states = texts.compactMap(ApplicationState.init)
    if states.count != texts.count {
      coder.fail("states", "holds another than " + ApplicationState.list)
    }
    coder.bool("user_facing", &isUserFacing)
    if accounts.count > accountsTotal || networks.count > networksTotal {
      coder.fail("name", "lists more than it counts")
    }
  }
}

extension ApplicationState {
  /// All of them, for a message.
  package static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Attempts by door and outcome.
package struct LoginOutcomesRecord: Sendable, Equatable {
  package var human = OutcomeCounts()
  package var api = OutcomeCounts()
  package var unclassified = OutcomeCounts()

  /// All attempts.
  package var total: OutcomeCounts {
    var sum = human
    sum.add(api)
    sum.add(unclassified)
    return sum
  }

  fileprivate mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.object("api") { Self.code(&api, &$0) }
    coder.object("human") { Self.code(&human, &$0) }
    coder.object("unclassified") { Self.code(&unclassified, &$0) }
  }

  private static func code<Coder: RecordCoder & ~Copyable>(
    _ counts: inout OutcomeCounts, _ coder: inout Coder
  ) {
    coder.count("failed", &counts.failed)
    coder.count("pending", &counts.pending)
    coder.count("succeeded", &counts.succeeded)
  }
}
