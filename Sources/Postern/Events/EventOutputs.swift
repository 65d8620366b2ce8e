import Reports

/// The outputs of `postern events`, each in its form: an output that fails does not keep the others from
/// being written.
final class EventOutputs {
  /// One output that has not failed.
  private struct Output {
    let file: OutputFile
    /// Its place among the layouts.
    let number: Int
    /// What stands before its first row; of a table without rows nothing is shown.
    var head: [UInt8] = []
  }

  /// How rows become lines of each output, in the order in which these were named.
  let layouts: [LoginLayout]
  /// Columns of the table for which a terminal had no room.
  private(set) var omittedColumns: [String] = []
  private let tails: [[UInt8]]
  private var outputs: [Output] = []
  private var failure: OutputError?

  /// Opens the outputs and writes what goes before the rows.
  ///
  /// - Parameters:
  ///   - measure: Widths of the values in a table.
  ///   - exportRows: Rows of other exports than logins, which stand behind the login rows.
  ///   - showsLogins: Whether login rows are shown too.
  ///   - files: Names of the run's inputs.
  ///   - presentation: Has the width of the terminal, and whether CSV is marked.
  ///   - version: Version of the program, which OCSF events name.
  ///   - tenant: Id of the org, which they name too; empty where it is not known.
  init(
    _ targets: [OutputTarget<EventFormat>], _ measure: LoginTable.Measure,
    exportRows: [ExportRow], showsLogins: Bool, files: [String], _ presentation: EventPresentation,
    usesColor: Bool, version: String, tenant: String
  ) {
    var layouts: [LoginLayout] = []
    var tails: [[UInt8]] = []
    for target in targets {
      let isStandard = target.path == nil
      var tail: [UInt8] = []
      switch target.format {
      case .table:
        let table = LoginTable(
          measure, files: files, width: isStandard ? presentation.tableWidth : nil,
          usesColor: isStandard && usesColor)
        if omittedColumns.isEmpty { omittedColumns = table.omitted }
        layouts.append(table.layout)
        for row in exportRows {
          tail.append(UInt8(ascii: "\n"))
          tail += Array(row.text(usesColor: isStandard && usesColor).utf8)
        }
      case .csv: layouts.append(.csv)
      case .jsonl:
        layouts.append(.jsonLines)
        tail = exportRows.flatMap(\.jsonLine)
      case .ocsf: layouts.append(.ocsf(version: version, tenant: tenant))
      case .timesketch: layouts.append(.timesketch)
      }
      tails.append(tail)
    }
    self.layouts = layouts
    self.tails = tails
    for (number, target) in targets.enumerated() {
      do throws(OutputError) {
        let file = try OutputFile(path: target.path)
        if target.format == .csv, presentation.marksCSV { try file.writeByteOrderMark() }
        var output = Output(file: file, number: number)
        if target.format == .table {
          output.head = layouts[number].header
        } else if showsLogins {
          try file.write(layouts[number].header)
        }
        outputs.append(output)
      } catch {
        failure = failure ?? error
      }
    }
  }

  /// Writes lines.
  ///
  /// - Parameter lines: The bytes for each layout.
  /// - Throws: ``OutputError`` when no output is left, or when whoever read standard output has gone:
  ///   he has seen enough, and wants no files either.
  func write(_ lines: [[UInt8]]) throws(OutputError) {
    var left: [Output] = []
    for var output in outputs {
      do throws(OutputError) {
        if !lines[output.number].isEmpty {
          if !output.head.isEmpty { try output.file.write(output.head) }
          output.head = []
        }
        try output.file.write(lines[output.number])
        left.append(output)
      } catch {
        failure = failure ?? error
      }
    }
    outputs = left
    if let failure, outputs.isEmpty || failure.isClosedPipe { throw failure }
  }

  /// Makes the outputs complete and visible.
  ///
  /// - Returns: What failed first, of all that was done.
  func finish() -> OutputError? {
    for output in outputs {
      do throws(OutputError) {
        let tail = tails[output.number]
        if output.head.isEmpty {
          try output.file.write(layouts[output.number].footer)
          try output.file.write(tail)
        } else {
          // A table without rows: nothing stands before what follows.
          try output.file.write(tail.drop { $0 == UInt8(ascii: "\n") })
        }
        try output.file.finish()
      } catch { failure = failure ?? error }
    }
    return failure
  }
}
