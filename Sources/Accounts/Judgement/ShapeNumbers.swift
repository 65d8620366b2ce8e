import Platform
import SalesforceExports

/// Numbers that stand for texts of shapes: equal for equal texts, 0 for no text.
///
/// Rules compare the applications and countries of each login; numbers are compared without touching texts.
package struct ShapeNumbers: Sendable {
  /// `Application`, without the version of the client, by code of the shape.
  package let applications: [UInt32]
  /// `CountryIso` by code of the shape; 0 too where it names no country.
  package let countries: [UInt32]
  /// The applications by their numbers.
  package let applicationTexts: [String]
  /// The country texts by their numbers.
  package let countryTexts: [String]
  /// How many distinct applications there are, the empty one included.
  let applicationCount: Int
  /// Whether the application is a person's client, by code of the shape.
  let isUserFacing: [Bool]

  init(_ columns: ShapeColumns, _ statements: AccountOverrides) {
    var numbers: [ExactText: UInt32] = ["": 0]
    var names = [""]
    var userFacing = [statements.isUserFacingClient("")]
    // Clients of several versions are one application.
    let numbersOfTexts = columns.application.texts.map { text in
      let name = LoginShape.applicationName(text)
      if let known = numbers[name] { return known }
      let number = UInt32(names.count)
      numbers[name] = number
      names.append(name)
      userFacing.append(statements.isUserFacingClient(name))
      return number
    }
    applications = columns.application.numbers.map { numbersOfTexts[Int($0)] }
    applicationTexts = names
    applicationCount = names.count
    isUserFacing = applications.map { userFacing[Int($0)] }
    let areNone = columns.country.texts.map { Country.isNone($0) }
    countries = columns.country.numbers.map { areNone[Int($0)] ? 0 : $0 }
    countryTexts = columns.country.texts
  }
}

/// When an account first used each of some numbered values; made once for all accounts of a worker.
struct FirstUses {
  /// Time by number; `nil` for values that the account did not use.
  private var times: [Instant?]
  private var used: [Int] = []

  init(valueCount: Int) { times = [Instant?](repeating: nil, count: valueCount) }

  /// How many values were used.
  var count: Int { used.count }

  /// When the value that came last was first used; `nil` without values.
  var latest: Instant? { used.lazy.compactMap { times[$0] }.max() }

  /// Forgets everything.
  ///
  /// - Complexity: O(*n*) in the values that were used.
  mutating func clear() {
    for number in used { times[number] = nil }
    used.removeAll(keepingCapacity: true)
  }

  /// Notes a use of a value.
  mutating func note(_ number: UInt32, _ time: Instant) {
    guard let known = times[Int(number)] else {
      times[Int(number)] = time
      used.append(Int(number))
      return
    }
    if time < known { times[Int(number)] = time }
  }
}
