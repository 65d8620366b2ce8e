import Accounts
import Benchmark
import Decompression
import Delimited
import Foundation
import Postern
import Reports
import Results
import SalesforceExports

// One iteration of each benchmark goes over all rows (POSTERN_ROWS, 200,000), so times divide by them.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal, .throughput, .peakMemoryResident], warmupIterations: 1,
    maxDuration: .seconds(5), maxIterations: 50)

  Benchmark("inflate-\(InflateBackEnd.inUse.rawValue)") { benchmark in
    let path = Exports.shared.loginPath
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 << 20, alignment: 16)
    defer { block.deallocate() }
    for _ in benchmark.scaledIterations {
      let stream = try ByteStream.open(path: path, limits: InflateLimits())
      while try stream.read(into: block) > 0 {}
      blackHole(stream.inflatedByteCount)
    }
  }

  Benchmark("sha256") { benchmark in
    let path = Exports.shared.loginPath
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(FileDigest.sha256(path: path)) }
  }

  for kernel in ByteScanKernel.allCases where kernel.isSupported {
    Benchmark("cut-check-\(kernel)") { benchmark in
      let stages = StageRuns()
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { blackHole(stages.cutAndCheck(kernel)) }
    }
    Benchmark("index-\(kernel)") { benchmark in
      let stages = StageRuns()
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        var count = 0
        stages.index(kernel) { block, _ in count += block.recordCount }
        blackHole(count)
      }
    }
  }

  Benchmark("fold") { benchmark in
    let stages = StageRuns()
    let verifications = stages.verifications()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      blackHole(stages.fold(verifications).accountCount)
    }
  }

  Benchmark("verification-load") { benchmark in
    let stages = StageRuns()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(stages.verifications().rowCount) }
  }

  Benchmark("verification-look-up") { benchmark in
    let stages = StageRuns()
    let ids = stages.loginIDs()
    let table = stages.verifications()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var cursor = VerificationTable.Cursor(table)
      var proven = 0
      for id in ids where !cursor.proof(of: id, by: nil).isEmpty { proven += 1 }
      blackHole(proven)
    }
  }

  Benchmark("snapshots-load") { benchmark in
    let stages = StageRuns()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(stages.snapshots().users.isEmpty) }
  }

  // What the judgement prepares once, and the facts of all accounts.
  Benchmark("facts") { benchmark in
    let judged = JudgedStage(StageRuns())
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(judged.facts()) }
  }

  // The same, and what the rules say of each account; no records are made and nothing is written.
  Benchmark("facts-and-rules") { benchmark in
    let judged = JudgedStage(StageRuns())
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(judged.findings()) }
  }

  for threads in Set([1, ProcessInfo.processInfo.activeProcessorCount]).sorted() {
    Benchmark("scan-threads-\(threads)") { benchmark in
      var options = ScanOptions()
      options.inputs = [Exports.shared.folder]
      options.outputs = [OutputTarget(format: .text, path: "/dev/null")]
      options.threads = threads
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        blackHole(try Scan(options).run().end.accounts)
      }
    }
  }
}
