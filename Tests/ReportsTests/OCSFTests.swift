import Accounts
import Findings
import Foundation
import Reports
import Results
import SalesforceExports
import Testing

/// OCSF output against the published schema.
@Suite struct OCSFTests {
  private static func events(_ results: RecordedResults) throws -> [OCSFSchema.Object] {
    try results.text(.ocsf).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? OCSFSchema.Object)
    }
  }

  @Test func findingsAreDetectionFindings() throws {
    let schema = try OCSFSchema()
    let results = try SampleResults.records()
    let events = try Self.events(results)
    #expect(events.count == results.findings.count && !events.isEmpty)
    for event in events {
      #expect(event["class_uid"] as? Int == 2004)
      let problems = schema.problems(event)
      #expect(problems.isEmpty, "\(problems.prefix(5))")
      let time = try #require(event["time"] as? Int)
      // Milliseconds: seconds would lie in 1970, microseconds far away.
      #expect(time > 1_700_000_000_000 && time < 2_000_000_000_000)
    }
    let severities = Set(events.compactMap { $0["severity_id"] as? Int })
    #expect(severities.isSuperset(of: [1, 2, 3, 4, 5]))
  }

  @Test func findingsNameUserAddressesAndTenantForJoins() throws {
    var results = try SampleResults.records()
    results.run.organizationID = "00D000000000001EAA"
    let schema = try OCSFSchema()
    var rowless = 0
    for (event, finding) in zip(try Self.events(results), results.findings) {
      #expect(schema.problems(event).isEmpty)
      let metadata = try #require(event["metadata"] as? OCSFSchema.Object)
      #expect(metadata["tenant_uid"] as? String == "00D000000000001EAA")
      let observables = event["observables"] as? [OCSFSchema.Object] ?? []
      let addresses = observables.filter { $0["type_id"] as? Int == 2 }.map {
        $0["value"] as? String ?? ""
      }
      #expect(
        Set(addresses)
          == Set(finding.evidence.map(\.sourceIP).filter { NetworkAddress($0) != nil }))
      guard let account = finding.account else { continue }
      if finding.evidence.isEmpty { rowless += 1 }
      let users = (event["evidences"] as? [OCSFSchema.Object] ?? []).compactMap {
        $0["user"] as? OCSFSchema.Object
      }
      #expect(!users.isEmpty && users.allSatisfy { $0["uid"] as? String == account.id })
      #expect(
        users.allSatisfy {
          ($0["type"] as? String == "Service") == (account.accountClass == .integration)
        })
      #expect(
        observables.contains {
          $0["type_id"] as? Int == 4 && $0["value"] as? String == account.username
        } || account.username.isEmpty)
    }
    #expect(rowless > 0)
  }

  @Test func aPersonsLoginWithoutMFAToAnIntegrationAccountIsSevere() throws {
    let schema = try OCSFSchema()
    for accountClass in AccountClass.allCases {
      for state in VerdictState.allCases.map(Optional.some) + [nil] {
        let event = try Self.event(
          LoginShape(), address: "192.0.2.1", state.map { Verdict($0, .noSource) },
          key: .id(try #require(SalesforceID("005Hn0000000001IAA"))), accountClass)
        #expect(schema.problems(event).isEmpty)
        let isSevere = accountClass == .integration && state == .absent
        #expect(event["severity_id"] as? Int == (isSevere ? 4 : 1))
        #expect(event["severity"] as? String == (isSevere ? "High" : "Informational"))
        let unmapped = event["unmapped"] as? OCSFSchema.Object
        #expect(unmapped?["account_class"] as? String == accountClass.rawValue)
        #expect(
          (event["metadata"] as? OCSFSchema.Object)?["tenant_uid"] as? String
            == "00D000000000001EAA")
        let observables = event["observables"] as? [OCSFSchema.Object] ?? []
        #expect(observables.map { $0["type_id"] as? Int } == [2, 21])
      }
    }
  }

  @Test func everyTechniqueOfTheSamplesHasItsName() throws {
    for event in try Self.events(try SampleResults.records()) {
      let info = event["finding_info"] as? OCSFSchema.Object
      for attack in info?["attacks"] as? [OCSFSchema.Object] ?? [] {
        for case let technique as OCSFSchema.Object in attack.values {
          #expect(technique["name"] is String, "\(technique)")
        }
      }
    }
  }

  @Test func everyLoginIsAnAuthentication() throws {
    let schema = try OCSFSchema()
    for outcome in LoginOutcome.allCases {
      for mfa in VerdictState.allCases.map(Optional.some) + [nil] {
        for door in [LoginDoor.human, .api, .unclassified] {
          for type in ["Application", "SAML Sfdc Initiated SSO", "Remote Access 2.0", ""] {
            for address in ["192.0.2.1", "2001:db8::1", "Salesforce.com IP", ""] {
              var shape = LoginShape()
              shape.outcome = outcome
              shape.door = door
              shape.type = type
              shape.country = address.isEmpty ? "" : "\u{1B}[31m\"><script>"
              shape.browser = "Chrome 126"
              let event = try Self.event(
                shape, address: address, mfa.map { Verdict($0, .noSource) },
                key: .id(try #require(SalesforceID("005Hn0000000001IAA"))))
              let problems = schema.problems(event)
              #expect(problems.isEmpty, "\(problems.prefix(5))")
              #expect(event["time"] as? Int == 1_788_000_000_123)
              switch mfa {
              case .proven: #expect(event["is_mfa"] as? Bool == true)
              case .absent: #expect(event["is_mfa"] as? Bool == false)
              case .unknown, nil: #expect(event["is_mfa"] == nil)
              }
            }
          }
        }
      }
    }
    let bare = try Self.event(LoginShape(), address: "", nil, key: .username(""))
    #expect(schema.problems(bare).isEmpty)
  }

  /// The event of a login, read back from its line.
  private static func event(
    _ shape: LoginShape, address: String, _ verdict: Verdict?, key: AccountKey,
    _ accountClass: AccountClass = .unknown
  ) throws -> OCSFSchema.Object {
    let texts = LoginTexts(
      accounts: [LoginAccount(key: key, username: "", accountClass: accountClass)], shapes: [shape],
      addresses: [address], verdicts: verdict.map { [$0] } ?? [], files: ["logins.csv"])
    var renderer = LoginRenderer(.ocsf(version: "1.0", tenant: "00D000000000001EAA"), texts)
    var bytes: [UInt8] = []
    renderer.append(
      ShownLogin(
        time: Instant(milliseconds: 1_788_000_000_123), id: .none, account: 0, shape: 0, address: 0,
        verdict: verdict == nil ? 0 : 1, file: 0, line: 2), to: &bytes)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(bytes)) as? OCSFSchema.Object)
  }

  @Test func theCheckItselfFindsMistakes() throws {
    let schema = try OCSFSchema()
    let good = try #require(try Self.events(try SampleResults.records()).first)
    func wrong(_ edit: (inout OCSFSchema.Object) -> Void) -> [String] {
      var event = good
      edit(&event)
      return schema.problems(event)
    }
    #expect(wrong { $0["time"] = nil }.contains { $0.contains("time: required") })
    #expect(wrong { $0["severity_id"] = 7 }.contains { $0.contains("severity_id") })
    #expect(wrong { $0["time"] = "2026" }.contains { $0.contains("time") })
    #expect(wrong { $0["surprise"] = 1 }.contains { $0.contains("unknown") })
    #expect(wrong { $0["evidences"] = [["name": "x"]] }.contains { $0.contains("none of") })
    #expect(wrong { $0["resources"] = ["uid": "x"] }.contains { $0.contains("array") })
    #expect(
      wrong { $0["evidences"] = [["src_endpoint": ["ip": "nowhere", "name": "x"]]] }
        .contains { $0.contains("ip_t") })
  }
}
