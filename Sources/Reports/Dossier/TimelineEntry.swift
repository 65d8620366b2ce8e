package import Accounts
package import SalesforceExports

/// One thing that matters in the life of an account.
package struct TimelineEntry: Sendable, Equatable {
  /// How telling an entry is; the first are kept when there is not room for all.
  package enum Weight: Int, Sendable, Comparable, CaseIterable {
    /// A human login without MFA, or a burst of failures.
    case alarming
    /// A human login that can't be told, or a first sight after a long history.
    case notable
    /// A human login with proof, a peak, the first and the last row.
    case ordinary

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  package var time: Instant
  package var weight: Weight
  /// What happened; foreign text in it is not yet safe to print.
  package var text: String
  /// Where the row stands, `FILE:LINE`; empty for what is more than one row.
  package var place: String

  /// Makes an entry.
  package init(time: Instant, weight: Weight, text: String, place: String = "") {
    self.time = time
    self.weight = weight
    self.text = text
    self.place = place
  }

  /// A human login in words: whether it came with MFA, and how that is known.
  package static func humanLogin(_ verdict: Verdict, hasVerifications: Bool) -> String {
    let why = verdict.basis.sentence(hasVerifications: hasVerifications)
    return switch verdict.state {
    case .proven: "human login with MFA (\(why))"
    case .absent: "human login without MFA (\(why))"
    case .unknown: "human login, MFA cannot be told (\(why))"
    }
  }

  /// Orders in time; what happened at once goes by its text.
  package static func precedes(_ one: Self, _ other: Self) -> Bool {
    if one.time != other.time { return one.time < other.time }
    if one.weight != other.weight { return one.weight < other.weight }
    if one.text != other.text { return one.text.utf8.lexicographicallyPrecedes(other.text.utf8) }
    return one.place.utf8.lexicographicallyPrecedes(other.place.utf8)
  }

  /// The most telling entries, in the order of time.
  ///
  /// Of entries of one weight the latest are kept, since they are what is asked about first.
  package static func chosen(_ entries: [Self], limit: Int) -> [Self] {
    guard entries.count > limit else { return entries.sorted(by: precedes) }
    let ranked = entries.sorted { one, other in
      one.weight != other.weight ? one.weight < other.weight : precedes(other, one)
    }
    return ranked.prefix(limit).sorted(by: precedes)
  }
}
