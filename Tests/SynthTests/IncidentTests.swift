import ArgumentParser
import Testing

@testable import postern_synth

@Suite
struct IncidentTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func incidentsComeBesideTheLoginsOfTheRunInTimeOrder(seed: UInt64) {
    var options = SynthOptions.small(seed: seed)
    options.days = 40
    let organization = Organization(options: options)
    let plain = Self.rows(options, organization)
    options.incidents = Incident.allCases
    let rows = Self.rows(options, organization)
    let incidents = IncidentRows(options: options, organization: organization)

    #expect(rows.filter { $0.number < 900_000_000 }.map(\.number) == plain.map(\.number))
    #expect(rows.count == plain.count + incidents.rows.count)
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.time <= $1.time })
    #expect(Set(rows.map(\.number)).count == rows.count)
    #expect(incidents.victims.count == Incident.allCases.count)
  }

  @Test
  func anIncidentThatIsNoneIsRefused() throws {
    #expect(try Incident.named("spray,storm") == [.spray, .storm])
    #expect(try Incident.named("") == [])
    #expect(throws: ValidationError.self) { try Incident.named("spray,flood") }
  }

  private static func rows(_ options: SynthOptions, _ organization: Organization) -> [LoginRow] {
    var stream = LoginStream(options: options, organization: organization)
    var rows: [LoginRow] = []
    while let row = stream.next() { rows.append(row) }
    return rows
  }
}
