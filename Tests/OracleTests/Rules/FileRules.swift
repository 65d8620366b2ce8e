/// A login file as a whole.
struct LoginFile {
  let name: String
  let kind: String
  let hasIDs: Bool
  /// Columns that rules ask for and the file lacks.
  let missing: Set<String>
  /// Rows that cannot be read, by reason.
  var rejects: [String: Int]
  /// Milliseconds of its earliest and its latest row, copies included.
  var first: Int?
  var last: Int?

  init(_ export: ExportFile) {
    name = export.name
    kind = export.kind == "Login" ? "EventLogFile:Login" : export.kind
    missing = Set(
      Self.columns.filter { export.text.columns.isDisjoint(with: $0.value) }.map(\.key))
    hasIDs = export.text.columns.contains("id")
    rejects = export.text.rejects
  }

  /// Columns without which some rule cannot run, with what the exports call them.
  private static let columns: [String: Set<String>] = [
    "ApiVersion": ["apiversion", "api version", "api_version"], "Application": ["application"],
    "CountryIso": ["countryiso", "location", "country_code"],
    "LoginSubType": ["loginsubtype", "login subtype", "login_sub_type"],
    "SourceIp": ["sourceip", "source ip", "source_ip", "client_ip"],
    "TlsProtocol": ["tlsprotocol", "tls protocol", "tls_protocol"],
  ]
}

extension Oracle {
  /// The minute at which a history begins that tells what is new by columns: rows of a file without one may
  /// have been by anything.
  func known(_ start: Int, _ columns: String...) -> Int {
    files.filter { !$0.missing.isDisjoint(with: columns) }.compactMap(\.last)
      .map { Int((Double($0) / 60_000).rounded(.down)) }.reduce(start, max)
  }
}

/// PST-DATA-001, 003 and 005 to 008: the files and the times that they cover.
extension Oracle {
  var fileFindings: [OracleFinding] {
    gaps + rejectedRows + overlaps + cutFiles + endedVerifications + contradictoryRows
  }

  private func about(
    _ rule: String, _ discriminator: [String] = [], _ counts: [String: Int] = [:]
  ) -> OracleFinding {
    OracleFinding(
      rule: rule, account: "", discriminator: discriminator, status: "info", severity: "info",
      counts: counts)
  }

  /// Whole minutes without rows, six hours or more in a run, in which the org is usually busy.
  var gaps: [OracleFinding] {
    let busy = Set(logins.map(\.minute)).sorted()
    let days = Set(logins.map(\.day))
    guard days.count >= 7 else { return [] }
    return zip(busy, busy.dropFirst()).compactMap { last, next in
      let from = last + 1
      guard next - from >= 360 else { return nil }
      let clock = Set((from..<min(next, from + 1_440)).map { $0 % 1_440 })
      let usual = Set(busy.filter { clock.contains($0 % 1_440) }.map { $0 / 1_440 }).count
      guard 2 * usual >= days.count else { return nil }
      var gap = about(
        "DATA-001", [Moment.text(from * 60_000)], ["hours": (next - from) / 60])
      (gap.first, gap.last) = (from * 60_000, next * 60_000)
      return gap
    }
  }

  private var rejectedRows: [OracleFinding] {
    files.flatMap { file in
      file.rejects.map { reason, count in
        about("DATA-003", [file.name, reason], ["rejected": count])
      }
    }
  }

  private var overlaps: [OracleFinding] {
    var pairs = 0
    for (index, one) in files.enumerated() {
      for other in files.dropFirst(index + 1) where !one.hasIDs || !other.hasIDs {
        guard let first = one.first, let last = one.last, let start = other.first,
          let end = other.last
        else { continue }
        if first <= end && start <= last { pairs += 1 }
      }
    }
    return pairs == 0 ? [] : [about("DATA-005", [], ["overlapping_pairs": pairs])]
  }

  private var contradictoryRows: [OracleFinding] {
    if contradictions.isEmpty { return [] }
    let counts = ["ids": contradictions.count, "rows": contradictions.reduce(0, +)]
    return [
      OracleFinding(rule: "DATA-007", account: "", severity: "medium", counts: counts)
    ]
  }

  /// More than a day of logins before the first or after the last verification.
  private var endedVerifications: [OracleFinding] {
    guard let begin = verifications.map(\.time).min(), let end = verifications.map(\.time).max(),
      let first = logins.first?.time, let last = logins.last?.time
    else { return [] }
    let problems = [last - end, begin - first].count { $0 > 86_400_000 }
    return problems == 0 ? [] : [about("DATA-008", [], ["problems": problems])]
  }

  /// Every file counts, whatever it holds; rejected rows are rows too.
  private var cutFiles: [OracleFinding] {
    exports.compactMap { file in
      let rows = file.text.records.count + file.text.rejects.values.reduce(0, +)
      guard [2_000, 10_000, 20_000, 50_000, 1_048_575].contains(rows) else { return nil }
      return about("DATA-006", [file.name], ["rows": rows])
    }
  }
}
