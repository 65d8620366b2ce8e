/// A sign of an attack to look for in every login: an address, an application, a user agent.
package struct Indicator: Hashable, Sendable {
  /// What the indicator is compared with.
  package enum Subject: Hashable, Sendable {
    /// The source address lies in this network.
    case network(NetworkPrefix)
    /// The application's name matches.
    case application(NamePattern)
    /// The browser or user agent matches; the event log alone has the whole user agent.
    case userAgent(NamePattern)
  }

  /// What to look for.
  package let subject: Subject
  /// When it counts; open at both ends where nothing is stated.
  package let dates: Configuration.InstantRange
  /// Who says so, as its entry states it; empty when it does not.
  package let source: String
  /// The file that states it: the configuration or a list.
  package let file: String
  /// The line of that file, 1-based.
  package let line: Int

  /// Makes an indicator.
  package init(
    _ subject: Subject, dates: Configuration.InstantRange = Configuration.InstantRange(),
    source: String = "", file: String, line: Int
  ) {
    self.subject = subject
    self.dates = dates
    self.source = source
    self.file = file
    self.line = line
  }

  /// The indicator in one form however it was written: `192.0.2.0/24`, `application: X`,
  /// `user_agent: X`.
  package var text: String {
    switch subject {
    case .network(let prefix): prefix.description
    case .application(let pattern): "application: \(pattern)"
    case .userAgent(let pattern): "user_agent: \(pattern)"
    }
  }
}
