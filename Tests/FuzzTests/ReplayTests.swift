import Foundation
import FuzzTargets
import Testing

/// What runs targets.
///
/// Serialized: targets share folders from one execution to the next.
@Suite(.serialized) enum FuzzTargetTests {}

extension FuzzTargetTests {
  /// Seeds and all inputs that once failed are run again, without a fuzzer.
  struct ReplayTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fuzz")

    @Test(arguments: FuzzTarget.allCases)
    func everySeedHolds(target: FuzzTarget) throws {
      let seeds = try Self.inputs("Seeds", target)
      #expect(!seeds.isEmpty, "a target needs seeds, or the fuzzer begins with nothing")
      for seed in seeds { try Self.replay(seed, target) }
    }

    @Test(arguments: FuzzTarget.allCases)
    func everyPastFailureHolds(target: FuzzTarget) throws {
      for failure in try Self.inputs("Failures", target) { try Self.replay(failure, target) }
    }

    /// Every target sees what was written for another, and nothing at all.
    @Test(arguments: FuzzTarget.allCases)
    func inputsOfAnotherTargetHold(target: FuzzTarget) throws {
      try target.run([])
      for other in FuzzTarget.allCases where other != target {
        guard let seed = try Self.inputs("Seeds", other).first else { continue }
        try Self.replay(seed, target)
      }
    }

    private static func inputs(_ folder: String, _ target: FuzzTarget) throws -> [URL] {
      let path = root.appending(path: folder).appending(path: target.rawValue)
      guard FileManager.default.fileExists(atPath: path.path) else { return [] }
      return try FileManager.default.contentsOfDirectory(
        at: path, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
      ).sorted { $0.path < $1.path }
    }

    private static func replay(_ input: URL, _ target: FuzzTarget) throws {
      let bytes = [UInt8](try Data(contentsOf: input))
      do throws(FuzzFailure) {
        try target.run(bytes)
      } catch {
        Issue.record("\(target.rawValue), \(input.lastPathComponent): \(error)")
      }
    }
  }
}
