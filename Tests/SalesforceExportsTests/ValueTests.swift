import Delimited
import Glibc
import SalesforceExports
import TestSupport
import Testing

/// Times, ids and addresses as exports write them.
struct ValueTests {
  /// Lends the bytes of a text as a field, with room to read around them as a block has.
  private static func withField<Result>(_ text: String, _ body: (FieldBytes) -> Result) -> Result {
    let padding = [UInt8](repeating: 0, count: 64)
    let bytes = padding + Array(text.utf8) + padding
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe body(
        FieldBytes(
          start: buffer.baseAddress.unsafelyUnwrapped + padding.count, count: text.utf8.count))
    }
  }

  @Test(
    arguments: [
      ("2026-08-01T12:34:56.789Z", 1_785_587_696_789),
      ("2026-08-01T12:34:56.789+0000", 1_785_587_696_789),
      ("2026-08-01T14:34:56.789+02:00", 1_785_587_696_789),
      ("2026-08-01T12:34:56Z", 1_785_587_696_000),
      ("20260801123456.789", 1_785_587_696_789),
      ("1999-01-01T00:00:00.000Z", 915_148_800_000),
      ("2199-12-31T23:59:59.999Z", 7_258_118_399_999),
    ] as [(String, Int64)])
  func timesWithAZoneAreReadAsWritten(text: String, milliseconds: Int64) {
    let reading = Self.withField(text) { TimestampReader().read($0) }
    #expect(reading == .instant(Instant(milliseconds: milliseconds), ambiguous: false))
  }

  @Test(
    arguments: [
      "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-08-01T24:00:00.000Z",
      "2026-08-01T12:60:00.000Z", "", "yesterday", "1970-01-01T00:00:00.000Z",
      "1900-01-01T00:00:00.000Z", "2569-08-01T12:34:56.789Z", "9999-12-31T23:59:59.999Z",
    ])
  func whatIsNoTimeIsRefused(text: String) {
    #expect(Self.withField(text) { TimestampReader().read($0) } == .invalid)
    #expect(Self.withField(text) { field in FixedTimeReader.first(field) } == nil)
  }

  /// Databases write their first day for nothing and a far one for never; other calendars count further.
  @Test(
    arguments: [
      ("9999-12-31T23:59:59.000Z", true), ("4000-12-31 00:00:00", true),
      ("2026-08-01 12:34:56", true), ("0001-01-01T00:00:00.000Z", false),
      ("1753-01-01 00:00:00.000", false), ("1970-01-01T00:00:00Z", false),
      ("2569-08-01 12:34:56", false),
    ] as [(String, Bool)])
  func datesOfSnapshotsMayBeNever(text: String, isRead: Bool) {
    var forms = LocalTimeForms()
    let reading = TimestampReader().readSnapshotDate(text, &forms)
    if case .instant = reading { #expect(isRead) } else { #expect(!isRead && reading == .invalid) }
  }

  @Test func localTimesAskForWhatTheyLack() {
    let text = "8/13/2026 12:34:56 PM"
    #expect(TimestampReader().read(text) == .needsDateOrder)
    #expect(TimestampReader(dateOrder: .mdy).read(text) == .needsTimeZone)
  }

  /// The reader of the fixed form agrees with the general one wherever it gives an answer.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func theFixedFormIsReadAsTheGeneralReaderReadsIt(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let text = Array("2026-08-01T12:34:56.789Z".utf8)
    var fixed = FixedTimeReader()
    var answered = 0
    for _ in 0..<4_000 {
      var changed = text
      for _ in 0..<random.below(3) {
        changed[random.below(changed.count)] = UInt8(ascii: "0") + UInt8(random.below(12))
      }
      let shown = String(decoding: changed, as: UTF8.self)
      let (quick, general) = Self.withField(shown) { (fixed.read($0), TimestampReader().read($0)) }
      guard let quick else { continue }
      answered += 1
      #expect(general == .instant(quick, ambiguous: false), "seed \(seed): \(shown)")
    }
    #expect(answered > 500, "seed \(seed)")
  }

  @Test(arguments: ["005Hn00000007qoIAA", "005Hn00000007qo", "0YaHn000000abcdKAA"])
  func anIDIsReadInBothLengths(text: String) throws {
    let id = try #require(Self.withField(text) { SalesforceID.parse($0) })
    #expect(id.text18.prefix(15) == text.prefix(15))
    #expect(SalesforceID(text) == id)
    var reader = IDReader()
    #expect(Self.withField(text) { reader.read($0) } == id)
    // The second time the first characters are those of the row before.
    #expect(Self.withField(text) { reader.read($0) } == id)
  }

  /// The prefix of a login's Id tells that letters lost their case: 15 characters cannot be restored.
  @Test(arguments: [
    ("0ya5f00000abcde", true), ("0YA5F00000ABCDE", true), ("0Ya5f00000ABCDE", false),
    ("0Ya5f00000abcde", false), ("0Ya000000000001", false),
  ])
  func aLoginIDWithoutCaseIsNone(text: String, isLost: Bool) throws {
    let id = try #require(SalesforceID(text))
    #expect(id.isLoginWithoutCase == isLost)
    #expect(SalesforceID.reading(text, ofLogin: true) == (isLost ? .unreadable : .id(id)))
    #expect(SalesforceID.reading(text) == .id(id))
    var (logins, others) = (IDReader(ofLogins: true), IDReader())
    for _ in 0..<2 {
      #expect(Self.withField(text) { logins.read($0) } == (isLost ? nil : id))
      #expect(Self.withField(text) { others.read($0) } == id)
    }
  }

  @Test func idsAreComparedWithoutCase() throws {
    let id = try #require(SalesforceID("005Az00000ZzaA9"))
    #expect(id.withoutCase == SalesforceID("005az00000zzaa9"))
    #expect(SalesforceID("005AZ00000ZZAA9")?.withoutCase == id.withoutCase)
    #expect(SalesforceID("005Az00000ZzaB9")?.withoutCase != id.withoutCase)
  }

  /// A column tells that it lost its case by many letters, never by Ids that follow each other.
  @Test func aColumnOfOneCaseTellsALoss() throws {
    let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    var (sound, lost, short) = (LetterCases(), LetterCases(), LetterCases())
    for number in 0..<40 {
      let tail = String([
        digits[number * 7 % 62], digits[number * 11 % 62], digits[number * 13 % 62],
      ])
      sound.note(try #require(SalesforceID("005000000000" + tail)))
      lost.note(try #require(SalesforceID("005000000000" + tail.lowercased())))
      if number < 36 {
        short.note(try #require(SalesforceID("00500000000000" + String(digits[number]))))
      }
    }
    #expect(sound.areMixed && !sound.tellsLoss)
    #expect(!lost.areMixed && lost.tellsLoss)
    #expect(!short.areMixed && short.hasLetters && !short.tellsLoss)
  }

  @Test func aLoginKeyIsReadWithoutWhatStandsAroundIt() throws {
    let key = try #require(LoginKey(Array("4u6Hn0000000002I".utf8)))
    for text in ["4u6Hn0000000002I", " 4u6Hn0000000002I ", "=\"4u6Hn0000000002I\""] {
      #expect(Self.withField(text) { LoginKey(field: $0) } == key, "\(text)")
    }
    for text in ["", " ", "null", "\\N"] {
      #expect(Self.withField(text) { LoginKey(field: $0) } == nil, "\(text)")
    }
  }

  /// All Ids are read in the common way once their beginning is known, capitals or not, and what has
  /// other check characters never is.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func theCommonWayReadsEveryID(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    var reader = IDReader()
    _ = Self.withField("0YaHn0000000001KAA") { reader.read($0) }
    let common = reader
    for _ in 0..<2_000 {
      let tail = String((0..<5).map { _ in alphabet[random.below(alphabet.count)] })
      let short = "0YaHn00000" + tail
      let id = try #require(Self.withField(short) { SalesforceID.parse($0) })
      #expect(Self.withField(id.text18) { reader.read($0) } == id, "seed \(seed): \(id.text18)")
      let other = String(id.text18.dropLast()) + (id.text18.last == "A" ? "B" : "A")
      var fresh = common
      #expect(Self.withField(other) { fresh.read($0) } == nil, "seed \(seed): \(other)")
    }
  }

  @Test(arguments: [
    "", "005Hn0000000", "005Hn00000007q-IAA", "005Hn00000007qoIA", "005Hn00000007qoIA€",
  ])
  func whatIsNoIDIsRefused(text: String) {
    #expect(Self.withField(text) { SalesforceID.parse($0) } == nil)
    var reader = IDReader()
    _ = Self.withField("005Hn00000007qoIAA") { reader.read($0) }
    #expect(Self.withField(text) { reader.read($0) } == nil)
  }

  @Test(
    arguments: [
      ("192.0.2.10", "192.0.2.10"), ("2001:DB8::1", "2001:db8::1"),
      ("2001:0db8:0:0:0:0:0:1", "2001:db8::1"),
    ])
  func anAddressHasOneSpelling(text: String, canonical: String) {
    #expect(NetworkAddress(text)?.description == canonical)
  }

  @Test(arguments: ["", "Salesforce.com IP", "256.0.0.1", "1.2.3", "::1::"])
  func whatIsNoAddressIsRefused(text: String) { #expect(NetworkAddress(text) == nil) }

  /// The system reads the same forms; pieces are put together at random, most of them almost an address.
  @Test func anAddressIsWhatTheSystemTakesForOne() {
    var random = SeededGenerator(seed: 4_291)
    let pieces = [
      "0", "1", "f", "A9", "0db8", "ffff", "10000", "g", ":", ":", ":", "::", ".", ".", "255",
      "256",
      "010", "192.0.2.1", "2001:db8", "",
    ]
    var addressCount = 0
    for _ in 0..<200_000 {
      let text = (0...random.below(12)).map { _ in pieces[random.below(pieces.count)] }.joined()
      var expected: (NetworkAddress.Family, [UInt8])?
      var bytes = [UInt8](repeating: 0, count: 16)
      if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
        expected = (.version4, [UInt8](repeating: 0, count: 12) + bytes.prefix(4))
      } else if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
        expected = (.version6, bytes)
      }
      if expected != nil { addressCount += 1 }
      let address = NetworkAddress(text)
      let found = address.map { address in
        (0..<16).map { UInt8(truncatingIfNeeded: address.bits >> UInt128(120 - 8 * $0)) }
      }
      #expect(address?.family == expected?.0 && found == expected?.1, "seed 4291: \(text)")
    }
    #expect(addressCount > 2_000, "the pieces make addresses")
  }

  /// The system writes the same forms, but for addresses that hold one of IPv4 at their end without being
  /// mapped.
  @Test(arguments: SeededGenerator.seeds)
  func anAddressIsWrittenAsTheSystemWritesIt(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      var bytes = (0..<16).map { _ in UInt8(random.below(256)) }
      // Runs of zero groups, and groups with leading zeros.
      for _ in 0..<random.below(4) {
        let start = 2 * random.below(8)
        for place in start..<min(16, start + 2 * random.below(5)) { bytes[place] = 0 }
      }
      let isMapped = random.below(8) == 0
      if isMapped {
        bytes.replaceSubrange(..<12, with: [UInt8](repeating: 0, count: 10) + [255, 255])
      }
      var number: UInt128 = 0
      for byte in bytes { number = number << 8 | UInt128(byte) }
      if isMapped || number >> 32 > 0 {
        let written = NetworkAddress(family: .version6, bits: number).description
        #expect(written == Self.systemText(AF_INET6, bytes), "seed \(seed)")
      }
      let short = NetworkAddress(family: .version4, bits: number & 0xFFFF_FFFF).description
      #expect(short == Self.systemText(AF_INET, Array(bytes[12...])), "seed \(seed)")
    }
  }

  private static func systemText(_ family: Int32, _ bytes: [UInt8]) -> String {
    var bytes = bytes
    var text = [CChar](repeating: 0, count: 64)
    guard unsafe inet_ntop(family, &bytes, &text, 64) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  @Test(arguments: [
    ("", "", true), ("", "abc", false), ("abc", "", false), ("abc", "abc", true),
    ("abc", "abd", false), ("\"abc\"", "abc", true), ("\"\"", "", true), ("\"\"", "abc", false),
    ("\"a\"\"c\"", "a\"\"c", false), ("abcd", "abc", false),
  ])
  func aFieldHoldsItsTextAlone(field: String, text: String, isHeld: Bool) {
    #expect(Self.withField(field) { $0.holds(text) } == isHeld)
  }

  @Test func strongMethodsOutrankWeakOnes() {
    #expect(MethodGrade.allCases == MethodGrade.allCases.sorted())
    for token in MethodGrade.knownTokens { #expect(!token.token.isEmpty) }
    let strongest = VerificationProof(
      policy: "TwoFactorAuthentication", activity: "Login", method: "U2F", status: "Succeeded")
    let code = VerificationProof(
      policy: "TwoFactorAuthentication", activity: "Login", method: "Totp", status: "Succeeded")
    #expect(strongest.grade(isExternal: false) > code.grade(isExternal: false))
    let mail = VerificationProof(
      policy: "DeviceActivation", activity: "Login", method: "Email", status: "Succeeded")
    #expect(!mail.provesMultiFactor(isExternal: false) && mail.contains(.identityOnly))
  }
}

extension FixedTimeReader {
  /// What a reader that has seen nothing makes of a field.
  fileprivate static func first(_ field: FieldBytes) -> Instant? {
    var reader = FixedTimeReader()
    return reader.read(field)
  }
}
