/// One line of results: bytes to record, with errors that name file and line.
struct ResultsLine {
  let name: String
  let line: Int

  private func error(_ detail: String) -> ResultsError {
    ResultsError(name: name, line: line, detail: detail)
  }

  /// The schema that a line announces, in a major version that this release reads.
  func schema(_ bytes: [UInt8]) throws(ResultsError) -> String {
    let start = Array("{\"schema\":\"".utf8)
    guard bytes.starts(with: start),
      let close = bytes[start.count...].prefix(64).firstIndex(of: UInt8(ascii: "\""))
    else { throw error("no record of results: \(Self.shown(bytes))") }
    let schema = String(decoding: bytes[start.count..<close], as: UTF8.self)
    let known = [
      RunRecord.schema, AccountRecord.schema, FindingRecord.schema, FindingRecord.goneSchema,
      EndRecord.schema,
    ]
    if known.contains(schema) { return schema }
    let shown = SafeText.terminal(schema)
    if let same = known.first(where: { schema.hasPrefix($0.dropLast()) }) {
      throw error(
        "schema \(shown): this release reads \(same); use the release that wrote the file")
    }
    throw error("schema \(shown) is none of " + known.joined(separator: ", "))
  }

  func run(_ bytes: [UInt8]) throws(ResultsError) -> RunRecord {
    let members = try members(bytes)
    do throws(RecordDefect) { return try RunRecord(members) } catch {
      throw self.error(error.detail)
    }
  }

  func account(_ bytes: [UInt8], includingActivity: Bool) throws(ResultsError) -> AccountRecord {
    let members = try members(bytes, passingOver: includingActivity ? [] : ["activity"])
    do throws(RecordDefect) {
      return try AccountRecord(members, includingActivity: includingActivity)
    } catch { throw self.error(error.detail) }
  }

  func finding(_ bytes: [UInt8], includingEvidence: Bool) throws(ResultsError) -> FindingRecord {
    let isGone = try schema(bytes) == FindingRecord.goneSchema
    let members = try members(bytes, passingOver: includingEvidence ? [] : ["evidence"])
    do throws(RecordDefect) {
      let finding = try FindingRecord(members, includingEvidence: includingEvidence)
      guard finding.isGone == isGone else {
        throw members.defect("lifecycle", "does not fit the schema")
      }
      return finding
    } catch { throw self.error(error.detail) }
  }

  func end(_ bytes: [UInt8]) throws(ResultsError) -> EndRecord {
    let members = try members(bytes)
    do throws(RecordDefect) { return try EndRecord(members) } catch {
      throw self.error(error.detail)
    }
  }

  private func members(
    _ bytes: [UInt8], passingOver names: Set<String> = []
  ) throws(ResultsError) -> RecordMembers {
    do throws(JSONDefect) {
      return RecordMembers(try JSONReader.object(bytes, passingOver: names))
    } catch {
      throw self.error("byte \(error.byteOffset + 1): \(error.detail)")
    }
  }

  /// The beginning of a line, for a person who wonders what the file is.
  static func shown(_ bytes: [UInt8]) -> String {
    let text = SafeText.terminal(String(decoding: bytes.prefix(40), as: UTF8.self))
    return bytes.isEmpty ? "an empty line" : "it begins with \(text)"
  }
}
