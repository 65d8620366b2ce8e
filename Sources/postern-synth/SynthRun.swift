import Glibc

/// One run: an org, its logins, and the truth about them, written into a folder.
struct SynthRun {
  /// The folder.
  let folder: String
  /// What to write.
  let options: SynthOptions

  /// Writes everything and returns the truth.
  @discardableResult
  func write() throws(SynthError) -> Truth {
    try makeFolder(folder)
    let organization = Organization(options: options)
    try writeSnapshots(organization)
    var truth = try writeLogins(organization)
    truth.settle()
    if let rows = CampaignRows(options: options, organization: organization) {
      truth.campaign = rows
      try CampaignFiles(
        folder: folder, options: options, organization: organization, rows: rows
      ).write()
    }
    try writeText(truth.json, to: "truth.json")
    if options.writesConfiguration {
      try writeText(
        """
        org:
          id: \(Organization.identifier)
          type: production
        trusted_networks:
          - 192.0.2.0/24
        \(indicators)
        """, to: "postern.yaml")
    }
    return truth
  }

  /// The key `indicators` of the configuration; empty where nothing is to be looked for.
  private var indicators: String {
    var entries: [String] = []
    if !options.incidents.isEmpty { entries.append("\"\(Vocabulary.incidentAddresses[1])\"") }
    if let campaign = options.campaign, !campaign.isHistoryOnly {
      entries.append("{file: indicators.txt}")
    }
    return entries.isEmpty ? "" : "indicators: [\(entries.joined(separator: ", "))]\n"
  }

  private func writeLogins(_ organization: Organization) throws(SynthError) -> Truth {
    var truth = Truth(options: options, organization: organization)
    var stream = LoginStream(options: options, organization: organization)
    var outputs: [LoginFiles] = []
    for shape in options.shape.members {
      outputs.append(try loginFiles(shape, organization))
    }
    let verifications = try VerificationFile(
      folder: folder, options: options, organization: organization)
    let events = try EventFiles(folder: folder, options: options, organization: organization)
    while true {
      let row = stream.next()
      for verification in stream.verifications {
        truth.count(verification)
        try verifications?.append(verification)
      }
      stream.verifications.removeAll(keepingCapacity: true)
      guard var row else { break }
      try events.append(&row)
      truth.count(row)
      for output in outputs { try output.append(row) }
    }
    for output in outputs { try output.close() }
    try verifications?.close()
    try events.close()
    truth.note(events)
    truth.faults = outputs[0].faults
    truth.repeated = outputs[0].repeated
    return truth
  }

  private func loginFiles(
    _ shape: Shape, _ organization: Organization
  ) throws(SynthError) -> LoginFiles {
    var place = folder
    if options.shape == .all {
      place += "/" + shape.rawValue
      try makeFolder(place)
    }
    let writer: any LoginWriter
    let stem: String
    switch shape {
    case .eventLog2020, .eventLog2023, .eventLog2026:
      writer = EventLogWriter(shape: shape, options: options, organization: organization)
      stem = "\(options.start.text)_Login_0ATHn0000000001"
    case .setup:
      writer = SetupWriter(options: options, organization: organization)
      stem = "LoginHistory"
    case .soql, .all:
      writer = LoginHistoryWriter(options: options, organization: organization)
      stem = "LoginHistory"
    }
    return try LoginFiles(folder: place, stem: stem, options: options, writer: writer)
  }

  private func writeSnapshots(_ organization: Organization) throws(SynthError) {
    let dialect = Dialect(options: options)
    let tables = SnapshotTables(organization: organization, options: options)
    for number in 0..<options.snapshots {
      let span = options.days * 86_400
      let day = options.firstSecond / 86_400 + options.days * number / options.snapshots
      let suffix =
        options.snapshots == 1 ? "" : "-" + CivilDate(daysSinceEpoch: day).text
      for (object, rows) in tables.tables(at: options.firstSecond + span) {
        var bytes = dialect.header(rows[0])
        for row in rows.dropFirst() { bytes += dialect.row(row) }
        let file = try ExportFile(
          path: "\(folder)/\(object)\(suffix).csv", packing: .none, level: 0)
        try file.write(bytes)
        try file.close()
      }
    }
  }

  private func writeText(_ text: String, to name: String) throws(SynthError) {
    let file = try ExportFile(path: "\(folder)/\(name)", packing: .none, level: 0)
    try file.write(Array(text.utf8))
    try file.close()
  }

  private func makeFolder(_ path: String) throws(SynthError) {
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw SynthError.file(operation: "create folder", path: path, code: errno)
    }
  }
}
