import Foundation
import TestSupport
import Testing

/// Within a target no two folders need each other, so that each can be read on its own.
///
/// A folder needs another when its files name a type that only the other declares; comments and texts
/// do not count. Files beside the folders of a target are a folder of their own.
struct FolderTests {
  private static let targets: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: Program.repository + "/Sources")) ?? [])
    .sorted()

  @Test(arguments: targets)
  func noTwoFoldersOfATargetNeedEachOther(target: String) throws {
    let folders = try Self.folders(of: target)
    var owners: [String: Set<String>] = [:]
    for (folder, files) in folders {
      for file in files {
        let declared = file.text.matches(
          of:
            #/(?m)^(?:(?:package|public|internal|final|indirect|@\w+)\s+)*(?:struct|enum|class|protocol|actor|typealias)\s+(\w+)/#
        )
        for match in declared { owners[String(match.output.1), default: []].insert(folder) }
      }
    }
    var needs: [String: [String: Set<String>]] = [:]
    for (folder, files) in folders {
      for file in files {
        for match in file.text.matches(of: #/\b[A-Z]\w*\b/#) {
          guard let owner = owners[String(match.output)], owner.count == 1,
            let other = owner.first, other != folder
          else { continue }
          needs[folder, default: [:]][other, default: []].insert("\(match.output) in \(file.name)")
        }
      }
    }
    for (folder, others) in needs {
      for other in others.keys where folder < other && Self.reaches(folder, from: other, needs) {
        let back = needs[other]?[folder] ?? []
        Issue.record(
          "\(folder) needs \(others[other, default: []].sorted()), \(other) needs \(back.sorted())")
      }
    }
  }

  @Test func theSearchFindsTargetsAndTheirFolders() throws {
    #expect(Self.targets.contains("Accounts"))
    #expect(try Self.folders(of: "Accounts").count > 5)
  }

  private static func reaches(
    _ goal: String, from start: String, _ needs: [String: [String: Set<String>]]
  ) -> Bool {
    var seen: Set<String> = [start]
    var waiting = [start]
    while let folder = waiting.popLast() {
      if folder == goal { return true }
      for next in (needs[folder] ?? [:]).keys where seen.insert(next).inserted {
        waiting.append(next)
      }
    }
    return false
  }

  private static func folders(
    of target: String
  ) throws -> [String: [(name: String, text: String)]] {
    let root = Program.repository + "/Sources/" + target
    var folders: [String: [(name: String, text: String)]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root)
    where path.hasSuffix(".swift") {
      let parts = path.split(separator: "/").map(String.init)
      let text = try String(contentsOfFile: root + "/" + path, encoding: .utf8)
      folders[parts.count > 1 ? parts[0] : ".", default: []].append((path, stripped(text)))
    }
    return folders
  }

  /// The text without comments and string literals.
  private static func stripped(_ text: String) -> String {
    text.replacing(#///[^\n]*/#, with: "")
      .replacing(#/"""(?s:.*?)"""/#, with: "")
      .replacing(#/"(?:\\.|[^"\\\n])*"/#, with: "")
  }
}
