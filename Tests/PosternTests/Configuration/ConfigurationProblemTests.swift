import Testing

@testable import Configuration

/// What is wrong with a configuration is said with its place, and what to do about it.
struct ConfigurationProblemTests {
  @Test(arguments: [
    ("orgs: {}\n", "config.yaml:1:1: orgs: unknown key\n  help: did you mean `org`?"),
    (
      "mfa:\n  required: true\n",
      "config.yaml:2:3: mfa.required: unknown key\n  help: known here: required_for_direct_ui_logins"
    ),
    (
      "mfa: {required_for_direct_ui_logins: yes}\n",
      "config.yaml:1:38: mfa.required_for_direct_ui_logins: expected true or false, found `yes`\n"
        + "  help: write `true`, in lower case and without quotes"
    ),
    (
      "human_accounts: ada@acme.com\n",
      "config.yaml:1:17: human_accounts: expected a list, found `ada@acme.com`\n"
        + "  help: write each entry on a line of its own after `- `"
    ),
    (
      "human_accounts:\n  - profile: Sales\n",
      "config.yaml:2:5: human_accounts[1]: expected text, found keys with values\n"
        + "  help: write `profile:NAME` without a blank after the colon"
    ),
    ("[1]\n", "config.yaml:1:1: expected keys with values, found a list"),
    (
      "human_accounts: [0051]\n",
      "config.yaml:1:18: human_accounts[1]: `0051`: looks like an id of 4 characters; "
        + "ids have 15 or 18"
    ),
    (
      "org: {type: production, id: 12, name: }\n",
      "config.yaml:1:29: org.id: expected an id of 15 or 18 letters and digits, found `12`\n"
        + "config.yaml:1:39: org.name: expected text, found nothing"
    ),
    (
      "session_levels: {Sales: high_assurance}\n",
      "config.yaml:1:25: session_levels.Sales: expected one of HIGH_ASSURANCE, STANDARD, LOW, "
        + "NONE, found `high_assurance`\n  help: did you mean `HIGH_ASSURANCE`?"
    ),
    (
      "trusted_networks:\n- 192.0.2.7/24\n- 192.0.2.0/33\n- nowhere\n",
      "config.yaml:2:3: trusted_networks[1]: `192.0.2.7/24`: bits are set beyond the first 24\n"
        + "  help: write `192.0.2.0/24` for the network, or the address alone\n"
        + "config.yaml:3:3: trusted_networks[2]: `192.0.2.0/33`: expected a prefix length of 0 to "
        + "32 after the slash\n"
        + "config.yaml:4:3: trusted_networks[3]: `nowhere`: expected an IPv4 or IPv6 address or "
        + "network, such as `192.0.2.0/24` or `2001:db8::/32`"
    ),
    (
      "allowed_privileges: {'*': [ModifyAllDate, PermissionsViewAllData]}\n",
      "config.yaml:1:28: allowed_privileges.*[1]: there is no permission `ModifyAllDate`\n"
        + "  help: did you mean `ModifyAllData`?\n"
        + "config.yaml:1:43: allowed_privileges.*[2]: there is no permission "
        + "`PermissionsViewAllData`\n  help: write `ViewAllData`, without `Permissions`"
    ),
    (
      "coverage:\n  verification_history:\n    until: 2026-01-01\n    from: 2026-02-30\n",
      "config.yaml:4:11: coverage.verification_history.from: `2026-02-30`: day 30 is not in 1 to "
        + "28, the days of that month in 2026"
    ),
    (
      "coverage: {verification_history: {from: 2026-02-01, until: 2026-02-01}}\n",
      "config.yaml:1:60: coverage.verification_history.until: expected a time after `from`"
    ),
    (
      "thresholds:\n  spray_account: 5\n  api_share: 1.5\n  spray_accounts: 2.5\n",
      "config.yaml:2:3: thresholds.spray_account: there is no threshold of this name\n"
        + "  help: did you mean `spray_accounts`?\n"
        + "config.yaml:3:14: thresholds.api_share: expected a number from 0 to 1, found `1.5`\n"
        + "  help: the default is 0.95\n"
        + "config.yaml:4:19: thresholds.spray_accounts: expected a whole number, found `2.5`"
    ),
    (
      "thresholds: {api_share: '0.5', spray_accounts: 0x10}\n",
      "config.yaml:1:25: thresholds.api_share: expected a number, found `0.5`\n"
        + "  help: write the number without quotes\n"
        + "config.yaml:1:48: thresholds.spray_accounts: expected a whole number, found `0x10`"
    ),
    (
      "limits: {field_bytes: 2GiB, columns: 0, expansion_ratio: 1KiB, expanded_bytes: 5 miles}\n",
      "config.yaml:1:23: limits.field_bytes: expected a size of at most 1073741824 bytes, found "
        + "`2GiB`\n"
        + "config.yaml:1:38: limits.columns: expected a whole number of at least 1, found `0`\n"
        + "config.yaml:1:58: limits.expansion_ratio: expected a whole number, found `1KiB`\n"
        + "config.yaml:1:80: limits.expanded_bytes: `5 miles`: expected a unit of B, KiB, MiB, "
        + "GiB, TiB, kB, MB, GB or TB, found `miles`"
    ),
    (
      "calendars: {soap_retirement: 2027-06-01}\n",
      "config.yaml:1:13: calendars.soap_retirement: there is no calendar entry of this name\n"
        + "  help: known here: soap_login_retirement, api_30_retirement"
    ),
    (
      "suppressions:\n  - rule: MFA-001\n    owner: ''\n    expires: soon\n",
      "config.yaml:2:5: suppressions[1].account: this key is required\n"
        + "config.yaml:2:5: suppressions[1].reason: this key is required\n"
        + "config.yaml:2:11: suppressions[1].rule: there is no rule `MFA-001`\n"
        + "  help: did you mean `PST-MFA-001`?\n"
        + "config.yaml:3:12: suppressions[1].owner: the text is empty\n"
        + "config.yaml:4:14: suppressions[1].expires: `soon`: expected a date as year-month-day, "
        + "such as `2026-08-01`"
    ),
    (
      "org: &o {name: A}\nmfa:\n  <<: *o\n",
      "config.yaml:3:3: mfa.<<: merge keys are not supported\n"
        + "  help: write the keys out; aliases of whole values work"
    ),
    (
      "org: {\"na\\eme\": x}\n",
      "config.yaml:1:7: org.na\\u{1B}me: unknown key\n  help: did you mean `name`?"
    ),
  ])
  func everyProblemNamesItsPlace(text: String, message: String) throws {
    #expect(try ConfigurationFolder().message(text) == message)
  }

  @Test func keysGivenTwiceHideNothingElse() throws {
    let text = """
      mfa: {a: 1, "a": 2, a: 3}
      org:
        name: one
        nme: x
        name: two
        'name': three
      mfa: {}
      session_levels: {Sales: LOW, SALES: NONE}
      """
    #expect(
      try ConfigurationFolder().message(text) == """
        config.yaml:1:7: mfa.a: unknown key
          help: known here: required_for_direct_ui_logins
        config.yaml:1:13: mfa.a: unknown key
          help: known here: required_for_direct_ui_logins
        config.yaml:1:21: mfa.a: unknown key
          help: known here: required_for_direct_ui_logins
        config.yaml:4:3: org.nme: unknown key
          help: did you mean `name`?
        config.yaml:5:3: org.name: the key is given twice, first on line 3
          help: remove one of the two
        config.yaml:6:3: org.name: the key is given twice, first on line 3
          help: remove one of the two
        config.yaml:7:1: mfa: the key is given twice, first on line 1
          help: remove one of the two
        config.yaml:8:30: session_levels.SALES: the key is given twice, first on line 8
          help: remove one of the two
        """)
  }

  @Test(arguments: ["\n", "\r\n", "\r", "\u{2028}"])
  func placesHoldForEveryLineEnd(lineEnd: String) throws {
    let lines = ["org:", "  name: ü", "  name: ü", "  typ: x"]
    let message = try ConfigurationFolder().message(lines.joined(separator: lineEnd))
    #expect(message.contains("config.yaml:3:3: org.name: the key is given twice, first on line 2"))
    #expect(message.contains("config.yaml:4:3: org.typ: unknown key"))
  }

  @Test func aRepeatedKeyThatCannotBeToldApartIsReportedAlone() throws {
    let message = try ConfigurationFolder().message("? [a]\n: 1\n? [a]\n: 2\norg: 5\n")
    #expect(
      message == "config.yaml:1:3: the key is given twice\n"
        + "  help: remove one of the two; other problems of the file show only then")
  }

  @Test(arguments: [
    (
      "human_accounts:\n  - *@acme.com\n",
      "config.yaml:2:6: not well-formed YAML: did not find expected alphabetic or numeric "
        + "character\n  help: put text that begins with `*` in quotes"
    ),
    (
      "human_accounts:\n  - *etl\n",
      "config.yaml:2:5: not well-formed YAML: found undefined alias\n"
        + "  help: put text that begins with `*` in quotes"
    ),
    (
      "org: {}\n---\nmfa: {}\n",
      "config.yaml:2:1: not well-formed YAML: a second document begins here\n"
        + "  help: a configuration is one document"
    ),
    (
      "org: {\n",
      "config.yaml:2:1: not well-formed YAML: did not find expected node content"
    ),
    (
      "org: {}\nmfa: \u{7}\n",
      "config.yaml:2:6: not well-formed YAML: control characters are not allowed"
    ),
  ])
  func brokenYAMLNamesItsPlace(text: String, message: String) throws {
    #expect(try ConfigurationFolder().message(text) == message)
  }

  @Test func problemsOfIndicatorFilesNameTheirOwnLines() throws {
    let folder = try ConfigurationFolder()
    try folder.write("192.0.2.1\n\n  bad one\napplication:\nfile: x\n", to: "list.txt")
    try folder.write([0xFF], to: "bytes.txt")
    let text = """
      indicators: [{file: list.txt}, {file: gone.txt}, {file: bytes.txt}, {file: .}, {url: x}]
      org: 1
      """
    let expected = "expected an IPv4 or IPv6 address or network, such as `192.0.2.0/24` or "
    #expect(
      try folder.message(text) == """
        list.txt:3:3: indicators[1].file: `bad one`: \(expected)`2001:db8::/32`
        list.txt:4:1: indicators[1].file: expected the name of an application after `application:`
        list.txt:5:1: indicators[1].file: `file: x`: \(expected)`2001:db8::/32`
        config.yaml:1:39: indicators[2].file: `gone.txt`: there is no such file
        config.yaml:1:57: indicators[3].file: `bytes.txt` is not text in UTF-8
        config.yaml:1:76: indicators[4].file: `.`: it is a folder, not a file
        config.yaml:1:81: indicators[5].url: unknown key
          help: known here: address, application, user_agent, file, from, until, source
        config.yaml:2:6: org: expected keys with values, found `1`
        """)
  }

  @Test func datesOfIndicatorsMustBeDatesInOrder() throws {
    let folder = try ConfigurationFolder()
    try folder.write(
      """
      192.0.2.1; from: yesterday
      192.0.2.2; from: 2026-06-14; until: 2026-06-11
      application: Twice; source: one; source: two
      """, to: "list.txt")
    let text = """
      indicators:
        - {application: A, from: 2026-06-14, until: 2026-06-14}
        - {from: 2026-06-14}
        - {file: list.txt, source: me}
      """
    #expect(
      try folder.message(text) == """
        config.yaml:2:47: indicators[1].until: expected a time after `from`
        config.yaml:3:6: indicators[2]: expected what to look for: `address`, `application` or \
        `user_agent`
        list.txt:1:1: indicators[3].file: `from:` `yesterday`: expected a date as year-month-day, \
        such as `2026-08-01`
        list.txt:2:1: indicators[3].file: expected `until:` to be after `from:`
        list.txt:3:1: indicators[3].file: `source:` is given twice
        config.yaml:4:22: indicators[3].source: a list states dates and sources line by line
          help: write them behind its entries: `192.0.2.1; from: 2026-06-11`
        """)
  }

  @Test func filesThatCannotBeReadSaySo() throws {
    let folder = try ConfigurationFolder()
    try folder.write([0x6F, 0xC3, 0x28], to: "bytes.yaml")
    func message(_ name: String) -> String {
      do throws(ConfigurationError) {
        _ = try folder.load(name)
        return ""
      } catch {
        return error.description.replacing(folder.prefix, with: "")
      }
    }
    #expect(message("gone.yaml") == "gone.yaml: there is no such file")
    #expect(message("bytes.yaml") == "bytes.yaml: the file is not text in UTF-8")
    #expect(message(".") == ".: it is a folder, not a file")
    #expect(throws: FileContents.Failure(detail: "the file is larger than 0 MiB")) {
      try FileContents.read(folder.path("bytes.yaml"), byteBound: 2)
    }
  }

  /// Forty times twice as many: what compares keys in full would never end.
  @Test func aliasesOfAliasesAreNoKeys() throws {
    let folder = try ConfigurationFolder()
    let anchors =
      "a0: &a0 [x, x]\n"
      + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
    let keys = [
      "? *a39\n: 1\n", "? [*a39, 1]\n: 1\n", "{*a39 : 1}: 1\n", "b: {*a39 : 1}\n",
      "b:\n  - ? {c: *a39}\n    : 1\n",
    ]
    for key in keys {
      let start = ContinuousClock.now
      let message = try folder.message(anchors + key)
      #expect(message.contains("found an alias of a list or of keys"), "\(key): \(message)")
      #expect(message.hasPrefix("config.yaml:4"), "\(message)")
      #expect(ContinuousClock.now - start < .seconds(20))
    }
    // Values, and names that aliases stand for, are read.
    let sound = "human_accounts: &list [&name ada@acme.com]\nintegration_accounts: *list\n"
    #expect(try folder.message(sound) == "")
    let named = "human_accounts: [&name Sales]\nsession_levels: {*name : STANDARD}\n"
    #expect(try folder.message(named) == "")
  }

  @Test func manyRepeatedKeysAreSaidSoon() throws {
    let folder = try ConfigurationFolder()
    let start = ContinuousClock.now
    let text = "session_levels:\n" + String(repeating: "  a: STANDARD\n", count: 100_000)
    #expect(try folder.message(text).contains("the key is given twice"))
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test func keysThatDifferInTheirBytesAreTwo() throws {
    let folder = try ConfigurationFolder()
    let text = "session_levels: {Caf\u{E9}: STANDARD, Cafe\u{301}: LOW}\n"
    #expect(try folder.message(text) == "")
    let configuration = try folder.load(text: text)
    #expect(configuration.sessionLevel(ofProfile: "CAF\u{E9}") == .standard)
    #expect(configuration.sessionLevel(ofProfile: "cafe\u{301}") == .low)
  }
}
