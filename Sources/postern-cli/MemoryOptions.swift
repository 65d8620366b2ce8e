import ArgumentParser
import Configuration
import Postern

/// The option about memory, the same on every verb that may need much.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Memory that may be used, such as 512MiB; at the limit the run ends with exit code 71.",
      valueName: "size"))
  var memoryLimit: String?

  /// Heeds the limit from now on.
  func hold() throws(UsageError) {
    guard let memoryLimit else { return }
    do throws(QuantityTextError) {
      MemoryGuard.hold(try ByteSize.parse(memoryLimit), name: "--memory-limit")
    } catch {
      throw UsageError("--memory-limit \(memoryLimit): \(error.detail)")
    }
  }
}
