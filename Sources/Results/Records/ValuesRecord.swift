package import SalesforceExports

/// One value of a column of an account's rows, and what came with it.
package struct ValueRecord: Sendable, Equatable {
  package var value = ""
  /// Attempts.
  package var count = 0
  package var first = Instant(milliseconds: 0)
  package var last = Instant(milliseconds: 0)
  /// The country of an address: of its latest row that names one.
  package var country = ""
  /// Attempts of people and of systems, and failures of any class.
  package var human = 0
  package var api = 0
  package var failed = 0

  fileprivate mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.count("api", &api)
    coder.count("count", &count)
    coder.string("country", &country)
    coder.count("failed", &failed)
    coder.instant("first", &first)
    coder.count("human", &human)
    coder.instant("last", &last)
    coder.string("value", &value)
  }
}

/// The most frequent values of a column, and how many attempts had others.
package struct ColumnValuesRecord: Sendable, Equatable {
  /// Values that are listed at most.
  package static let limit = 50

  package var uses: [ValueRecord] = []
  package var others = 0
}

/// The most frequent addresses, API versions and applications of an account.
package struct ValuesRecord: Sendable, Equatable {
  package var addresses = ColumnValuesRecord()
  package var apiVersions = ColumnValuesRecord()
  package var applications = ColumnValuesRecord()

  /// Makes a blank record.
  package init() {}

  mutating func code<Coder: RecordCoder & ~Copyable>(_ coder: inout Coder) {
    coder.objects("address", &addresses.uses, blank: ValueRecord()) { $1.code(&$0) }
    coder.objects("api_version", &apiVersions.uses, blank: ValueRecord()) { $1.code(&$0) }
    coder.objects("application", &applications.uses, blank: ValueRecord()) { $1.code(&$0) }
    coder.object("others") { coder in
      coder.count("address", &addresses.others)
      coder.count("api_version", &apiVersions.others)
      coder.count("application", &applications.others)
    }
  }
}
