import ArgumentParser

/// The form in which the logins are written.
enum Shape: String, CaseIterable, ExpressibleByArgument {
  case soql, setup
  case eventLog2020 = "elf-2020"
  case eventLog2023 = "elf-2023"
  case eventLog2026 = "elf-2026"
  case all

  /// The shapes that the option stands for.
  var members: [Shape] { self == .all ? Self.allCases.filter { $0 != .all } : [self] }
}

/// The program that is said to have made the export.
enum ExportTool: String, CaseIterable, ExpressibleByArgument {
  case dataLoader = "data-loader"
  case bulk, rest
}

/// The character between fields.
enum Delimiter: String, CaseIterable, ExpressibleByArgument {
  case comma, semicolon, pipe, caret, tab, backquote

  /// The character itself.
  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .pipe: UInt8(ascii: "|")
    case .caret: UInt8(ascii: "^")
    case .tab: UInt8(ascii: "\t")
    case .backquote: UInt8(ascii: "`")
    }
  }
}

/// The end of a row.
enum LineEnd: String, CaseIterable, ExpressibleByArgument {
  case lf, crlf, cr

  /// Its bytes.
  var bytes: [UInt8] {
    switch self {
    case .lf: [0x0A]
    case .crlf: [0x0D, 0x0A]
    case .cr: [0x0D]
    }
  }
}

/// Which fields stand in quotes.
enum Quoting: String, CaseIterable, ExpressibleByArgument {
  case always, minimal
}

/// How the login files are packed.
enum Packing: String, CaseIterable, ExpressibleByArgument {
  case none, gzip
  case gzipMembers = "gzip-members"
  case zip

  /// What the file's name ends with.
  var suffix: String {
    switch self {
    case .none: ""
    case .gzip, .gzipMembers: ".gz"
    case .zip: ".zip"
    }
  }
}

/// The order of the rows.
enum RowOrder: String, CaseIterable, ExpressibleByArgument {
  case time, shuffled
}

/// How much of the verification history is exported.
enum VerificationExport: String, CaseIterable, ExpressibleByArgument {
  case full, holes, none
}

/// A defect to put into the login files.
enum Fault: String, CaseIterable, ExpressibleByArgument {
  case badTime = "bad-time"
  case badID = "bad-id"
  case shortRow = "short-row"
  case longRow = "long-row"
  case openQuote = "open-quote"
  case nul
  case invalidUTF8 = "invalid-utf8"
  case truncatedGzip = "truncated-gzip"

  /// Whether the defect makes an additional row that no reader can take.
  var addsRow: Bool {
    switch self {
    case .badTime, .badID, .shortRow, .longRow, .openQuote: true
    case .nul, .invalidUTF8, .truncatedGzip: false
    }
  }
}

/// All that decides what a run writes.
struct SynthOptions {
  var seed: UInt64 = 1
  var rows = 100_000
  var users = 200
  var days = 90
  var start = CivilDate(daysSinceEpoch: 20_513)
  var integrationPerMille = 150
  var shape = Shape.soql
  var tool = ExportTool.bulk
  var delimiter = Delimiter.comma
  var lineEnd = LineEnd.lf
  var hasByteOrderMark = false
  var quoting = Quoting.always
  var packing = Packing.none
  var level = 1
  var files = 1
  var order = RowOrder.time
  var overlap = 0
  var verification = VerificationExport.full
  var snapshots = 1
  var faults: Set<Fault> = []
  var incidents: [Incident] = []
  var campaign: CampaignOptions?
  var events: Set<EventExport> = []
  var tellsLogins = false
  var writesConfiguration = false

  /// The first second of the window.
  var firstSecond: EpochSeconds { start.daysSinceEpoch * 86_400 }
  /// The second after the window.
  var endSecond: EpochSeconds { firstSecond + days * 86_400 }

  /// Days of history that come before a campaign.
  static let historyDays = 15

  /// Every address that a row may have, those of a staged campaign last.
  var addresses: [String] { Vocabulary.allAddresses + (campaign?.network.addresses ?? []) }
  /// Every application, that of a staged campaign last.
  var applications: [String] {
    Vocabulary.applications + Vocabulary.incidentApplications
      + (campaign.map { [$0.application] } ?? [])
  }
  /// Every browser; what programs of a staged campaign are, LoginHistory does not know.
  var browsers: [String] {
    Vocabulary.browsers + (campaign?.campaign.userAgents.map { _ in "Unknown" } ?? [])
  }
  /// The platform of each browser.
  var platforms: [String] {
    Vocabulary.platforms + (campaign?.campaign.userAgents.map { _ in "Unknown" } ?? [])
  }
  /// What each browser calls itself in the event log.
  var userAgents: [String] { Vocabulary.userAgents + (campaign?.campaign.userAgents ?? []) }

  /// The stretch for which verifications are missing; nil where the export is whole or none.
  ///
  /// Both ends carry a verification, unless the stretch runs to the end of the window.
  var hole: ClosedRange<EpochSeconds>? {
    guard verification == .holes else { return nil }
    let from = firstSecond + days * 86_400 / 5
    let to = from + 9 * 86_400
    return from...(to < endSecond ? to : Int.max)
  }

  /// Whether a verification at `time` is in the export.
  func exportsVerification(at time: EpochSeconds) -> Bool {
    guard verification != .none else { return false }
    guard let hole else { return true }
    return time <= hole.lowerBound || time >= hole.upperBound
  }
}
